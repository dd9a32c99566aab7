"""A long document as writing leaves it: from an editing trace, or made up, the same each time.

The update is built by hand from the edits, because a library that looks up every position takes
minutes for 260,000 of them.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from pycrdt import Doc, XmlFragment

from bench.load.population import ROOT
from tests.harness import lib0

EDITS = 260_000
AUTHOR = 7
"""The client id of whoever wrote it."""

HAS_ORIGIN, HAS_RIGHT = 0x80, 0x40
TYPE, STRING = 7, 4
XML_ELEMENT, XML_TEXT = 3, 6
FIRST_LETTER = 2
NOBODY = -1

Edit = tuple[int, int, str]
"""At a position: how many letters are deleted there, and what is then inserted."""


def written(trace: Path | None) -> bytes:
    """The document as one update: by the trace if there is one."""
    typing = Typing()
    for position, deleted, inserted in made_up(EDITS) if trace is None else traced(trace):
        typing.edit(position, deleted, inserted)
    doc: Doc[XmlFragment] = Doc(client_id=AUTHOR)
    doc.apply_update(typing.update())
    return doc.get_update()


def traced(path: Path) -> Iterable[Edit]:
    """The edits of a sequential editing trace (``txns`` of ``patches``), gzipped JSON."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        trace = json.load(file)
    yield 0, 0, trace["startContent"]
    for transaction in trace["txns"]:
        yield from transaction["patches"]


def made_up(count: int) -> Iterable[Edit]:
    """``count`` edits of one letter: words, corrections, and now and then another place."""
    dice = random.Random(1)
    length = cursor = 0
    left = count
    while left:
        if dice.random() < 0.05:
            cursor = dice.randrange(length + 1)
        run = min(dice.randrange(1, 25), left)
        if dice.random() < 0.3 and cursor:
            run = min(run, cursor)
            for at in range(run):
                yield cursor - 1 - at, 1, ""
            cursor, length = cursor - run, length - run
        else:
            for at in range(run):
                yield cursor + at, 0, dice.choice("etaoinshrdlu ")
            cursor, length = cursor + run, length + run
        left -= run


class Typing:
    """One person's edits of one text, as a Yjs update.

    Letters are known by their clocks. What is shown lies in two lists, before and behind the
    cursor, because most edits are where the last one was; ``_next`` chains all letters in
    document order, the deleted ones too.
    """

    def __init__(self) -> None:
        self._before: list[int] = []
        self._behind: list[int] = []
        self._next: dict[int, int] = {NOBODY: NOBODY}
        self._clock = FIRST_LETTER
        self._runs: list[tuple[int, int, int, str]] = []
        self._deleted: list[int] = []

    def edit(self, position: int, deleted: int, inserted: str) -> None:
        """Delete behind the position, then insert there."""
        self._go(position)
        for _ in range(deleted):
            self._deleted.append(self._behind.pop())
        # A letter beyond the basic plane counts two clocks; here each counts one.
        for letter in inserted:
            self._insert(letter if ord(letter) <= 0xFFFF else "?")

    def update(self) -> bytes:
        """All of it as one update."""
        structs = [
            bytes((TYPE, 1)) + lib0.string(ROOT) + bytes((XML_ELEMENT,)) + lib0.string("paragraph"),
            bytes((TYPE, 0)) + _id(0) + bytes((XML_TEXT,)),
        ]
        structs += [_struct(left, right, text) for _, left, right, text in self._runs]
        head = lib0.uint(1) + lib0.uint(len(structs)) + lib0.uint(AUTHOR) + lib0.uint(0)
        return head + b"".join(structs) + self._deletes()

    def _go(self, position: int) -> None:
        """Move the cursor; the letters behind it lie in reverse."""
        by = position - len(self._before)
        if by < 0:
            self._behind += reversed(self._before[by:])
            del self._before[by:]
        elif by > 0:
            self._before += reversed(self._behind[-by:])
            del self._behind[-by:]

    def _insert(self, letter: str) -> None:
        left = self._before[-1] if self._before else NOBODY
        right = self._next[left]
        clock, self._clock = self._clock, self._clock + 1
        self._next[left], self._next[clock] = clock, right
        self._before.append(clock)
        if self._runs:
            start, first_left, last_right, text = self._runs[-1]
            if left == clock - 1 == start + len(text) - 1 and right == last_right:
                self._runs[-1] = (start, first_left, last_right, text + letter)
                return
        self._runs.append((clock, left, right, letter))

    def _deletes(self) -> bytes:
        """The delete set: ranges of clocks."""
        gone = sorted(self._deleted)
        starts = gone[:1] + [after for one, after in pairwise(gone) if after != one + 1]
        ends = [one + 1 for one, after in pairwise(gone) if after != one + 1] + [
            each + 1 for each in gone[-1:]
        ]
        if not starts:
            return lib0.uint(0)
        ranges = b"".join(
            lib0.uint(start) + lib0.uint(end - start)
            for start, end in zip(starts, ends, strict=True)
        )
        return lib0.uint(1) + lib0.uint(AUTHOR) + lib0.uint(len(starts)) + ranges


def _id(clock: int) -> bytes:
    return lib0.uint(AUTHOR) + lib0.uint(clock)


def _struct(left: int, right: int, text: str) -> bytes:
    """A run of letters between two others; the first of all names the text it lies in."""
    origin = b"" if left == NOBODY else _id(left)
    right_origin = b"" if right == NOBODY else _id(right)
    info = STRING | (HAS_ORIGIN if origin else 0) | (HAS_RIGHT if right_origin else 0)
    parent = b"" if origin or right_origin else bytes((0,)) + _id(1)
    return bytes((info,)) + origin + right_origin + parent + lib0.string(text)
