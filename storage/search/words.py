"""The word search as a condition on ideas, for both engines."""

from sqlalchemy import ColumnElement, false, func, literal_column, or_, select, text

from storage.database import METADATA, Dialect
from storage.search.stems import query_stems

IDEA = METADATA.tables["idea"]
IDEA_TEXT = METADATA.tables["idea_text"]

# German puts words together: from three letters on, "spiel" finds "Spielplatz".
PREFIX_CHARS_MIN = 3


def matches(dialect: Dialect, query: str) -> ColumnElement[bool]:
    """Ideas that contain every word of ``query``, or whose reference it is."""
    words = query_stems(query)
    by_reference = IDEA.c.ref == query.strip()
    if not words:
        return by_reference | false()
    if dialect == "sqlite":
        numbers = text("SELECT rowid FROM search_stems WHERE search_stems MATCH :match").bindparams(
            match=_fts5(words)
        )
        return or_(by_reference, IDEA.c.number.in_(numbers.columns(IDEA_TEXT.c.number)))
    vector = func.to_tsvector(literal_column("'simple'"), IDEA_TEXT.c.stems)
    found = vector.op("@@")(func.to_tsquery(literal_column("'simple'"), _tsquery(words)))
    return or_(by_reference, IDEA.c.id.in_(select(IDEA_TEXT.c.idea_id).where(found)))


def _fts5(words: list[str]) -> str:
    return " ".join(f'"{word}"{"*" if _is_prefix(word) else ""}' for word in words)


def _tsquery(words: list[str]) -> str:
    return " & ".join(f"'{word}'{':*' if _is_prefix(word) else ''}" for word in words)


def _is_prefix(word: str) -> bool:
    return len(word) >= PREFIX_CHARS_MIN
