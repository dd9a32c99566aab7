"""Ideas with a title like this one, for "does this exist already?" while somebody types.

Candidates share rare trigrams with the title; how alike they are is ``collab``'s rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

from sqlalchemy import text

from collab.process.similar.titles import TITLE_CHARS_MAX, most_similar
from storage.database import Transaction
from storage.search.stems import words_of

CANDIDATES_MAX = 100
# Counting in how many titles a trigram occurs costs time, and so does reading those rows.
WORDS_MAX = 8
TRIGRAMS_MAX = 24
ROWS_READ_MAX = 6_000


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
    hidden = frozenset(hidden_stages)
    candidates = {
        ref: (found, stage)
        for idea_id, ref, found, stage in await _candidates(tx, title[:TITLE_CHARS_MAX])
        if stage not in hidden and idea_id != without
    }
    best = most_similar(
        title, ((ref, found) for ref, (found, _) in candidates.items()), limit=limit
    )
    return [SimilarIdea(one.key, one.title, candidates[one.key][1], one.score) for one in best]


def title_trigrams(title: str) -> str:
    """The distinct trigrams of the title's words, separated by spaces; short words are whole."""
    return " ".join(dict.fromkeys(part for word in words_of(title) for part in _trigrams(word)))


async def _candidates(tx: Transaction, title: str) -> list[tuple[UUID, str, str, str]]:
    samples = _samples(title)
    count = _sqlite_counts if tx.dialect == "sqlite" else _postgres_counts
    rows = await count(tx, samples)
    chosen = _readable([[part for part in word if rows.get(part)] for word in samples], rows)
    if not chosen:
        return []
    find = _sqlite_rows if tx.dialect == "sqlite" else _postgres_rows
    return await find(tx, chosen)


def _samples(title: str) -> list[list[str]]:
    """Some trigrams of each of the longest words: long words are rare and tell most."""
    longest = sorted(set(words_of(title)), key=lambda word: (-len(word), word))[:WORDS_MAX]
    return [_sample(_trigrams(word)) for word in longest]


def _trigrams(word: str) -> list[str]:
    return [word[at : at + 3] for at in range(max(1, len(word) - 2))]


def _sample(trigrams: list[str]) -> list[str]:
    """The first, the last and the middle one."""
    last = len(trigrams) - 1
    return [trigrams[at] for at in dict.fromkeys((0, last, last // 2))]


def _in_turn(samples: list[list[str]], limit: int) -> list[str]:
    """The first of every word, then the second, at most ``limit``."""
    parts = (part for level in zip_longest(*samples) for part in level if part)
    return list(dict.fromkeys(parts))[:limit]


def _readable(samples: list[list[str]], rows: Mapping[str, int]) -> list[str]:
    """The rarest of every word, then the second, until ``ROWS_READ_MAX`` is reached."""
    chosen: dict[str, None] = {}
    read = 0
    ranked = [sorted(word, key=rows.__getitem__) for word in samples]
    for level in zip_longest(*ranked):
        for part in sorted(filter(None, level), key=rows.__getitem__):
            read += rows[part]
            if read > ROWS_READ_MAX and chosen:
                return list(chosen)
            chosen[part] = None
    return list(chosen)


async def _sqlite_counts(tx: Transaction, samples: list[list[str]]) -> dict[str, int]:
    names = {f"t{at}": part for at, part in enumerate(_in_turn(samples, TRIGRAMS_MAX))}
    listed = ", ".join(f":{name}" for name in names)
    query = f"SELECT term, doc FROM search_trigrams_rows WHERE term IN ({listed})"
    return {row[0]: row[1] for row in await tx.run(text(query), names)}


async def _sqlite_rows(tx: Transaction, trigrams: list[str]) -> list[tuple[UUID, str, str, str]]:
    match = " OR ".join(f'"{part}"' for part in trigrams)
    rows = await tx.run(_SQLITE_ROWS, {"match": match, "limit": CANDIDATES_MAX})
    return [(UUID(row[0]), row[1], row[2], row[3]) for row in rows]


_SQLITE_ROWS = text(
    """
    SELECT idea.id, idea.ref, idea.title, idea.stage
    FROM (SELECT rowid AS number FROM search_trigrams WHERE search_trigrams MATCH :match
          ORDER BY rank LIMIT :limit) AS found
    JOIN idea ON idea.number = found.number
    """
)


async def _postgres_counts(tx: Transaction, samples: list[list[str]]) -> dict[str, int]:
    """In how many titles each occurs, by the planner's statistics; 1 if they do not know it.

    Counting would read every such row. A table so young that it was never analysed is small.
    """
    parts = _in_turn(samples, TRIGRAMS_MAX)
    known = await tx.run(_POSTGRES_FREQUENT, {"parts": parts})
    return dict.fromkeys(parts, 1) | {row[0]: int(row[1]) for row in known}


_POSTGRES_FREQUENT = text(
    """
    SELECT part, GREATEST(1, frequency * (
        SELECT reltuples FROM pg_class WHERE oid = 'idea_text'::regclass))
    FROM pg_stats, unnest(
        most_common_elems::text::text[], most_common_elem_freqs) AS common(part, frequency)
    WHERE tablename = 'idea_text' AND attname = 'search_trigrams'
      AND schemaname = current_schema() AND part = ANY(CAST(:parts AS text[]))
    """
)


async def _postgres_rows(tx: Transaction, trigrams: list[str]) -> list[tuple[UUID, str, str, str]]:
    hits = " + ".join(
        f"(search_trigrams @@ to_tsquery('simple', :t{at}))::int" for at in range(len(trigrams))
    )
    query = f"""
        SELECT idea.id, idea.ref, idea.title, idea.stage
        FROM (SELECT idea_id, {hits} AS hits FROM idea_text
              WHERE search_trigrams @@ to_tsquery('simple', :any)
              ORDER BY hits DESC LIMIT {CANDIDATES_MAX}) AS found
        JOIN idea ON idea.id = found.idea_id
        """
    names = {f"t{at}": f"'{part}'" for at, part in enumerate(trigrams)}
    rows = await tx.run(text(query), {**names, "any": " | ".join(names.values())})
    return [(row[0], row[1], row[2], row[3]) for row in rows]
