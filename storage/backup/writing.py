"""One moment of the whole database written into an archive, while everybody goes on writing."""

import errno
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from asyncpg import PostgresError
from sqlalchemy import Table, func, literal, select, text, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import migrate
from storage.backup.kinds import Kind, encode, kind_of
from storage.backup.manifest import Manifest, TablePart
from storage.backup.reading import KEY, MANIFEST
from storage.database import METADATA
from storage.engine.address import address, require_there
from storage.engine.connect import reading_engine
from storage.engine.unavailable import StorageUnavailable, explained

OWN_TO_A_DATABASE: Final = frozenset({"schema_promise", "installation"})
"""What a database knows of itself is not taken along: a restored one is another one."""

READ_BYTES: Final = 2 * 1024**2
"""So much is read at once, as far as the rows before tell."""
ROWS_FIRST: Final = 8
ROWS_MAX: Final = 2_000
COMPRESSION: Final = 3

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a disk says that takes no more."""

Progress = Callable[[int], None]
Begun = Callable[[int], Progress]
"""Told how many rows there are; answers with what to call for those that are done."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the manifest says besides what the database knows."""

    arena: str
    moment: datetime
    signing_key: str | None = None


async def write(url: str, target: IO[bytes], origin: Origin, begun: Begun) -> Manifest:
    """Write an archive of the database at ``url``; nobody waits for it, and it for nobody.

    ``origin.moment`` must lie before this call.

    Raises:
        StorageUnavailable: it cannot be read, or its tables are not those of this Arena.
    """
    place = address(url)
    require_there(place)
    engine = reading_engine(place, is_patient=True)
    try:
        async with engine.connect() as connection, connection.begin():
            await _require_own_tables(connection)
            return await _written(connection, target, origin, begun)
    except (OSError, PostgresError, DBAPIError) as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise  # the disk of the archive, not the way to the database
        raise explained(error, place) from error
    finally:
        await engine.dispose()


async def _require_own_tables(connection: AsyncConnection) -> None:
    """Only who knows all tables may say that these are all."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_try_advisory_xact_lock_shared(:key)")
        if not (await connection.execute(lock, {"key": migrate.LOCK_KEY})).scalar():
            raise StorageUnavailable(
                "The tables are being changed right now. Make the backup when migrate has ended."
            )
    found = await connection.run_sync(migrate.revision_of)
    if found != migrate.head():
        raise StorageUnavailable(
            f"The database is at revision {found or 'none'}, this Arena makes backups of "
            f"revision {migrate.head()}: a backup is made by the version whose tables they are."
        )


async def _written(
    connection: AsyncConnection, target: IO[bytes], origin: Origin, begun: Begun
) -> Manifest:
    tables = [table for table in METADATA.sorted_tables if table.name not in OWN_TO_A_DATABASE]
    progress = begun(sum([await _count(connection, table) for table in tables]))
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as members:
        parts = [await _table(connection, members, table, progress) for table in tables]
        manifest = Manifest(
            arena=origin.arena,
            revision=migrate.head(),
            installation=await _installation(connection),
            engine=connection.dialect.name,
            moment=origin.moment,
            has_secrets=origin.signing_key is not None,
            tables=tuple(parts),
        )
        if origin.signing_key is not None:
            members.writestr(KEY, origin.signing_key)
        members.writestr(MANIFEST, manifest.written())
    return manifest


async def _table(
    connection: AsyncConnection, members: ZipFile, table: Table, progress: Progress
) -> TablePart:
    columns = tuple((column.name, kind_of(column.type)) for column in table.columns)
    digest, rows = hashlib.sha256(), 0
    part = TablePart(table.name, columns, 0, "")
    with members.open(part.member, "w", force_zip64=True) as member:
        async for lines in _lines(connection, table, [kind for _, kind in columns]):
            for line in lines:
                digest.update(line)
                member.write(line)
            rows += len(lines)
            progress(len(lines))
    return TablePart(table.name, columns, rows, digest.hexdigest())


async def _lines(
    connection: AsyncConnection, table: Table, kinds: list[Kind]
) -> AsyncIterator[list[bytes]]:
    """The rows in the order of their keys, some at a time: as many as memory has room for."""
    key = list(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in key]
    size, after = ROWS_FIRST, None
    while True:
        query = select(*table.columns).order_by(*key).limit(size)
        if after is not None:
            query = query.where(tuple_(*key) > tuple_(*after))
        found = (await connection.execute(query)).all()
        if not found:
            return
        lines = [_line(kinds, row) for row in found]
        yield lines
        after = [literal(found[-1][at], key[n].type) for n, at in enumerate(places)]
        average = sum(map(len, lines)) // len(lines) + 1
        size = max(1, min(READ_BYTES // average, size * 4, ROWS_MAX))


def _line(kinds: list[Kind], row: Any) -> bytes:
    values = [encode(kind, value) for kind, value in zip(kinds, row, strict=True)]
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


async def _count(connection: AsyncConnection, table: Table) -> int:
    query = select(func.count()).select_from(table)
    return int((await connection.execute(query)).scalar_one())


async def _installation(connection: AsyncConnection) -> str | None:
    table = METADATA.tables.get("installation")
    if table is None:
        return None
    found = (await connection.execute(select(table.c.id))).scalar()
    return None if found is None else str(found)
