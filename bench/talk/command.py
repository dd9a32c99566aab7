"""Talk: 300 people look at one idea on which others speak; from the POST until all have read it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.load.machine import Unsuitable, on, processors, raise_file_limit
from bench.load.population import populate
from bench.talk.measuring import Found, Pace, measure
from collab.sync.address import DocumentAddress
from storage import ideas
from storage.database import Database
from tests.harness.process import ArenaProcess

SPEAKERS = 5
QUICK = Pace(observers=60, signed_in=6, comments=4, every_s=1.5)

app = typer.Typer(add_completion=False)


@app.command()
def talk(
    observers: Annotated[int, typer.Option(min=1, max=2_000, help="How many look.")] = 300,
    signed_in: Annotated[int, typer.Option(min=0, max=2_000, help="So many of them by name.")] = 30,
    per_minute: Annotated[int, typer.Option(min=1, max=600, help="Comments a minute.")] = 20,
    minutes: Annotated[float, typer.Option(min=0.05, max=60.0, help="How long.")] = 2.0,
    quick: Annotated[bool, typer.Option(help="A few seconds, to see whether it runs.")] = False,
) -> None:
    """Measure from the POST of a comment until everybody who looks has fetched it."""
    comments = max(1, round(per_minute * minutes))
    named = min(signed_in, observers)
    pace = QUICK if quick else Pace(observers, named, comments, 60.0 / per_minute)
    try:
        raise_file_limit(4 * pace.observers + 256)
    except Unsuitable as reason:
        typer.echo(f"arena bench talk: {reason}", err=True)
        raise typer.Exit(2) from None
    with tempfile.TemporaryDirectory(prefix="arena-talk-") as name:
        found = run(Path(name), pace)
    typer.echo(report(pace, found))
    if found.fault:
        raise typer.Exit(1)


def run(folder: Path, pace: Pace) -> Found:
    """A fresh server on a processor of its own, and the run."""
    url = f"sqlite:///{folder / 'arena.db'}"
    population = asyncio.run(populate(url, persons=pace.signed_in + SPEAKERS, ideas=1))
    cpus = processors()
    server = ArenaProcess(url, folder, ARENA_DEMO="0")
    with on(cpus.server):
        server.start()
    try:
        with on(cpus.generator):
            ref = asyncio.run(_ref(url, population.addresses[0]))
            return asyncio.run(measure(server.port, server.pid, ref, population.tokens, pace))
    finally:
        server.stop()


def report(pace: Pace, found: Found) -> str:
    """The figures, or why they count for nothing."""
    rows = [
        f"{pace.observers} observers ({pace.signed_in} signed in), {pace.comments} comments, "
        f"one every {pace.every_s:g} s",
        f"seen            {len(found.latencies_s)} of {found.expected}",
        f"fetches         {found.fetches}, {found.bytes_read / 1e6:.1f} MB",
        f"server busy     {found.server_busy:.0%} of a processor",
        f"generator busy  {found.generator_busy:.0%}, late {found.generator_lag_s * 1000:.1f} ms",
    ]
    if found.latencies_s:
        p50, p95 = found.latency_ms(0.5), found.latency_ms(0.95)
        rows.insert(1, f"POST until seen p50 {p50:.0f} ms, p95 {p95:.0f} ms, with the page's wait")
    if found.fault:
        rows.append(f"INVALID: {found.fault}")
    return "\n".join(rows)


async def _ref(url: str, address: str) -> str:
    """The reference of the idea whose document this is."""
    database = await Database.open(url)
    try:
        async with database.read() as tx:
            found = await ideas.by_document(tx, DocumentAddress.parse(address).document)
    finally:
        await database.close()
    assert found is not None
    return found.ref
