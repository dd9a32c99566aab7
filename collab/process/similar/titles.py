"""How alike two titles are: cosine of their character trigrams, 0 to 1."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

TITLE_CHARS_MAX = 500  # longer titles are compared by their beginning


class Similar(NamedTuple):
    """A title and how alike it is to the one asked for."""

    key: str
    title: str
    score: float


def trigrams(text: str) -> Counter[str]:
    """How often each trigram occurs in the words, which are padded as pg_trgm pads them."""
    found: Counter[str] = Counter()
    for word in _words(text[:TITLE_CHARS_MAX]):
        padded = f"  {word} "
        found.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return found


def similarity(one: str, other: str) -> float:
    """The cosine of both trigram counts: 1 for the same words, 0 for nothing in common."""
    return _cosine(trigrams(one), trigrams(other))


def most_similar(
    title: str, others: Iterable[tuple[str, str]], *, at_least: float = 0.3, limit: int = 5
) -> list[Similar]:
    """The ``limit`` titles most alike to ``title``, best first; ``others`` yields (key, title)."""
    wanted = trigrams(title)
    scored = [Similar(key, other, _cosine(wanted, trigrams(other))) for key, other in others]
    alike = [similar for similar in scored if similar.score >= at_least]
    return sorted(alike, key=lambda similar: (-similar.score, similar.key))[:limit]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(char if char.isalnum() else " " for char in folded)
    return kept.split()


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    if not one or not other:
        return 0.0
    product = sum(count * other[trigram] for trigram, count in one.items())
    return min(1.0, product / (_length(one) * _length(other)))


def _length(counts: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in counts.values()))
