"""Filled databases for benched Arenas: each gets a copy of its own, as durable as in earnest."""

from __future__ import annotations

import asyncio
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from bench.load.machine import Unsuitable, on
from bench.load.population import Population, populate
from tests.servers import binaries, postgresql

KINDS = ("sqlite", "postgresql")

Filling = tuple[int, int, bytes | None]
"""How many people, how many ideas, and what the first idea's text is."""


class Databases(ABC):
    """Databases of one kind; the same filling is made once and then copied."""

    def __init__(self) -> None:
        self._populations: dict[Filling, tuple[int, Population]] = {}

    def filled(self, persons: int, ideas: int, text: bytes | None) -> tuple[Population, str]:
        """Who lives in a fresh database, and its URL."""
        filling = persons, ideas, text
        if filling not in self._populations:
            number = len(self._populations)
            url = self._original(number)
            population = asyncio.run(populate(url, persons=persons, ideas=ideas, text=text))
            self._populations[filling] = number, population
        number, population = self._populations[filling]
        return population, self._copy(number)

    @abstractmethod
    def close(self) -> None:
        """End what serves them."""

    @abstractmethod
    def _original(self, number: int) -> str:
        """The URL of an empty database."""

    @abstractmethod
    def _copy(self, number: int) -> str:
        """The URL of a copy of it."""


class SqliteFiles(Databases):
    """A file for each; Arena itself sets how durable it is."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._copies = 0

    def close(self) -> None:
        """Nothing runs; the folder is the caller's."""

    def _original(self, number: int) -> str:
        return f"sqlite:///{self._place(f'original-{number}')}"

    def _copy(self, number: int) -> str:
        self._copies += 1
        copy = self._place(f"copy-{self._copies}")
        original = self._folder / f"original-{number}"
        for each in original.glob("arena.db*"):
            shutil.copy(each, copy.parent / each.name)
        return f"sqlite:///{copy}"

    def _place(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True)
        return folder / "arena.db"


class DurablePostgres(postgresql.Postgres):
    """The tests' throwaway PostgreSQL, but it waits for the disk as one in earnest does."""

    def command(self) -> list[str]:
        return [word.replace("fsync=off", "fsync=on") for word in super().command()]


class PostgresDatabases(Databases):
    """A throwaway server on the processor of the servers; its own time is in no figure."""

    def __init__(self, processor: int) -> None:
        super().__init__()
        found = binaries.system_postgres() or binaries.packaged_postgres()
        if found is None:
            raise Unsuitable("PostgreSQL is not here")
        self.server = DurablePostgres(found, durable=True, on_disk=True)
        with on(processor):
            self.server.start()
        self._copies = 0

    def close(self) -> None:
        self.server.stop()

    def _original(self, number: int) -> str:
        return self._create(f"original_{number}", "template1")

    def _copy(self, number: int) -> str:
        self._copies += 1
        return self._create(f"copy_{self._copies}", f"original_{number}")

    def _create(self, name: str, template: str) -> str:
        asyncio.run(_run(self.server.url, f"CREATE DATABASE {name} TEMPLATE {template}"))
        url = make_url(self.server.url).set(database=name)
        return url.render_as_string(hide_password=False)


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def databases(kind: str, folder: Path, processor: int) -> Databases:
    """Databases of the kind that is asked for.

    Raises:
        Unsuitable: there are none here.
    """
    if kind not in KINDS:
        raise Unsuitable(f"there is no database {kind!r}; use {' or '.join(KINDS)}")
    return SqliteFiles(folder) if kind == "sqlite" else PostgresDatabases(processor)
