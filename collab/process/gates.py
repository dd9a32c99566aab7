"""What an idea still lacks for a transition. Pure: facts in, all open conditions out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from collab.errors import Unmet
from collab.process.dossier import DossierTemplate
from collab.process.stages import Gate, GateKind, Transition

REASON_CHARS_MAX = 2000


@dataclass(frozen=True, slots=True)
class UnmetCondition:
    """One open condition; the code is worded by the server, ``data`` names what is missing."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The condition as errors and the API carry it."""
        return {"code": self.code, **self.data}


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """What the gates look at, taken from one text version and the tables of one moment."""

    template: DossierTemplate
    filled: frozenset[str]  # "title" and the ids of sections that hold text
    judged: Mapping[str, int]  # see feasibility.judged_by
    team: frozenset[UUID]  # authors, editors and leads
    actor: UUID | None = None  # who wants the transition; None while nobody does
    reason: str | None = None  # None while nobody was asked for one
    archived_from: str | None = None  # the stage an archived idea came from


def unmet(transition: Transition, facts: DossierFacts) -> list[UnmetCondition]:
    """All conditions still open; empty exactly if the transition may be taken."""
    found = [*_reason(transition, facts)]
    for gate in transition.gates:
        found += _CHECKS[gate.kind](gate, transition, facts)
    return found


def require_met(transition: Transition, facts: DossierFacts) -> None:
    """Raise Unmet with all open conditions, if there are any."""
    found = unmet(transition, facts)
    if found:
        raise Unmet(transition=transition.id, unmet=[condition.to_json() for condition in found])


def _reason(transition: Transition, facts: DossierFacts) -> Iterator[UnmetCondition]:
    if facts.reason is None:
        return
    if transition.reason_required and not facts.reason.strip():
        yield UnmetCondition("reason-missing")
    if len(facts.reason) > REASON_CHARS_MAX:
        yield UnmetCondition("reason-too-long", {"chars_max": REASON_CHARS_MAX})


def _sections(gate: Gate, _: Transition, facts: DossierFacts) -> Iterator[UnmetCondition]:
    for section in (*facts.template.required, *gate.also):
        if section not in facts.filled:
            yield UnmetCondition("section-empty", {"section": section})


def _feasibility(gate: Gate, _: Transition, facts: DossierFacts) -> Iterator[UnmetCondition]:
    for dimension in gate.dimensions:
        found = facts.judged.get(dimension, 0)
        if found < gate.people:
            data = {"dimension": dimension, "found": found, "needed": gate.people}
            yield UnmetCondition("judgements-missing", data)


def _reviewer(_: Gate, __: Transition, facts: DossierFacts) -> Iterator[UnmetCondition]:
    if facts.actor is not None and facts.actor in facts.team:
        yield UnmetCondition("reviewer-in-team")


def _archived_from(_: Gate, way: Transition, facts: DossierFacts) -> Iterator[UnmetCondition]:
    if facts.archived_from != way.target:
        yield UnmetCondition("archived-from-another-stage", {"stage": facts.archived_from})


_CHECKS = {
    GateKind.SECTIONS: _sections,
    GateKind.FEASIBILITY: _feasibility,
    GateKind.REVIEWER: _reviewer,
    GateKind.ARCHIVED_FROM: _archived_from,
}
