"""A whole file read and understood, before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.importing.columns import Columns, Entry, choose_columns, read_row
from server.importing.decoding import UnreadableFile, decode
from server.importing.table import SEPARATORS, Fault, Table, read_table


@dataclass(frozen=True, slots=True)
class Options:
    """What somebody said about the file; None and what is missing is guessed."""

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = '"'
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the file holds and how it was understood; faults and warnings in the order of lines."""

    encoding: str
    encoding_is_guess: bool
    separator: str
    separator_is_guess: bool
    columns: Mapping[str, str]  # field → name of its column
    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    @property
    def warnings(self) -> list[Fault]:
        """What was changed or left out so that a row could be imported."""
        return [Fault(one.line, text) for one in self.entries for text in one.warnings]


def read_file(path: Path, options: Options) -> Reading:
    """Read the file at ``path``.

    Raises:
        UnreadableFile: the file as a whole is of no use; the message says what to do.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from error
    return read_data(data, options)


def read_data(data: bytes, options: Options) -> Reading:
    """Read the bytes of a file; as ``read_file``."""
    decoded = decode(data, options.encoding)
    table = read_table(decoded.text, options.separator, quote=options.quote)
    columns = choose_columns(table.header, options.columns)
    entries, faults = _entries(table, columns)
    return Reading(
        encoding=decoded.encoding,
        encoding_is_guess=decoded.is_guess,
        separator=table.separator,
        separator_is_guess=table.separator_is_guess,
        columns=_named(columns, table.header),
        entries=tuple(entries),
        faults=tuple(sorted([*table.faults, *faults], key=lambda fault: fault.line)),
    )


def separator_of(name: str) -> str:
    """The separator that somebody named: the character itself, ``tab``, ``comma`` and so on."""
    by_name = {word: character for character, word in SEPARATORS.items()}
    chosen = by_name.get(name.lower(), "\t" if name == "\\t" else name)
    if len(chosen) != 1 or chosen in '\r\n"':
        raise UnreadableFile(f"{name!r} is no separator; use one character or {', '.join(by_name)}")
    return chosen


def _entries(table: Table, columns: Columns) -> tuple[list[Entry], list[Fault]]:
    entries: list[Entry] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        found = read_row(row, columns)
        if isinstance(found, Entry) and found.key in lines:
            found = Fault(found.line, f"the same id or row as in line {lines[found.key]}")
        if isinstance(found, Fault):
            faults.append(found)
            continue
        lines[found.key] = found.line
        entries.append(found)
    return entries, faults


def _named(columns: Columns, header: tuple[str, ...]) -> dict[str, str]:
    fields = ("id", "title", "text", "url", "lat", "lon")
    positions = {name: getattr(columns, name) for name in fields}
    return {name: header[at] for name, at in positions.items() if at is not None}
