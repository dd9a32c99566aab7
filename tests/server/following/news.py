"""What tests of following ask of an arena: people with addresses, time that passes, mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import update

from collab.process.events.talk import CommentEdited
from collab.process.following.notices import NoticeReason
from server.actions.access import Caller, begin_session
from server.actions.following.addressing import address
from server.clock.jobs import JOBS, MAIL_JOBS
from server.clock.runner import Runner
from storage import events, ideas, people
from storage.database import METADATA
from storage.events import StoredEvent
from tests.server.idea.arena_of_all import Everyone

PERSON = METADATA.tables["person"]
MINE = ("idea-stands-still", "followers-hear", "search-alerts")
MAILS = ("notices-are-bundled", "digest-is-made")


@dataclass
class News:
    """The arena of everyone, and what of it is told to whom."""

    all: Everyone

    @property
    def services(self) -> Any:
        return self.all.arena.services

    async def give_addresses(self) -> None:
        """Let everybody be reached by mail."""
        async with self.services.database.write() as tx:
            await tx.run(update(PERSON).values(email=PERSON.c.handle + "@example.org"))

    def pass_by(self, **amount: float) -> None:
        self.all.arena.clock.pass_by(**amount)

    def at(self, moment: str) -> None:
        """It is that moment, as ISO 8601 in UTC."""
        self.all.arena.clock.now = datetime.fromisoformat(moment)

    async def id_of(self, handle: str) -> UUID:
        async with self.services.database.read() as tx:
            person = await people.by_handle(tx, handle)
        assert person is not None
        return person.id

    async def call(self, handle: str, method: str, path: str, status: int = 0, **more: Any) -> Any:
        """What the API answers the person; without ``status`` any success will do."""
        client = await self.all.client(handle)
        response = await client.request(method, f"/api/v1{path}", **more)
        is_right = response.status_code == status if status else response.is_success
        assert is_right, response.text
        return response.json() if response.content else None

    async def comment(self, handle: str, ref: str, text: str = "Gut so.") -> str:
        """The person comments; the id of what he wrote."""
        said = await self.call(handle, "POST", f"/ideas/{ref}/comments", 201, json={"text": text})
        return str(said["id"])

    async def address(
        self,
        handle: str,
        ref: str,
        reason: NoticeReason = NoticeReason.MENTIONED,
    ) -> StoredEvent:
        """The newest event of the idea is addressed to the person."""
        person_id = await self.id_of(handle)
        async with self.services.database.write() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            (event,) = await events.latest(tx, idea_id=idea.id, public_only=False, limit=1)
            await address(tx, event, [person_id], reason)
        return event

    async def tell(self, handle: str, ref: str) -> None:
        """Something new happens at the idea, addressed to the person and announced."""
        person_id, by = await self.id_of(handle), await self.id_of("moderator")
        async with self.services.database.write() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            now = self.services.clock()
            fact = CommentEdited(UUID(int=1))
            event = await events.append(
                tx, fact, idea_id=idea.id, actor_id=by, public=True, now=now
            )
            await address(tx, event, [person_id], NoticeReason.MENTIONED)
        await self.services.announcer.announce([event])

    async def tick(self, *names: str) -> None:
        """Let these jobs of the clock do what is due, all of it."""
        chosen = [job for job in (*JOBS, *MAIL_JOBS) if job.name in names]
        runner = Runner(self.services, chosen)
        while await runner.tick():
            pass

    async def mail(self) -> Sequence[EmailMessage]:
        """Let the clock look twice, and read what lies in the outbox by then, in its order."""
        await self.tick(*MINE)
        await self.tick(*MAILS)
        await self.tick("mail-leaves")
        return self.outbox()

    def outbox(self) -> list[EmailMessage]:
        folder = Path(self.services.settings.outbox)
        files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def to(self, handle: str) -> list[EmailMessage]:
        """The mails to that person."""
        return [each for each in self.outbox() if each["To"] == f"{handle}@example.org"]

    async def reasons(self, handle: str) -> list[str]:
        """Why he is addressed, as his inbox says it."""
        found = await self.call(handle, "GET", "/me/notices")
        return [each["reason"] for each in found["notices"]]

    async def refs(self, handle: str) -> list[str]:
        """The ideas at which there is news for him, in their order."""
        found = await self.call(handle, "GET", "/me/news")
        return [each["idea"] for each in found["news"]]

    async def browser(self, handle: str) -> httpx2.AsyncClient:
        """A browser in which he is signed in."""
        person_id = await self.id_of(handle)
        async with self.services.database.write() as tx:
            found = await begin_session(self.services, tx, person_id, Caller("127.0.0.1"))
        client = self.all.arena.browser()
        client.cookies.set("arena_session", found.secret)
        return client
