"""Looking for a text in every byte of every file that a database and the outbox consist of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database


async def folders(database: Database, var: Path) -> list[Path]:
    """Where the database keeps its files, and the folder for everything else."""
    if database.dialect == "sqlite":
        return [Path(database.url.database or "").parent, var]
    async with database.read() as tx:
        data = Path((await tx.run(text("SHOW data_directory"))).scalar_one())
    if not os.access(data, os.R_OK | os.X_OK):
        pytest.skip(f"the files of this PostgreSQL ({data}) cannot be read from here")
    return [data, var]


async def lay_down(database: Database) -> None:
    """Have everything that is committed in files, as it is some minutes later by itself.

    PostgreSQL also keeps samples of what is in columns, in its statistics.
    """
    if database.dialect == "postgresql":
        async with database.write() as tx:
            await tx.run(text("ANALYZE"))
        async with database.write() as tx:
            await tx.run(text("CHECKPOINT"))


def found(places: list[Path], *words: str) -> dict[str, list[str]]:
    """Which files hold which of the words, in UTF-8."""
    hits: dict[str, list[str]] = {word: [] for word in words}
    for path in _files(places):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # the server has just removed it
        for word in words:
            if word.encode() in content:
                hits[word].append(path.name)
    return {word: sorted(set(names)) for word, names in hits.items() if names}


def _files(places: list[Path]) -> Iterator[Path]:
    for place in places:
        yield from (path for path in place.rglob("*") if path.is_file())
