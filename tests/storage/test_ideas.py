"""Ideas: references, lists with filters and pages, roles, official moves."""

from __future__ import annotations

import random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from collab.errors import Invalid
from storage import ideas
from storage.database import Database
from storage.ideas import IdeaFilter
from tests.storage.making import NOW, a_person, an_idea, later, make_idea

EVERYTHING = IdeaFilter(hidden_stages=frozenset())


async def titles(database: Database, wanted: IdeaFilter) -> list[str]:
    async with database.read() as tx:
        return [idea.title for idea in (await ideas.page(tx, wanted)).ideas]


async def test_references_count_from_one_in_every_year(database: Database) -> None:
    async with database.write() as tx:
        given = [await ideas.next_reference(tx, year) for year in (2026, 2026, 2027, 2026)]
    assert given == ["2026-00001", "2026-00002", "2027-00001", "2026-00003"]


async def test_an_idea_is_found_by_each_of_its_keys(database: Database) -> None:
    idea = await an_idea(database, source="bonn:17")
    async with database.read() as tx:
        assert await ideas.get(tx, idea.id) == idea
        assert await ideas.by_ref(tx, idea.ref) == idea
        assert await ideas.by_document(tx, idea.document_id) == idea
        assert await ideas.by_source(tx, "bonn:17") == idea
        assert await ideas.by_ref(tx, "2026-99999") is None


async def test_the_newest_activity_comes_first(database: Database) -> None:
    for title, hours in (("old", 1), ("new", 3), ("middle", 2)):
        await an_idea(database, title=title, now=later(hours=hours))
    assert await titles(database, EVERYTHING) == ["new", "middle", "old"]


async def test_touching_moves_an_idea_up_but_never_back(database: Database) -> None:
    one = await an_idea(database, title="one")
    await an_idea(database, title="two", now=later(hours=1))
    async with database.write() as tx:
        await ideas.touch(tx, one.id, later(hours=2))
        await ideas.touch(tx, one.id, NOW)
    assert await titles(database, EVERYTHING) == ["one", "two"]


async def test_pages_show_every_idea_once_in_order(database: Database) -> None:
    dice = random.Random(7)
    async with database.write() as tx:
        for number in range(45):
            # Several ideas share a moment: the cursor must tell them apart.
            moment = later(minutes=dice.randrange(6))
            await make_idea(tx, title=str(number), now=moment)
    seen: list[ideas.Idea] = []
    cursor: str | None = None
    async with database.read() as tx:
        while len(seen) < 45:
            page = await ideas.page(tx, EVERYTHING, cursor, limit=10)
            seen += page.ideas
            cursor = page.next_cursor
    assert cursor is None
    assert len({idea.id for idea in seen}) == 45
    moments = [idea.active_at for idea in seen]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "!!!", "MjAyNg", "MjAyNi0xMS0yMyAx", "ü"])
async def test_a_cursor_of_somebody_elses_making_is_refused(
    database: Database, cursor: str
) -> None:
    async with database.read() as tx:
        with pytest.raises(Invalid):
            await ideas.page(tx, EVERYTHING, cursor)


async def test_filters_by_kind_and_stage(database: Database) -> None:
    await an_idea(database, title="a", kind="need", stage="open")
    await an_idea(database, title="b", kind="proposal", stage="open")
    await an_idea(database, title="c", kind="need", stage="elaboration")
    assert set(await titles(database, IdeaFilter(kind="need"))) == {"a", "c"}
    assert set(await titles(database, IdeaFilter(stage="open"))) == {"a", "b"}
    assert await titles(database, IdeaFilter(kind="need", stage="open")) == ["a"]
    async with database.read() as tx:
        assert await ideas.count(tx, IdeaFilter(kind="need")) == 2


