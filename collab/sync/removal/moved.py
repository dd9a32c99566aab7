"""Finds text that changed hands without changing its author.

An editor that splits a paragraph deletes the second half and writes it anew, in the name of who
pressed Enter; so do cut and paste, and the server when it takes a deletion back. Who moves words
has not written them. We read the log and follow the person's text: what is deleted is remembered,
and what somebody else then writes in the same words is still the person's.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

from collab.sync.yjs.ranges import IdRanges
from collab.sync.yjs.update import Update, parse_update

AT_ONCE_MIN: Final = 4
"""So many letters that were deleted and written in one go are the same letters."""

LATER_MIN: Final = 8
"""So many letters that were deleted some time before are the same letters."""

REMEMBERED_MAX: Final = 500_000
"""Of so many deleted letters we remember where they stood together; what is deleted after that is
followed only if it is written again at once."""

_NOTHING: Final = "\x00"
"""Stands for what is no text."""


def moved_text(entries: Sequence[tuple[bytes, Hashable]], written: IdRanges) -> IdRanges:
    """The ids under which others wrote anew what lay in ``written``; ``entries`` is the log."""
    trail = _Trail(written)
    for data, _ in entries:
        trail.follow(parse_update(data))
    return trail.moved


class _Trail:
    """The person's text, while the log passes by."""

    def __init__(self, written: IdRanges) -> None:
        self.moved = IdRanges()
        self._written = written
        self._units: dict[int, bytearray] = {}
        self._buried: set[str] = set()

    def follow(self, update: Update) -> None:
        """Take the next update: first what it deletes, then who writes it again."""
        fresh = list(self._fresh(update))
        deleted = list(self._deleted(update))
        now = _pieces(deleted, AT_ONCE_MIN)
        if len(self._buried) < REMEMBERED_MAX:
            self._buried |= _pieces(deleted, LATER_MIN)
        for client, clock, text in fresh:
            if self._written.covers(client, clock, clock + 1):
                continue
            self._claim(client, clock, text, now, AT_ONCE_MIN)
            self._claim(client, clock, text, self._buried, LATER_MIN)

    def _fresh(self, update: Update) -> Iterator[tuple[int, int, str]]:
        """The texts that the update brings, which are kept to be known when they are deleted."""
        for client, clock, _, structs in update.blocks:
            units = self._units.setdefault(client, bytearray())
            for struct in structs:
                end = clock + struct.length
                if 2 * end > len(units):
                    known = len(units) // 2
                    if isinstance(struct.content, str):
                        new = struct.content.encode("utf-16-le")[2 * (known - clock) :]
                        units += new
                        yield client, known, new.decode("utf-16-le", errors="replace")
                    else:
                        units += bytes(2 * (end - known))
                clock = end

    def _deleted(self, update: Update) -> Iterator[str]:
        """What the update deletes of the person's text, range by range."""
        for client, start, end in update.deletes:
            units = self._units.get(client, b"")
            for first, last in _shared(client, start, end, self._written, self.moved):
                text = bytes(units[2 * first : 2 * last]).decode("utf-16-le", errors="replace")
                yield from filter(None, text.split(_NOTHING))

    def _claim(self, client: int, clock: int, text: str, known: set[str], length: int) -> None:
        """Take for the person's what of ``text`` is made of ``known`` pieces of that length."""
        if not known:
            return
        at = [clock]
        for letter in text:
            at.append(at[-1] + (2 if letter > "\uffff" else 1))
        for start in range(len(text) - length + 1):
            if text[start : start + length] in known:
                self.moved.add(client, at[start], at[start + length])


def _pieces(texts: Iterable[str], length: int) -> set[str]:
    """All pieces of that length, overlapping."""
    return {
        text[start : start + length] for text in texts for start in range(len(text) - length + 1)
    }


def _shared(client: int, start: int, end: int, *sets: IdRanges) -> Iterator[tuple[int, int]]:
    """The parts of ``[start, end)`` that are in one of the sets."""
    outside = [(start, end)]
    for each in sets:
        outside = [part for gap in outside for part in each.missing(client, *gap)]
    rest = IdRanges()
    for gap in outside:
        rest.add(client, *gap)
    yield from rest.missing(client, start, end)
