"""The topology with everybody on it: who types, reads, decides and comments while it is hurt."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bench.cluster.acting import Deciders
from bench.cluster.faults import DATABASE_IS_AWAY, IN_ORDER, strike, struck
from bench.cluster.story import Blow
from bench.cluster.texts import Text, dice, opened
from bench.cluster.visiting import Visitors
from storage.database import Database
from tests.harness.actor import Actor
from tests.harness.ideas import open_idea
from tests.harness.protocols import YWebsocketActor
from tests.topology.topology import Topology

HANDLES: Final = (
    "participant", "participant-2", "expert", "observer", "moderator", "moderator-2"
)  # fmt: skip
AUTHORS: Final = (
    ("participant", "participant-2"), ("participant-2", "expert"), ("expert", "participant")
)  # fmt: skip
DEADLINE_S: Final = 20.0
"""The bound: later than so long after healing is a fault."""
DECIDED_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Suffered:
    """What became of one blow."""

    blow: Blow
    healed_s: float
    """How long it took until every node was ready again and seen by the proxy."""
    converged_s: float
    """How much longer until all copies of all texts were the same."""
    shown_s: float
    """How much longer until everybody was shown who is there, and nobody else."""
    faults: Sequence[str]


class Scene:
    """Everybody, and the dice of this round."""

    def __init__(
        self,
        topology: Topology,
        database: Database,
        texts: Sequence[Text],
        deciders: Deciders,
        visitors: Visitors,
        may_return: asyncio.Event,
        seed: int,
    ) -> None:
        self.texts = texts
        self.deciders = deciders
        self.visitors = visitors
        self._topology = topology
        self._database = database
        self._may_return = may_return
        self._authors = [
            (author, dice(seed, author.name)) for text in texts for author in text.authors
        ]
        self._visits = dice(seed, "visits")

    async def suffer(self, blow: Blow) -> Suffered:
        """Let everybody work, strike, look whether a promise is broken, heal, and compare."""
        found: list[str] = []
        async with self._working():
            await asyncio.sleep(blow.quiet_s)
            guests = await self._guests(blow)
            decisions = [asyncio.create_task(self.deciders.decide())]
            if blow.fault not in IN_ORDER:
                self._may_return.clear()
            await asyncio.to_thread(strike, self._topology, blow.fault, blow.node)
            for guest in guests:
                await guest.drop()
            if blow.fault not in DATABASE_IS_AWAY:
                found += await self._look()
                self._may_return.set()
            await asyncio.sleep(blow.held_s)
            decisions.append(asyncio.create_task(self.deciders.decide()))
            began = time.monotonic()
            await asyncio.to_thread(self._topology.heal)
            healed_s = time.monotonic() - began
            if blow.fault in DATABASE_IS_AWAY:
                found += await self._look()
                self._may_return.set()
        converged = await asyncio.gather(
            *(text.converge(self._database, DEADLINE_S) for text in self.texts)
        )
        found += [wrong for each in converged for wrong in each.faults]
        async with asyncio.timeout(DECIDED_S):
            await asyncio.gather(*decisions)
        found += await self.deciders.judge()
        same_s = max(each.same_s for each in converged)
        true_s = max(each.true_s for each in converged)
        return Suffered(blow, healed_s, same_s, true_s, found)

    async def judge(self) -> list[str]:
        """What is wrong with what was said and decided in this round."""
        return await self.deciders.judge() + await self.visitors.judge()

    async def _guests(self, blow: Blow) -> list[Actor]:
        """One more in each text, at the node that is struck; he leaves while it cannot say so."""
        node = struck(self._topology, blow.node)
        guests: list[Actor] = []
        for text in self.texts:
            guest = YWebsocketActor(node.origin, text.document, self._topology.tokens["moderator"])
            guests.append(await guest.connect())
            await guest.point({"cursor": {"anchor": 0}})
            await text.shows(guest)
        return guests

    async def _look(self) -> list[str]:
        """What the log lacks of what was promised, before anybody can send it again."""
        return [
            f"{text.document}: {wrong}"
            for text in self.texts
            for wrong in await text.look(self._database)
        ]

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[None]:
        """Everybody types, reads and comments meanwhile; readers go on until the end."""
        typing = [asyncio.create_task(author.type_on(rng)) for author, rng in self._authors]
        visiting = asyncio.create_task(self.visitors.visit(self._visits))
        try:
            yield
        finally:
            self._may_return.set()
            for author, _ in self._authors:
                author.stop()
            self.visitors.stop()
            await asyncio.gather(*typing, visiting)


@asynccontextmanager
async def staged(topology: Topology, seed: int, number: int = 0) -> AsyncIterator[Scene]:
    """Fresh texts with authors and readers, and an idea to decide about: one round."""
    tokens, origin = topology.tokens, topology.origin
    nodes = [node.origin for node in topology.nodes]
    may_return = asyncio.Event()
    may_return.set()
    async with AsyncExitStack() as stack:
        database = await Database.open(topology.postgres.url)
        stack.push_async_callback(database.close)
        texts = [
            await opened(
                stack,
                origin,
                nodes,
                [tokens[handle] for handle in handles],
                tokens["observer"],
                name=chr(ord("a") + place),
                may_return=may_return,
            )
            for place, handles in enumerate(AUTHORS)
        ]
        matter = await open_idea(origin, tokens["participant"], "Zu entscheiden")
        talked = await open_idea(origin, tokens["expert"], "Zu besprechen")
        moderators = [tokens["moderator"], tokens["moderator-2"]]
        deciders = Deciders(matter.ref, moderators, nodes, dice(seed, number, "deciders"))
        visitors = Visitors(origin, talked.ref, tokens["participant"])
        scene = Scene(
            topology, database, texts, deciders, visitors, may_return, seed * 1_000 + number
        )
        readers = [reader for text in texts for reader in text.readers]
        reading = [asyncio.create_task(reader.read_on()) for reader in readers]
        try:
            yield scene
        finally:
            for reader in readers:
                reader.stop()
            await asyncio.gather(*reading)
