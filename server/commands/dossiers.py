"""Ideas from files and to files: ``import ideas`` and ``export ideas``."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from server.app import utc_now
from server.commands.console import (
    JSON_HELP,
    database,
    explained,
    fail,
    note,
    progress,
    run,
    show_json,
)
from server.exporting.ideas import Exported, exported, write_csv, write_json_lines
from server.importing.reading import Options, Reading, read_file, separator_of
from server.importing.table import SEPARATORS, Fault
from server.importing.writing import Job, known_entries, prepare, write_entries

SHOWN_MAX = 20
Column = Annotated[str | None, typer.Option(help="Column by name or number.", metavar="COLUMN")]


def import_ideas(
    file: Annotated[Path, typer.Argument(help="A CSV or TSV file with a header.")],
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, ask nothing.")] = False,
    kind: Annotated[str, typer.Option(help="need or proposal")] = "need",
    section: Annotated[str | None, typer.Option(help="Where the text goes.")] = None,
    author: Annotated[str, typer.Option(help="Handle of who brings them in.")] = "office",
    name: Annotated[str | None, typer.Option(help="Names the collection; default: file.")] = None,
    encoding: Annotated[str | None, typer.Option(help="utf-8, cp1252, …")] = None,
    separator: Annotated[str | None, typer.Option(help="; , tab or |")] = None,
    quote: Annotated[str, typer.Option(help="Quotation mark, or none.")] = '"',
    column_id: Annotated[str | None, typer.Option("--id", metavar="COLUMN")] = None,
    title: Column = None,
    text: Column = None,
    url: Column = None,
    lat: Column = None,
    lon: Column = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Import ideas from a table; shows first what would happen, and writes after a yes.

    Importing a file again brings in only what is new: each row is known by the collection's name
    and its id, or by its cells where there is no id column.
    """
    columns = {"id": column_id, "title": title, "text": text, "url": url, "lat": lat, "lon": lon}
    with explained():
        options = Options(
            encoding=encoding,
            separator=separator_of(separator) if separator else None,
            quote=None if quote == "none" else quote,
            columns={field: column for field, column in columns.items() if column is not None},
        )
        reading = read_file(file, options)
    job, known = run(_prepared(reading, name or file.stem, kind, section, author))
    new = len(reading.entries) - len(known)
    if not as_json:
        _show(reading, job, new)
    is_wanted = yes and not dry_run
    if not is_wanted and not dry_run and new and not as_json and sys.stdin.isatty():
        is_wanted = typer.confirm(f"Import {new} ideas now?", err=True)
    created = run(_written(reading, job)) if is_wanted and new else 0
    if as_json:
        show_json(_as_json(reading, job, new, created))
    elif is_wanted:
        note(f"{created} ideas were imported.")
    elif new:
        note("Nothing was written. Run it again with --yes to import.")
    if not reading.entries:
        raise typer.Exit(1)


def export_ideas(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Default: stdout.")] = None,
    form: Annotated[str, typer.Option("--format", help="jsonl or csv")] = "jsonl",
    drafts: Annotated[bool, typer.Option("--drafts", help="Private drafts too.")] = False,
) -> None:
    """Export all ideas with their texts, as one moment saw them."""
    writers: dict[str, Callable[..., None]] = {"jsonl": write_json_lines, "csv": write_csv}
    if form not in writers:
        fail(f"There is no format {form!r}; use jsonl or csv.")
    found = run(_all(drafts))
    with explained():
        if output is None:
            writers[form](found, sys.stdout)
            return
        # Excel takes a UTF-8 file for cp1252 unless it begins with a mark.
        written_in = "utf-8-sig" if form == "csv" else "utf-8"
        with output.open("w", encoding=written_in, newline="") as file:
            writers[form](found, file)
    note(f"{len(found)} ideas were written to {output}.")


async def _prepared(
    reading: Reading, name: str, kind: str, section: str | None, handle: str
) -> tuple[Job, set[str]]:
    async with database() as opened:
        job = await prepare(opened, name=name, kind=kind, section=section, handle=handle)
        return job, await known_entries(opened, job, reading.entries)


async def _written(reading: Reading, job: Job) -> int:
    async with database() as opened:
        with progress("importing", len(reading.entries)) as advance:
            return await write_entries(opened, job, reading.entries, utc_now(), advance)


async def _all(drafts: bool) -> list[Exported]:
    async with database() as opened, opened.read() as tx:
        return [one async for one in exported(tx, drafts=drafts)]


def _show(reading: Reading, job: Job, new: int) -> None:
    """What was understood and what would happen, for people."""
    separator = SEPARATORS.get(reading.separator, reading.separator)
    note(f"encoding   {reading.encoding}{_guessed(reading.encoding_is_guess)}")
    note(f"separator  {separator}{_guessed(reading.separator_is_guess)}")
    named = ", ".join(f"{field} ← {column!r}" for field, column in reading.columns.items())
    note(f"columns    {named}")
    note(f"becomes    {job.kind}, text in section {job.section!r}, source import:{job.name}:…")
    if reading.entries:
        first = reading.entries[0]
        note(f"first      line {first.line}: {first.title}")
    _show_problems("left out", reading.faults)
    _show_problems("adjusted", reading.warnings)
    known = len(reading.entries) - new
    note(f"{new} new, {known} already here, {len(reading.faults)} left out")


def _show_problems(word: str, problems: tuple[Fault, ...] | list[Fault]) -> None:
    for problem in problems[:SHOWN_MAX]:
        note(f"{word:10} line {problem.line}: {problem.problem}")
    if len(problems) > SHOWN_MAX:
        note(f"{word:10} … and {len(problems) - SHOWN_MAX} more (--json lists all)")


def _guessed(is_guess: bool) -> str:
    return "  (guessed)" if is_guess else ""


def _as_json(reading: Reading, job: Job, new: int, created: int) -> dict[str, object]:
    def listed(faults: tuple[Fault, ...] | list[Fault]) -> list[dict[str, object]]:
        return [{"line": fault.line, "problem": fault.problem} for fault in faults]

    return {
        "encoding": reading.encoding,
        "separator": reading.separator,
        "columns": dict(reading.columns),
        "kind": job.kind,
        "section": job.section,
        "rows": len(reading.entries),
        "new": new,
        "created": created,
        "faults": listed(reading.faults),
        "warnings": listed(reading.warnings),
    }
