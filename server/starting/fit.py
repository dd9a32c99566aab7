"""Whether a process may work on a database: its kind, its tables, its time."""

from server.settings import Settings
from server.starting.relayed import require_relay
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


async def require_fit_at(settings: Settings) -> None:
    """The same, and the relay, before anything is started: the sentence is a command's last word.

    Raises:
        StorageUnavailable: it cannot be reached, is of the wrong kind, or as above.
        ClockDiffers: as above.
        RelayRefused: it can never work, or others serve the address from another database.
    """
    database = await Database.open(settings.database_url)
    try:
        await require_fit(database)
        await require_relay(settings, database)
    finally:
        await database.close()
