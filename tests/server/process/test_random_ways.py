"""Random ways through the real acts, compared step by step with the reference.

Roles, revisions, effects, history and audit are the real ones; only what the gates look at is
dealt at random, because every gatherer of facts has its own tests. A recognition and a merge rest
on rows that cannot be dealt, so the ways that are walked here do not come to one; the journeys of
the browser tests and of the demonstration do, and the tests of merging.
"""

import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx2
import pytest

from collab.process.actors import ActorClass
from collab.process.evidence import load_evidence
from collab.process.feasibility.judgements import Judges
from collab.process.gates.facts import (
    AlignmentFacts,
    AnswerFacts,
    CaseFacts,
    CommitmentFacts,
    LeadFacts,
)
from collab.process.processes import load_process
from server.actions import stages as acts
from server.actions.facts.case import case_facts
from storage import ideas as stored_ideas
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.process.reference import LINES, Line, Reference

STEPS: Final = 60
ASKED: Final = os.environ.get("ARENA_TEST_SEED")
SEEDS: Final = [int(ASKED)] if ASKED else [3, 12, 13]
ROLES: Final[dict[str, set[str]]] = {
    "author": {"author"},
    "editor": {"editor"},
    "lead": {"lead"},
    "moderator": {"moderator"},
    "moderator-2": {"moderator", "editor"},
    "office": {"office"},
    "qualifier": {"qualifier"},
    "cdo": {"cdo"},
    "deputy": {"deputy"},
    "participant": set(),
    "auditor": set(),
}
IN_TEAM: Final = {"author", "editor", "lead", "moderator-2"}
EVIDENCE: Final = (
    "agenda", "mandate", "resubmission", "hearing", "trial_plan", "trial_report",
    "permanence_plan", "transfer_kit", "learnings",
)  # fmt: skip
ONWARD: Final = {
    "submit", "adopt", "ask_feasibility", "qualify", "table", "accept_decentral",
    "accept_network", "recognise", "start_trial", "implement", "make_permanent", "scale",
    "suspend", "cover", "resubmit",
}  # fmt: skip
EVERYTHING: Final = frozenset(
    {need for line in LINES for need in line.needs.split()}
    - {"outsider", "reason", "network", "agreed"}
)


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


@pytest.mark.parametrize("seed", SEEDS)
async def test_g12_random_ways_go_as_the_specification_has_them(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)
    kind = dice.choice(("proposal", "proposal", "need"))
    reference, ref = Reference(kind), await _idea(arena, kind)
    dealt = _Dealt(monkeypatch)
    for _ in range(STEPS):
        by, target, there, reason = _deal(dice, reference)
        dealt.there = there
        answer = await _ask(arena, ref, by, target, reason)
        line = reference.line(target)
        has = there | ({"reason"} if reason else set()) | ({"outsider"} - _if(by in IN_TEAM))
        if line and ROLES[by] & set(line.who.split()) and not reference.missing(line, target, has):
            assert answer.status_code == 200, (seed, by, line, answer.text)
            reference.go(line, target, by)
        else:
            _refused_for(answer, reference, line, by, target, has)
        assert reference.broken() == []
        assert await _state(arena, ref) == (
            reference.stage, reference.revision, reference.measure,
        )  # fmt: skip
    assert await _history(arena, ref) == reference.log


def test_g12_the_random_ways_take_every_transition() -> None:
    """Played by the reference alone, which is quick; so the dice are no blind alley."""
    taken: set[str] = set()
    for seed in range(60):
        dice = random.Random(seed)
        reference = Reference(dice.choice(("proposal", "proposal", "need")))
        for _ in range(STEPS):
            by, target, there, reason = _deal(dice, reference)
            line = reference.line(target)
            has = there | ({"reason"} if reason else set()) | ({"outsider"} - _if(by in IN_TEAM))
            may = line and ROLES[by] & set(line.who.split())
            if line and may and not reference.missing(line, target, has):
                reference.go(line, target, by)
                taken.add(line.name)
    assert taken == {line.name for line in LINES} - {"merge"}


def _refused_for(
    answer: httpx2.Response,
    reference: Reference,
    line: Line | None,
    by: str,
    target: str,
    has: frozenset[str],
) -> None:
    """The refusal says what the specification would say."""
    if answer.status_code in {403, 404}:
        assert not line or not ROLES[by] & set(line.who.split()), (by, line, answer.text)
    elif line is None:
        assert answer.json()["code"] == "no-transition", answer.text
    else:
        assert answer.status_code == 422, answer.text
        assert len(answer.json()["unmet"]) >= 1
        assert reference.missing(line, target, has)


