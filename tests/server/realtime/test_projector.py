"""Shown texts follow the log: once a second for each idea, however often it changes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from collab.process.version import TextVersion
from collab.sync.text import DossierText
from server.realtime.rooms import projector as under_test
from server.realtime.rooms.projector import DOCUMENTS_MAX, Projector, Rendered
from storage.database import Database
from storage.search.projections import project_many
from tests.storage.making import NOW, make_idea, make_person


@asynccontextmanager
async def projecting(database: Database, shown: list[str]) -> AsyncIterator[Projector]:
    projector = Projector(database, lambda: NOW, shown.append)
    task = asyncio.create_task(projector.run())
    try:
        yield projector
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ideas(database: Database, count: int) -> list[UUID]:
    async with database.write() as tx:
        author = await make_person(tx)
        return [(await make_idea(tx, author)).id for _ in range(count)]


class Text:
    """A text that says how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.was_asked = asyncio.Event()

    async def render(self) -> Rendered | None:
        self.asked += 1
        self.was_asked.set()
        text = DossierText(title=f"Titel {self.asked}", sections={})
        return text, TextVersion(9, self.asked, f"{self.asked:064}")


async def until_asked(text: Text) -> None:
    async with asyncio.timeout(10):
        await text.was_asked.wait()
    text.was_asked.clear()


async def test_a_text_that_changes_all_the_time_is_shown_once_in_its_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PROJECTION_S", 0.2)
    (idea_id,) = await ideas(database, 1)
    text, shown = Text(), list[str]()
    loop = asyncio.get_running_loop()
    async with projecting(database, shown) as projector:
        began = loop.time()
        while text.asked < 3:
            projector.mark(idea_id, "2026-00001", text.render)
            await asyncio.wait_for(asyncio.shield(loop.run_in_executor(None, int)), 5)
        assert loop.time() - began >= 3 * 0.2


async def test_many_texts_are_shown_in_few_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PROJECTION_S", 0.0)
    known, shown = await ideas(database, DOCUMENTS_MAX + 5), list[str]()
    written = [Text() for _ in known]
    async with projecting(database, shown) as projector:
        for number, (idea_id, text) in enumerate(zip(known, written, strict=True)):
            projector.mark(idea_id, str(number), text.render)
        for text in written:
            await until_asked(text)
    assert [text.asked for text in written] == [1] * len(known)


async def test_what_could_not_be_shown_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PROJECTION_S", 0.0)
    (idea_id,) = await ideas(database, 1)
    text, shown = Text(), list[str]()
    project, failures = project_many, iter([OSError("disk full")])

    async def fail_once(*arguments: Any) -> list[bool]:
        for failure in failures:
            raise failure
        return await project(*arguments)

    monkeypatch.setattr(under_test, "project_many", fail_once)
    async with projecting(database, shown) as projector:
        projector.mark(idea_id, "2026-00001", text.render)
        await until_asked(text)
        await until_asked(text)


async def test_a_room_that_has_closed_is_passed_over(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "PROJECTION_S", 0.0)
    gone, here = await ideas(database, 2)
    text, shown = Text(), list[str]()

    async def closed() -> Rendered | None:
        return None

    async with projecting(database, shown) as projector:
        projector.mark(gone, "gone", closed)
        projector.mark(here, "here", text.render)
        await until_asked(text)
