"""The rules every process template keeps, checked when it is loaded: a walk over its graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collab.process.actors import IDEA_ROLES, ActorClass, Role
from collab.process.dossier import load_dossier
from collab.process.evidence import load_evidence
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.stages import GateKind, MeasureType
from collab.process.templates import walk
from collab.process.templates.reading import FaultyTemplate

if TYPE_CHECKING:
    from collab.process.stages import Gate, ProcessTemplate, Transition

# Whoever only looks on cannot move an idea on, whatever a template says.
ROLES_WITHOUT_TRANSITIONS = frozenset({Role.GUEST, Role.OBSERVER, Role.AUDITOR})


def check(process: ProcessTemplate) -> None:
    """Raise FaultyTemplate with all faults of the template, if it has any."""
    faults = [*_unknown_names(process)]
    # A graph with loose ends cannot be walked.
    faults = faults or [
        *_ways(process),
        *_gates(process),
        *_roles(process),
        *_privacy(process),
        *walk.broken_claims(process),
    ]
    if faults:
        raise FaultyTemplate(f"process {process.id}: " + "; ".join(faults))


def _unknown_names(process: ProcessTemplate) -> Iterator[str]:
    known = Counter(stage.id for stage in process.stages)
    yield from (f"stage {name} is there twice" for name, count in known.items() if count > 1)
    if process.initial not in known:
        yield f"unknown initial stage {process.initial}"
    for old, new in process.renamed.items():
        if new not in known or old in known:
            yield f"stage {old} cannot be {new} now: that must be a stage here, and {old} none"
    for way in process.transitions:
        for name in sorted({*way.sources, way.target} - known.keys()):
            yield f"{way.id}: unknown stage {name}"
        if not way.sources or way.target in way.sources:
            yield f"{way.id}: must lead from other stages to {way.target}"
        for kind in sorted(way.kinds - process.kinds):
            yield f"{way.id}: the process is not for a {kind}"


def _ways(process: ProcessTemplate) -> Iterator[str]:
    reached = {kind: reachable(process, kind) for kind in process.kinds}
    anywhere = set[str]().union(*reached.values())
    yield from (f"stage {s.id} is unreachable" for s in process.stages if s.id not in anywhere)
    for stage in process.stages:
        for kind in sorted(process.kinds):
            ways = [way for way in process.transitions if way.leads(stage.id, kind)]
            if not ways and not stage.is_end and stage.id in reached[kind]:
                yield f"stage {stage.id} has no way out for a {kind}"
            for target, count in Counter(way.target for way in ways).items():
                if count > 1:
                    yield f"{count} ways lead a {kind} from {stage.id} to {target}"


def reachable(process: ProcessTemplate, kind: str) -> set[str]:
    """The stages that an idea of ``kind`` can come to."""
    found, todo = {process.initial}, [process.initial]
    while todo:
        stage = todo.pop()
        targets = {way.target for way in process.transitions if way.leads(stage, kind)} - found
        found |= targets
        todo.extend(targets)
    return found


def _gates(process: ProcessTemplate) -> Iterator[str]:
    for way in process.transitions:
        yield from (f"{way.id}: {fault}" for gate in way.gates for fault in _gate(gate, way))


def _gate(gate: Gate, way: Transition) -> Iterator[str]:
    """What a gate names that nobody knows."""
    match gate.kind:
        case GateKind.SECTIONS:
            known = _sections_of_every_kind(way)
            yield from (f"unknown section {s}" for s in gate.names("also") if s not in known)
        case GateKind.FEASIBILITY:
            dimensions = load_feasibility().dimension_ids
            named = gate.names("dimensions")
            yield from (f"unknown dimension {name}" for name in named if name not in dimensions)
            if not named:
                yield "a feasibility gate names at least one dimension"
        case GateKind.LEAD_CLASS:
            yield from _values(gate.names("classes"), {each.value for each in ActorClass}, "class")
        case GateKind.EVIDENCE:
            yield from _values((gate.text("evidence"),), set(load_evidence().ids), "evidence")
        case GateKind.MEASURE_TYPE:
            types = {each.value for each in MeasureType}
            yield from _values((gate.text("is"),), types, "type of measure")


def _values(found: tuple[str, ...], known: set[str], what: str) -> Iterator[str]:
    if not found:
        yield f"names no {what}"
    yield from (f"unknown {what} {name!r}" for name in found if name not in known)


def _sections_of_every_kind(way: Transition) -> set[str]:
    """The sections that each kind of idea which may go this way has."""
    return set.intersection(*(set(load_dossier(kind).section_ids) for kind in way.kinds))


def _roles(process: ProcessTemplate) -> Iterator[str]:
    for way in process.transitions:
        for role in sorted(ROLES_WITHOUT_TRANSITIONS.intersection(way.roles)):
            yield f"{way.id}: role {role} takes no transitions"
        if way.gate(GateKind.REVIEWER) and IDEA_ROLES.intersection(way.roles):
            yield f"{way.id}: nobody reviews an idea of his own, so no idea role may take it"


def _privacy(process: ProcessTemplate) -> Iterator[str]:
    """What was public stays public: no way leads back into a private stage."""
    private = {stage.id for stage in process.stages if stage.access == "private"}
    for way in process.transitions:
        if way.target in private and set(way.sources) - private:
            yield f"{way.id}: leads from a public stage to the private {way.target}"
