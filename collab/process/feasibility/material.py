"""What of a changed text matters to whoever judged it (docs/adr/0018).

Not material: slips of the finger, spelling, punctuation, capitals, spaces, how a paragraph is set
out, an article more or less. Everything else is: what a judgement rests on can be any word, and
that two words mean the same, no program knows. Where it is too much to compare word by word, a
passage counts as changed; so what is long is asked about rather than passed over.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final

from collab.alike import differing, same_ends
from collab.process.feasibility import watched
from collab.process.feasibility.spelling import Word, is_slip, words

CHANGES_MAX: Final = 100
"""So many changes are named; there may be more."""

LINES_MAX: Final = 500
PASSAGE_WORDS_MAX: Final = 600
TEXT_WORDS_MAX: Final = 4_000
"""Past these, lines or words are not matched one by one."""

CONTEXT_WORDS: Final = 12
"""Of a long passage so many words are shown."""

NAME_WORDS_MAX: Final = 3

TITLE: Final = "title"

Lines = Mapping[str, Sequence[str]]
"""The lines of each section by its id, without empty ones; the title is a section, too."""


class Kind(StrEnum):
    """What a material change is about; of several the first that fits."""

    COST = "cost"
    NUMBER = "number"
    PLACE = "place"
    BODY = "body"
    NEGATION = "negation"
    FORCE = "force"
    LINK = "link"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"
    WORDING = "wording"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are known: of places, and of bodies that can be responsible."""

    places: frozenset[str] = field(default_factory=frozenset)
    bodies: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, places: Iterable[str], bodies: Iterable[str]) -> "Names":
        """The single words of these names; long names are descriptions and say too much."""
        return cls(_names(places), _names(bodies))

    def __contains__(self, word: str) -> bool:
        return word in self.places or word in self.bodies


@dataclass(frozen=True, slots=True)
class Change:
    """One material change: where, and what stood and stands there."""

    section: str
    kind: Kind
    before: str
    after: str


def material_changes(
    earlier: Lines, later: Lines, names: Names | None = None
) -> tuple[Change, ...]:
    """The material changes in the order of the later text, ``CHANGES_MAX`` at most."""
    return tuple(islice(_Comparing(names or Names()).texts(earlier, later), CHANGES_MAX))


def is_material(earlier: Lines, later: Lines, names: Names | None = None) -> bool:
    """Whether anything material changed."""
    return any(True for _ in _Comparing(names or Names()).texts(earlier, later))


def _names(found: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word.folded
        for name in found
        for word in (words(name) if name.count(" ") < NAME_WORDS_MAX else ())
        if word.raw[:1].isupper()
    )


