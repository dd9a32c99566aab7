"""Existing initiatives at the command line."""

from pathlib import Path
from typing import Annotated

import typer

from server.actions.catalogues.initiatives import Imported, import_initiatives
from server.app import utc_now
from server.commands.console import (
    JSON_HELP,
    database,
    explained,
    note,
    progress,
    run,
    show_json,
)
from server.importing.initiatives import InitiativeFile, files_of, read_folder
from storage.process import initiatives
from storage.search.existing import existing

SHOWN_MAX = 20

app = typer.Typer(no_args_is_help=True, help="What exists in the city already.")

AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder of Markdown files with front matter.")],
    name: Annotated[
        str | None, typer.Option(help="Names the collection; default: the folder's name.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring in existing initiatives; a second time only what has changed is written.

    Each file has title, abstract, license, link, repository, developers, backers and tags between
    two lines of three hyphens, and its description below.
    """
    with explained():
        total = len(files_of(folder))
        with progress("reading", total) as advance:
            reading = read_folder(folder, name or folder.resolve().name, advance)
    done = run(_imported(reading, dry_run))
    if as_json:
        show_json(_as_json(reading, done, dry_run))
    else:
        for file, fault in reading.faults[:SHOWN_MAX]:
            note(f"left out   {file}, line {fault.line}: {fault.problem}")
        if len(reading.faults) > SHOWN_MAX:
            note(f"left out   … and {len(reading.faults) - SHOWN_MAX} more (--json lists all)")
        would = "would be " if dry_run else ""
        note(
            f"{done.new} {would}new, {done.changed} {would}changed, {done.same} as before, "
            f"{len(reading.faults)} left out"
        )
    if not reading.found:
        raise typer.Exit(1)


@app.command("search")
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in words.")],
    as_json: AsJson = False,
) -> None:
    """Find initiatives like a text, with the words that say so."""

    async def work() -> list[dict[str, object]]:
        async with database() as opened, opened.read() as tx:
            return [
                {
                    "name": each.initiative.name,
                    "url": each.initiative.url,
                    "score": round(each.score, 2),
                    "words": list(each.words),
                }
                for each in await existing(tx, query)
            ]

    found = run(work())
    if as_json:
        show_json(found)
        return
    for each in found:
        words = each["words"]
        assert isinstance(words, list)
        typer.echo(f"{each['score']:>6}  {each['name']}  ({', '.join(words)})")
    if not found:
        note("Nothing like it is known.")


@app.command("list")
def list_initiatives(as_json: AsJson = False) -> None:
    """List all initiatives by name."""

    async def work() -> list[dict[str, object]]:
        async with database() as opened, opened.read() as tx:
            rows = await initiatives.page(tx, limit=await initiatives.count(tx) or 1)
            return [{"source": row.source, "name": row.name, "url": row.url} for row in rows]

    found = run(work())
    if as_json:
        show_json(found)
    else:
        for each in found:
            typer.echo(f"{each['name']}  {each['url']}")


async def _imported(reading: InitiativeFile, dry_run: bool) -> Imported:
    async with database() as opened:
        with progress("importing", len(reading.found)) as advance:
            return await import_initiatives(
                opened, reading.found, utc_now(), dry_run=dry_run, progress=advance
            )


def _as_json(reading: InitiativeFile, done: Imported, dry_run: bool) -> dict[str, object]:
    return {
        "files": len(reading.found) + len(reading.faults),
        "new": done.new,
        "changed": done.changed,
        "same": done.same,
        "written": not dry_run,
        "faults": [
            {"file": file, "line": fault.line, "problem": fault.problem}
            for file, fault in reading.faults
        ],
    }