class _Dealt:
    """What the gates find besides what is real, dealt anew for each step."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there: frozenset[str] = frozenset()
        self._real = case_facts
        monkeypatch.setattr(acts, "case_facts", self._facts)

    async def _facts(self, *arguments: Any, **named: Any) -> CaseFacts:
        real, there = await self._real(*arguments, **named), self.there
        every = real.template.section_ids
        required = set(real.template.required)
        filled = (required if "sections" in there else set()) | (
            set(every) - required if "details" in there else set()
        )
        committed = CommitmentFacts((), is_signed=True, is_current=True)
        return replace(
            real,
            filled=frozenset(filled),
            lead=_lead(there),
            judged=dict.fromkeys(("technical", "legal", "data_protection"), Judges(2, 2))
            if "judged" in there
            else {},
            conditions_open=_number("conditions" not in there),
            alignment=AlignmentFacts({"a": 100}, {"b": 100}, reviewers=1)
            if "alignment" in there
            else AlignmentFacts(),
            requirements_open=_number("requirements" not in there),
            initiatives_related=_number("initiatives" in there),
            evidence={
                kind: load_evidence().kind(kind).required for kind in EVIDENCE if kind in there
            },
            indicators={"output": 1, "outcome": 1} if "indicators" in there else {},
            principles_open=() if "principles" in there else ("open",),
            commitment=committed if "commitment" in there else None,
            replications=_number("replicated" in there),
            answers=AnswerFacts(measures=1, days=99) if "answered" in there else AnswerFacts(),
            central_measures=_number("central" in there),
        )


def _lead(there: frozenset[str]) -> LeadFacts | None:
    """The class of the lead is that of the decision that is possible; both at once is dealt too."""
    if "lead" not in there:
        return None
    if "administration" in there and "others" not in there:
        return LeadFacts(UUID(int=1), "Bezirk", ActorClass.ADMINISTRATION)
    if "others" in there and "administration" not in there:
        return LeadFacts(UUID(int=2), "Verein", ActorClass.CIVIL_SOCIETY)
    return LeadFacts(UUID(int=3), "Niemandes", ActorClass.RESIDENT)


Deal = tuple[str, str, frozenset[str], str]
"""Who asks, for which stage, what the gates find, and the reason given."""


def _deal(dice: random.Random, reference: Reference) -> Deal:
    """Often a step that can be taken, mostly onward; else whoever asks for whatever."""
    lines = [line for line in LINES if reference.line(_end(line, reference)) is line]
    if lines and dice.random() < 0.6:
        line = dice.choices(lines, [6 if line.name in ONWARD else 1 for line in lines])[0]
        by = dice.choice([who for who, roles in ROLES.items() if roles & set(line.who.split())])
        lead_class = "others" if "others" in line.needs else "administration"
        there = EVERYTHING - ({"administration", "others"} - {lead_class})
        return by, _end(line, reference), there, "Weil es so ist."
    stages = [stage.id for stage in load_process().stages]
    near = [stage for stage in stages if reference.line(stage)]
    target = dice.choice(near if near and dice.random() < 0.8 else stages)
    reason = "" if dice.random() < 0.1 else "Weil es so ist."
    return dice.choice(list(ROLES)), target, EVERYTHING - _left_out(dice), reason


def _end(line: Line, reference: Reference) -> str:
    """Where the line leads; what is archived goes back to where it was."""
    return reference.archived_from or "" if line.target == "?" else line.target


def _left_out(dice: random.Random) -> frozenset[str]:
    """What is missing this time; a lead is of one class, so one of the two always is."""
    gone = {dice.choice(("administration", "others"))}
    gone |= set(dice.sample(sorted(EVERYTHING), dice.choice((0, 0, 0, 1, 3))))
    return frozenset(gone | ({"administration", "others"} if "lead" in gone else set()))


def _number(condition: bool) -> int:
    return int(condition)


def _if(condition: bool) -> set[str]:
    return {"outsider"} if condition else set()


async def _idea(arena: Everyone, kind: str) -> str:
    ref = await arena.idea(kind=kind)
    services = arena.arena.services
    actor = await arena.actor("moderator-2")
    async with services.database.write() as tx:
        idea = await stored_ideas.by_ref(tx, ref)
        assert idea is not None
        assert actor.person_id is not None
        await stored_ideas.add_role(tx, idea.id, actor.person_id, "editor")
    return ref


async def _ask(arena: Everyone, ref: str, by: str, to: str, reason: str) -> httpx2.Response:
    revision, version = await arena.state(ref, "moderator")
    body = {"to": to, "expected_revision": revision, "text_version": version, "reason": reason}
    return await (await arena.client(by)).post(f"/api/v1/ideas/{ref}/stage", json=body)


async def _state(arena: Everyone, ref: str) -> tuple[str, int, str | None]:
    async with arena.arena.services.database.read() as tx:
        idea = await stored_ideas.by_ref(tx, ref)
    assert idea is not None
    return idea.stage, idea.revision, idea.measure_type


async def _history(arena: Everyone, ref: str) -> list[tuple[str, str, str, str]]:
    client = await arena.client("moderator")
    changes = (await client.get(f"/api/v1/ideas/{ref}/stages")).json()["changes"]
    return [
        (each["transition"], each["from_stage"], each["to_stage"], each["actor"].lower())
        for each in changes
    ]
