"""A conversation of Polis from its open data: statements, and each person's latest vote on each.

The files are those that Polis exports: ``summary.csv`` (key, value), ``comments.csv`` (the
statements) and ``votes.csv`` (one row per vote ever given). Who votes again changes his mind: the
row with the later timestamp counts, and of two at the same moment the later one in the file. So
it is in the matrix that Polis publishes, while the counts beside its statements add up all rows.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from collab.process.dossier import TITLE_CHARS_MAX
from collab.process.talk.comments import TEXT_CHARS_MAX
from collab.typed import tidied
from server.importing.decoding import FILE_BYTES_MAX, UnreadableFile, decode
from server.importing.table import Fault, Row, Table, read_table

STATEMENTS_MAX: Final = 20_000
VOTES: Final = {"1": 1, "0": 0, "-1": -1}
"""Agree, pass, disagree."""

SUMMARY, STATEMENTS, VOTE_ROWS = "summary.csv", "comments.csv", "votes.csv"

_TEN_THOUSAND_YEARS_MS = 253_402_300_799_000


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody said; ``is_shown`` is False where its moderators kept it out."""

    key: str
    author: str
    text: str
    at: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person holds of one statement: 1 agree, 0 pass, -1 disagree."""

    value: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation; ``votes`` by (statement, voter). Faults are by file."""

    topic: str
    url: str
    description: str
    statements: tuple[Statement, ...]
    votes: Mapping[tuple[str, str], Vote]
    vote_rows: int
    faults: tuple[tuple[str, Fault], ...]


def read_conversation(folder: Path) -> Conversation:
    """The conversation in a folder of these files.

    Raises:
        UnreadableFile: a file is missing, lacks a column, or holds too much.
    """
    summary = _summary(folder / SUMMARY)
    faults: list[tuple[str, Fault]] = []
    statements: dict[str, Statement] = {}
    for row, cells in _rows(folder / STATEMENTS, _STATEMENT_COLUMNS, faults):
        try:
            one = _statement(cells)
            if one.key in statements:
                raise ValueError(f"the statement {one.key} is there twice")
            statements[one.key] = one
        except ValueError as error:
            faults.append((STATEMENTS, Fault(row.first_line, str(error))))
    if len(statements) > STATEMENTS_MAX:
        raise UnreadableFile(f"{folder} holds more than {STATEMENTS_MAX} statements.")
    votes: dict[tuple[str, str], Vote] = {}
    rows = 0
    for row, cells in _rows(folder / VOTE_ROWS, _VOTE_COLUMNS, faults):
        try:
            key, vote = _vote(cells, statements)
        except ValueError as error:
            faults.append((VOTE_ROWS, Fault(row.first_line, str(error))))
            continue
        rows += 1
        if key not in votes or votes[key].at <= vote.at:
            votes[key] = vote
    return Conversation(
        topic=tidied(summary["topic"])[:TITLE_CHARS_MAX],
        url=summary.get("url", "").strip(),
        description=tidied(summary.get("conversation-description", "")),
        statements=tuple(statements.values()),
        votes=votes,
        vote_rows=rows,
        faults=tuple(faults),
    )


_STATEMENT_COLUMNS: Final = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
_VOTE_COLUMNS: Final = ("timestamp", "comment-id", "voter-id", "vote")


def _summary(path: Path) -> dict[str, str]:
    found = {
        cells[0].strip(): cells[1]
        for cells in csv.reader(io.StringIO(_text(path), newline=""))
        if len(cells) == 2
    }
    if not found.get("topic", "").strip():
        raise UnreadableFile(f"{path} names no topic.")
    return found


def _rows(
    path: Path, columns: tuple[str, ...], faults: list[tuple[str, Fault]]
) -> list[tuple[Row, dict[str, str]]]:
    """The rows with the cells of these columns; what cannot be read joins ``faults``."""
    table: Table = read_table(_text(path), ",")
    missing = [name for name in columns if name not in table.header]
    if missing:
        raise UnreadableFile(f"{path} lacks the column {missing[0]!r}.")
    faults += [(path.name, fault) for fault in table.faults]
    places = {name: table.header.index(name) for name in columns}
    return [(row, {name: row.cells[at] for name, at in places.items()}) for row in table.rows]


def _statement(cells: Mapping[str, str]) -> Statement:
    text = tidied(cells["comment-body"])
    if not text:
        raise ValueError("the statement is empty")
    if len(text) > TEXT_CHARS_MAX:
        raise ValueError(f"the statement has more than {TEXT_CHARS_MAX} characters")
    return Statement(
        key=_number(cells["comment-id"]),
        author=_number(cells["author-id"]),
        text=text,
        at=_moment(cells["timestamp"]),
        is_shown=cells["moderated"].strip() != "-1",
    )


def _vote(
    cells: Mapping[str, str], statements: Mapping[str, Statement]
) -> tuple[tuple[str, str], Vote]:
    key = _number(cells["comment-id"])
    if key not in statements:
        raise ValueError(f"there is no statement {key}")
    value = VOTES.get(cells["vote"].strip())
    if value is None:
        raise ValueError(f"a vote is 1, 0 or -1, not {cells['vote'].strip()[:20]!r}")
    return (key, _number(cells["voter-id"])), Vote(value, _moment(cells["timestamp"]))


def _number(cell: str) -> str:
    found = cell.strip()
    if not (found.isascii() and found.isdigit() and len(found) <= 15):
        raise ValueError(f"{found[:20]!r} is no number")
    return str(int(found))


def _moment(cell: str) -> datetime:
    """Milliseconds since 1970, as Polis counts."""
    milliseconds = int(_number(cell))
    if milliseconds > _TEN_THOUSAND_YEARS_MS:
        raise ValueError(f"{milliseconds} is no moment in milliseconds")
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _text(path: Path) -> str:
    if not path.is_file():
        raise UnreadableFile(f"There is no {path.name} in {path.parent}.")
    if path.stat().st_size > FILE_BYTES_MAX:
        raise UnreadableFile(f"{path} is bigger than {FILE_BYTES_MAX // 1024**2} MiB.")
    return decode(path.read_bytes(), "utf-8").text
