"""Many ask in one moment: a few readings answer all, and none is older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from server.auth.together import AT_ONCE, Together
from storage.database import Database, Transaction


class Readings:
    """Answers with the number of the reading, when it is let go."""

    def __init__(self) -> None:
        self.asked: list[set[int]] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.fault: Exception | None = None

    async def read(self, _tx: Transaction, asked: Collection[int]) -> dict[int, int]:
        self.asked.append(set(asked))
        number = len(self.asked)
        self.begun.set()
        await self.go_on.wait()
        if self.fault is not None:
            raise self.fault
        return {each: number for each in asked if each >= 0}


async def test_lv5_who_comes_while_others_are_answered_gets_a_reading_that_begins_after_him(
    database: Database,
) -> None:
    readings = Readings()
    together = Together(readings.read)
    first = [asyncio.create_task(together.ask(database, each)) for each in (1, 2, 2)]
    await readings.begun.wait()
    second = [asyncio.create_task(together.ask(database, each)) for each in (1, 3, -1)]
    # One of a crowd hangs up; the others are answered all the same.
    first[0].cancel()
    await asyncio.wait({first[0]})
    readings.go_on.set()
    assert await asyncio.gather(*first[1:]) == [1, 1]
    assert await asyncio.gather(*second) == [2, 2, None]
    assert readings.asked == [{1, 2}, {1, 3, -1}]
    assert await together.ask(database, 1) == 3


async def test_lv5_a_reading_answers_only_so_many(database: Database) -> None:
    readings = Readings()
    readings.go_on.set()
    together = Together(readings.read)
    found = await asyncio.gather(*(together.ask(database, each) for each in range(AT_ONCE + 1)))
    assert [len(each) for each in readings.asked] == [AT_ONCE, 1]
    assert found == [*[1] * AT_ONCE, 2]


async def test_lv5_a_reading_that_fails_fails_for_those_who_asked_and_for_nobody_else(
    database: Database,
) -> None:
    readings = Readings()
    readings.fault = RuntimeError("broken")
    together = Together(readings.read)
    asking = [asyncio.create_task(together.ask(database, each)) for each in (1, 2)]
    await readings.begun.wait()
    third = asyncio.create_task(together.ask(database, 3))
    readings.go_on.set()
    for each in asking:
        with pytest.raises(RuntimeError, match="broken"):
            await each
    readings.fault = None
    assert await third == 2
