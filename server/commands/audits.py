"""The audit log at the command line: ``audit verify`` and ``audit export``."""

from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from collab.process.audit.check import Fault, FaultKind
from server.actions.audit import export as exporting
from server.actions.audit import verify as verifying
from server.actions.audit.verify import FAULTS_MAX, Verified
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

app = typer.Typer(no_args_is_help=True, help="Check the audit log and hand it out.")

SENTENCES = {
    FaultKind.ALTERED: "entry {number} was altered: its content does not give its hash",
    FaultKind.MISSING: "entries {number} to {detail} are missing",
    FaultKind.MISPLACED: "entry {number} stands where it does not belong",
    FaultKind.UNLINKED: "entry {number} does not continue the one before: one of them was put in",
    FaultKind.CONTRADICTED: "entry {number} contradicts the rest of the database ({detail})",
    FaultKind.UNRECORDED: "event {number} ({detail}) has no entry",
}


@app.command()
def verify(
    idea: Annotated[
        list[str] | None, typer.Option("--idea", help="Only this idea's chain; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Check every chain of the audit log, and whether it says what the rest of the database says.

    Prints one hash over all chains; publish it, and nobody can change the past unnoticed.
    """
    found = run(_verified(idea))
    if as_json:
        show_json(
            {
                "chains": found.chains,
                "entries": found.entries,
                "faults": [asdict(fault) for fault in found.faults],
                "heads": found.heads,
                "anchor": found.anchor,
            }
        )
    else:
        for fault in found.faults:
            typer.echo(f"{fault.chain}  {_sentence(fault)}")
        if len(found.faults) == FAULTS_MAX:
            note(f"Only the first {FAULTS_MAX} faults are listed.")
        counted = f"{found.chains} chains with {found.entries} entries"
        note(f"{counted}, {len(found.faults) or 'no'} faults")
        typer.echo(f"anchor {found.anchor}")
    if found.faults:
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to; JSON lines.")],
    idea: Annotated[
        list[str] | None, typer.Option("--idea", help="Only this idea's chain; may be repeated.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every chain.")] = False,
) -> None:
    """Write chains to a file that anyone can check without Arena: docs/audit.md."""
    if bool(idea) is everything:
        fail("Say which chains: --idea REFERENCE, or --all.")
    count = run(_exported(idea, file))
    note(f"{count} entries were written to {file}.")


async def _verified(names: Collection[str] | None) -> Verified:
    async with database() as opened:
        chains = await verifying.chains(opened, names or None)
        total = sum(chain.entries for chain in chains)
        with progress("verifying", total) as advance:
            return await verifying.verify(opened, chains, advance)


async def _exported(names: Collection[str] | None, file: Path) -> int:
    async with database() as opened:
        chains = await verifying.chains(opened, names or None)
        total = sum(chain.entries for chain in chains)
        with explained(), file.open("w", encoding="utf-8") as out, progress("writing", total) as on:
            async for line in exporting.lines(opened, chains):
                out.write(line + "\n")
                on(1)
    return total


def _sentence(fault: Fault) -> str:
    return SENTENCES[fault.kind].format(number=fault.number, detail=fault.detail)
