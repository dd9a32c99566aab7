"""The one error for "the database cannot be used now", and how a driver's error becomes it."""

import errno
import socket

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError


class StorageUnavailable(Exception):
    """The database cannot be used; the message is a sentence that says what to do."""


class TableHeld(StorageUnavailable):
    """Somebody holds what a migration needs; nothing was changed, later it may go well."""


FORBIDDEN = "InsufficientPrivilegeError"


def is_forbidden(error: DBAPIError) -> bool:
    """Whether the account may not do it: the operator's affair, not a wrong statement."""
    return type(_driver_error(error)).__name__ == FORBIDDEN


def explained(error: BaseException, url: URL) -> StorageUnavailable:
    """What a person who starts Arena should read when the database at ``url`` fails so."""
    cause = _driver_error(error)
    name = type(cause).__name__
    where = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite":
        return StorageUnavailable(_sqlite_sentence(cause, url.database or ""))
    if name == "InvalidCatalogNameError":
        return StorageUnavailable(
            f"The PostgreSQL server has no database {url.database!r}. "
            f"Create it (createdb {url.database}) or correct ARENA_DATABASE_URL ({where})."
        )
    if name in {"InvalidPasswordError", "InvalidAuthorizationSpecificationError"}:
        return StorageUnavailable(
            f"PostgreSQL refused the user {url.username!r}. "
            f"Correct user and password in ARENA_DATABASE_URL ({where})."
        )
    if name == "LockNotAvailableError":
        return TableHeld(
            "A long query, a backup or another migration holds what the migration needs. Nothing "
            "was changed and everybody can work on; run migrate again when it has ended (who "
            "holds it: SELECT * FROM pg_stat_activity WHERE state <> 'idle')."
        )
    if isinstance(cause, socket.gaierror):
        return StorageUnavailable(
            f"Nobody knows the host {url.host!r}. Correct ARENA_DATABASE_URL ({where}), or the "
            "name service of this machine."
        )
    if name == "TooManyConnectionsError":
        return StorageUnavailable(
            "PostgreSQL has no connection left. Raise its max_connections to 25 for each process "
            "of Arena, or end who holds them (SELECT * FROM pg_stat_activity)."
        )
    if name == FORBIDDEN:
        return StorageUnavailable(
            f"PostgreSQL does not let the user {url.username!r} do that: {cause}. Make it the "
            f"owner: ALTER DATABASE {url.database} OWNER TO {url.username}"
        )
    if isinstance(cause, TimeoutError):
        return StorageUnavailable(
            f"PostgreSQL at {url.host or 'localhost'}:{url.port or 5432} does not answer in time. "
            f"See whether it hangs or is overloaded ({where})."
        )
    if isinstance(cause, OSError) or name in {
        "CannotConnectNowError",
        "ConnectionDoesNotExistError",
    }:
        return StorageUnavailable(
            f"No PostgreSQL answers at {url.host or 'localhost'}:{url.port or 5432}. "
            f"Start it or correct ARENA_DATABASE_URL ({where})."
        )
    return StorageUnavailable(f"The database {where} failed: {cause}")


def _driver_error(error: BaseException) -> BaseException:
    """The innermost cause: SQLAlchemy and its adapters wrap what the driver said."""
    inner = error.orig if isinstance(error, DBAPIError) else error.__cause__
    return _driver_error(inner) if inner is not None else error


def _sqlite_sentence(cause: BaseException, path: str) -> str:
    said = str(cause)
    if "unable to open" in said or "readonly" in said:
        return (
            f"The database file {path} cannot be opened for writing. Give this user write "
            f"permission on the file and its folder, or set ARENA_DATABASE_URL to another place."
        )
    if "not a database" in said or "malformed" in said:
        return (
            f"The file {path} is not a readable SQLite database. Restore it from a backup or "
            f"move it away; Arena will not overwrite it."
        )
    if "full" in said or getattr(cause, "errno", None) == errno.ENOSPC:
        return f"There is no space left for the database {path}. Free some and try again."
    if "locked" in said:
        return (
            f"The database {path} is held by another process for too long. Stop that process; "
            f"for several writers use PostgreSQL (ARENA_DATABASE_URL)."
        )
    return f"The database {path} failed: {said}"