async def test_drafts_are_seen_by_their_team_only(database: Database) -> None:
    ana, ben = await a_person(database), await a_person(database)
    await an_idea(database, ana, title="draft", stage="draft")
    await an_idea(database, ana, title="open")
    assert await titles(database, IdeaFilter()) == ["open"]
    assert await titles(database, IdeaFilter(reader=ben)) == ["open"]
    assert set(await titles(database, IdeaFilter(reader=ana))) == {"draft", "open"}
    assert await titles(database, IdeaFilter(stage="draft")) == []
    assert await titles(database, IdeaFilter(stage="draft", reader=ana)) == ["draft"]
    assert set(await titles(database, EVERYTHING)) == {"draft", "open"}


async def test_mine_are_those_where_i_have_a_role(database: Database) -> None:
    ana, ben = await a_person(database), await a_person(database)
    await an_idea(database, ana, title="hers", stage="draft")
    shared = await an_idea(database, ben, title="shared")
    await an_idea(database, ben, title="his")
    async with database.write() as tx:
        await ideas.add_role(tx, shared.id, ana, "editor")
        mine = await ideas.of_person(tx, ana)
    assert {idea.title for idea in mine.ideas} == {"hers", "shared"}


async def test_roles_are_given_and_taken_once(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        assert await ideas.add_role(tx, idea.id, ben, "editor")
        assert not await ideas.add_role(tx, idea.id, ben, "editor")
        assert await ideas.roles(tx, idea.id, ben) == {"editor"}
        team = (await ideas.team(tx, [idea.id]))[idea.id]
        assert [(row.person_id, row.role) for row in team] == [
            (idea.created_by, "author"),
            (ben, "editor"),
        ]
        assert await ideas.remove_role(tx, idea.id, ben, "editor")
        assert not await ideas.remove_role(tx, idea.id, ben, "editor")
        assert await ideas.roles(tx, idea.id, ben) == frozenset()


async def advance(database: Database, idea_id: UUID, revision: int, from_stage: str) -> bool:
    async with database.write() as tx:
        return await ideas.advance(
            tx,
            idea_id,
            revision,
            from_stage=from_stage,
            to_stage="elaboration",
            now=later(hours=1),
        )


async def test_a_move_needs_the_revision_and_the_stage_it_assumes(database: Database) -> None:
    idea = await an_idea(database)
    assert not await advance(database, idea.id, 2, "open")
    assert not await advance(database, idea.id, 1, "draft")
    assert not await advance(database, uuid4(), 1, "open")
    assert await advance(database, idea.id, 1, "open")
    assert not await advance(database, idea.id, 1, "open")


async def test_changing_the_kind_changes_the_template_and_the_revision(database: Database) -> None:
    idea = await an_idea(database, kind="need")

    async def change(revision: int) -> bool:
        async with database.write() as tx:
            return await ideas.change_kind(
                tx,
                idea.id,
                revision,
                kind="proposal",
                template_id="proposal",
                template_version=3,
                now=later(hours=1),
            )

    assert not await change(2)
    assert await change(1)
    async with database.read() as tx:
        changed = await ideas.get(tx, idea.id)
    assert changed is not None
    assert (changed.kind, changed.template_version, changed.revision) == ("proposal", 3, 2)


async def test_a_locked_idea_is_the_one_of_now(database: Database) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        before = await ideas.lock(tx, idea.id)
        await ideas.advance(tx, idea.id, 1, from_stage="open", to_stage="x", now=NOW)
        after = await ideas.lock(tx, idea.id)
        assert await ideas.lock(tx, uuid4()) is None
    assert before is not None
    assert after is not None
    assert (after.stage, after.revision) == ("x", 2)


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("stage NOT IN ('draft')", "ix_idea_activity"),
        ("kind = 'need' AND stage NOT IN ('draft')", "ix_idea_kind"),
        ("stage = 'open'", "ix_idea_stage"),
    ],
)
async def test_lists_are_read_in_the_order_of_an_index(
    sqlite_url: str, where: str, index: str
) -> None:
    database = await Database.open(sqlite_url)
    query = f"SELECT * FROM idea WHERE {where} ORDER BY active_at DESC, id DESC LIMIT 21"
    async with database.read() as tx:
        plan = [row[3] for row in await tx.run(text(f"EXPLAIN QUERY PLAN {query}"))]
    await database.close()
    assert len(plan) == 1, plan
    assert index in plan[0]
