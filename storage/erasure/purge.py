"""Taking deleted rows out of the database's files, where they lie until something overwrites them.

SQLite: the search indexes are built anew, the file is rewritten, the log beside it is emptied.
PostgreSQL: the tables that hold what people wrote are rewritten with their indexes, what the
planner remembers of them is read anew, and the log goes on in a new segment, so that a checkpoint
may remove the old ones.
"""

import asyncio
import sqlite3
from dataclasses import dataclass
from typing import Final

import asyncpg
from asyncpg import PostgresError
from asyncpg.exceptions import InsufficientPrivilegeError

from storage.database import Database
from storage.engine.connect import MIGRATION_TIMEOUT_MS
from storage.engine.unavailable import explained

TABLES: Final = (
    "person", "person_role", "affiliation", "session", "token", "one_time_link", "mute",
    "document", "document_log", "document_snapshot", "document_client", "idea", "idea_text",
    "idea_role", "text_version", "stage_change", "comment", "judgement", "event", "quarantine",
    "responsibility", "role_term", "audit_key", "catalogue_version", "initiative_relation",
    "organisation", "support_request", "late_contribution", "claim", "prepared_act", "case_note",
    "commitment", "recognition", "central_measure", "central_link", "evidence", "requirement",
    "condition", "indicator", "measurement", "alignment", "alignment_review", "idea_link",
    "replication", "offered_change", "notice", "named_version", "expert_profile", "expert_topic",
    "expert_invitation", "mention", "reaction", "resolution", "comment_outcome", "task",
    "suggestion", "judgement_round", "idea_follow", "saved_search", "read_mark", "mail_choice",
    "mailing", "report_case", "report", "hiding", "slow_mode", "slow_turn", "idea_meaning",
    "workshop", "workshop_table", "silent_note", "harvest", "harvest_point",
    "idea_merge", "merge_consent", "merge_part",
)  # fmt: skip
SEARCHES: Final = ("search_stems", "search_trigrams")

READERS_WAIT_S: Final = 60.0
READERS_ASKED_EVERY_S: Final = 0.2


# Transactions, prepared ones, and replicas that want old rows kept.
_OLDER_READERS: Final = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid() AND age(backend_xmin) > age($1::text::xid)
        UNION ALL
        SELECT FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL
        SELECT FROM pg_replication_slots WHERE age(xmin) > age($1::text::xid)
    )
"""


class StillRead(Exception):
    """Somebody holds a moment from before the erasure open; purge again later."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What is left to the operator: sentences, none if the files are clean."""

    warnings: tuple[str, ...] = ()


async def purge(database: Database) -> Purged:
    """Rewrite the files so that nothing is in them that no query finds.

    Writers wait meanwhile. Raises:
        StillRead: a reader would not end, so old rows had to stay for him.
        StorageUnavailable: the database cannot be used; the message says what to do.
    """
    try:
        if database.dialect == "sqlite":
            async with database.writing_paused():
                await asyncio.to_thread(_purge_sqlite, database.url.database or "")
            return Purged()
        dsn = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn)
        try:
            return await _purge_postgresql(connection)
        finally:
            await connection.close()
    except (OSError, PostgresError, sqlite3.Error) as error:
        raise explained(error, database.url) from error


def _purge_sqlite(path: str) -> None:
    connection = sqlite3.connect(path, timeout=MIGRATION_TIMEOUT_MS / 1000, isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        for search in SEARCHES:
            connection.execute(f"INSERT INTO {search}({search}) VALUES ('rebuild')")
        connection.execute("VACUUM")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise StillRead("the write-ahead log of the database is still being read")
    finally:
        connection.close()


async def _purge_postgresql(connection: asyncpg.Connection) -> Purged:
    await _await_readers(connection)
    warnings = [
        f"The database account may not rewrite {table}. As its owner run: {statement}"
        for table, statement in (
            *((table, f"VACUUM (FULL, ANALYZE) {table}") for table in TABLES),
            ("pg_catalog.pg_statistic", "VACUUM (FULL) pg_catalog.pg_statistic"),
        )
        if not await _is_rewritten(connection, table, statement)
    ]
    for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
        try:
            await connection.execute(statement)
        except InsufficientPrivilegeError:
            warnings.append(
                "The database account may not clean the write-ahead log. "
                f"As a superuser run: {statement}"
            )
    if await connection.fetchval("SHOW wal_recycle") == "on":
        warnings.append(
            "PostgreSQL reuses old segments of its write-ahead log without wiping them: set "
            "wal_recycle = off, else erased text lies there until it is overwritten."
        )
    return Purged(tuple(warnings))


async def _is_rewritten(connection: asyncpg.Connection, table: str, statement: str) -> bool:
    """Rewrite the table; PostgreSQL passes over one that is another's without an error."""
    file = "SELECT pg_relation_filenode($1::text::regclass)"
    before = await connection.fetchval(file, table)
    await connection.execute(statement)
    return bool(await connection.fetchval(file, table) != before)


async def _await_readers(connection: asyncpg.Connection) -> None:
    """Wait until nobody can see rows from before this moment; VACUUM would keep them for him."""
    horizon = await connection.fetchval("SELECT pg_current_xact_id()::xid::text")
    for _ in range(int(READERS_WAIT_S / READERS_ASKED_EVERY_S)):
        if not await connection.fetchval(_OLDER_READERS, horizon):
            return
        await asyncio.sleep(READERS_ASKED_EVERY_S)
    raise StillRead("a transaction from before the erasure is still open in PostgreSQL")
