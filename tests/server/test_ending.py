"""The server is asked to end while two people type; nothing acknowledged is lost.

Each person types words that occur once, so a word that is missing or doubled shows. The seed of
the moment is printed; ``ARENA_TEST_SEED`` repeats a run. Kills without warning are in durability/.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.actor import Actor
from tests.harness.fixtures import Demonstration, settle
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor

HANDLES = ("participant", "participant-2")
WORDS_BEFORE_END_MAX = 60
UNACKNOWLEDGED_MAX = 12


class Typist:
    """Types one unmistakable word after the other and notes which are promised to be kept."""

    def __init__(self, actor: Actor, name: str) -> None:
        self.actor = actor
        self._name = name
        self._numbers = itertools.count()
        self._words: list[tuple[str, int]] = []

    @property
    def typed(self) -> list[str]:
        """Every word typed so far."""
        return [word for word, _ in self._words]

    @property
    def promised(self) -> list[str]:
        """The words that the server has acknowledged."""
        return [word for word, clock in self._words if clock <= self.actor.acknowledged]

    async def type_on(self, *, end: Callable[[], None] | None, after_words: int) -> None:
        """Type until the server is gone, never far ahead of the acknowledgements.

        With ``end`` the server is ended right behind the last of ``after_words`` frames.
        """
        for _ in range(WORDS_BEFORE_END_MAX):
            if not self.actor.is_connected:
                return
            word = f"⟨{self._name}{next(self._numbers)}🌳⟩"
            self.actor.text.append(FREE_SECTION, word)
            self._words.append((word, self.actor.text.clock))
            await self.actor.flush()
            after_words -= 1
            if end is not None and after_words == 0:
                end()
            await self.actor.until(self._may_go_on, "an acknowledgement")

    def _may_go_on(self) -> bool:
        is_ahead = len(self.typed) - len(self.promised) > UNACKNOWLEDGED_MAX
        return not is_ahead or not self.actor.is_connected


@dataclass(frozen=True, slots=True)
class Stage:
    """A server that is going to be ended, and who may use it."""

    server: ArenaProcess
    tokens: dict[str, str]

    @property
    def origin(self) -> str:
        """Where the pages are."""
        return self.server.origin


@pytest.fixture(params=["sqlite", "postgresql"])
def stage(
    request: pytest.FixtureRequest, demonstration: Demonstration, tmp_path: Path
) -> Iterator[Stage]:
    """A running server with a demonstration arena, on either engine in turn."""
    if request.param == "sqlite":
        server = ArenaProcess(demonstration.copy_to(tmp_path), tmp_path)
        tokens = demonstration.tokens
    else:
        server = ArenaProcess(request.getfixturevalue("postgres_url"), tmp_path)
        tokens = settle(server, HANDLES)
    server.start()
    yield Stage(server, tokens)
    server.stop()


@pytest.fixture
async def idea(stage: Stage) -> TestIdea:
    """An open idea on the server that is going to be ended."""
    return await open_idea(stage.origin, stage.tokens["participant"])


@pytest.fixture
async def typists(stage: Stage, idea: TestIdea) -> AsyncIterator[tuple[Typist, Typist]]:
    """Two people, one on each protocol, who write into one text."""
    one = YWebsocketActor(stage.origin, idea.document, stage.tokens["participant"])
    two = HocuspocusActor(stage.origin, idea.document, stage.tokens["participant-2"])
    async with one, two:
        await one.type(FREE_SECTION, "Anfang ")
        await two.until_reads(FREE_SECTION, "Anfang ")
        yield Typist(one, "a"), Typist(two, "b")


async def test_s37_a_server_that_is_asked_to_end_loses_nothing_and_says_so(
    stage: Stage, idea: TestIdea, typists: tuple[Typist, Typist]
) -> None:
    seed = int(os.environ.get("ARENA_TEST_SEED", random.randrange(2**32)))
    print(f"ARENA_TEST_SEED={seed}")  # noqa: T201
    await type_until_ended(stage.server.ask_to_end, typists, random.Random(seed))
    assert [typist.actor.close_code for typist in typists] == [1012, 1012]
    assert stage.server.stop() == -signal.SIGTERM
    crash = stage.server.log.parent / "var" / "crash"
    assert not list(crash.iterdir()), "nobody died"
    stage.server.start()
    async with YWebsocketActor(stage.origin, idea.document, stage.tokens["participant"]) as reader:
        found = reader.text.read(FREE_SECTION)
    for word in itertools.chain(*(typist.promised for typist in typists)):
        assert found.count(word) == 1, f"{word} is there {found.count(word)} times: {found}"
    for typist in typists:
        await typist.actor.disconnect()
        await typist.actor.connect()
        await typist.actor.until_saved()
    await assert_all_is_there(typists)


async def type_until_ended(
    end: Callable[[], None], typists: tuple[Typist, Typist], rng: random.Random
) -> None:
    """Let both type, and one of them end the server somewhere in between."""
    ender = rng.choice(typists)
    after_words = rng.randrange(1, WORDS_BEFORE_END_MAX)
    await asyncio.gather(
        *(
            typist.type_on(end=end if typist is ender else None, after_words=after_words)
            for typist in typists
        )
    )
    for typist in typists:
        await typist.actor.until_closed()


async def assert_all_is_there(typists: tuple[Typist, Typist]) -> None:
    """After the last restart both have every word of both, once, also what was never promised."""
    one, two = typists
    for typist, other in ((one, two), (two, one)):
        await other.actor.until_reads(FREE_SECTION, typist.typed[-1])
    text = one.actor.text.read(FREE_SECTION)
    assert text == two.actor.text.read(FREE_SECTION)
    for word in (*one.typed, *two.typed):
        assert text.count(word) == 1
    assert len(text) == len("Anfang ") + sum(map(len, (*one.typed, *two.typed)))
