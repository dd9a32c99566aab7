"""A real server process with people who type into one text, for a nemesis to come upon."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.disk.faults import Fault, switch
from bench.disk.history import BEGINNING, Author, faults, promised
from bench.disk.launcher import FAULT_FILE, STEP_FILE, Step
from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from server.actions.seeds import dossier_schema
from storage import documents
from storage.database import Database
from storage.documents import Found
from tests.harness.fixtures import settle
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.text import SharedText

HANDLES = ("participant", "participant-2", "expert")


class LaunchedProcess(ArenaProcess):
    """The server, run by ``bench.disk.launcher``."""

    def __init__(self, database_url: str, folder: Path) -> None:
        super().__init__(database_url, folder)
        self._folder = folder

    def _serving(self) -> list[str]:
        return [sys.executable, "-m", "bench.disk.launcher", str(self._folder), "serve"]

    def arm(self, step: Step, countdown: int) -> None:
        """Let the server die at this step, the ``countdown``-th time it comes by."""
        file = self._folder / STEP_FILE
        file.with_suffix(".new").write_text(f"{step.value} {countdown}", encoding="ascii")
        file.with_suffix(".new").replace(file)

    def breaks(self, fault: Fault) -> None:
        """Let the disk fail so, or mend it."""
        switch(self._folder / FAULT_FILE, fault)


@dataclass(frozen=True, slots=True)
class Stage:
    """The server, the text and its authors."""

    server: LaunchedProcess
    idea: TestIdea
    authors: Sequence[Author]
    reader_token: str

    @asynccontextmanager
    async def typing(self, rng: random.Random) -> AsyncIterator[None]:
        """Everybody types meanwhile, and comes back whenever sent away."""
        tasks = [asyncio.create_task(author.type_on(rng)) for author in self.authors]
        try:
            yield
        finally:
            for author in self.authors:
                author.stop()
            await asyncio.gather(*tasks)

    async def is_dead(self) -> bool:
        """The server has been killed."""
        return not self.server.is_alive

    async def cold_text(self) -> str:
        """The text as a newcomer gets it."""
        async with YWebsocketActor(
            self.server.origin, self.idea.document, self.reader_token
        ) as reader:
            return reader.text.read(FREE_SECTION)

    async def restart(self) -> list[str]:
        """Start the dead server and say what is missing of what was promised."""
        for author in self.authors:
            await author.leave()
        due = promised(self.authors)
        await asyncio.to_thread(self.server.start)
        return faults(await self.cold_text(), due)

    async def settle(self) -> list[str]:
        """Let everybody save; say what is wrong with the text that all should have now."""
        for author in self.authors:
            await author.until_saved()
        text = await self.cold_text()
        found = faults(text, [token for author in self.authors for token in author.typed])
        for author in self.authors:
            await author.until_reads(text)
        return found

    async def compare_replay(self) -> list[str]:
        """Stop the server; say how the log, read without it, differs from what people read."""
        text = await self.cold_text()
        for author in self.authors:
            await author.leave()
        await asyncio.to_thread(self.server.stop)
        return [] if await self._replay() == text else ["the log reads differently"]

    async def _replay(self) -> str:
        database = await Database.open(self.server.database_url)
        try:
            async with database.read() as tx:
                found = await documents.load(tx, DocumentAddress.parse(self.idea.document).document)
        finally:
            await database.close()
        assert isinstance(found, Found), found
        copy = SharedText(lambda _update: None)
        copy.apply(Document.load(dossier_schema(found.head.schema), found.updates).state())
        return copy.read(FREE_SECTION)


@asynccontextmanager
async def staged(
    database_url: str, folder: Path, tokens: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    """A running server with two authors, one on each protocol.

    Without ``tokens`` the database is empty and gets the persons.
    """
    server = LaunchedProcess(database_url, folder)
    known = tokens or settle(server, HANDLES)
    await asyncio.to_thread(server.start)
    try:
        idea = await open_idea(server.origin, known[HANDLES[0]])
        one = YWebsocketActor(server.origin, idea.document, known[HANDLES[0]])
        two = HocuspocusActor(server.origin, idea.document, known[HANDLES[1]])
        async with one, two:
            await one.type(FREE_SECTION, BEGINNING)
            await two.until_reads(FREE_SECTION, BEGINNING)
            yield Stage(server, idea, [Author(one, "a"), Author(two, "b")], known[HANDLES[2]])
    finally:
        if server.is_alive:
            await asyncio.to_thread(server.stop)
