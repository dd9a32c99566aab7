"""An arena that tells a receiver on this machine of its public events."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from server.clock.jobs import WEBHOOK_JOBS
from server.clock.runner import Runner
from server.webhooks.signing import a_secret
from storage.webhooks import subscriptions
from storage.webhooks.subscriptions import Kept
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.webhooks.receiver import Receiver, receiving


@dataclass
class Telling:
    """The arena, a receiver, and a subscription of it."""

    all: Everyone
    receiver: Receiver
    webhook_id: UUID
    secret: str
    runner: Runner
    said: int = 0

    async def subscribe(self, *kinds: str, url: str = "") -> UUID:
        """Another subscription, for the same secret."""
        webhook_id = uuid4()
        services = self.all.arena.services
        async with services.database.write() as tx:
            await subscriptions.add(
                tx,
                webhook_id,
                url=url or self.receiver.url,
                kinds=kinds,
                secret=self.secret,
                now=services.clock(),
            )
        return webhook_id

    async def idea(self, comments: int = 2) -> str:
        """An idea at which something public has happened so often."""
        ref = await self.all.idea("open")
        for _ in range(comments):
            await self.comment(ref)
        return ref

    async def comment(self, ref: str) -> None:
        """Something public happens."""
        self.said += 1
        client = await self.all.client("expert")
        answer = await client.post(
            f"/api/v1/ideas/{ref}/comments", json={"text": f"Frage {self.said}."}
        )
        assert answer.status_code == 201, answer.text

    async def kept(self, webhook_id: UUID | None = None) -> Kept:
        async with self.all.arena.services.database.read() as tx:
            found = {each.webhook.id: each for each in await subscriptions.every(tx)}
        return found[webhook_id or self.webhook_id]

    def pass_by(self, **amount: float) -> None:
        self.all.arena.clock.pass_by(**amount)


@pytest.fixture
async def telling(tmp_path: Path) -> AsyncIterator[Telling]:
    async with everyone(tmp_path, webhook_private=True) as arena, receiving() as receiver:
        runner = Runner(arena.arena.services, WEBHOOK_JOBS)
        told = Telling(arena, receiver, uuid4(), a_secret(), runner)
        told.webhook_id = await told.subscribe()
        yield told
