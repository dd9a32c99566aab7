"""Cases of reports, appeals, turns of slow mode and meanings of ideas, on both engines."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from collab.process.abuse.reports import Outcome, Reported, Target
from storage import ideas
from storage.abuse import hidings, reports, slow
from storage.database import Database, Transaction
from storage.similar import meanings
from tests.storage.making import NOW, a_person, an_idea, later
from tests.storage.talk.test_comments import comment


async def report(tx: Transaction, case_id: UUID, words: str = "Stört.", **given: object) -> UUID:
    report_id = uuid4()
    values = {"ground": "spam", "quote": "", "language": "de", "at": NOW, **given}
    await reports.add(
        tx, id=report_id, case_id=case_id, words=words, secret_hash=uuid4().hex * 2, **values
    )
    return report_id


def about(idea: ideas.Idea) -> Reported:
    return Reported(Target.SECTION, "situation", idea.id, None)


async def test_d2_one_thing_has_one_open_case(database: Database) -> None:
    idea, moderator = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        first = await reports.case_of(tx, about(idea), case_id=uuid4(), now=NOW)
        again = await reports.case_of(tx, about(idea), case_id=uuid4(), now=later(minutes=1))
        assert (first.id, again.opened_at) == (again.id, NOW)
        for number in range(3):
            await report(tx, first.id, f"{number}", at=later(minutes=number))
    async with database.read() as tx:
        assert [each.words for each in await reports.of_case(tx, [first.id], 2)] == ["0", "1"]
        assert await reports.count(tx, first.id) == 3
    decision = {"outcome": Outcome.DISMISSED, "reason": "Gut so.", "by": moderator, "now": NOW}
    async with database.write() as tx:
        assert await reports.decide(tx, first.id, **decision)  # type: ignore[arg-type]
        assert not await reports.decide(tx, first.id, **decision)  # type: ignore[arg-type]
    async with database.write() as tx:
        new = await reports.case_of(tx, about(idea), case_id=uuid4(), now=later(minutes=2))
        assert new.id != first.id
        assert [each.id for each in await reports.open_cases(tx, 9)] == [new.id]


async def test_d5_an_address_is_taken_once(database: Database) -> None:
    idea, moderator = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        case = await reports.case_of(tx, about(idea), case_id=uuid4(), now=NOW)
        one = await report(tx, case.id, email="ina@example.org")
        assert await reports.to_answer(tx, NOW, 9) == []
        assert await reports.to_forget(tx, later(minutes=1), 9) == [one]
        await reports.decide(
            tx, case.id, outcome=Outcome.ACTED, reason="Ja.", by=moderator, now=NOW
        )
    async with database.write() as tx:
        assert await reports.to_answer(tx, NOW, 9) == [one]
        assert await reports.answers_waiting(tx) == (1, NOW)
        taken = await reports.with_address(tx, one)
        assert taken is not None
        assert taken.email == "ina@example.org"
        assert await reports.try_now(tx, taken, later(minutes=5))
        assert not await reports.try_now(tx, taken, later(minutes=5)), "it is taken on"
        assert await reports.to_answer(tx, later(minutes=4), 9) == []
        assert await reports.to_answer(tx, later(minutes=5), 9) == [one]
        assert await reports.answers_waiting(tx) == (1, later(minutes=5))
        await reports.forget_address(tx, one)
        assert await reports.with_address(tx, one) is None
        assert await reports.to_answer(tx, later(days=9), 9) == []
        assert await reports.answers_waiting(tx) == (0, None)


async def test_d9_an_appeal_is_noted_and_settled_once(database: Database) -> None:
    idea, moderator = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        said = await comment(tx, idea)
        row = await hidings.add(
            tx,
            Target.COMMENT,
            str(said),
            id=uuid4(),
            idea_id=idea.id,
            author_id=idea.created_by,
            by=moderator,
            ground="insult",
            reason="Beleidigt.",
            at=NOW,
        )
        settled = {"state": "granted", "answer": "Stimmt.", "by": moderator, "now": NOW}
        assert not await hidings.settle(tx, row.id, **settled)  # type: ignore[arg-type]
        assert await hidings.appeal(tx, row.id, "Nein.", NOW)
        assert not await hidings.appeal(tx, row.id, "Doch.", NOW)
        assert [each.id for each in await hidings.open_appeals(tx, 9)] == [row.id]
        assert await hidings.settle(tx, row.id, **settled)  # type: ignore[arg-type]
        assert not await hidings.settle(tx, row.id, **settled)  # type: ignore[arg-type]
        assert await hidings.close(tx, row.id, reason="Ja.", by=moderator, now=NOW)
        assert not await hidings.close(tx, row.id, reason="Ja.", by=moderator, now=NOW)


async def test_d11_a_turn_is_kept_until_slow_mode_ends(database: Database) -> None:
    idea, person = await an_idea(database), await a_person(database)
    for seconds in (30, 60):
        async with database.write() as tx:
            until = NOW + timedelta(hours=1)
            await slow.begin(
                tx, idea.id, seconds=seconds, reason="Ruhe.", by=person, now=NOW, until=until
            )
    async with database.write() as tx:
        for at in (NOW, later(minutes=1)):
            await slow.take_turn(tx, idea.id, person, at)
            assert await slow.last_turn(tx, idea.id, person) == at
        assert await slow.over(tx, NOW, 9) == []
        assert await slow.over(tx, until, 9) == [idea.id]
        assert await slow.end(tx, idea.id)
        assert await slow.last_turn(tx, idea.id, person) is None
        assert not await slow.end(tx, idea.id)
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await slow.begin(
                tx, idea.id, seconds=29, reason="Ruhe.", by=person, now=NOW, until=until
            )


async def test_y4_a_vector_is_due_until_it_is_of_the_text(database: Database) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        assert await meanings.due(tx, NOW, 9) == [idea.id]
        found = await meanings.text_of(tx, idea.id)
        assert found is not None
        for sha256, due in (("0" * 64, [idea.id]), (found[1], [])):
            await meanings.put(tx, idea.id, sha256=sha256, vector=b"\0" * 4, now=NOW)
            assert await meanings.due(tx, NOW, 9) == due
        nobody = UUID(int=0)
        (row,) = await meanings.since(tx, NOW, nobody, 9)
        assert (row[0], row[1]) == (idea.id, b"\0" * 4)
        assert await meanings.since(tx, NOW, idea.id, 9) == []
        assert await meanings.since(tx, later(seconds=1), nobody, 9) == []
