"""Catalogues at the command line: list, check, plan and publish them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from collab.errors import Invalid
from collab.process.catalogues import versions as rules
from collab.process.catalogues.catalogue import parse_catalogue
from collab.process.catalogues.versions import CATALOGUES
from collab.process.templates.reading import FaultyTemplate
from server.actions.catalogues import publishing as actions
from server.actions.catalogues.publishing import Plan
from server.actions.catalogues.today import today
from server.commands.console import JSON_HELP, explained, fail, note, run, services, show_json
from server.importing.decoding import UnreadableFile

FILE_BYTES_MAX = 1024 * 1024

app = typer.Typer(no_args_is_help=True, help="Guiding ideas, fields of action, principles.")

File = Annotated[Path, typer.Argument(help="A JSON file with one version of a catalogue.")]
AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


@app.command("list")
def list_catalogues(as_json: AsJson = False) -> None:
    """List the catalogues with the version that counts today."""
    rows = run(_listed())
    if as_json:
        show_json(rows)
        return
    for row in rows:
        mark = "" if row["is_complete"] else ", incomplete"
        counts = f"{row['entries']} entries{mark}"
        typer.echo(f"{row['id']:18} v{row['version']}  {counts}  {row['label']}")


@app.command()
def check(file: File, as_json: AsJson = False) -> None:
    """Check that a file is a faultless version of a catalogue; needs no database."""
    with explained():
        data = _read(file)
    try:
        found = parse_catalogue(data)
    except FaultyTemplate as fault:
        fail(str(fault))
    if as_json:
        show_json({"id": found.id, "version": found.version, "entries": len(found.entries)})
    else:
        note(f"{found.id} v{found.version} with {len(found.entries)} entries is in order.")


@app.command()
def plan(file: File, as_json: AsJson = False) -> None:
    """Say what publishing the file would do and how many cases it affects."""
    with explained():
        data = _read(file)
    _show(run(_planned(data)), as_json)


@app.command()
def publish(
    file: File,
    reason: Annotated[str, typer.Option(help="Why; everybody can read it.")],
    as_json: AsJson = False,
) -> None:
    """Publish the file as the next version of its catalogue."""
    with explained():
        data = _read(file)
    done = run(_published(data, reason))
    _show(done, as_json)
    if not as_json:
        note(f"{done.new.id} v{done.new.version} is published.")


def _read(file: Path) -> Mapping[str, Any]:
    if file.stat().st_size > FILE_BYTES_MAX:
        raise UnreadableFile(f"{file} is bigger than {FILE_BYTES_MAX // 1024} KiB.")
    try:
        data = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{file} is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise UnreadableFile(f"{file} holds no JSON object.")
    return data


async def _listed() -> list[dict[str, Any]]:
    async with services() as parts:
        found = []
        for catalogue_id in CATALOGUES:
            known = await actions.versions_of(parts, catalogue_id)
            now = rules.current(known, today(parts))
            found.append(
                {
                    "id": now.id,
                    "version": now.version,
                    "label": now.label.en,
                    "entries": len(now.entries),
                    "is_complete": now.is_complete,
                }
            )
        return found


async def _planned(data: Mapping[str, Any]) -> Plan:
    async with services() as parts:
        with _faults_told():
            return await actions.plan(parts, None, data)


async def _published(data: Mapping[str, Any], reason: str) -> Plan:
    async with services() as parts:
        with _faults_told():
            return await actions.publish(parts, None, data, reason)


@contextmanager
def _faults_told() -> Iterator[None]:
    """What is wrong with the data comes as a sentence that names the place."""
    try:
        yield
    except Invalid as refusal:
        if "fault" in refusal.data:
            raise UnreadableFile(str(refusal.data["fault"])) from refusal
        raise


def _show(plan: Plan, as_json: bool) -> None:
    changes = [
        {"kind": each.kind, "entry": each.entry_id, "cases": list(plan.refs.get(each.entry_id, ()))}
        for each in plan.changes
    ]
    if as_json:
        named = {"from_version": plan.old.version, "to_version": plan.new.version}
        show_json(
            {"catalogue": plan.new.id, **named, "changes": changes, "affected": plan.affected}
        )
        return
    for each in plan.changes:
        cases = ", ".join(plan.refs.get(each.entry_id, ())) or "no case"
        typer.echo(f"{each.kind:8} {each.entry_id}: {cases}")
    typer.echo(f"affects {plan.affected} cases, valid from {plan.new.valid_from}")
