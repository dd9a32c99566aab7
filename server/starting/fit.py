"""Whether a process may work on a database: its kind, its tables, its time."""

from server.starting.same_time import SameTime
from storage import migrate
from storage.database import Database


async def require_fit(database: Database) -> None:
    """Refuse a database that is open but must not be worked on.

    Raises:
        StorageUnavailable: its tables do not serve this Arena.
        ClockDiffers: this machine's clock is not the database's.
    """
    await migrate.require_current(database)
    await SameTime().demand(database)


async def require_fit_at(url: str) -> None:
    """The same before anything is started, so that the sentence is the last word of a command.

    Raises:
        StorageUnavailable: it cannot be reached, is of the wrong kind, or as above.
        ClockDiffers: as above.
    """
    database = await Database.open(url)
    try:
        await require_fit(database)
    finally:
        await database.close()
