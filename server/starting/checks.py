"""Everything that ``doctor`` looks at, each by itself: one wrong thing hides no other."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from server.mail import greet
from server.settings import Misconfigured, Settings, is_loopback
from server.starting.same_time import ClockDiffers, machine_clock, why_not
from storage import migrate
from storage.database import Database, StorageUnavailable
from storage.engine.address import address, require_there
from storage.engine.clock import skew
from storage.engine.demands import demand
from storage.relay.client import probe
from storage.relay.unavailable import RelayUnavailable

DISK_BYTES_MIN: Final = 200 * 1024**2
DISK_BYTES_SCARCE: Final = 2 * 1024**3
MIB: Final = 1024**2


class State(StrEnum):
    """How a thing stands."""

    GOOD = "good"
    HINT = "hint"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    told: str


class Hint(Exception):
    """It works, but an operator should know; the message says what."""


_TOLD = (Misconfigured, StorageUnavailable, RelayUnavailable, ClockDiffers)


async def findings(settings: Settings) -> list[Finding]:
    """Everything that can be looked at from here, in the order in which to mend it."""
    looks: dict[str, Callable[[], Awaitable[str]]] = {
        "relay": lambda: _relay(settings),
        "disk": lambda: _disk(settings),
        "address": lambda: _address(settings),
        "secrets": lambda: _secrets(settings),
        "mail": lambda: _mail(settings),
    }
    of_others = [await _found(name, look) for name, look in looks.items()]
    return [*await _of_database(settings), *of_others]


async def _of_database(settings: Settings) -> list[Finding]:
    """What is wrong with the database; if it cannot be opened, there is nothing more to say."""
    try:
        require_there(address(settings.database_url))
        database = await Database.open(settings.database_url)
    except _TOLD as error:
        return [Finding("database", State.WRONG, str(error))]
    looks = {"database": _engine, "tables": _tables, "clock": _clock}
    try:
        return [await _found(name, partial(look, database)) for name, look in looks.items()]
    finally:
        await database.close()


async def _found(name: str, look: Callable[[], Awaitable[str]]) -> Finding:
    try:
        return Finding(name, State.GOOD, await look())
    except Hint as hint:
        return Finding(name, State.HINT, str(hint))
    except _TOLD as error:
        return Finding(name, State.WRONG, str(error))


async def _engine(database: Database) -> str:
    async with database.read() as tx:
        engine = await demand(await tx.connection())
    return f"{engine}: {database.url.render_as_string(hide_password=True)}"


async def _tables(database: Database) -> str:
    await migrate.require_current(database)
    async with database.read() as tx:
        found = await (await tx.connection()).run_sync(migrate.revision_of)
    if found == migrate.head():
        return f"at revision {found}"
    return f"at revision {found}, newer than this Arena ({migrate.head()}), and they serve it"


async def _clock(database: Database) -> str:
    found = await skew(database, machine_clock)
    if (wrong := why_not(found)) is not None:
        raise ClockDiffers(wrong)
    if database.dialect == "sqlite":
        return "only this machine's"
    return f"{abs(found.ahead).total_seconds():.3f} s from the database's"


async def _relay(settings: Settings) -> str:
    if settings.redis_url is None:
        return "none (ARENA_REDIS_URL is not set): one process"
    if settings.database_url.startswith("sqlite"):
        raise Misconfigured(
            "ARENA_REDIS_URL is set, but the database is a SQLite file, which only one machine "
            "can write. Several processes need PostgreSQL: docs/backup.md says how to move."
        )
    return await probe(settings.redis_url)


async def _disk(settings: Settings) -> str:
    place = settings.var
    if settings.database_url.startswith("sqlite"):
        place = Path(make_url(settings.database_url).database or settings.var)
    while not place.exists() and place != place.parent:
        place = place.absolute().parent
    free = shutil.disk_usage(place).free
    told = f"{free // MIB} MiB are free at {place}"
    if free < DISK_BYTES_MIN:
        raise Misconfigured(f"Only {told}; nothing can be saved when it is full. Free some.")
    if free < DISK_BYTES_SCARCE:
        raise Hint(f"Only {told}.")
    return told


async def _address(settings: Settings) -> str:
    hints = []
    is_open = not is_loopback(settings.host)
    if is_open and not settings.base_url:
        hints.append(
            f"Links in mails begin with {settings.address}: set ARENA_BASE_URL to what browsers use"
        )
    if settings.base_url.startswith("http://") and not is_loopback(settings.base_url[7:]):
        hints.append("ARENA_BASE_URL is not https://, so sign-ins go over the network in plain")
    if settings.is_secure and not settings.proxies:
        hints.append(
            "ARENA_PROXIES is not set, so all people seem to have the proxy's address and share "
            "its limits: set it to where the proxy connects from"
        )
    if "*" in settings.proxies.split(","):
        hints.append("ARENA_PROXIES is *: whoever reaches this port can claim any address")
    if settings.demo:
        hints.append("ARENA_DEMO is on: whoever reaches this port signs in as anybody")
    if hints:
        raise Hint(". ".join(hints) + ".")
    return settings.address


async def _secrets(settings: Settings) -> str:
    if settings.signing_key is None and settings.redis_url is not None:
        raise Hint(
            "ARENA_SIGNING_KEY is not set, so every node makes a key of its own and they do not "
            "take each other's badges and links: give all of them one (arena badge key)."
        )
    return "from ARENA_SIGNING_KEY" if settings.signing_key else f"in {settings.var}"


async def _mail(settings: Settings) -> str:
    if settings.smtp_url is None:
        raise Hint(f"ARENA_SMTP_URL is not set: mails lie in {settings.outbox} and reach nobody.")
    return await greet(settings.smtp_url)
