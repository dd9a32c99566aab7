"""The projection only moves forward; pinned versions never change."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from collab.process.version import TextVersion
from storage import ideas, texts
from storage.database import Database
from storage.search.projections import Projection, project_many
from storage.texts import TEXT_VERSION, TITLE_CHARS_MAX
from tests.storage.making import NOW, an_idea, later, version

WAYS = {"alone": False, "with-others": True}


@pytest.fixture(params=WAYS, autouse=True)
def way(request: pytest.FixtureRequest) -> None:
    """A text is shown in somebody's transaction, or together with others: it is the same."""
    Way.is_with_others = WAYS[request.param]


class Way:
    """How this test shows its texts."""

    is_with_others = False


async def project(
    database: Database, idea: ideas.Idea, shown: TextVersion, title: str = "Titel", plain: str = ""
) -> bool:
    sections, now = {"situation": [plain]}, later(hours=1)
    if Way.is_with_others:
        one = Projection(idea.id, shown, title, plain, sections)
        return (await project_many(database, [one], now))[0]
    async with database.write() as tx:
        return await texts.project(
            tx, idea.id, shown, title=title, plain=plain, sections=sections, now=now
        )


async def shown_text(database: Database, idea: ideas.Idea) -> texts.IdeaText:
    async with database.read() as tx:
        found = await texts.get(tx, idea.id)
    assert found is not None
    return found


async def test_a_newer_text_is_shown_and_counts_as_activity(database: Database) -> None:
    idea = await an_idea(database)
    assert await project(database, idea, version(5, "new"), "Neu", "Neuer Text")
    text = await shown_text(database, idea)
    assert (text.seq, text.title, text.plain) == (5, "Neu", "Neuer Text")
    assert text.sections == {"situation": ["Neuer Text"]}
    async with database.read() as tx:
        found = await ideas.get(tx, idea.id)
        assert await texts.of_ideas(tx, [idea.id]) == {idea.id: await texts.get(tx, idea.id)}
    assert found is not None
    assert (found.title, found.active_at) == ("Neu", later(hours=1))


async def test_an_older_text_changes_nothing(database: Database) -> None:
    idea = await an_idea(database)
    await project(database, idea, version(5, "new"), "Neu")
    assert not await project(database, idea, version(4, "old"), "Alt")
    assert not await project(database, idea, version(5, "same"), "Gleich")
    assert (await shown_text(database, idea)).title == "Neu"
    assert await project(database, idea, version(1, "rewritten", epoch=2), "Neu geschrieben")


async def test_the_same_text_at_a_later_seq_is_no_activity(database: Database) -> None:
    idea = await an_idea(database, plain="Text")
    assert not await project(database, idea, version(9, "Text"), idea.title, "Text")
    assert (await shown_text(database, idea)).seq == 9
    async with database.read() as tx:
        found = await ideas.get(tx, idea.id)
    assert found is not None
    assert found.active_at == NOW


async def test_hostile_text_is_stored_on_every_engine(database: Database) -> None:
    idea = await an_idea(database)
    assert await project(database, idea, version(2, "x"), "a\x00b" + "x" * 9_999, "c\x00d 😀")
    text = await shown_text(database, idea)
    assert text.title.startswith("a\ufffdb")
    assert len(text.title) == TITLE_CHARS_MAX
    assert text.plain == "c\ufffdd 😀"
    assert text.sections == {"situation": ["c\x00d 😀"]}


async def test_a_version_is_pinned_once_and_for_ever(database: Database) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        for sections in ({"a": "first"}, {"a": "second"}):
            await texts.pin(
                tx, idea.document_id, version(3), sections=sections, state=b"state", now=NOW
            )
        await texts.pin(tx, idea.document_id, version(7), sections={}, state=b"", now=NOW)
    async with database.read() as tx:
        pinned = await texts.pinned(tx, idea.document_id, 1, 3)
        assert await texts.pinned(tx, idea.document_id, 1, 4) is None
        versions = await texts.versions(tx, idea.document_id)
        rows = (await tx.run(select(func.count()).select_from(TEXT_VERSION))).scalar_one()
    assert pinned is not None
    assert (pinned.sections, pinned.state) == ({"a": "first"}, b"state")
    assert versions == [(version(3), NOW), (version(7), NOW)]
    assert rows == 2
