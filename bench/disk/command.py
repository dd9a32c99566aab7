"""Power cuts, kills and failing disks while people type: is anything lost that was promised?"""

from __future__ import annotations

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bench.disk import nemesis, vfs
from bench.disk.faults import DicedDisk, Fault
from bench.disk.journal import Journal
from bench.disk.launcher import Step
from bench.disk.power import Verdict, cut
from bench.disk.recording import Plan, record
from bench.disk.stage import Stage, staged
from tests.servers.postgresql import Postgres, postgres

MOMENTS = 400
ODDS = 6
LOSSES_SHOWN = 20

app = typer.Typer(add_completion=False, help=__doc__)


class Nemesis(StrEnum):
    """What happens while people type."""

    POWER = "power"
    KILL = "kill"
    FAULTS = "faults"


class Engine(StrEnum):
    """The database under the server."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@app.command()
def disk(
    what: Annotated[
        Nemesis,
        typer.Argument(
            help="power: crash images of a recorded run. kill: SIGKILL of the server at each step "
            "and at random. faults: a full, failing or read-only disk; PostgreSQL is killed."
        ),
    ] = Nemesis.POWER,
    rounds: Annotated[int, typer.Option(min=1, help="How often.")] = 5,
    seed: Annotated[int | None, typer.Option(help="Repeats the dice of a run.")] = None,
    database: Annotated[Engine, typer.Option(help="The database.")] = Engine.SQLITE,
) -> None:
    """Let people type while things fail, and look for what was promised and is gone."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seed = random.randrange(2**32) if seed is None else seed
    typer.echo(f"seed {seed}")
    if database is Engine.SQLITE and (missing := vfs.why_not()) is not None:
        raise typer.BadParameter(f"not possible here: {missing}")
    if what is Nemesis.POWER:
        if database is Engine.POSTGRESQL:
            raise typer.BadParameter("power cuts are for SQLite: only its disk can be watched")
        raise typer.Exit(_power(rounds, seed))
    raise typer.Exit(asyncio.run(_come_upon(what, rounds, seed, database)))


def _power(rounds: int, seed: int) -> int:
    """Record runs and cut the power in each; every second run is on a disk that also fails."""
    whole = Verdict()
    for number in range(rounds):
        dice = random.Random(f"{seed}/{number}")
        journal = DicedDisk(dice, ODDS) if number % 2 else Journal()
        with tempfile.TemporaryDirectory(prefix="arena-disk-") as folder:
            recording = asyncio.run(record(Plan(seed + number), Path(folder), journal=journal))
        verdict = asyncio.run(cut(recording, moments=MOMENTS, seed=seed + number))
        failures = (
            f", {journal.failed_writes} writes and {journal.failed_syncs} syncs failed"
            if isinstance(journal, DicedDisk)
            else ""
        )
        typer.echo(
            f"round {number + 1}: {len(recording.entries)} entries{failures}; "
            f"{verdict.moments} moments, {verdict.images} images, {len(verdict.losses)} losses"
        )
        whole.add(verdict)
    for survival, count in whole.survivals.items():
        typer.echo(f"  {count:6} images with {survival.value}")
    typer.echo(f"{whole.images} images, {whole.promises_due} promises due in them")
    return _conclude([str(loss) for loss in whole.losses])


async def _come_upon(what: Nemesis, rounds: int, seed: int, engine: Engine) -> int:
    """Let the nemesis come upon people who type, round after round."""
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    found: list[str] = []
    async with _stage(engine) as (stage, database):
        for number in range(rounds):
            began = time.monotonic()
            for name, blow in _blows(what, stage, database):
                wrong = await blow(rng)
                counts[name] += 1
                found += [f"{name}: {each}" for each in wrong]
            typer.echo(
                f"round {number + 1}: {time.monotonic() - began:.1f} s, "
                f"{sum(len(author.typed) for author in stage.authors)} words typed so far, "
                f"{len(found)} losses"
            )
        found += await stage.compare_replay()
    for name, count in counts.items():
        typer.echo(f"  {count:6} times {name}")
    typer.echo(f"{sum(author.returns for author in stage.authors)} returns of clients")
    return _conclude(found)


def _blows(
    what: Nemesis, stage: Stage, database: Postgres | None
) -> list[tuple[str, nemesis.Blow]]:
    """What happens in one round, with its name."""
    if what is Nemesis.KILL:
        steps = [(step.value, nemesis.kill_at(stage, step)) for step in Step]
        return [("at random", nemesis.kill_somewhere(stage)), *steps]
    if database is not None:
        return [("PostgreSQL killed", nemesis.kill_database(stage, database))]
    faults = [fault for fault in Fault if fault is not Fault.NONE]
    return [
        *((fault.value, nemesis.break_disk(stage, fault)) for fault in faults),
        *((f"{fault.value}, then a kill", nemesis.break_disk(stage, fault, is_fatal=True))
          for fault in faults),
    ]  # fmt: skip


@asynccontextmanager
async def _stage(engine: Engine) -> AsyncIterator[tuple[Stage, Postgres | None]]:
    """A stage on a fresh database, and the server of that database if it has one."""
    with tempfile.TemporaryDirectory(prefix="arena-disk-") as name:
        folder = Path(name)
        if engine is Engine.SQLITE:
            async with staged(f"sqlite:///{folder / 'arena.db'}", folder) as stage:
                yield stage, None
            return
        database = postgres(durable=True)
        database.start()
        try:
            async with staged(database.url, folder) as stage:
                yield stage, database
        finally:
            database.stop()


def _conclude(losses: list[str]) -> int:
    for loss in losses[:LOSSES_SHOWN]:
        typer.echo(f"  {loss}")
    typer.echo(f"{len(losses)} losses")
    return 1 if losses else 0
