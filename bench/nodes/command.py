"""Nodes: one document, typed in at 1, 2 and 3 nodes at once, with and without a relay."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bench.load.databases import Databases, databases
from bench.load.machine import Unsuitable, processors
from bench.nodes.measuring import Figures, measure, quantile_ms
from bench.nodes.node import Task
from storage import people
from storage.database import Database
from tests.servers.valkey import valkey

PEOPLE_MAX = 200
NODES_MAX = 8

app = typer.Typer(add_completion=False)


@app.command()
def nodes(
    counts: Annotated[str, typer.Option("--nodes", help="How many, by commas.")] = "1,2,3",
    each: Annotated[int, typer.Option(min=1, max=PEOPLE_MAX, help="People at each node.")] = 10,
    rate: Annotated[
        float, typer.Option(min=0.0, max=50.0, help="Letters each in a second; 0: without pause.")
    ] = 5.0,
    seconds: Annotated[float, typer.Option(min=0.5, max=600.0, help="How long.")] = 10.0,
    relay: Annotated[bool, typer.Option(help="Whether nodes tell each other.")] = True,
) -> None:
    """Measure how fast what is typed is durable, and how fast it is at the other nodes."""
    wanted = [_count(word) for word in counts.split(",")]
    is_whole = True
    try:
        with _stage(relay=relay) as (filled, redis):
            for count in wanted:
                found = run(filled, redis, count, each, rate, seconds)
                is_whole &= found.is_whole
                typer.echo(row(found))
    except Unsuitable as reason:
        typer.echo(f"arena bench nodes: {reason}", err=True)
        raise typer.Exit(2) from None
    if not is_whole:
        raise typer.Exit(1)


def run(
    filled: Databases, redis: str | None, count: int, each: int, rate: float, seconds: float
) -> Figures:
    """One measurement on a fresh database."""
    population, url = filled.filled(count * each, 1, None)
    persons = asyncio.run(persons_of(url, count * each))
    parts = [persons[at * each : (at + 1) * each] for at in range(count)]
    address = population.addresses[0]
    return measure([Task(url, redis, address, part, rate, 1.0, seconds) for part in parts])


def row(found: Figures) -> str:
    """The figures as a line for people."""
    lost = "" if found.is_whole else f" LOST: {found.sent} sent, sent away: {set(found.ended)}"
    told = " ".join(f"{name} {value}" for name, value in found.counts.items() if value)
    return "; ".join(
        (
            f"{found.nodes} nodes: {found.edits_per_s:.0f} edits/s",
            f"acknowledged {_quantiles(found.acknowledged)}",
            f"elsewhere {_quantiles(found.elsewhere)}",
            f"CPU {found.cpu_ms_per_edit:.2f} ms/edit",
            f"{told}{lost}",
        )
    )


def _quantiles(seconds: Sequence[float]) -> str:
    return f"p50 {quantile_ms(seconds, 0.5)}, p99 {quantile_ms(seconds, 0.99)} ms"


@contextmanager
def _stage(*, relay: bool) -> Iterator[tuple[Databases, str | None]]:
    """A durable PostgreSQL, and Valkey where it is wanted."""
    redis = valkey() if relay else None
    with tempfile.TemporaryDirectory(prefix="arena-nodes-") as name:
        filled = databases("postgresql", Path(name), processors().server)
        try:
            if redis is not None:
                redis.start()
            yield filled, None if redis is None else redis.url
        finally:
            if redis is not None:
                redis.stop()
            filled.close()


async def persons_of(url: str, count: int) -> list[str]:
    """The ids of the people who live in a filled database."""
    database = await Database.open(url)
    try:
        async with database.read() as tx:
            found = [await people.by_handle(tx, f"person-{number}") for number in range(count)]
    finally:
        await database.close()
    return [str(each.id) for each in found if each is not None]


def _count(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= NODES_MAX:
        typer.echo(f"arena bench nodes: {word!r}: 1 to {NODES_MAX} nodes", err=True)
        raise typer.Exit(2)
    return int(word)
