"""Crowds, rooms, joins, idling, opening, kills and slow readers, beside other servers."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bench.load import machine
from bench.load.databases import databases
from bench.load.generating import Generator
from bench.load.report import Run, as_json, table
from bench.load.scenarios.crowd import PEOPLE_MAX, Crowd, LargestCrowd
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
    sizes: Annotated[str, typer.Option(help="Of crowds, by commas; the usual if none.")] = "",
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
    crowds = [_size(each) for each in sizes.split(",") if each]
    runs: list[Run] = []
    try:
        machine.raise_file_limit(machine.FILES_MIN)
        with _bench(database, quick=quick, trace=trace) as bench:
            for each in wanted:
                scenario = SCENARIOS[each](bench)
                variants = crowds if crowds and each == Crowd.name else scenario.variants()
                runs += _rounds(scenario, chosen, variants, 1 if quick else rounds)
                typer.echo(f"\n{SCENARIOS[each].__doc__}")
                typer.echo(table(each, scenario.columns, runs))
                if json_file is not None:
                    _write(json_file, runs)
    except machine.Unsuitable as error:
        _fail(str(error))


@contextlib.contextmanager
def _bench(database: str, *, quick: bool, trace: Path | None) -> Iterator[Bench]:
    """What scenarios work with, until the block ends."""
    cpus = machine.processors()
    with tempfile.TemporaryDirectory(prefix="arena-load-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        filled = databases(database, folder / "databases", cpus.server)
        try:
            stable = Stable(folder, cpus.server, filled)
            yield Bench(stable, Generator.found(cpus.generator), folder, quick, trace)
        finally:
            filled.close()


def _rounds(
    scenario: Scenario, servers: list[str], variants: Sequence[str], rounds: int
) -> list[Run]:
    """All rounds, the servers taking turns: A B C, A B C, …"""
    mine = [each for each in servers if each in scenario.servers]
    runs: list[Run] = []
    for number in range(1, rounds + 1):
        for variant in variants:
            for server in mine:
                run = scenario.attempt(Run(scenario.name, variant, server, number), runs)
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


def _size(text: str) -> str:
    """The size of a crowd, as it was given."""
    if not text.isdecimal() or not 2 <= int(text) <= PEOPLE_MAX:
        _fail(f"{text!r} is no size of a crowd; 2 to {PEOPLE_MAX:,} people fit in a room")
    return str(int(text))


def _fail(text: str) -> NoReturn:
    typer.echo(f"arena bench load: {text}", err=True)
    raise typer.Exit(2)
