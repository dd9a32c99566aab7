"""Which words two texts share, so that people see why a machine finds them alike."""

import unicodedata
from collections.abc import Collection
from typing import Final

WORD_CHARS_MIN: Final = 4
SHOWN_MAX: Final = 5


def common_words(text: str, title: str, without: Collection[str] = ()) -> tuple[str, ...]:
    """The words of ``title`` that tell something and are in ``text``, as the title writes them."""
    here = {folded for folded, _ in _words(text)}
    found = {
        folded: word
        for folded, word in _words(title)
        if len(folded) >= WORD_CHARS_MIN and folded in here and folded not in without
    }
    return tuple(found.values())[:SHOWN_MAX]


def is_same_title(one: str, other: str) -> bool:
    """Whether both have the same words in the same order."""
    return [folded for folded, _ in _words(one)] == [folded for folded, _ in _words(other)] != []


def _words(text: str) -> list[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(char if char.isalnum() else " " for char in plain)
    return [(word.casefold(), word) for word in kept.split()]
