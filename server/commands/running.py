"""Starting Arena: ``start``, ``serve``, ``migrate`` and ``demo``."""

from typing import Annotated

import typer

from server.actions import links
from server.app import utc_now
from server.commands.console import explained, note, run, services, settings_of
from server.demo.content import demonstration
from server.demo.evening import CODE, hold_evening
from server.demo.fill import fill_empty
from server.monitoring.log import configure_log
from server.serving import listening
from server.serving import serve as serve_until_stopped
from server.settings import Settings, is_loopback
from server.starting.fit import require_fit_at
from server.workers.needs import require_for_many
from server.workers.supervisor import supervise
from storage import migrate as migrations
from storage import people
from storage.database import Database
from storage.workshop import workshops

Host = Annotated[str | None, typer.Option(help="Address to listen on (ARENA_HOST).")]
Port = Annotated[int | None, typer.Option(help="Port to listen on (ARENA_PORT).")]
Workers = Annotated[int, typer.Option(help="Processes; more than one need Redis and PostgreSQL.")]


def start(host: Host = None, port: Port = None) -> None:
    """Migrate, fill an empty database with the demonstration, serve, print sign-in links."""
    with explained():
        settings = _with_demonstration(settings_of(host=host, port=port))
        listening(settings).close()  # a taken port is told before anything else is done
    run(_prepare(settings))
    run(require_fit_at(settings))
    addresses = run(_sign_in_links(settings)) if settings.demo else {}
    has_evening = settings.demo and run(_has_evening(settings))
    with explained():
        serve_until_stopped(settings, lambda: _welcome(settings, addresses, has_evening))


def serve(host: Host = None, port: Port = None, workers: Workers = 1) -> None:
    """Serve the migrated database and nothing else."""
    with explained():
        settings = settings_of(host=host, port=port)
        if workers != 1:
            require_for_many(settings, workers)
        listening(settings).close()  # before the database, which may take longer to ask
    run(require_fit_at(settings))
    with explained():
        if workers == 1:
            serve_until_stopped(settings, lambda: note(f"Arena runs at {settings.address}"))
            return
        configure_log(settings)
        told = f"Arena runs at {settings.address} with {workers} workers"
        supervise(settings, workers, lambda: note(told))


def migrate() -> None:
    """Bring the tables of the database to what this Arena needs."""
    with explained():
        settings = settings_of()
    before = run(migrations.current(settings.database_url))
    run(migrations.upgrade(settings.database_url))
    after = run(migrations.current(settings.database_url))
    done = "was up to date" if before == after else f"went from {before or 'empty'} to {after}"
    if after != migrations.head():
        done = f"is newer than this Arena ({after}, not {migrations.head()}) and serves it"
    note(f"The database {done}.")


def demo() -> None:
    """Fill an empty database with the demonstration arena; any other is left as it is."""
    with explained():
        settings = settings_of()
    if run(_fill(settings)):
        note("The demonstration arena is ready.")
    else:
        note("Somebody has an account here already, so nothing was changed.")


def _with_demonstration(settings: Settings) -> Settings:
    """Demonstration sign-ins on, where only this machine can reach us and nobody said no."""
    named = "demo" in settings.model_fields_set
    if named or not is_loopback(settings.host) or settings.base_url:
        return settings
    return settings.model_copy(update={"demo": True})


async def _prepare(settings: Settings) -> None:
    await migrations.upgrade(settings.database_url)
    if settings.demo and await _fill(settings):
        note("The database was empty; it now holds the demonstration arena.")


async def _fill(settings: Settings) -> bool:
    database = await Database.open(settings.database_url)
    try:
        await migrations.require_current(database)
        now = utc_now()
        is_filled = await fill_empty(database, now)
        if is_filled:
            await hold_evening(database, now)
        return is_filled
    finally:
        await database.close()


async def _sign_in_links(settings: Settings) -> dict[str, str]:
    """A fresh sign-in link for each demonstration person who is here and not suspended."""
    found: dict[str, str] = {}
    async with services(settings) as parts:
        for person in demonstration().people:
            async with parts.database.read() as tx:
                row = await people.by_handle(tx, person.handle)
            if row is not None and row.suspended_at is None:
                found[person.handle] = await links.make_sign_in_link(parts, person.handle)
    return found


async def _has_evening(settings: Settings) -> bool:
    """Whether people may still come into the workshop of the demonstration."""
    database = await Database.open(settings.database_url)
    try:
        async with database.read() as tx:
            found = await workshops.by_code(tx, CODE)
        return found is not None and found[0].joining_until > utc_now()
    finally:
        await database.close()


def _welcome(settings: Settings, addresses: dict[str, str], has_evening: bool) -> None:
    if addresses:
        typer.echo("Sign in as a demonstration person; each link works once, within 24 hours:")
    for handle, address in addresses.items():
        typer.echo(f"  {handle:14} {address}")
    if has_evening:
        typer.echo(f"A workshop is going on; its code is {CODE}: {settings.address}/w/{CODE}")
    typer.echo(f"Arena runs at {settings.address} (Ctrl+C ends it)")
