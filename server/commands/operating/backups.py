"""``backup`` and ``restore``: one moment of the whole database as a file, and back."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from server.actions.audit import verify as auditing
from server.app import utc_now
from server.backups.epochs import all_documents, begin_all, number_of
from server.backups.files import keep_key, key_to_keep, made, newest, place_of
from server.commands import texts
from server.commands.console import (
    JSON_HELP,
    database,
    fail,
    note,
    progress,
    run,
    settings_of,
    show_json,
)
from server.monitoring.version import VERSION
from server.realtime.crash.child import NoTrial, a_child
from server.settings import Settings
from storage.backup import writing
from storage.backup.manifest import Manifest
from storage.backup.reading import Archive, Progress, opened
from storage.backup.restoring import require_known, restored

Place = Annotated[
    Path, typer.Argument(help="A file, or a folder: named by the moment, read the newest.")
]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@dataclass
class Outcome:
    """What came of a restoration, and what is wrong with what was restored."""

    manifest: Manifest
    documents: int = 0
    left: dict[str, str] = field(default_factory=dict)
    key: str = ""
    faults: list[str] = field(default_factory=list)


def backup(
    place: Place,
    check: Annotated[
        bool, typer.Option("--check", help="Only read an archive, and say whether it is whole.")
    ] = False,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Keep the key that signs badges in it, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write one moment of the whole database into a file, while everybody goes on working.

    It is read back before the command ends, and can be restored into SQLite and PostgreSQL.
    """
    file = run(_found(place)) if check else run(_backed_up(place, with_secrets=with_secrets))
    manifest = run(_checked(file))
    if as_json:
        show_json({"file": str(file), **_told(manifest)})
        return
    what = f"{manifest.rows} rows of {manifest.moment:%Y-%m-%d %H:%M:%S} UTC"
    note(f"{what}, revision {manifest.revision}; read back and whole.")
    typer.echo(str(file))


def restore(place: Place, as_json: AsJson = False) -> None:
    """Bring a backup into an empty database of either kind, and look whether all is well.

    All or nothing. Texts begin a new epoch: who has typed something since the backup is offered
    it as a copy. It ends with documents verify and audit verify.
    """
    try:
        outcome = run(_restored(place))
    except NoTrial as error:
        fail(f"The texts cannot be read on this machine: {error}. Nothing was changed.")
    if as_json:
        told = {"documents": outcome.documents, "left": outcome.left, "faults": outcome.faults}
        show_json({**_told(outcome.manifest), **told})
    else:
        _explain(outcome)
    if outcome.faults:
        raise typer.Exit(1)


async def _found(place: Path) -> Path:
    return newest(place)


async def _backed_up(place: Path, *, with_secrets: bool) -> Path:
    settings, moment = settings_of(), utc_now()
    file = place_of(place, moment)
    key = key_to_keep(settings) if with_secrets else None
    if with_secrets and key is None:
        note("There is no key that signs badges yet, so none is in the backup.")
    origin = writing.Origin(VERSION, moment, key)
    with ExitStack() as shown:

        def begun(rows: int) -> Progress:
            return shown.enter_context(progress("writing", rows))

        async with made(file) as out:
            await writing.write(settings.database_url, out, origin, begun)
    return file


async def _checked(file: Path) -> Manifest:
    with opened(file) as archive:
        _read_through(archive)
        return archive.manifest


def _read_through(archive: Archive) -> None:
    """Raises BadArchive if anything in it is wrong, or newer than we are."""
    require_known(archive.manifest)
    with progress("reading", archive.manifest.rows) as advance:
        archive.check(advance)


async def _restored(place: Path) -> Outcome:
    settings, file = settings_of(), newest(place)
    async with a_child() as child:
        with opened(file) as archive:
            _read_through(archive)
            outcome, now = Outcome(archive.manifest), utc_now()
            with progress("restoring", archive.manifest.rows) as advance:
                async with restored(
                    settings.database_url, archive, gap=number_of(now), progress=advance
                ) as tx:
                    found = await all_documents(tx)
                    outcome.documents = len(found)
                    with progress("new epochs", len(found)) as step:
                        outcome.left = await begin_all(tx, child, found, now, step)
            outcome.key = _key_restored(settings, archive)
    outcome.faults = await _faults()
    return outcome


def _key_restored(settings: Settings, archive: Archive) -> str:
    if not archive.manifest.has_secrets:
        return ""
    if keep_key(settings, archive.signing_key()):
        return f"The key that signs badges is in {settings.var}."
    return f"The backup's key that signs badges was not taken: {settings.var} has another one."


async def _faults() -> list[str]:
    """What ``documents verify`` and ``audit verify`` find."""
    found = [f"{one.ref}: {each}" for one in await texts.verified() for each in one.problems]
    async with database() as here:
        chains = await auditing.chains(here)
        audit = await auditing.verify(here, chains)
    return found + [f"{fault.chain}: {fault.kind} at {fault.number}" for fault in audit.faults]


def _explain(outcome: Outcome) -> None:
    manifest = outcome.manifest
    for name, why in outcome.left.items():
        typer.echo(f"{name}  no new epoch was begun: {why}")
    for fault in outcome.faults:
        typer.echo(fault)
    begun = outcome.documents - len(outcome.left)
    note(f"{manifest.rows} rows were restored, {begun} texts begin a new epoch. {outcome.key}")
    note(f"The arena is as it was on {manifest.moment:%Y-%m-%d at %H:%M:%S} UTC.")
    if outcome.faults:
        note("The database is restored, but what is listed above was wrong when it was saved.")


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "moment": manifest.moment.isoformat(timespec="seconds"),
        "arena": manifest.arena,
        "revision": manifest.revision,
        "installation": manifest.installation,
        "engine": manifest.engine,
        "has_secrets": manifest.has_secrets,
        "rows": manifest.rows,
        "tables": {table.name: table.rows for table in manifest.tables},
    }
