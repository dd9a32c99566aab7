"""What somebody changed in words: the smallest piece, and the pieces word by word."""

import re
from dataclasses import dataclass
from typing import Final

from collab.alike import same_ends
from collab.sync.comparing.script import Op, TooMuchWork, Work, script

TOKEN = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
STEPS_MAX: Final = 100_000
PIECES_MAX: Final = 64
"""More pieces than this are one change from the first to the last."""


@dataclass(frozen=True, slots=True)
class Piece:
    """From ``start`` to ``end`` of the words before, ``added`` comes instead."""

    start: int
    end: int
    added: str


def smallest(before: str, after: str) -> Piece | None:
    """The one piece that makes ``after`` of ``before``, by whole words; None if they are equal."""
    one, other = TOKEN.findall(before), TOKEN.findall(after)
    head, tail = same_ends(one, other)
    removed = "".join(one[head : len(one) - tail])
    added = "".join(other[head : len(other) - tail])
    if not removed and not added:
        return None
    start = len("".join(one[:head]))
    return Piece(start, start + len(removed), added)


def pieces(before: str, after: str) -> list[Piece]:
    """What makes ``after`` of ``before``, word by word, in order; words that stay are in none."""
    one, other = TOKEN.findall(before), TOKEN.findall(after)
    try:
        found = script(one, other, Work(STEPS_MAX))
    except TooMuchWork:
        found = []
    starts = [0]
    for token in one:
        starts.append(starts[-1] + len(token))
    made: list[Piece] = []
    at = 0
    for each in found:
        if each.op is Op.SAME:
            at = starts[each.end]
        elif each.op is Op.REMOVED:
            made.append(Piece(starts[each.start], starts[each.end], ""))
            at = starts[each.end]
        elif made and made[-1].end == at and not made[-1].added:
            made[-1] = Piece(made[-1].start, at, "".join(other[each.start : each.end]))
        else:
            made.append(Piece(at, at, "".join(other[each.start : each.end])))
    if made and len(made) <= PIECES_MAX:
        return made
    whole = smallest(before, after)
    return [] if whole is None else [whole]
