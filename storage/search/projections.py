"""Many projections in one transaction: what pages, lists and search show of live texts.

On SQLite the typing waits for whoever writes, so there it is done in one go, in the thread of
the connection, after everything that takes time was computed (``storage.texts.project`` is the
same for one text in somebody's transaction; a test holds both to the same rows).
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from collab.process.version import TextVersion
from storage import texts
from storage.database import Database
from storage.search.stems import stems
from storage.search.titles import title_trigrams

SHOWN = "SELECT epoch, seq, sha256 FROM idea_text WHERE idea_id = ?"
FOLLOW = "UPDATE idea_text SET epoch = ?, seq = ? WHERE idea_id = ?"
SHOW = """
INSERT INTO idea_text (
    idea_id, number, epoch, seq, sha256, title, plain, sections, stems, title_trigrams
) VALUES (?, (SELECT number FROM idea WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (idea_id) DO UPDATE SET
    epoch = excluded.epoch, seq = excluded.seq, sha256 = excluded.sha256,
    title = excluded.title, plain = excluded.plain, sections = excluded.sections,
    stems = excluded.stems, title_trigrams = excluded.title_trigrams
"""
NAME = "UPDATE idea SET title = ? WHERE id = ?"
NAME_ACTIVE = "UPDATE idea SET title = ?, active_at = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Projection:
    """One text as it is to be shown."""

    idea_id: UUID
    version: TextVersion
    title: str
    plain: str
    sections: Mapping[str, Any]


async def project_many(
    database: Database, projections: Sequence[Projection], now: datetime
) -> list[bool]:
    """Show these texts; for each, whether it differs from what was shown (``texts.project``)."""
    # A long text of new words keeps the stemmer busy for a second: not in the event loop.
    await asyncio.to_thread(_learn_words, projections)
    if database.dialect == "sqlite":
        return await database.run_natively(_Showing([_Prepared.of(p) for p in projections], now))
    async with database.write() as tx:
        return [
            await texts.project(
                tx, p.idea_id, p.version, title=p.title, plain=p.plain, sections=p.sections, now=now
            )
            for p in projections
        ]


def _learn_words(projections: Sequence[Projection]) -> None:
    """Have the stems of all words ready, for whoever asks next."""
    for projection in projections:
        stems(f"{projection.title} {projection.plain}")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The values of a row of ``idea_text``, as SQLite stores them."""

    idea_id: str
    place: tuple[int, int]
    sha256: str
    title: str
    rest: tuple[str, str, str, str]
    """plain, sections, stems, title_trigrams"""

    @classmethod
    def of(cls, projection: Projection) -> _Prepared:
        title = texts.shown_title(projection.title)
        return cls(
            projection.idea_id.hex,
            (projection.version.epoch, projection.version.seq),
            projection.version.sha256,
            title,
            (
                texts.storable(projection.plain),
                json.dumps(dict(projection.sections)),
                stems(f"{title} {projection.plain}"),
                title_trigrams(title),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Showing:
    """The work of one transaction (``storage.engine.native.NativeWork``)."""

    rows: Sequence[_Prepared]
    now: datetime

    def in_sqlite(self, connection: sqlite3.Connection) -> list[bool]:
        return [self._show(connection, row) for row in self.rows]

    async def in_postgresql(self, connection: Any) -> list[bool]:
        raise AssertionError("only SQLite has one writer for everybody")

    def _show(self, connection: sqlite3.Connection, row: _Prepared) -> bool:
        found = connection.execute(SHOWN, (row.idea_id,)).fetchone()
        if found is not None and (found[0], found[1]) >= row.place:
            return False
        if found is not None and found[2] == row.sha256:
            connection.execute(FOLLOW, (*row.place, row.idea_id))
            return False
        values = (row.idea_id, row.idea_id, *row.place, row.sha256, row.title, *row.rest)
        connection.execute(SHOW, values)
        if found is None:
            connection.execute(NAME, (row.title, row.idea_id))
        else:
            at = self.now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
            connection.execute(NAME_ACTIVE, (row.title, at, row.idea_id))
        return True
