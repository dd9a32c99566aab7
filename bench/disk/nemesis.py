"""What comes upon people who type: kills at a step, disks that fail, a database that dies.

Each returns what was found wrong; nothing else is a result.
"""

from __future__ import annotations

import asyncio
import http.client
import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from bench.disk.faults import Fault
from bench.disk.launcher import Step
from bench.disk.stage import Stage
from tests.harness.waiting import until_async
from tests.servers.postgresql import Postgres

WORDS_FIRST = 5
KILL_AFTER_S_MAX = 0.4
COUNTDOWN_MAX = 15
TRY_AGAIN_LATER = 1013
PROBE_S_MAX = 30.0


Blow = Callable[[random.Random], Awaitable[list[str]]]
"""Comes upon the stage with these dice; returns what was lost."""


def kill_at(stage: Stage, step: Step) -> Blow:
    """Let the server die at ``step`` while everybody types, and start it again."""

    async def strike(rng: random.Random) -> list[str]:
        countdown = 1 if step is Step.IN_SNAPSHOT else rng.randrange(1, COUNTDOWN_MAX)
        stage.server.arm(step, countdown)
        async with stage.typing(rng):
            await until_async(stage.is_dead, f"the server dies at {step.value}")
        return await stage.restart() + await stage.settle()

    return strike


def kill_somewhere(stage: Stage) -> Blow:
    """Kill the server at any moment while everybody types, and start it again."""

    async def strike(rng: random.Random) -> list[str]:
        async with stage.typing(rng):
            await asyncio.sleep(rng.random() * KILL_AFTER_S_MAX)
            stage.server.kill()
        return await stage.restart() + await stage.settle()

    return strike


def break_disk(stage: Stage, fault: Fault, *, is_fatal: bool = False) -> Blow:
    """Let the disk fail while everybody types, and mend it.

    If it ``is_fatal`` the server is killed while the disk fails; else it must recover by itself.
    """

    async def strike(rng: random.Random) -> list[str]:
        found: list[str] = []
        async with stage.typing(rng):
            await _until_acknowledged(stage, WORDS_FIRST)
            stage.server.breaks(fault)
            await until_async(lambda: _is_felt(stage), f"the server feels {fault.value}")
            if fault is not Fault.READ_ERROR:  # what is written may never have to be read
                await _until_sent_away(stage)
                found += await _false_promises(stage)
            if is_fatal:
                stage.server.kill()
            stage.server.breaks(Fault.NONE)
            if not is_fatal:
                await _until_acknowledged(stage, WORDS_FIRST)
                await until_async(lambda: _is_ready(stage), "the server is ready again")
        return found + (await stage.restart() if is_fatal else []) + await stage.settle()

    return strike


def kill_database(stage: Stage, database: Postgres) -> Blow:
    """Kill PostgreSQL while everybody types, and start it again; Arena's server stays."""

    async def strike(rng: random.Random) -> list[str]:
        async with stage.typing(rng):
            await _until_acknowledged(stage, WORDS_FIRST)
            await asyncio.sleep(rng.random() * KILL_AFTER_S_MAX)
            await asyncio.to_thread(database.kill)
            await _until_sent_away(stage)
            found = await _false_promises(stage)
            await until_async(lambda: _is_felt(stage), "the server feels it")
            await asyncio.to_thread(database.restart)
            await _until_acknowledged(stage, WORDS_FIRST)
            await until_async(lambda: _is_ready(stage), "the server is ready again")
        return found + await stage.settle()

    return strike


async def _until_acknowledged(stage: Stage, words: int) -> None:
    """Wait until everybody has so many more words acknowledged."""
    wanted = [(author, len(author.acknowledged) + words) for author in stage.authors]

    async def are_there() -> bool:
        return all(len(author.acknowledged) >= count for author, count in wanted)

    await until_async(are_there, "acknowledgements")


async def _until_sent_away(stage: Stage) -> None:
    """Wait until everybody has been told to come back later."""
    before = [(author, author.close_codes[TRY_AGAIN_LATER]) for author in stage.authors]

    async def are_away() -> bool:
        return all(author.close_codes[TRY_AGAIN_LATER] > count for author, count in before)

    await until_async(are_away, "everybody is told to come back later")


async def _false_promises(stage: Stage) -> list[str]:
    """What is acknowledged from now until everybody has been sent away once more."""
    before = [author.acknowledged for author in stage.authors]
    await _until_sent_away(stage)
    return [
        f"{author.name} was promised {sorted(author.acknowledged - known)} by a failing disk"
        for author, known in zip(stage.authors, before, strict=True)
        if author.acknowledged - known
    ]


async def _is_ready(stage: Stage) -> bool:
    return await asyncio.to_thread(_readiness, stage.server.port) == HTTPStatus.OK


async def _is_felt(stage: Stage) -> bool:
    """``/readyz`` says that the process cannot work."""
    status = await asyncio.to_thread(_readiness, stage.server.port)
    return status == HTTPStatus.SERVICE_UNAVAILABLE


def _readiness(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_S_MAX)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status
    finally:
        connection.close()
