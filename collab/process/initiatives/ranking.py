"""How well initiatives fit a text: rare words that both have, most of all in name and abstract.

An initiative's words come as stems with a weight for where they stand; a query's as stems in their
order. German puts words together, so a stem also counts, for less, where it begins or ends another.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

# Where a word of an initiative stands. A word may stand in several places.
NAME: Final = 5
ABSTRACT: Final = 4
TAG: Final = 3
ELSEWHERE: Final = 1
WEIGHT_MAX: Final = 12
STEMS_MAX: Final = 400  # of one initiative

PART_CHARS_MIN: Final = 4
WHOLE, PART = 1.0, 0.4
"""How much a stem counts that is the same, and one that begins or ends the other."""

_SOFT: Final = 3.0  # the weight at which half of what a word can count is reached


class Match(NamedTuple):
    """A stem of the query, the stem that initiatives have for it, and how alike they are."""

    asked: str
    stem: str
    alike: float


class Posting(NamedTuple):
    """An initiative has the stem, with this weight."""

    initiative: UUID
    stem: str
    weight: int


class Ranked(NamedTuple):
    """An initiative, how well it fits, and the stems of the query that say so, best first."""

    initiative: UUID
    score: float
    stems: tuple[str, ...]


def weights(places: Iterable[tuple[int, Iterable[str]]]) -> dict[str, int]:
    """The weight of each stem of an initiative; ``places`` are weights and the stems there."""
    found: dict[str, int] = defaultdict(int)
    for weight, stems in places:
        for stem in stems:
            found[stem] = min(WEIGHT_MAX, found[stem] + weight)
    heaviest = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return dict(heaviest[:STEMS_MAX])


def parts(stem: str) -> frozenset[str]:
    """The beginnings and ends of a stem that may be words themselves."""
    lengths = range(PART_CHARS_MIN, len(stem))
    return frozenset(part for size in lengths for part in (stem[:size], stem[-size:]))


def is_part(one: str, other: str) -> bool:
    """Whether one of two stems begins or ends with the other, and they are not the same."""
    short, long = sorted((one, other), key=len)
    is_word = PART_CHARS_MIN <= len(short) < len(long)
    return is_word and (long.startswith(short) or long.endswith(short))


def rank(
    matches: Iterable[Match],
    postings: Iterable[Posting],
    *,
    counts: Mapping[str, int],
    total: int,
    limit: int,
) -> list[Ranked]:
    """The ``limit`` best of ``total`` initiatives; ``counts`` says how many have each stem.

    One that shares nothing but a single word of its body is left out: that is chance.
    """
    asked: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        asked[match.stem].append(match)
    scores: dict[UUID, dict[str, float]] = defaultdict(dict)
    heaviest: dict[UUID, int] = defaultdict(int)
    for posting in postings:
        rarity = _rarity(counts.get(posting.stem, 1), total)
        of_initiative = scores[posting.initiative]
        for match in asked[posting.stem]:
            score = match.alike * rarity * posting.weight / (posting.weight + _SOFT)
            of_initiative[match.asked] = max(score, of_initiative.get(match.asked, 0.0))
            heaviest[posting.initiative] = max(heaviest[posting.initiative], posting.weight)
    ranked = [
        Ranked(key, sum(found.values()), _best_first(found))
        for key, found in scores.items()
        if len(found) > 1 or heaviest[key] > ELSEWHERE
    ]
    return sorted(ranked, key=lambda each: (-each.score, each.initiative))[:limit]


def _best_first(scores: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(scores, key=lambda stem: (-scores[stem], stem)))


def _rarity(count: int, total: int) -> float:
    """Near nothing for a word that all have, most for one that a single one has."""
    return math.log1p((total - count + 0.5) / (count + 0.5)) if total > count else 0.01
