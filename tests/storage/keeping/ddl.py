"""What a statement of a migration does to programs that know nothing of it."""

from __future__ import annotations

import re
from enum import StrEnum

BIG_TABLES = frozenset({
    "document_log", "document_snapshot", "document_client", "event", "notice", "audit_entry",
})  # fmt: skip
"""Tables with a row for every keystroke, fact or reader: no statement may walk through them."""


class Harm(StrEnum):
    """How a statement may harm."""

    TAKES_AWAY = "takes away what older programs need"
    NARROWS = "refuses what older programs may write"
    HOLDS_UP = "holds up everybody for as long as a big table takes"


_NAME = r'(?:IF (?:NOT )?EXISTS )?"?(\w+)"?'
_CREATED = re.compile(rf"^CREATE TABLE {_NAME}", re.IGNORECASE)
_INDEXED = re.compile(r"^CREATE (UNIQUE )?INDEX (IF NOT EXISTS )?\S+ ON \"?(\w+)\"?", re.IGNORECASE)
_ALTERED = re.compile(rf"^ALTER TABLE {_NAME} (.*)$", re.IGNORECASE | re.DOTALL)
_ADDED = re.compile(r"^ADD COLUMN ", re.IGNORECASE)
_TAKES_AWAY = re.compile(
    r"^(DROP COLUMN|RENAME|ALTER COLUMN \S+ (TYPE|SET DATA TYPE|DROP DEFAULT|SET NOT NULL)"
    r"|DROP CONSTRAINT \"?(uq|pk)_)",
    re.IGNORECASE,
)
_NARROWS = re.compile(r"^ADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN KEY|PRIMARY KEY)", re.IGNORECASE)
_GONE = re.compile(r"^(DROP (TABLE|VIEW|SCHEMA|TYPE)|ALTER INDEX|TRUNCATE)\b", re.IGNORECASE)


def harms(statements: list[str]) -> list[tuple[Harm, str]]:
    """What the statements of one migration do to older programs; new tables harm nobody."""
    own: set[str] = set()
    found: list[tuple[Harm, str]] = []
    for each in statements:
        statement = " ".join(each.split())
        if made := _CREATED.match(statement):
            own.add(made[1])
            continue
        harm = _harm(statement, own)
        if harm is not None:
            found.append((harm, statement))
    return found


def _harm(statement: str, own: set[str]) -> Harm | None:
    if _GONE.match(statement):
        return Harm.TAKES_AWAY
    if indexed := _INDEXED.match(statement):
        return _harm_of_index(indexed, own)
    altered = _ALTERED.match(statement)
    if altered is None or altered[1] in own:
        return None
    change = altered[2]
    if _TAKES_AWAY.match(change):
        return Harm.TAKES_AWAY
    if _NARROWS.match(change):
        return Harm.NARROWS
    return _harm_of_column(change) if _ADDED.match(change) else None


def _harm_of_index(indexed: re.Match[str], own: set[str]) -> Harm | None:
    is_unique, is_there_before, table = indexed.groups()
    if table in own:
        return None
    if table in BIG_TABLES and not is_there_before:
        return Harm.HOLDS_UP
    return Harm.NARROWS if is_unique else None


def _harm_of_column(change: str) -> Harm | None:
    words = change.upper()
    is_filled = "DEFAULT" in words or "GENERATED" in words
    if "NOT NULL" in words and not is_filled:
        return Harm.TAKES_AWAY
    return Harm.NARROWS if re.search(r"\b(UNIQUE|CHECK|REFERENCES)\b", words) else None
