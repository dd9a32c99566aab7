"""An arena with a person of every role, and ideas in whatever stage a test needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from collab.process.actors import Actor, Role
from collab.process.dossier import load_dossier
from collab.process.version import TextVersion
from server.actions import ideas, people, programs
from server.actions.ideas import NewIdea
from server.app import RealtimeOf, running_realtime
from server.auth import holders
from storage import ideas as stored
from storage.people import by_handle
from tests.server.running import Arena, bytes_of, running

PEOPLE = {
    "observer": Role.OBSERVER,
    "participant": Role.PARTICIPANT,
    "expert": Role.EXPERT,
    "signatory": Role.SIGNATORY,
    "moderator": Role.MODERATOR,
    "moderator-2": Role.MODERATOR,
    "office": Role.COORDINATION_OFFICE,
    "cdo": Role.CDO,
    "deputy": Role.DEPUTY,
    "qualifier": Role.QUALIFIER,
    "support": Role.SUPPORT,
    "auditor": Role.AUDITOR,
    "author": Role.PARTICIPANT,
    "editor": Role.PARTICIPANT,
    "lead": Role.PARTICIPANT,
}
TEAM = {"author": Role.AUTHOR, "editor": Role.EDITOR, "lead": Role.LEAD}
_kept: list[bytes] = []
"""The SQLite file with these people, once it was made: they are added once per test session."""


@dataclass
class Everyone:
    """The running arena, its people, and what they can be asked to do."""

    arena: Arena
    clients: dict[str, httpx2.AsyncClient] = field(default_factory=dict)

    async def actor(self, handle: str) -> Actor:
        """The person as rules see him."""
        holder = await holders.by_token(self.arena.services, await self._token(handle))
        assert holder is not None
        return holder.actor

    async def client(self, handle: str) -> httpx2.AsyncClient:
        """A client that acts for the person; ``guest`` has no name."""
        if handle not in self.clients:
            named = {} if handle == "guest" else {"Authorization": await self._bearer(handle)}
            self.clients[handle] = self.arena.browser(**named)
        return self.clients[handle]

    async def idea(
        self,
        stage: str = "draft",
        *,
        kind: str = "proposal",
        title: str = "Mehr Schatten",
        words: str = "Text zu",
        sections: bool = True,
        team: Mapping[str, Role] = TEAM,
    ) -> str:
        """An idea of ``author`` with a whole team, put into ``stage``; its reference."""
        template = load_dossier(kind)
        texts = {name: f"{words} {name}." for name in template.section_ids} if sections else {}
        new = NewIdea(kind=kind, title=title, sections=texts)
        created = await ideas.create_idea(self.arena.services, await self.actor("author"), new)
        async with self.arena.services.database.write() as tx:
            for handle, role in team.items():
                person = await by_handle(tx, handle)
                assert person is not None
                await stored.add_role(tx, created.idea.id, person.id, role)
            if stage != "draft":
                now = self.arena.services.clock()
                await stored.advance(
                    tx, created.idea.id, 1, from_stage="draft", to_stage=stage, now=now
                )
        return created.idea.ref

    async def state(self, ref: str, handle: str = "moderator") -> tuple[int, dict[str, Any]]:
        """Revision and text version of the idea, as an honest client would know them."""
        client = await self.client(handle)
        idea = (await client.get(f"/api/v1/ideas/{ref}")).json()
        text = (await client.get(f"/api/v1/ideas/{ref}/text")).json()
        return idea["revision"], text["version"]

    async def version(self, ref: str) -> TextVersion:
        """The text version of the idea now."""
        _, version = await self.state(ref)
        return TextVersion.from_json(version)

    async def _bearer(self, handle: str) -> str:
        return f"Bearer {await self._token(handle)}"

    async def _token(self, handle: str) -> str:
        return await programs.issue_token(self.arena.services, handle)


@asynccontextmanager
async def everyone(
    folder: Path, *, realtime: RealtimeOf = running_realtime, **overrides: Any
) -> AsyncIterator[Everyone]:
    """A running arena with a person of every role; ``overrides`` are settings."""
    if not _kept and "database_url" not in overrides:
        first = folder / "first"
        async with running(first) as arena:
            await _add_people(arena)
        _kept.append(bytes_of(first / "arena.db"))
    kept = b"" if "database_url" in overrides else _kept[0]
    async with running(folder, realtime=realtime, kept=kept, **overrides) as arena:
        if not kept:
            await _add_people(arena)
        found = Everyone(arena)
        yield found
        for client in found.clients.values():
            await client.aclose()


async def _add_people(arena: Arena) -> None:
    for handle, role in PEOPLE.items():
        await people.add_person(
            arena.services, None, handle=handle, name=handle.title(), roles=[role]
        )
