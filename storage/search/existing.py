"""Existing initiatives like a text: "does this exist already?", with the words that say so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from collab.process.initiatives.ranking import (
    PART,
    PART_CHARS_MIN,
    WHOLE,
    Match,
    Posting,
    is_part,
    parts,
    rank,
)
from storage.database import METADATA, Transaction
from storage.process import initiatives
from storage.search.function_words import FUNCTION_WORDS
from storage.search.stems import stemmed
from storage.tables.process.initiatives import Initiative

WORD = METADATA.tables["initiative_word"]

# A whole idea may be the query. Its first words, the title's, are also looked for inside others.
QUERY_STEMS_MAX = 500
HEAD_STEMS_MAX = 12
PARTS_FOUND_MAX = 400
POSTINGS_MAX = 6_000
WORDS_SHOWN_MAX = 6

# Above every letter, and a character that both engines order last.
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Existing:
    """An initiative like the text, and the words of the text that it shares, best first."""

    initiative: Initiative
    score: float
    words: tuple[str, ...]


async def existing(tx: Transaction, query: str, *, limit: int = 5) -> list[Existing]:
    """The initiatives most like ``query``, best first; none if nothing is shared."""
    words = _distinct(query)
    total = await initiatives.count(tx) if words else 0
    if not total:
        return []
    matches, counts = await _matches(tx, list(words))
    chosen = _affordable(counts)
    postings = await _postings(tx, chosen)
    best = rank(
        [match for match in matches if match.stem in chosen],
        postings,
        counts=counts,
        total=total,
        limit=limit,
    )
    rows = await initiatives.named(tx, [each.initiative for each in best])
    return [
        Existing(
            rows[each.initiative],
            each.score,
            tuple(words[stem] for stem in each.stems[:WORDS_SHOWN_MAX]),
        )
        for each in best
    ]


def _distinct(query: str) -> dict[str, str]:
    """Stem → the first word of the query that has it."""
    found: dict[str, str] = {}
    for word, stem in stemmed(query):
        if len(found) >= QUERY_STEMS_MAX:
            break
        if word.casefold() not in FUNCTION_WORDS:
            found.setdefault(stem, word)
    return found


async def _matches(tx: Transaction, asked: list[str]) -> tuple[list[Match], dict[str, int]]:
    """The stems that initiatives have for those of the query, and how many have each."""
    counts = await _counts(tx, WORD.c.stem.in_(asked), QUERY_STEMS_MAX)
    matches = [Match(stem, stem, WHOLE) for stem in asked if stem in counts]
    head = list(islice((stem for stem in asked if len(stem) >= PART_CHARS_MIN), HEAD_STEMS_MAX))
    if not head:
        return matches, counts
    found = await _counts(tx, or_(*map(_inside, head)), PARTS_FOUND_MAX)
    matches += [Match(stem, each, PART) for stem in head for each in found if is_part(stem, each)]
    return matches, found | counts


def _inside(stem: str) -> ColumnElement[bool]:
    """Stems that begin or end with this one, or with which it begins or ends."""
    backwards = _begins(WORD.c.backwards, stem[::-1])
    return or_(_begins(WORD.c.stem, stem), backwards, WORD.c.stem.in_(sorted(parts(stem))))


async def _counts(tx: Transaction, wanted: ColumnElement[bool], limit: int) -> dict[str, int]:
    """In how many initiatives each wanted stem is, rare ones first."""
    number = func.count().label("number")
    query = select(WORD.c.stem, number).where(wanted).group_by(WORD.c.stem)
    rows = await tx.run(query.order_by(number, WORD.c.stem).limit(limit))
    return {row[0]: row[1] for row in rows}


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    return and_(column >= start, column < start + _LAST)


def _affordable(counts: Mapping[str, int]) -> frozenset[str]:
    """The rarest stems that together lead to no more postings than may be read."""
    chosen, read = [], 0
    for stem, number in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        read += number
        if read > POSTINGS_MAX:
            break
        chosen.append(stem)
    return frozenset(chosen)


async def _postings(tx: Transaction, stems: Iterable[str]) -> list[Posting]:
    query = select(WORD.c.initiative_id, WORD.c.stem, WORD.c.weight)
    rows = await tx.run(query.where(WORD.c.stem.in_(sorted(stems))))
    return [Posting(UUID(str(row[0])), row[1], row[2]) for row in rows]
