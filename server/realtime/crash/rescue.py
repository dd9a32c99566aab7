"""Finds the last good state of a text: which rows kill, which hang on them, what remains.

Works on rows alone; storage is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from server.realtime.crash.child import Child, Died, Failed, Job, Survived
from storage.documents import LogEntry

KILLERS_MAX = 16
"""After so many killing rows the text is taken as it was before the last of them."""

Item = TypeVar("Item")


class Hopeless(Exception):
    """There is no good state to go back to, not even the oldest."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """A good state, and the rows that are not in it."""

    good: Survived
    killers: tuple[LogEntry, ...]
    dependents: tuple[LogEntry, ...]


async def rescue(child: Child, frame: Job, base: bytes | None, rows: Sequence[LogEntry]) -> Rescued:
    """The best state that ``base`` (a snapshot) and these rows after it give.

    ``frame`` says schema and sections.

    Raises:
        Hopeless: not even ``base``, or the first row where there is none, survives; or it is
            not the rows that are ill.
        NoTrial: the child does not work.
    """
    first = [] if base is None else [base]

    def job(kept: Sequence[LogEntry]) -> Job:
        updates = (*first, *(row.update for row in kept))
        return replace(frame, rows=updates, is_salvage=True)

    kept, killers, beyond = list(rows), list[LogEntry](), list[LogEntry]()
    floor = 0 if first else 1
    try:
        await child.tries(job(kept[:floor]))
    except (Died, Failed) as error:
        raise Hopeless(f"the oldest state that is kept cannot be read: {error}") from error
    while (good := await _survived(child, job(kept))) is None:
        at = await first_killing(child, kept, job, floor)
        if await _death(child, job(kept[: at + 1])) is None:
            raise Hopeless("it kills at one time and not at another")
        killers.append(kept[at])
        if len(killers) == KILLERS_MAX:
            beyond = kept[at + 1 :]
            del kept[at:]
        else:
            del kept[at]
    left_out = {at - len(first) for at in (*good.unreadable, *good.aside)}
    if -1 in left_out:
        raise Hopeless("the snapshot does not stand alone")
    unreadable = [kept[at - len(first)] for at in good.unreadable]
    aside = [kept[at - len(first)] for at in good.aside]
    return Rescued(good, (*killers, *unreadable), (*aside, *beyond))


async def killers_of(
    child: Child, frame: Job, turn: Sequence[tuple[bytes, UUID | None]]
) -> list[int]:
    """Which updates of a turn kill the text that ``frame`` describes, by their places.

    The last of the shortest turn that kills is a killer; then the others are tried without it.
    """
    left = list(enumerate(turn))

    def job(some: Sequence[tuple[int, tuple[bytes, UUID | None]]]) -> Job:
        return replace(frame, turn=[each for _, each in some])

    killers: list[int] = []
    while left and len(killers) < KILLERS_MAX and await _death(child, job(left)) is not None:
        at = await first_killing(child, left, job, 0)
        killers.append(left.pop(at)[0])
    return killers


async def first_killing(
    child: Child, items: Sequence[Item], job: Callable[[Sequence[Item]], Job], floor: int
) -> int:
    """The place of the item with which the items, taken in order, begin to kill.

    The first ``floor`` are known to survive, all together to kill.
    """
    good, bad = floor, len(items)
    while bad - good > 1:
        middle = (good + bad) // 2
        if await _death(child, job(items[:middle])) is None:
            good = middle
        else:
            bad = middle
    return bad - 1


async def _survived(child: Child, job: Job) -> Survived | None:
    try:
        return await child.tries(job)
    except Died:
        return None
    except Failed as failure:
        raise Hopeless(str(failure)) from failure


async def _death(child: Child, job: Job) -> str | None:
    """How the child died of the job; ``None`` if it lives."""
    try:
        await child.tries(job)
    except Died as death:
        return str(death)
    except Failed:
        return None
    return None
