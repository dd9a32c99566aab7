"""A text as its letters and words, in which quoted passages are found again.

The letters stand in a row without any space, because a split, a join or a new list changes spaces
only. The same rules stand in ``web/src/editor/anchors/letters.ts``.
"""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache

PLACES_MAX = 64
"""Words that stand everywhere say nothing of a place."""
PAIRS_MAX = 50_000
"""So many pairs of words are compared once only: a text has few words, and uses them often."""
PART_CHARS = 8
"""Shorter words are part of too many others: "Platz" is not what "Marktplatz" says."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word in small letters, and where it stands."""

    word: str
    first: int
    last: int


class Letters:
    """A text that is indexed once and asked by many anchors."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = [place for place, character in enumerate(text) if not character.isspace()]
        self.dense = "".join(text.split())

    @cached_property
    def words(self) -> list[Word]:
        """All words of the text."""
        return words_in(self.text)

    @cached_property
    def _ends(self) -> list[int]:
        return [word.last for word in self.words]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for number, each in enumerate(self.words):
            places.setdefault(each.word, []).append(number)
        return places

    def places_of(self, word: str) -> list[int]:
        """The numbers of the words that are ``word``; none if it stands everywhere."""
        found = self._places.get(word, [])
        return [] if len(found) > PLACES_MAX else found

    def dense_index(self, place: int) -> int:
        """How many characters that are no space stand before this place."""
        return bisect_left(self.at, place)

    def word_index(self, place: int) -> int:
        """The number of the first word that ends behind this place."""
        return bisect_left(self._ends, place + 1)

    def is_edge(self, place: int) -> bool:
        """Does a word begin or end here, or is there none?"""
        before = self.text[place - 1 : place] if place else ""
        return not (is_letter(before) and is_letter(self.text[place : place + 1]))


def dense_of(text: str) -> str:
    """The text without spaces."""
    return "".join(text.split())


def words_in(text: str) -> list[Word]:
    """The words: letters, digits and what is put upon letters, in a row."""
    found: list[Word] = []
    first = -1
    for place, character in enumerate(text + " "):
        if is_letter(character):
            first = place if first < 0 else first
        elif first >= 0:
            found.append(Word(text[first:place].lower(), first, place))
            first = -1
    return found


def is_letter(character: str) -> bool:
    """A letter, a digit, or a mark that is put upon one."""
    if character.isalnum():
        return True
    return character > "\x7f" and len(character) == 1 and unicodedata.category(character)[0] == "M"


@lru_cache(PAIRS_MAX)
def kept(word: str, other: str) -> int:
    """How much of a word is kept in another: all its letters, most of them, or none.

    Another number is another word, however alike the two look.
    """
    if word == other:
        return len(word)
    # Written together with another, or the rest of a longer word.
    if len(word) >= PART_CHARS and word in other:
        return len(word)
    longest = max(len(word), len(other))
    edits_max = 0 if longest < 4 else max(1, longest // 4)
    if abs(len(word) - len(other)) > edits_max:
        return 0
    # A word that is corrected keeps its beginning or its end.
    if word[:1] != other[:1] and word[-1:] != other[-1:]:
        return 0
    if digits_of(word) != digits_of(other):
        return 0
    edits = edits_between(word, other, edits_max)
    return 0 if edits > edits_max else max(len(word) - edits, 0)


def digits_of(word: str) -> str:
    """The digits of a word."""
    return "".join(each for each in word if "0" <= each <= "9")


def edits_between(one: str, other: str, most: int) -> int:
    """The fewest letters to add, drop or exchange; gives up beyond ``most``."""
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, 1):
        following = [i]
        for j, theirs in enumerate(other, 1):
            exchanged = row[j - 1] + (mine != theirs)
            following.append(min(exchanged, row[j] + 1, following[j - 1] + 1))
        if min(following) > most:
            return most + 1
        row = following
    return row[-1]
