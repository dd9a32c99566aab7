"""Rows become ideas, each once."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from collab.errors import NotFound
from collab.process.version import TextVersion
from collab.sync.text import render, sha256, to_markdown
from server.importing.decoding import UnreadableFile
from server.importing.reading import Options, Reading, read_data
from server.importing.writing import known_entries, prepare, write_entries
from server.realtime.rooms.loading import load
from storage import events, ideas, people, texts
from storage.database import Database
from storage.ideas import IdeaFilter

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROWS = "id;title;text;url;lat;lon\n"
ONE = "7;Mehr Bänke;Im Park\nfehlen Bänke.;https://example.org/7;52,5;13,4\n".replace("\n", " ", 1)


def reading(*rows: str) -> Reading:
    """A file with these rows."""
    return read_data((ROWS + "".join(rows)).encode(), Options())


async def add_office(database: Database) -> UUID:
    """Somebody to import for."""
    person_id = uuid4()
    async with database.write() as tx:
        await people.create(tx, person_id=person_id, handle="office", name="Amt", now=NOW)
    return person_id


async def test_row_becomes_an_open_need_with_its_text_place_and_source(database: Database) -> None:
    office = await add_office(database)
    job = await prepare(database, name="bonn", kind="need", section=None, handle="office")
    assert await write_entries(database, job, reading(ONE).entries, NOW) == 1
    async with database.read() as tx:
        idea = await ideas.by_source(tx, "import:bonn:7")
        assert idea is not None
        assert (idea.kind, idea.stage, idea.title) == ("need", "open", "Mehr Bänke")
        assert (idea.latitude, idea.longitude, idea.created_by) == (52.5, 13.4, office)
        loaded = await load(tx, idea.document_id)
        text = render(loaded.document, loaded.sections)
        shown = await texts.get(tx, idea.id)
        told = await events.since(tx, 0, idea_id=idea.id, public_only=True)
    assert to_markdown(text)["situation"].startswith("Im Park fehlen Bänke.")
    assert "https://example.org/7" in to_markdown(text)["situation"]
    assert shown is not None
    assert TextVersion(shown.epoch, shown.seq, shown.sha256) == TextVersion(1, 1, sha256(text))
    assert [event.kind for event in told] == ["idea_created"]


async def test_proposal_has_its_text_in_the_idea(database: Database) -> None:
    await add_office(database)
    job = await prepare(database, name="x", kind="proposal", section=None, handle="office")
    await write_entries(database, job, reading(ONE).entries, NOW)
    async with database.read() as tx:
        idea = await ideas.by_source(tx, "import:x:7")
        assert idea is not None
        shown = await texts.get(tx, idea.id)
    assert shown is not None
    assert shown.sections["sections"]["idea"]


async def test_i6_second_import_brings_in_only_what_is_new(database: Database) -> None:
    await add_office(database)
    job = await prepare(database, name="bonn", kind="need", section=None, handle="office")
    first, both = reading(ONE), reading(ONE, "8;Mehr Schatten;x;;;\n")
    assert await write_entries(database, job, first.entries, NOW) == 1
    assert await known_entries(database, job, both.entries) == {"7"}
    assert await write_entries(database, job, both.entries, NOW) == 1
    assert await write_entries(database, job, both.entries, NOW) == 0
    async with database.read() as tx:
        assert await ideas.count(tx, IdeaFilter()) == 2


async def test_rows_keep_their_order_in_the_list_over_several_transactions(
    database: Database,
) -> None:
    await add_office(database)
    job = await prepare(database, name="many", kind="need", section=None, handle="office")
    found = reading(*(f"{n};Idee {n};x;;;\n" for n in range(230)))
    seen: list[int] = []
    assert await write_entries(database, job, found.entries, NOW, seen.append) == 230
    assert seen == [100, 100, 30]
    async with database.read() as tx:
        page = await ideas.page(tx, IdeaFilter(), limit=3)
    assert [idea.title for idea in page.ideas] == ["Idee 0", "Idee 1", "Idee 2"]
    assert [idea.ref for idea in page.ideas] == ["2026-00001", "2026-00002", "2026-00003"]


async def test_longest_row_that_is_read_can_be_written(database: Database) -> None:
    await add_office(database)
    job = await prepare(database, name="long", kind="need", section=None, handle="office")
    url = "https://example.org/" + "x" * 1_900
    lines = "\n".join("y" * 20 for _ in range(490))
    row = f'1;{"Wort " * 390};"{lines}";{url};;\n'
    found = reading(row)
    assert found.faults == ()
    assert await write_entries(database, job, found.entries, NOW) == 1


async def test_unknown_person_kind_or_section_is_said_before_anything_is_written(
    database: Database,
) -> None:
    with pytest.raises(NotFound):
        await prepare(database, name="x", kind="need", section=None, handle="nobody")
    with pytest.raises(UnreadableFile, match="need or proposal"):
        await prepare(database, name="x", kind="wish", section=None, handle="office")
    with pytest.raises(UnreadableFile, match="it has situation"):
        await prepare(database, name="x", kind="need", section="idea", handle="office")
