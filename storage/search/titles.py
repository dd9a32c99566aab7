"""Ideas with a title like this one, for "does this exist already?" while somebody types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

from sqlalchemy import text

from collab.process.similarity import TITLE_CHARS_MAX, most_similar
from storage.database import Transaction

CANDIDATES_MAX = 100
# Counting in how many titles a trigram occurs costs time, and so does reading those rows.
WORDS_MAX = 8
ROWS_READ_MAX = 6_000
POSTGRES_SIMILARITY_MIN = 0.15


@dataclass(frozen=True, slots=True)
class SimilarIdea:
    """An idea and how alike its title is, 0 to 1."""

    ref: str
    title: str
    stage: str
    score: float


async def similar(
    tx: Transaction,
    title: str,
    *,
    hidden_stages: Iterable[str] = ("draft",),
    without: UUID | None = None,
    limit: int = 5,
) -> list[SimilarIdea]:
    """Ideas outside ``hidden_stages`` whose titles are like ``title``, best first."""
    wanted = title[:TITLE_CHARS_MAX].casefold()
    find = _sqlite_candidates if tx.dialect == "sqlite" else _postgres_candidates
    hidden = frozenset(hidden_stages)
    candidates = {
        ref: (found, stage)
        for idea_id, ref, found, stage in await find(tx, wanted)
        if stage not in hidden and idea_id != without
    }
    best = most_similar(
        title, ((ref, found) for ref, (found, _) in candidates.items()), limit=limit
    )
    return [SimilarIdea(one.key, one.title, candidates[one.key][1], one.score) for one in best]


async def _sqlite_candidates(tx: Transaction, title: str) -> list[tuple[UUID, str, str, str]]:
    trigrams = await _rare_trigrams(tx, title)
    if not trigrams:
        return []
    match = " OR ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
    rows = await tx.run(_SQLITE_CANDIDATES, {"match": match, "limit": CANDIDATES_MAX})
    return [(UUID(row[0]), row[1], row[2], row[3]) for row in rows]


async def _rare_trigrams(tx: Transaction, title: str) -> list[str]:
    """The rarest trigram of each word, then the second rarest, as many as may be read."""
    words = telling_words(title)
    parts = list(dict.fromkeys(part for word in words for part in word))
    if not parts:
        return []
    names = {f"t{at}": part for at, part in enumerate(parts)}
    listed = ", ".join(f":{name}" for name in names)
    counted = await tx.run(
        text(f"SELECT term, doc FROM search_title_rows WHERE term IN ({listed})"), names
    )
    rows = {term: count for term, count in counted}  # noqa: C416  (dict() loses the types)
    ranks = [
        sorted((part for part in word if part in rows), key=rows.__getitem__) for word in words
    ]
    return _readable(ranks, rows)


def telling_words(title: str) -> list[list[str]]:
    """Some trigrams of each of the longest words; long words are rare and tell most."""
    longest = sorted(set(title.split()), key=lambda word: (-len(word), word))[:WORDS_MAX]
    return [_sample(word) for word in longest if len(word) >= 3]


def _sample(word: str) -> list[str]:
    """The first, the last and the middle trigram."""
    last = len(word) - 3
    return [word[at : at + 3] for at in dict.fromkeys((0, last, last // 2))]


def _readable(ranks: list[list[str]], rows: Mapping[str, int]) -> list[str]:
    """The best of every word, then the second best, until ``ROWS_READ_MAX`` is reached."""
    chosen: list[str] = []
    read = 0
    for level in zip_longest(*ranks):
        for part in sorted(filter(None, level), key=rows.__getitem__):
            read += rows[part]
            if read > ROWS_READ_MAX and chosen:
                return list(dict.fromkeys(chosen))
            chosen.append(part)
    return list(dict.fromkeys(chosen))


async def _postgres_candidates(tx: Transaction, title: str) -> list[tuple[UUID, str, str, str]]:
    threshold = {"value": str(POSTGRES_SIMILARITY_MIN)}
    await tx.run(text("SELECT set_config('pg_trgm.similarity_threshold', :value, true)"), threshold)
    rows = await tx.run(_POSTGRES_CANDIDATES, {"title": title, "limit": CANDIDATES_MAX})
    return [(row[0], row[1], row[2], row[3]) for row in rows]


_SQLITE_CANDIDATES = text(
    """
    SELECT idea.id, idea.ref, idea.title, idea.stage
    FROM (SELECT rowid AS number FROM search_title WHERE search_title MATCH :match
          ORDER BY rank LIMIT :limit) AS found
    JOIN idea ON idea.number = found.number
    """
)

_POSTGRES_CANDIDATES = text(
    """
    SELECT idea.id, idea.ref, idea.title, idea.stage
    FROM idea_text JOIN idea ON idea.id = idea_text.idea_id
    WHERE lower(idea_text.title) % :title
    ORDER BY similarity(lower(idea_text.title), :title) DESC LIMIT :limit
    """
)
