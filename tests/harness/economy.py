"""What a run of thousands of tests need not pay for each of them.

Nothing here changes what is tested: files lie in memory where there is enough of it, garbage is
looked for less often, and a database engine uses the SQL that another one of its kind compiled.
"""

from __future__ import annotations

import gc
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache
from typer import testing
from typer.main import get_command

from storage.engine import connect

MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 * 1024**3
"""Containers often have 64 MiB there; the databases of a run take about a tenth of this."""

GARBAGE_OBJECTS = 50_000
STATEMENTS = 2_000


def folder_in_memory() -> Path | None:
    """A folder that lives in memory and has room for the databases of a run, if there is one."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN else None


def keep_files_in_memory() -> None:
    """Let pytest make its temporary folders in memory, unless somebody said where."""
    if folder := folder_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def look_for_garbage_less_often() -> None:
    """Leave what was imported and collected alone: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 50)


def build_commands_once() -> None:
    """Let typer keep the commands that it builds from ours; it would do so for each that is run."""
    cast("Any", testing)._get_command = cache(get_command)


def share_compiled_statements() -> None:
    """Let all engines of one dialect find what one of them compiled.

    The cache belongs to an engine, and its keys name the engine's dialect; an arena of its own for
    each test would compile each statement anew. The servers behind one dialect are of one version.
    """
    compiled: LRUCache[object, object] = LRUCache(STATEMENTS)

    def sharing(*arguments: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*arguments, **options)
        engine.sync_engine._compiled_cache = cast("Any", compiled)
        return engine

    cast("Any", connect).create_async_engine = sharing
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        alike = cast("Any", dialect)
        alike.__eq__ = lambda one, other: type(one) is type(other)
        alike.__hash__ = lambda one: hash(type(one))
