"""What an archive says of itself: whence, when, which tables, and how to see that it is whole."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Self

from storage.backup.kinds import Kind

FORMAT: Final = "arena-backup"
VERSION: Final = 1

TABLES_MAX: Final = 1_000
COLUMNS_MAX: Final = 500

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class BadArchive(Exception):
    """The file cannot be restored; the message is a sentence that says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table of the archive: its columns in order, how many rows, and the hash of its bytes."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        """Where its rows are."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One archive. ``moment``: everything acknowledged before it is in."""

    arena: str
    revision: str
    installation: str | None
    engine: str
    moment: datetime
    has_secrets: bool
    tables: tuple[TablePart, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def written(self) -> bytes:
        """The manifest as it stands in the archive."""
        values = {"format": FORMAT, "version": VERSION, **asdict(self)}
        values["moment"] = self.moment.isoformat()
        return json.dumps(values, indent=1).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        """What ``written`` wrote.

        Raises:
            BadArchive: it is not of Arena, of a newer one, or damaged.
        """
        try:
            values = json.loads(data)
            if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
                raise BadArchive("it is not a backup of Arena")
            version = values.pop("version")
            if version != VERSION:
                raise BadArchive(
                    f"its format has number {version}, this Arena reads {VERSION}: restore it with "
                    "the Arena that made it, or a newer one"
                )
            return cls._of(values)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadArchive(f"its manifest is damaged ({error})") from error

    @classmethod
    def _of(cls, values: dict[str, Any]) -> Self:
        tables = values.pop("tables")
        if len(tables) > TABLES_MAX:
            raise ValueError("too many tables")
        parts = tuple(_part(**each) for each in tables)
        if len({part.name for part in parts}) < len(parts):
            raise ValueError("a table is there twice")
        moment = datetime.fromisoformat(values.pop("moment"))
        found = cls(moment=moment, tables=parts, **values)
        if moment.tzinfo is None or not isinstance(found.revision, str):
            raise ValueError("no moment or revision")
        return found


def _part(name: str, columns: list[list[str]], rows: int, sha256: str) -> TablePart:
    if not (0 < len(columns) <= COLUMNS_MAX):
        raise ValueError("no or too many columns")
    part = TablePart(name, tuple((column, Kind(kind)) for column, kind in columns), rows, sha256)
    if not all(_NAME.fullmatch(each) for each in (name, *(column for column, _ in part.columns))):
        raise ValueError("a name that no table has")
    if type(rows) is not int or rows < 0 or not isinstance(sha256, str):
        raise ValueError("no count or hash")
    return part
