"""Organisations at the command line: bring in a chart, list, and write out."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from collab.process.calendar.berlin import berlin_date
from server.actions.catalogues.organisations import Imported, import_units
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
from server.exporting.organisations import as_graph
from server.importing.organisations import Chart, read_chart
from storage.process import organisations
from storage.process.organisations import Organisation

SHOWN_MAX = 20

app = typer.Typer(no_args_is_help=True, help="Bodies that people can act for.")

AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; default: always valid.")
]


@app.command("import")
def import_chart(
    file: Annotated[Path, typer.Argument(help="A chart as JSON, or W3C ORG as JSON-LD.")],
    actor_class: Annotated[
        str, typer.Option("--class", help="administration, business, science or civil_society")
    ] = "administration",
    valid_from: Day = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring in the units of a chart as the same tree; a second time nothing is new.

    Each unit is known again by its address. What is known under another name is listed and stays
    as it is: end or replace it on its page.
    """
    with explained():
        chart = read_chart(file)
    done = run(_imported(chart, actor_class, valid_from.date() if valid_from else None, dry_run))
    if as_json:
        show_json(_as_json(chart, done, dry_run))
        return
    for name, what in done.differing[:SHOWN_MAX]:
        note(f"differs    {name}: {what}")
    if len(done.differing) > SHOWN_MAX:
        note(f"differs    … and {len(done.differing) - SHOWN_MAX} more (--json lists all)")
    would = "would be " if dry_run else ""
    note(
        f"{len(chart.units)} units: {done.new} {would}new, {done.adopted} {would}joined with what "
        f"was there, {done.same} as before, {len(done.differing)} differ"
    )
    if chart.left_out:
        note(f"{chart.left_out} parts without an address of their own were left out")


@app.command("list")
def list_organisations(as_json: AsJson = False) -> None:
    """List all organisations, ended ones too, as a tree."""
    rows = run(_everything())
    if as_json:
        show_json([_row(row) for row in rows])
        return
    below: dict[object, list[Organisation]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    waiting = [(row, 0) for row in reversed(below.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        ended = f"  (until {row.valid_to})" if row.valid_to else ""
        typer.echo(f"{'  ' * depth}{row.name}{ended}")
        waiting += [(each, depth + 1) for each in reversed(below.get(row.id, []))]


@app.command("export")
def export_organisations(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Default: stdout.")] = None,
) -> None:
    """Write all organisations as W3C ORG in JSON-LD."""
    text = json.dumps(as_graph(run(_everything())), ensure_ascii=False, indent=1) + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    with explained():
        output.write_text(text, "utf-8")
    note(f"The organisations were written to {output}.")


async def _imported(
    chart: Chart, actor_class: str, valid_from: date | None, dry_run: bool
) -> Imported:
    async with database() as opened:
        with progress("importing", len(chart.units)) as advance:
            return await import_units(
                opened,
                chart.units,
                actor_class=actor_class,
                valid_from=valid_from,
                on=berlin_date(utc_now()),
                dry_run=dry_run,
                progress=advance,
            )


async def _everything() -> list[Organisation]:
    async with database() as opened, opened.read() as tx:
        return await organisations.everything(tx)


def _as_json(chart: Chart, done: Imported, dry_run: bool) -> dict[str, object]:
    return {
        "units": len(chart.units),
        "new": done.new,
        "adopted": done.adopted,
        "same": done.same,
        "differing": [{"name": name, "differs": what} for name, what in done.differing],
        "left_out": chart.left_out,
        "written": not dry_run,
    }


def _row(row: Organisation) -> dict[str, object]:
    return {
        "id": str(row.id),
        "name": row.name,
        "class": row.actor_class,
        "kind": row.kind,
        "type": row.type_name,
        "source": row.source,
        "parent": str(row.parent_id) if row.parent_id else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "successor": str(row.successor_id) if row.successor_id else None,
    }
