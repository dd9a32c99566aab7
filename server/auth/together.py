"""Asking the database for many at once: what a crowd asks in one moment is one reading.

After a comment hundreds of pages ask the same things, each for its own reader. Who asks while a
reading is under way waits for the next one, together with all who came meanwhile. So nobody is
told anything older than his question, and a crowd costs a few readings. Who asks alone waits for
nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from storage.database import Database, Transaction

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

AT_ONCE: Final = 64
"""So many questions at most are one reading; who comes after them waits for the one after."""


@dataclass(slots=True)
class _Turn(Generic[Asked, Answer]):
    """Questions that one reading will answer, or answers now."""

    asked: set[Asked] = field(default_factory=set)
    answers: asyncio.Task[Mapping[Asked, Answer]] | None = None
    is_open: bool = True


class Together(Generic[Asked, Answer]):
    """One kind of question; ``read`` answers many of them out of one moment of the database."""

    def __init__(
        self, read: Callable[[Transaction, Collection[Asked]], Awaitable[Mapping[Asked, Answer]]]
    ) -> None:
        self._read = read
        self._turns: WeakKeyDictionary[Database, _Turn[Asked, Answer]] = WeakKeyDictionary()

    async def ask(self, database: Database, asked: Asked) -> Answer | None:
        """The answer of a reading that begins after this; None if it has none.

        Raises:
            StorageUnavailable: the database failed; so it did for all who asked with him.
        """
        turn = self._turns.get(database)
        if turn is None or not turn.is_open or len(turn.asked) >= AT_ONCE:
            turn = self._next(database, turn)
        turn.asked.add(asked)
        assert turn.answers is not None
        # Who hangs up does not take the answers from the others.
        return (await asyncio.shield(turn.answers)).get(asked)

    def _next(
        self, database: Database, before: _Turn[Asked, Answer] | None
    ) -> _Turn[Asked, Answer]:
        turn = _Turn[Asked, Answer]()
        earlier = before.answers if before is not None else None
        turn.answers = asyncio.create_task(self._take(database, turn, earlier))
        turn.answers.add_done_callback(_heard)
        self._turns[database] = turn
        return turn

    async def _take(
        self,
        database: Database,
        turn: _Turn[Asked, Answer],
        before: asyncio.Task[Mapping[Asked, Answer]] | None,
    ) -> Mapping[Asked, Answer]:
        if before is not None and not before.done():
            await asyncio.wait({before})
        turn.is_open = False
        async with database.read() as tx:
            return await self._read(tx, turn.asked)


def _heard(answers: asyncio.Task[object]) -> None:
    """Nobody may be left who would learn that the reading failed: all have hung up."""
    if not answers.cancelled():
        answers.exception()
