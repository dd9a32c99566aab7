"""Several nodes: kills, pauses and cuts of proxy, nodes, PostgreSQL and Redis, by seed."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bench.cluster.campaign import Tally, campaign, running
from tests.topology.topology import NODES_MAX

app = typer.Typer(add_completion=False, help=__doc__)

HOURS_MAX = 24


@app.command()
def cluster(
    minutes: Annotated[
        float, typer.Option(min=0, max=HOURS_MAX * 60, help="How long; one round at least.")
    ] = 10,
    seed: Annotated[int | None, typer.Option(min=0, help="Repeats a story.")] = None,
    nodes: Annotated[int, typer.Option(min=2, max=NODES_MAX, help="Application processes.")] = 2,
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures there.")] = None,
) -> None:
    """Hurt a real topology while people type, decide and comment, and look for broken promises.

    The same seed gives the same faults in the same order for the same time, and lets people type
    and act by the same dice; what meets what is up to the machine.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seed = random.randrange(2**32) if seed is None else seed
    typer.echo(f"seed {seed}")
    tally = asyncio.run(_run(seed, minutes, nodes))
    figures = json.dumps(tally.to_json(), indent=2, ensure_ascii=False)
    typer.echo(figures)
    if to is not None:
        to.write_text(figures + "\n", encoding="utf-8")
    raise typer.Exit(1 if tally.faults else 0)


async def _run(seed: int, minutes: float, nodes: int) -> Tally:
    async with running(nodes) as topology:
        try:
            return await campaign(topology, seed, minutes, typer.echo)
        except BaseException:
            typer.echo(topology.tails())
            raise
