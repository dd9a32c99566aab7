"""Crowds, rooms, joins, idling, opening, kills and slow readers, beside other servers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bench.load import machine
from bench.load.generating import Generator
from bench.load.report import Run, as_json, table
from bench.load.scenarios.crowd import Crowd, LargestCrowd
from bench.load.scenarios.durability import Durability
from bench.load.scenarios.idle import Idle
from bench.load.scenarios.joins import Joins, Opening
from bench.load.scenarios.rooms import Rooms
from bench.load.scenarios.scenario import ALL, Bench, Scenario
from bench.load.scenarios.slow_reader import SlowReader
from bench.load.servers import NAMES, Stable

ORDER = (Crowd, LargestCrowd, Rooms, Joins, Idle, Opening, Durability, SlowReader)
SCENARIOS: dict[str, type[Scenario]] = {each.name: each for each in ORDER}
ROUNDS = 5

app = typer.Typer(add_completion=False)


@app.command()
def load(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help=f"Which: {', '.join(SCENARIOS)}; all if none.")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, max=50, help="How often each is measured.")
    ] = ROUNDS,
    servers: Annotated[str, typer.Option(help=f"Which, by commas: {', '.join(NAMES)}.")] = "",
    sizes: Annotated[str, typer.Option(help="Variants to measure, by commas; all if none.")] = "",
    quick: Annotated[bool, typer.Option(help="One short round, to see whether it runs.")] = False,
    database: Annotated[
        str, typer.Option(help="Arena's database: sqlite or postgresql.")
    ] = "sqlite",
    trace: Annotated[Path | None, typer.Option(help="An editing trace for joins and open.")] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Where to write all runs.")
    ] = None,
) -> None:
    """Measure Arena beside other servers, interleaved, each time on a fresh server."""
    wanted = _known(scenarios or list(SCENARIOS), SCENARIOS, "scenario")
    chosen = _known([each for each in servers.split(",") if each] or list(ALL), NAMES, "server")
    try:
        machine.raise_file_limit(machine.FILES_MIN)
        cpus = machine.processors()
        generator = Generator.found(cpus.generator)
    except machine.Unsuitable as error:
        _fail(str(error))
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="arena-load-") as name:
        folder = Path(name)
        stable = Stable(folder, cpus.server)
        bench = Bench(stable, generator, folder, quick, trace)
        for each in wanted:
            scenario = SCENARIOS[each](bench)
            only = [variant for variant in sizes.split(",") if variant]
            runs += _rounds(scenario, chosen, only, 1 if quick else rounds)
            typer.echo(f"\n{SCENARIOS[each].__doc__}")
            typer.echo(table(each, scenario.columns, runs))
    if json_file is not None:
        _write(json_file, runs)


def _rounds(scenario: Scenario, servers: list[str], only: list[str], rounds: int) -> list[Run]:
    """All rounds, the servers taking turns: A B C, A B C, …"""
    mine = [each for each in servers if each in scenario.servers]
    runs = []
    for number in range(1, rounds + 1):
        for variant in only or scenario.variants():
            for server in mine:
                run = scenario.attempt(variant, server, number)
                runs.append(run)
                remarks = "; ".join([*run.losses, *run.faults, *filter(None, [run.failed])])
                typer.echo(
                    f"{scenario.name} {variant} {server} {number}: {remarks or 'ok'}", err=True
                )
    return runs


def _write(path: Path, runs: list[Run]) -> None:
    found = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine.description(),
        "runs": as_json(runs),
    }
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _known(names: list[str], known: Collection[str], what: str) -> list[str]:
    for name in names:
        if name not in known:
            _fail(f"there is no {what} {name!r}; use {', '.join(known)}")
    return names


def _fail(text: str) -> NoReturn:
    typer.echo(f"arena bench load: {text}", err=True)
    raise typer.Exit(2)
