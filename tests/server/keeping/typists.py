"""Two people who go on typing while an operator does something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.harness.actor import Actor
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor

HANDLES = ("participant", "participant-2")


@dataclass
class Typists:
    """What two people have typed so far; every word occurs once."""

    idea: TestIdea
    actors: list[Actor]
    acknowledged: list[str] = field(default_factory=list)
    """Words that the server has promised to keep, in the order of the promises."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    is_over: bool = False

    async def more(self, words: int) -> None:
        """Wait until so many more words are acknowledged."""
        wanted = len(self.acknowledged) + words
        async with asyncio.timeout(60):
            while len(self.acknowledged) < wanted:
                done, _ = await asyncio.wait(self.tasks, timeout=0.02)
                await asyncio.gather(*done)  # tells why somebody has stopped

    async def go_on(self, actor: Actor, name: str) -> None:
        """Type word after word, each when the one before is saved."""
        number = 0
        while not self.is_over:
            number += 1
            word = f"{name}{number:04}"
            await actor.type(FREE_SECTION, f"{word} ")
            await actor.until_saved(timeout_s=30)
            self.acknowledged.append(word)


@asynccontextmanager
async def two_typing(server: ArenaProcess, tokens: dict[str, str]) -> AsyncIterator[Typists]:
    """Two people, one for each protocol, who type in a new idea until the block is left."""
    idea = await open_idea(server.origin, tokens[HANDLES[0]])
    actors: list[Actor] = [
        YWebsocketActor(server.origin, idea.document, tokens[HANDLES[0]]),
        HocuspocusActor(server.origin, idea.document, tokens[HANDLES[1]]),
    ]
    typists = Typists(idea, actors)
    for actor in actors:
        await actor.connect()
    typists.tasks = [
        asyncio.create_task(typists.go_on(actor, name))
        for actor, name in zip(actors, ("anna", "bela"), strict=True)
    ]
    try:
        yield typists
    finally:
        typists.is_over = True
        try:
            await asyncio.gather(*typists.tasks)
        finally:
            for actor in actors:
                await actor.disconnect()
