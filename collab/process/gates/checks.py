"""The gates: one check per kind, and all of them together for a transition.

A gate of a new kind is a member of ``GateKind``, its settings, a fact and a check here; the words
for its conditions are in the templates of the pages.
"""

from collections.abc import Iterator, Mapping

from collab.process.gates.facts import CaseFacts
from collab.process.gates.measures import MEASURE_CHECKS
from collab.process.gates.unmet import Check, UnmetCondition, check_reason, refuse
from collab.process.stages import Gate, GateKind, Transition


def unmet(transition: Transition, facts: CaseFacts) -> list[UnmetCondition]:
    """All conditions still open; empty exactly if the transition may be taken."""
    found = [*check_reason(transition, facts)]
    for gate in transition.gates:
        found += CHECKS[gate.kind](gate, transition, facts)
    return found


def require_met(transition: Transition, facts: CaseFacts) -> None:
    """Raise Unmet with all open conditions, if there are any."""
    refuse(transition, unmet(transition, facts))


def gate_report(transition: Transition, facts: CaseFacts) -> list[dict[str, object]]:
    """What was demanded and found when the transition was taken, for the record of the act."""
    return [
        {
            "gate": gate.kind.value,
            "settings": {name: _plain(value) for name, value in gate.settings.items()},
            "unmet": [one.to_json() for one in CHECKS[gate.kind](gate, transition, facts)],
        }
        for gate in transition.gates
    ]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _sections(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    for section in (*facts.template.required, *gate.names("also")):
        if section not in facts.filled:
            yield UnmetCondition("section-empty", {"section": section})


def _lead(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.lead is None:
        yield UnmetCondition("lead-missing")


def _lead_class(gate: Gate, way: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.lead is None:
        yield from _lead(gate, way, facts)
    elif facts.lead.actor_class not in gate.names("classes"):
        data = {"found": facts.lead.actor_class.value, "needed": list(gate.names("classes"))}
        yield UnmetCondition("lead-class", data)


def _feasibility(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    for dimension in gate.names("dimensions"):
        found = facts.judged.get(dimension)
        people = found.people if found else 0
        organisations = found.organisations if found else 0
        if people < gate.number("people"):
            data = {"dimension": dimension, "found": people, "needed": gate.number("people")}
            if found and found.earlier:
                data["earlier"] = found.earlier
            yield UnmetCondition("judgements-missing", data)
        elif organisations < gate.number("organisations"):
            needed = gate.number("organisations")
            data = {"dimension": dimension, "found": organisations, "needed": needed}
            yield UnmetCondition("organisations-missing", data)


def _conditions(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    """While judgements are hidden, how many make a condition would tell what they say."""
    if facts.judging_until is not None:
        yield UnmetCondition("judging-goes-on", {"until": facts.judging_until.isoformat()})
    elif facts.conditions_open:
        yield UnmetCondition("conditions-open", {"found": facts.conditions_open})


def _reviewer(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.actor is not None and facts.actor in facts.team:
        yield UnmetCondition("reviewer-in-team")


def _alignment(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    chars, said = gate.number("chars"), facts.alignment
    for code, needed, found in (
        ("guiding-ideas-missing", gate.number("guiding_ideas"), said.guiding_ideas),
        ("fields-missing", gate.number("fields"), said.fields),
    ):
        enough = sum(length >= chars for length in found.values())
        if enough < needed:
            yield UnmetCondition(code, {"found": enough, "needed": needed, "chars": chars})
    if said.doubts_open:
        yield UnmetCondition("alignment-doubts", {"found": said.doubts_open})
    if gate.number("reviewed") and not said.reviewers:
        yield UnmetCondition("alignment-not-reviewed")


def _requirements(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.requirements_open:
        yield UnmetCondition("requirements-open", {"found": facts.requirements_open})


def _initiatives(_: Gate, __: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if not facts.initiatives_related and not facts.initiatives_searched:
        yield UnmetCondition("initiatives-missing")


def _answered(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    """An author confirms that his need is covered; others have to wait for that."""
    days, by_author = gate.number("days"), facts.actor is None or facts.actor in facts.authors
    if not facts.answers.measures:
        yield UnmetCondition("not-answered")
    elif not by_author and facts.answers.days < days:
        yield UnmetCondition("answer-waits", {"found": facts.answers.days, "needed": days})


def _archived_from(_: Gate, way: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    if facts.archived_from != way.target:
        yield UnmetCondition("archived-from-another-stage", {"stage": facts.archived_from})


def _merge_agreed(gate: Gate, _: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    """Everybody who is asked agrees; after some days nobody has refused is enough."""
    asked = facts.merging
    if asked is None:
        yield UnmetCondition("merge-not-proposed")
        return
    if not asked.is_open:
        yield UnmetCondition("merge-target-closed")
    if facts.judging_until is not None:
        # What is hidden still would be shown at the other idea.
        yield UnmetCondition("judging-goes-on", {"until": facts.judging_until.isoformat()})
    if asked.waiting and asked.days < gate.number("days"):
        data = {"waiting": asked.waiting, "found": asked.days, "needed": gate.number("days")}
        yield UnmetCondition("merge-waits", data)


def _merged_from(_: Gate, way: Transition, facts: CaseFacts) -> Iterator[UnmetCondition]:
    """Back to where it came from, and the last merge first."""
    before = facts.merged
    if before is None or before.stage != way.target:
        stage = before.stage if before else None
        yield UnmetCondition("merged-from-another-stage", {"stage": stage})
    elif before.is_onward:
        yield UnmetCondition("merged-onward")


CHECKS: Mapping[GateKind, Check] = {
    GateKind.SECTIONS: _sections,
    GateKind.LEAD: _lead,
    GateKind.LEAD_CLASS: _lead_class,
    GateKind.FEASIBILITY: _feasibility,
    GateKind.CONDITIONS: _conditions,
    GateKind.REVIEWER: _reviewer,
    GateKind.ALIGNMENT: _alignment,
    GateKind.REQUIREMENTS: _requirements,
    GateKind.INITIATIVES: _initiatives,
    GateKind.ANSWERED: _answered,
    GateKind.ARCHIVED_FROM: _archived_from,
    GateKind.MERGE_AGREED: _merge_agreed,
    GateKind.MERGED_FROM: _merged_from,
    **MEASURE_CHECKS,
}
