"""Scale: 1, 2 and 3 nodes measured, a model of costs fitted, and carried to a whole city."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench.load import machine
from bench.load.databases import PostgresDatabases
from bench.load.generating import Generator
from bench.load.machine import Unsuitable, processors
from bench.scale import report
from bench.scale.fitting import fitted
from bench.scale.measuring import Cost, Load, measure
from bench.scale.model import SIZES, Dealing
from bench.scale.simulation import simulate

MEASURED = Path(__file__).with_name("measured.json")
QUICK: tuple[Load, ...] = (Load(1, 3, 2, 2.0), Load(2, 3, 2, 2.0))

app = typer.Typer(add_completion=False, no_args_is_help=True)


def loads(counts: Sequence[int]) -> list[Load]:
    """What is measured: small rooms and a crowd, together and apart, slow and fast."""
    found: list[Load] = []
    for nodes in counts:
        found += [
            Load(nodes, 60, 3, 1.0),
            Load(nodes, 60, 3, 3.0),
            Load(nodes, 10, 12, 1.5),
            Load(nodes, 1, 30, 2.0),
        ]
        if nodes > 1:
            found += [Load(nodes, 60, 3, 1.0, apart=True), Load(nodes, 60, 3, 3.0, apart=True)]
    return found


@app.command("measure")
def measure_all(
    nodes: Annotated[str, typer.Option(help="How many, by commas.")] = "1,2,3",
    window: Annotated[float, typer.Option(min=1, max=120, help="Seconds of each load.")] = 8.0,
    quick: Annotated[bool, typer.Option(help="A few seconds, to see whether it runs.")] = False,
    file: Annotated[Path | None, typer.Option("--json", help="Where to write it.")] = None,
) -> None:
    """Measure loads on one, two and three nodes of this machine."""
    wanted = QUICK if quick else loads([int(each) for each in nodes.split(",")])
    try:
        machine.raise_file_limit(machine.FILES_MIN)
        costs = _measured(wanted, 1.0 if quick else window)
    except Unsuitable as reason:
        typer.echo(f"arena bench scale: {reason}", err=True)
        raise typer.Exit(2) from None
    typer.echo(report.measured(costs))
    if file is not None:
        found = {"machine": machine.description(), "costs": [each.as_json() for each in costs]}
        file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@app.command()
def model(
    file: Annotated[Path, typer.Option("--json", help="What `measure` has written.")] = MEASURED,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 1,
) -> None:
    """Fit the model to what was measured, and carry it to 100,000 people and 10,000 rooms."""
    found = json.loads(file.read_text(encoding="utf-8"))
    costs = fitted([Cost.from_json(each) for each in found["costs"]])
    typer.echo(report.fit(costs))
    typer.echo(report.carried(costs, SIZES))
    typer.echo(f"Simulated with seed {seed}:")
    cities = [simulate(costs, size, seed, dealing) for size in SIZES for dealing in Dealing]
    typer.echo(report.simulated(cities))


def _measured(wanted: Sequence[Load], window_s: float) -> list[Cost]:
    """Each load on fresh nodes; a remark says where a figure is of no use."""
    costs: list[Cost] = []
    with tempfile.TemporaryDirectory(prefix="arena-scale-", ignore_cleanup_errors=True) as name:
        cpus = processors()
        generator = Generator.found(cpus.generator)
        databases = PostgresDatabases(cpus.server)
        try:
            for number, load in enumerate(wanted):
                folder = Path(name) / str(number)
                cost = measure(databases, generator, folder, load, window_s=window_s)
                typer.echo(f"{load}: {'; '.join(cost.remarks) or 'ok'}", err=True)
                costs.append(cost)
        finally:
            databases.close()
    return costs
