"""A reading transaction asks once and keeps the answer; a writing one asks anew."""

from __future__ import annotations

from bench.pages.measuring import statements
from storage import ideas, people, stages
from storage.database import Database
from storage.engine.once import ANSWERS_MAX
from tests.storage.making import a_person, an_idea


async def test_one_moment_is_asked_once_and_everybody_gets_an_answer_of_his_own(
    database: Database,
) -> None:
    idea = await an_idea(database)
    async with database.read() as tx:
        with statements() as heard:
            (await ideas.team(tx, [idea.id])).clear()
            again = await ideas.team(tx, [idea.id])
    assert len(heard.said) == 1
    assert [row.person_id for row in again[idea.id]] == [idea.created_by]


async def test_only_for_what_is_not_known_yet_the_database_is_asked(database: Database) -> None:
    ada, ben = await a_person(database), await a_person(database)
    async with database.read() as tx:
        assert set(await people.named(tx, [ada])) == {ada}
        with statements() as heard:
            assert set(await people.named(tx, [ben, ada])) == {ada, ben}
            assert await people.named(tx, []) == {}
            assert set(await people.memberships(tx, [ada])) == set()
            assert set(await people.memberships(tx, [ada])) == set()
    assert len(heard.said) == 2


async def test_a_writer_sees_what_he_has_written(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        before = await ideas.team(tx, [idea.id])
        assert await ideas.add_role(tx, idea.id, ben, "editor")
        after = await ideas.team(tx, [idea.id])
    assert len(after[idea.id]) == len(before[idea.id]) + 1


async def test_answers_are_kept_only_up_to_their_bound(database: Database) -> None:
    idea = await an_idea(database)
    async with database.read() as tx:
        tx.answers = dict.fromkeys(range(ANSWERS_MAX))
        with statements() as heard:
            assert await stages.history(tx, idea.id) == []
            assert await stages.history(tx, idea.id) == []
        assert len(heard.said) == 2
        assert len(tx.answers) == ANSWERS_MAX
