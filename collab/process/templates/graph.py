"""The rules every process template keeps, checked when it is loaded: a walk over its graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collab.process import feasibility
from collab.process.actors import IDEA_ROLES, Role
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.templates.reading import FaultyTemplate

if TYPE_CHECKING:
    from collab.process.stages import ProcessTemplate, Transition

# Whoever only looks on cannot move an idea on, whatever a template says.
ROLES_WITHOUT_TRANSITIONS = frozenset({Role.GUEST, Role.OBSERVER})


def check(process: ProcessTemplate) -> None:
    """Raise FaultyTemplate with all faults of the template, if it has any."""
    faults = [*_unknown_names(process)]
    # A graph with loose ends cannot be walked.
    faults = faults or [*_ways(process), *_gates(process), *_roles(process), *_privacy(process)]
    if faults:
        raise FaultyTemplate(f"process {process.id}: " + "; ".join(faults))


def _unknown_names(process: ProcessTemplate) -> Iterator[str]:
    known = Counter(stage.id for stage in process.stages)
    yield from (f"stage {name} is there twice" for name, count in known.items() if count > 1)
    if process.initial not in known:
        yield f"unknown initial stage {process.initial}"
    for way in process.transitions:
        for name in {*way.sources, way.target} - known.keys():
            yield f"{way.id}: unknown stage {name}"
        if not way.sources or way.target in way.sources:
            yield f"{way.id}: must lead from other stages to {way.target}"


def _ways(process: ProcessTemplate) -> Iterator[str]:
    reachable = _reachable(process)
    yield from (f"stage {s.id} is unreachable" for s in process.stages if s.id not in reachable)
    for stage in process.stages:
        for kind in IdeaKind:
            ways = [way for way in process.transitions if way.leads(stage.id, kind)]
            if not ways and not stage.is_end:
                yield f"stage {stage.id} has no way out for a {kind}"
            for target, count in Counter(way.target for way in ways).items():
                if count > 1:
                    yield f"{count} ways lead a {kind} from {stage.id} to {target}"


def _reachable(process: ProcessTemplate) -> set[str]:
    found, todo = {process.initial}, [process.initial]
    while todo:
        stage = todo.pop()
        targets = {way.target for way in process.transitions if stage in way.sources} - found
        found |= targets
        todo.extend(targets)
    return found


def _gates(process: ProcessTemplate) -> Iterator[str]:
    dimensions = feasibility.load_feasibility().dimension_ids
    for way in process.transitions:
        sections = _sections_of_every_kind(way)
        for gate in way.gates:
            yield from (f"{way.id}: unknown section {s}" for s in gate.also if s not in sections)
            unknown = [name for name in gate.dimensions if name not in dimensions]
            yield from (f"{way.id}: unknown dimension {name}" for name in unknown)
            if gate.kind == "feasibility" and not gate.dimensions:
                yield f"{way.id}: a feasibility gate names at least one dimension"


def _sections_of_every_kind(way: Transition) -> set[str]:
    """The sections that each kind of idea which may go this way has."""
    return set.intersection(*(set(load_dossier(kind).section_ids) for kind in way.kinds))


def _roles(process: ProcessTemplate) -> Iterator[str]:
    for way in process.transitions:
        for role in way.roles & ROLES_WITHOUT_TRANSITIONS:
            yield f"{way.id}: role {role} takes no transitions"
        if any(gate.kind == "reviewer" for gate in way.gates) and way.roles & IDEA_ROLES:
            yield f"{way.id}: nobody reviews an idea of his own, so no idea role may take it"


def _privacy(process: ProcessTemplate) -> Iterator[str]:
    """What was public stays public: no way leads back into a private stage."""
    private = {stage.id for stage in process.stages if stage.access == "private"}
    for way in process.transitions:
        if way.target in private and set(way.sources) - private:
            yield f"{way.id}: leads from a public stage to the private {way.target}"
