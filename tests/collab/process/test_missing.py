"""What is missing to go on: nothing exactly if a way may be taken, against a second opinion."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collab.errors import Unmet
from collab.process.actors import ActorClass
from collab.process.dossier import load_dossier
from collab.process.evidence import load_evidence
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.judgements import Judges
from collab.process.gates.checks import require_met, unmet
from collab.process.gates.facts import (
    AlignmentFacts,
    AnswerFacts,
    CaseFacts,
    CommitmentFacts,
    LeadFacts,
    MergedFacts,
    MergeFacts,
)
from collab.process.gates.unmet import REASON_CHARS_MAX
from collab.process.processes import every_process
from collab.process.stages import Gate, GateKind, MeasureType, ProcessTemplate, Transition

AUTHOR, MEMBER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
TEMPLATE = load_dossier("proposal")
SECTIONS = ("title", *TEMPLATE.section_ids)
PROCESSES = [pytest.param(each, id=f"{each.id}-{each.version}") for each in every_process()]

Holds = Callable[[Gate, Transition, CaseFacts], bool]


def enough(found: Mapping[str, int], chars: int, needed: int) -> bool:
    return len([length for length in found.values() if length >= chars]) >= needed


def judged(gate: Gate, facts: CaseFacts) -> bool:
    tallies = [facts.judged.get(name, Judges()) for name in gate.names("dimensions")]
    people, bodies = gate.number("people"), gate.number("organisations")
    return all(each.people >= people and each.organisations >= bodies for each in tallies)


def aligned(gate: Gate, facts: CaseFacts) -> bool:
    said, chars = facts.alignment, gate.number("chars")
    return (
        enough(said.guiding_ideas, chars, gate.number("guiding_ideas"))
        and enough(said.fields, chars, gate.number("fields"))
        and said.doubts_open == 0
        and (said.reviewers > 0 or not gate.number("reviewed"))
    )


def committed(facts: CaseFacts) -> bool:
    made = facts.commitment
    return made is not None and (made.missing, made.is_signed, made.is_current) == ((), True, True)


def answered(gate: Gate, facts: CaseFacts) -> bool:
    is_authors = facts.actor in {None, *facts.authors}
    return facts.answers.measures > 0 and (is_authors or facts.answers.days >= gate.number("days"))


def agreed(gate: Gate, facts: CaseFacts) -> bool:
    asked = facts.merging
    if asked is None or not asked.is_open or facts.judging_until is not None:
        return False
    return asked.waiting == 0 or asked.days >= gate.number("days")


# The same rules, said a second time and in other words.
HOLDS: Mapping[GateKind, Holds] = {
    GateKind.SECTIONS: lambda g, _, f: {*f.template.required, *g.names("also")} <= f.filled,
    GateKind.LEAD: lambda _, __, f: f.lead is not None,
    GateKind.LEAD_CLASS: lambda g, _, f: bool(f.lead and f.lead.actor_class in g.names("classes")),
    GateKind.FEASIBILITY: lambda g, _, f: judged(g, f),
    GateKind.CONDITIONS: lambda _, __, f: f.conditions_open == 0,
    GateKind.REVIEWER: lambda _, __, f: f.actor not in f.team,
    GateKind.ALIGNMENT: lambda g, _, f: aligned(g, f),
    GateKind.REQUIREMENTS: lambda _, __, f: f.requirements_open == 0,
    GateKind.INITIATIVES: lambda _, __, f: f.initiatives_related > 0 or f.initiatives_searched,
    GateKind.EVIDENCE: lambda g, _, f: (
        load_evidence().kind(g.text("evidence")).required
        <= f.evidence.get(g.text("evidence"), frozenset())
    ),
    GateKind.INDICATORS: lambda g, _, f: all(
        f.indicators.get(kind, 0) >= g.number(kind) for kind in ("output", "outcome")
    ),
    GateKind.PRINCIPLES: lambda _, __, f: f.principles_open == (),
    GateKind.COMMITMENT: lambda _, __, f: committed(f),
    GateKind.REPLICATED: lambda g, _, f: f.replications >= g.number("times"),
    GateKind.ANSWERED: lambda g, _, f: answered(g, f),
    GateKind.CENTRAL_MEASURE: lambda _, __, f: f.central_measures > 0,
    GateKind.MEASURE_TYPE: lambda g, _, f: f.measure_type == g.text("is"),
    GateKind.MERGE_AGREED: lambda g, _, f: agreed(g, f),
    GateKind.MERGED_FROM: lambda _, way, f: f.merged == MergedFacts(way.target),
    GateKind.ARCHIVED_FROM: lambda _, way, f: f.archived_from == way.target,
}


def allowed(way: Transition, facts: CaseFacts) -> bool:
    """Whether the way may be taken, by the second opinion."""
    reason = facts.reason
    says_why = reason is None or (
        len(reason) <= REASON_CHARS_MAX and bool(reason.strip() or not way.reason_required)
    )
    return says_why and all(HOLDS[gate.kind](gate, way, facts) for gate in way.gates)


def everything(way: Transition) -> CaseFacts:
    """Facts of an idea that lacks nothing for this way."""
    gate = way.gate(GateKind.LEAD_CLASS)
    classes = gate.names("classes") if gate else tuple(ActorClass)
    wanted = way.gate(GateKind.MEASURE_TYPE)
    return CaseFacts(
        template=TEMPLATE,
        filled=frozenset(SECTIONS),
        team=frozenset({AUTHOR, MEMBER}),
        authors=frozenset({AUTHOR}),
        actor=OTHER,
        reason="Alles da.",
        archived_from=way.target,
        merging=MergeFacts(),
        merged=MergedFacts(way.target),
        measure_type=MeasureType(wanted.text("is")) if wanted else None,
        lead=LeadFacts(UUID(int=7), "Bezirksamt Mitte", ActorClass(classes[0])),
        judged=dict.fromkeys(load_feasibility().dimension_ids, Judges(2, 2)),
        alignment=AlignmentFacts({"sustainable": 80}, {"services": 80}, reviewers=1),
        initiatives_searched=True,
        evidence={kind.id: kind.required for kind in load_evidence().kinds},
        indicators={"output": 1, "outcome": 1},
        commitment=CommitmentFacts((), is_signed=True, is_current=True),
        replications=1,
        answers=AnswerFacts(measures=1, days=28),
        central_measures=1,
    )


COUNTS = st.sampled_from([0, 0, 1])
LENGTHS = st.dictionaries(st.sampled_from("abc"), st.sampled_from([79, 80, 80, 81]), max_size=2)
SPOILT: Mapping[str, st.SearchStrategy[object]] = {
    "filled": st.frozensets(st.sampled_from(SECTIONS), min_size=len(SECTIONS) - 2),
    "actor": st.sampled_from([None, AUTHOR, MEMBER, OTHER]),
    "reason": st.sampled_from([None, "", " ", "Weil.", "x" * 2000, "x" * 2001]),
    "merging": st.none()
    | st.builds(MergeFacts, st.sampled_from([0, 1]), st.sampled_from([13, 14]), st.booleans()),
    "merged": st.none() | st.builds(MergedFacts, st.sampled_from(["open", "x"]), st.booleans()),
    "archived_from": st.sampled_from([None, "open", "declined"]),
    "measure_type": st.sampled_from([None, *MeasureType]),
    "lead": st.none()
    | st.builds(LeadFacts, st.just(UUID(int=7)), st.just("Amt"), st.sampled_from(ActorClass)),
    "judged": st.dictionaries(
        st.sampled_from(load_feasibility().dimension_ids),
        st.builds(Judges, st.sampled_from([1, 2, 2, 3]), st.sampled_from([1, 2, 2])),
        min_size=7,
    ),
    "conditions_open": COUNTS,
    "alignment": st.builds(AlignmentFacts, LENGTHS, LENGTHS, COUNTS, st.sampled_from([0, 1, 1])),
    "requirements_open": COUNTS,
    "initiatives_related": COUNTS,
    "initiatives_searched": st.booleans(),
    "evidence": st.fixed_dictionaries(
        {
            kind.id: st.just(kind.required) | st.frozensets(st.sampled_from(sorted(kind.required)))
            for kind in load_evidence().kinds
        }
    ),
    "indicators": st.fixed_dictionaries({"output": COUNTS, "outcome": COUNTS}),
    "principles_open": st.sampled_from([(), (), ("open",)]),
    "commitment": st.none()
    | st.builds(
        CommitmentFacts, st.sampled_from([(), (), ("open",)]), st.booleans(), st.booleans()
    ),
    "replications": COUNTS,
    "answers": st.builds(AnswerFacts, COUNTS, st.sampled_from([27, 28])),
    "central_measures": COUNTS,
}
"""For each fact, values around the edges of what is demanded."""


@pytest.mark.parametrize("process", PROCESSES)
@settings(max_examples=200)
@given(data=st.data())
def test_f6_ac_a4a_nothing_is_missing_exactly_if_the_way_may_be_taken(
    process: ProcessTemplate, data: st.DataObject
) -> None:
    way = data.draw(st.sampled_from(process.transitions), "way")
    spoilt = data.draw(st.sets(st.sampled_from(sorted(SPOILT)), max_size=4))
    drawn: dict[str, Any] = {name: data.draw(SPOILT[name], name) for name in sorted(spoilt)}
    facts = replace(everything(way), **drawn)
    found = unmet(way, facts)
    assert (found == []) is allowed(way, facts)
    if found:
        with pytest.raises(Unmet) as refusal:
            require_met(way, facts)
        assert refusal.value.data["unmet"] == [one.to_json() for one in found]
    else:
        require_met(way, facts)


@pytest.mark.parametrize("process", PROCESSES)
def test_f6_ac_a4a_every_way_can_be_taken_when_nothing_is_missing(
    process: ProcessTemplate,
) -> None:
    assert not [way.id for way in process.transitions if unmet(way, everything(way))]


def test_every_kind_of_gate_has_a_second_opinion() -> None:
    assert set(HOLDS) == set(GateKind)
