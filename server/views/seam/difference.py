"""What two short texts do not have in common, word by word, as a page marks it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

WORDS_MAX: Final = 600
"""Longer passages are shown as a whole before and after; comparing grows with the square."""

Kind = Literal["same", "gone", "new"]
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in reading order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not before or not after or max(len(old), len(new)) > WORDS_MAX:
        whole = (Piece("gone", before), Piece("new", after))
        return [piece for piece in whole if piece.text]
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i1:i2]))
            continue
        if i1 < i2:
            yield Piece("gone", "".join(old[i1:i2]))
        if j1 < j2:
            yield Piece("new", "".join(new[j1:j2]))
