"""A workshop for tests: opened by the moderator, with tables and guests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from collab.process.actors import Actor
from collab.process.workshop.agenda import Step, StepKind
from server.actions.access import Caller
from server.actions.workshop.joining import Joined, join_as_guest
from server.actions.workshop.opening import Opening, open_workshop
from server.auth import holders
from storage.workshop import workshops
from storage.workshop.workshops import Workshop, WorkshopTable
from tests.server.idea.arena_of_all import Everyone, everyone

STEPS = (
    Step(StepKind.COLLECT, {"de": "Sammeln", "en": "Collect"}, 10, is_silent=True),
    Step(StepKind.CLUSTER, {"de": "Ordnen", "en": "Cluster"}, 10),
    Step(StepKind.VOTE, {"de": "Punkten", "en": "Vote"}, 5),
    Step(StepKind.HARVEST, {"de": "Ernten", "en": "Harvest"}, 10),
)


@dataclass
class Evening:
    """An arena with one workshop."""

    everyone: Everyone
    workshop: Workshop
    tables: list[WorkshopTable]

    @property
    def code(self) -> str:
        return self.workshop.code

    async def guest(self, name: str, *, table: int | None = None) -> tuple[Joined, Actor]:
        """Somebody comes in by the code of the room, or of a table (from 1)."""
        services = self.everyone.arena.services
        code = self.code if table is None else self.tables[table - 1].code
        joined = await join_as_guest(services, code, name, Caller("192.0.2.7"), "de")
        assert joined.signed_in is not None
        holder = await holders.by_session(services, joined.signed_in.secret)
        assert holder is not None
        return joined, holder.actor

    async def document(self, kind: str) -> UUID:
        """The workshop's document of this kind."""
        async with self.everyone.arena.services.database.read() as tx:
            return (await workshops.documents(tx, self.workshop.id))[kind]

    async def now(self) -> Workshop:
        """The workshop as it is stored now."""
        async with self.everyone.arena.services.database.read() as tx:
            found = await workshops.get(tx, self.workshop.id)
        assert found is not None
        return found


@asynccontextmanager
async def evening(folder: Path, **overrides: Any) -> AsyncIterator[Evening]:
    """A running arena in which the moderator has opened a workshop with two tables."""
    async with everyone(folder, **overrides) as arena:
        services = arena.arena.services
        opening = Opening("Kiezabend", STEPS, ("Tisch 1", "Tisch 2"), "evening", 1)
        opened = await open_workshop(services, await arena.actor("moderator"), opening, "Fern")
        async with services.database.read() as tx:
            tables = await workshops.tables(tx, opened.id)
        yield Evening(arena, opened, tables)
