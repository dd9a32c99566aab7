"""The word search as a condition on ideas, for both engines."""

import re

from sqlalchemy import ColumnElement, false, literal_column, text

from storage.database import METADATA, Transaction
from storage.search.stems import query_stems

IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]

# German puts words together: from three letters on, "spiel" finds "Spielplatz".
PREFIX_CHARS_MIN = 3
# With more hits than this a page is found sooner by walking the ideas than by sorting the hits.
HITS_SORTED_MAX = 500

_REFERENCE = re.compile(r"[0-9]{4}-[0-9]{5,}")


async def matches(tx: Transaction, query: str) -> ColumnElement[bool]:
    """Ideas that contain every word of ``query``, or the one whose reference it is."""
    if _REFERENCE.fullmatch(query.strip()):
        return IDEA.c.ref == query.strip()
    words = query_stems(query)
    if not words:
        return false()
    return await _sqlite(tx, words) if tx.dialect == "sqlite" else _postgres(words)


async def _sqlite(tx: Transaction, words: list[str]) -> ColumnElement[bool]:
    match = " ".join(f'"{word}"{"*" if _is_prefix(word) else ""}' for word in words)
    hits = text("SELECT rowid FROM search_stems WHERE search_stems MATCH :match")
    numbers = hits.bindparams(match=match).columns(IDEA_TEXT.c.number)
    found = await tx.run(_HITS, {"match": match, "limit": HITS_SORTED_MAX + 1})
    # SQLite does not guess how many hits there will be; a plus keeps it from the index.
    is_broad = found.scalar_one() > HITS_SORTED_MAX
    number = literal_column("+idea.number") if is_broad else IDEA.c.number
    return number.in_(numbers)


def _postgres(words: list[str]) -> ColumnElement[bool]:
    query = " & ".join(f"'{word}'{':*' if _is_prefix(word) else ''}" for word in words)
    hits = text("SELECT idea_id FROM idea_text WHERE search_stems @@ to_tsquery('simple', :match)")
    return IDEA.c.id.in_(hits.bindparams(match=query).columns(IDEA_TEXT.c.idea_id))


def _is_prefix(word: str) -> bool:
    return len(word) >= PREFIX_CHARS_MIN


_HITS = text(
    "SELECT count(*) FROM (SELECT 1 FROM search_stems WHERE search_stems MATCH :match LIMIT :limit)"
)
