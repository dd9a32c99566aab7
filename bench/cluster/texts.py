"""One text with its authors and, at each node, a reader: what all of them must agree on."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from bench.cluster.people import PATIENCE_S, Reader, Roamer
from bench.disk.history import BEGINNING, faults, promised
from collab.sync.address import DocumentAddress
from collab.sync.document import Document
from server.actions.seeds import dossier_schema
from storage import documents
from storage.database import Database
from storage.documents import Found
from tests.harness.actor import Actor
from tests.harness.ideas import FREE_SECTION, open_idea
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.text import SharedText
from tests.harness.waiting import until_async

SHOWN_S: Final = 15.0
PROTOCOLS: Final[tuple[type[Actor], ...]] = (YWebsocketActor, HocuspocusActor)


@dataclass(frozen=True, slots=True)
class Converged:
    """After how long all copies were the same, and presence true; and what is wrong."""

    same_s: float
    true_s: float
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Text:
    """The text, who writes it over the proxy, and who reads it at which node."""

    document: str
    authors: Sequence[Roamer]
    readers: Sequence[Reader]

    @property
    def due(self) -> set[str]:
        """What has to be in the log from now on, whatever happens."""
        seen = set[str]().union(*(reader.seen for reader in self.readers))
        return promised(self.authors) | seen

    @property
    def typed(self) -> int:
        """How many keystrokes there were."""
        return sum(len(author.typed) for author in self.authors)

    @property
    def acknowledged(self) -> int:
        """How many of them the server has promised to keep."""
        return sum(len(author.acknowledged) for author in self.authors)

    async def look(self, database: Database) -> list[str]:
        """What is wrong with the log at this moment: all that was promised before must be there."""
        due = self.due
        return faults(await self.replay(database), due)

    async def replay(self, database: Database) -> str:
        """The text as the log has it, read past every node."""
        async with database.read() as tx:
            found = await documents.load(tx, DocumentAddress.parse(self.document).document)
        assert isinstance(found, Found), found
        copy = SharedText(lambda _update: None)
        copy.apply(Document.load(dossier_schema(found.head.schema), found.updates).state())
        return copy.read(FREE_SECTION)

    async def converge(self, database: Database, deadline_s: float) -> Converged:
        """Wait until all copies are the same and everybody sees who is there, and nobody else."""
        began = time.monotonic()
        try:
            await until_async(self._is_settled, self.document, timeout_s=deadline_s)
        except TimeoutError:
            wrong = f"not the same after {deadline_s:g} s: {self._differences()}"
            return Converged(deadline_s, deadline_s, [wrong])
        same_s = time.monotonic() - began
        found = faults(self._copies()[0], [each for who in self.authors for each in who.typed])
        found += await self._newcomers_differ()
        if await self.replay(database) != self._copies()[0]:
            found.append("the log reads differently")
        try:
            await until_async(self._shows_the_truth, self.document, timeout_s=deadline_s)
        except TimeoutError:
            found.append(f"presence is not true after {deadline_s:g} s: {self._shown()}")
        return Converged(same_s, time.monotonic() - began, found)

    async def shows(self, guest: Actor) -> None:
        """Wait until everybody is shown that somebody has come."""
        await until_async(
            lambda: self._shows_also(guest.text.doc.client_id),
            "a guest is shown",
            timeout_s=SHOWN_S,
        )

    async def _shows_also(self, client: int) -> bool:
        return all(client in actor.shown for actor in self._actors() if actor.is_connected)

    async def _shows_the_truth(self) -> bool:
        """Whether everybody is shown all authors and nobody else."""
        there = [await author.is_there() for author in self.authors]
        clients = {author.actor.text.doc.client_id for author in self.authors}
        return all(there) and all(
            actor.shown == clients - {actor.text.doc.client_id} for actor in self._actors()
        )

    def _shown(self) -> str:
        """Whom each shows, by the place of authors; strangers by their number."""
        names = {author.actor.text.doc.client_id: author.name for author in self.authors}
        told = [[names.get(each, str(each)) for each in actor.shown] for actor in self._actors()]
        return "; ".join(" ".join(sorted(each)) or "nobody" for each in told)

    def _actors(self) -> list[Actor]:
        authors = [author.actor for author in self.authors]
        return authors + [reader.actor for reader in self.readers]

    def _copies(self) -> list[str]:
        return [actor.text.read(FREE_SECTION) for actor in self._actors()]

    async def _is_settled(self) -> bool:
        """Everybody is there and saved, and all copies are the same."""
        saved = await asyncio.gather(*(author.is_saved() for author in self.authors))
        are_there = all(actor.is_connected for actor in self._actors())
        return all(saved) and are_there and len(set(self._copies())) == 1

    def _differences(self) -> str:
        """Who has how much of it, for whoever looks for the cause."""
        whole = {token for author in self.authors for token in author.typed}
        told = [
            f"{author.name}: {len(author.typed)} typed, {len(author.acknowledged)} acknowledged, "
            f"{len(whole - author.seen - set(author.typed))} not seen, "
            f"{'there' if author.actor.is_connected else author.actor.close_code}"
            for author in self.authors
        ]
        told += [
            f"reader {number}: {len(whole - reader.seen)} not seen, "
            f"{'there' if reader.actor.is_connected else reader.actor.close_code}"
            for number, reader in enumerate(self.readers, 1)
        ]
        return "; ".join(told)

    async def _newcomers_differ(self) -> list[str]:
        """Whether somebody who comes now to a node gets another text than all have."""
        found = []
        for number, reader in enumerate(self.readers, 1):
            known = reader.actor
            newcomer = YWebsocketActor(known.origin, known.document, known.token)
            async with asyncio.timeout(PATIENCE_S), newcomer:
                if newcomer.text.read(FREE_SECTION) != self._copies()[0]:
                    found.append(f"node {number} gives newcomers another text")
        return found


async def opened(
    stack: AsyncExitStack,
    origin: str,
    nodes: Sequence[str],
    tokens: Sequence[str],
    reader_token: str,
    *,
    name: str,
    may_return: asyncio.Event,
) -> Text:
    """A fresh text with an author per token, who speak both protocols in turn."""
    idea = await open_idea(origin, tokens[0], f"Text {name}")
    authors = []
    for number, token in enumerate(tokens):
        actor = _actor(number, origin, idea.document, token)
        await actor.connect()
        author = Roamer(actor, f"{name}{chr(ord('a') + number)}", may_return)
        stack.push_async_callback(author.leave)
        authors.append(author)
    await authors[0].actor.type(FREE_SECTION, BEGINNING)
    readers = []
    for number, node in enumerate(nodes):
        actor = _actor(number, node, idea.document, reader_token)
        await actor.connect()
        stack.push_async_callback(actor.drop)
        readers.append(Reader(actor))
    for actor in (*(who.actor for who in authors), *(who.actor for who in readers)):
        await actor.until_reads(FREE_SECTION, BEGINNING)
    return Text(idea.document, authors, readers)


def _actor(number: int, origin: str, document: str, token: str) -> Actor:
    return PROTOCOLS[number % len(PROTOCOLS)](origin, document, token)


def dice(seed: int, *what: object) -> random.Random:
    """The dice for one purpose; nobody else's throws change them."""
    return random.Random("/".join(map(str, (seed, *what))))
