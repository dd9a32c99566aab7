"""Processes as data: ``process list|check|plan|migrate|draw``."""

from pathlib import Path
from typing import Annotated

import typer

from collab.process.moving import MovePlan, Step
from collab.process.processes import check_process, every_process, load_process
from collab.process.stages import ProcessTemplate
from collab.process.templates.reading import FaultyTemplate
from collab.process.templates.walk import standings
from server.actions.official.processes import move_cases, planned
from server.auth.holders import actor_of
from server.commands.console import JSON_HELP, explained, fail, note, run, services, show_json
from server.views.process.map import drawing
from storage import people

app = typer.Typer(no_args_is_help=True, help="The ways ideas go: look, check, plan, migrate.")
Json = Annotated[bool, typer.Option("--json", help=JSON_HELP)]
Process = Annotated[str, typer.Argument(help="Id of the process, like gdb-arena.")]
From = Annotated[int, typer.Argument(help="The version that the cases are in.", metavar="FROM")]
To = Annotated[int, typer.Argument(help="The version to bring them to.", metavar="TO")]


@app.command("list")
def list_processes(as_json: Json = False) -> None:
    """All processes that are shipped, in all versions."""
    found = [
        {
            "id": process.id,
            "version": process.version,
            "label": process.label.en,
            "stages": len(process.stages),
            "standings": len(standings(process)),
        }
        for process in every_process()
    ]
    if as_json:
        show_json(found)
        return
    for each in found:
        typer.echo(
            f"{each['id']} v{each['version']}: {each['label']}, {each['stages']} stages, "
            f"{each['standings']} states of a case on all ways"
        )


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A template file; without: all shipped.")] = (
        None
    ),
) -> None:
    """Check a process template as it is checked when it is loaded, on every possible way."""
    try:
        with explained():
            found = every_process() if file is None else (check_process(file.read_text("utf-8")),)
    except FaultyTemplate as error:
        fail(str(error).replace("; ", "\n  "))
    for process in found:
        typer.echo(f"{process.id} v{process.version}: sound, {_walked(process)}")


@app.command()
def plan(process: Process, old: From, new: To, as_json: Json = False) -> None:
    """Show for every running case what another version would change; changes nothing."""

    async def work() -> MovePlan:
        async with services() as found:
            return await planned(found, process, old, new)

    _show(run(work()), as_json)


@app.command("migrate")
def migrate_cases(
    process: Process,
    old: From,
    new: To,
    approve: Annotated[str, typer.Option(help="The digest that `process plan` printed.")],
    by: Annotated[str, typer.Option(help="Handle of who approved it (coordination office).")],
    reason: Annotated[str, typer.Option(help="Why; stands in the history of every case.")],
    as_json: Json = False,
) -> None:
    """Bring the running cases to another version, exactly as the approved plan says."""

    async def work() -> MovePlan:
        async with services() as found:
            async with found.database.read() as tx:
                person = await people.by_handle(tx, by)
                if person is None:
                    fail(f"there is nobody with the handle {by}")
                actor = actor_of(person, await people.roles(tx, person.id))
            return await move_cases(
                found, actor, process, old, new, approved=approve, reason=reason
            )

    done = run(work())
    if as_json:
        _show(done, as_json)
        return
    note(f"{len(done.moving)} cases go on in {process} v{new}.")
    for step in done.steps:
        if step.obstacle:
            note(f"  {step.case.ref} stays: {step.obstacle}")


@app.command()
def draw(
    folder: Annotated[Path, typer.Argument(help="Where the drawings go, one SVG per process.")],
    language: Annotated[str, typer.Option(help="de or en")] = "en",
) -> None:
    """Draw a map of every process in its newest version."""
    with explained():
        folder.mkdir(parents=True, exist_ok=True)
        for process in {each.id: each for each in reversed(every_process())}.values():
            path = folder / f"process-{process.id}.svg"
            path.write_text(drawing(load_process(process.id), language), encoding="utf-8")
            typer.echo(str(path))


def _walked(process: ProcessTemplate) -> str:
    return f"{len(standings(process))} states of a case on all ways"


def _show(found: MovePlan, as_json: bool) -> None:
    if as_json:
        show_json(_as_json(found))
        return
    for name, changed in (
        ("stages gone", found.stages_gone),
        ("stages new", found.stages_new),
        ("transitions gone", found.transitions_gone),
        ("transitions new", found.transitions_new),
        ("transitions changed", found.transitions_changed),
    ):
        typer.echo(f"{name}: {', '.join(changed) or 'none'}")
    for step in found.steps:
        typer.echo(_line(step))
    typer.echo(f"{len(found.moving)} of {len(found.steps)} cases would move. Nothing was changed.")
    typer.echo(f"digest: {found.digest}")


def _line(step: Step) -> str:
    case = step.case
    way = case.stage if case.stage == step.to_stage else f"{case.stage} -> {step.to_stage}"
    return f"  {case.ref} {case.kind}: {way}" + (
        f" STAYS: {step.obstacle}" if step.obstacle else ""
    )


def _as_json(found: MovePlan) -> dict[str, object]:
    return {
        "process": found.process_id,
        "from": found.from_version,
        "to": found.to_version,
        "digest": found.digest,
        "stages": {"gone": found.stages_gone, "new": found.stages_new},
        "transitions": {
            "gone": found.transitions_gone,
            "new": found.transitions_new,
            "changed": found.transitions_changed,
        },
        "cases": [
            {
                "ref": step.case.ref,
                "stage": step.case.stage,
                "to": step.to_stage,
                "obstacle": step.obstacle,
            }
            for step in found.steps
        ],
    }