class _Comparing:
    """One comparison of two texts, with the words it may still match."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._left = TEXT_WORDS_MAX

    def texts(self, earlier: Lines, later: Lines) -> Iterator[Change]:
        for section in dict.fromkeys([*later, *earlier]):
            one, other = earlier.get(section, ()), later.get(section, ())
            head, tail = same_ends(one, other)
            before = _read(one[head : len(one) - tail])
            after = _read(other[head : len(other) - tail])
            if before != after:
                yield from self._lines(section, before, after)

    def _lines(
        self, section: str, before: list[list[Word]], after: list[list[Word]]
    ) -> Iterator[Change]:
        one, other = [_key(line) for line in before], [_key(line) for line in after]
        moved = set(one) & set(other)
        for start, end, new_start, new_end in _differing(one, other, LINES_MAX):
            gone, come = before[start:end], after[new_start:new_end]
            is_moved = all(_key(line) in moved for line in gone + come)
            if is_moved and not (gone and come):
                yield self._change(section, _flat(gone), _flat(come), Kind.MOVED)
            else:
                yield from self._words(section, _flat(gone), _flat(come))

    def _words(self, section: str, before: list[Word], after: list[Word]) -> Iterator[Change]:
        one, other = _key(before), _key(after)
        longest = max(len(one), len(other))
        self._left -= longest if one and other else 0
        limit = PASSAGE_WORDS_MAX if self._left >= 0 else 0
        for start, end, new_start, new_end in _differing(one, other, limit):
            gone, come = before[start:end], after[new_start:new_end]
            if max(len(gone), len(come)) > limit and gone and come:
                yield self._change(section, gone, come, Kind.PASSAGE)
            elif not self._says_the_same(gone, come, before[start - 1 : start], after[new_end:]):
                yield self._change(section, *self._without_slips(gone, come))

    def _says_the_same(
        self, gone: list[Word], come: list[Word], ahead: list[Word], behind: list[Word]
    ) -> bool:
        """Whether this is mere spelling; ``ahead`` and ``behind`` are what stands around."""
        exact = any(word.is_exact for word in gone + come)
        if not exact and "".join(_key(gone)) == "".join(_key(come)):
            return True  # written in one word or in two
        if gone and come:
            pairs = zip(gone, come, strict=False)
            return len(gone) == len(come) and all(self._same(*pair) for pair in pairs)
        rest = gone or come
        if all(word.folded in watched.ARTICLES for word in rest):
            return True
        around = {word.folded for word in (*ahead[-1:], *behind[:1])}
        return len(rest) == 1 and not exact and rest[0].folded in around  # typed twice

    def _same(self, one: Word, other: Word) -> bool:
        if one.folded == other.folded:
            return True
        if one.is_exact or other.is_exact:
            return False
        pair = one.folded, other.folded
        if all(word in watched.ARTICLES for word in pair):
            return True
        for meanings in _MEANINGS:
            found = {meanings.get(word) for word in pair}
            if found != {None}:
                return len(found) == 1
        known = [word in self._names for word in pair]
        return not all(known) and is_slip(*pair, is_name=any(known))

    def _without_slips(self, gone: list[Word], come: list[Word]) -> tuple[list[Word], list[Word]]:
        """Without the words at both ends that only differ in their spelling."""
        while gone and come and len(gone) + len(come) > 2 and self._same(gone[0], come[0]):
            gone, come = gone[1:], come[1:]
        while gone and come and len(gone) + len(come) > 2 and self._same(gone[-1], come[-1]):
            gone, come = gone[:-1], come[:-1]
        return gone, come

    def _change(
        self, section: str, gone: list[Word], come: list[Word], kind: Kind | None = None
    ) -> Change:
        found = kind or self._kind(gone, come)
        return Change(section, found, _shown(gone), _shown(come))

    def _kind(self, gone: list[Word], come: list[Word]) -> Kind:
        differing = {word.folded: word for word in gone}
        for word in come:
            if differing.pop(word.folded, None) is None:
                differing[word.folded] = word
        found = {self._topic(word) for word in differing.values()}
        otherwise = Kind.WORDING if gone and come else Kind.ADDED if come else Kind.REMOVED
        return next((kind for kind in Kind if kind in found), otherwise)

    def _topic(self, word: Word) -> Kind | None:
        text, is_name = word.folded, word.raw[:1].isupper()
        if text in watched.COST_SIGNS or text in watched.COSTS:
            return Kind.COST
        if text.startswith("<http"):
            return Kind.LINK
        if word.is_exact or text in watched.NUMBERS:
            return Kind.NUMBER
        if text in self._names.places or (is_name and text.endswith(watched.PLACES)):
            return Kind.PLACE
        if text in self._names.bodies or (is_name and text.endswith(watched.BODIES)):
            return Kind.BODY
        if text in watched.NEGATIONS:
            return Kind.NEGATION
        return Kind.FORCE if text in watched.FORCES else None


_MEANINGS = (watched.NEGATIONS, watched.FORCES, watched.NUMBERS, watched.COSTS)


def _differing(
    one: Sequence[Hashable], other: Sequence[Hashable], limit: int
) -> Iterator[tuple[int, int, int, int]]:
    """Where the sequences differ; all between their common ends as one if that is too long."""
    return differing(one, other, lambda left, right: max(left, right) > limit)


def _read(lines: Sequence[str]) -> list[list[Word]]:
    return [found for line in lines if (found := words(line))]


def _key(line: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.folded for word in line)


def _flat(lines: Sequence[Sequence[Word]]) -> list[Word]:
    return [word for line in lines for word in line]


def _shown(found: Sequence[Word]) -> str:
    rest = " …" if len(found) > CONTEXT_WORDS else ""
    return " ".join(word.raw for word in found[:CONTEXT_WORDS]) + rest
