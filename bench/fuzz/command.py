"""Fuzzes codec, guard, presence and both protocols; sends honest traffic that must all be taken."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bench.fuzz import campaign
from bench.fuzz.honest import campaign as honest
from bench.fuzz.honest.traces import FOLDER
from bench.fuzz.targets.all import TARGETS

HONEST = "honest"
CASES_MAX = 1 << 40

app = typer.Typer(add_completion=False)


@app.command()
def fuzz(
    targets: Annotated[
        list[str] | None,
        typer.Argument(help=f"{', '.join(TARGETS)} or {HONEST}; without a name all but {HONEST}"),
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.01, help="for all targets together")] = 1.0,
    cases: Annotated[int, typer.Option(min=1, help="of each, if time allows")] = CASES_MAX,
    updates: Annotated[int, typer.Option(min=1, help=f"of {HONEST}")] = 100_000,
    seed: Annotated[int | None, typer.Option(help="the same seed makes the same cases")] = None,
    traces: Annotated[Path, typer.Option(help=f"recorded keystrokes, for {HONEST}")] = FOLDER,
    replay: Annotated[Path | None, typer.Option(help="feed the one case of this file")] = None,
    out: Annotated[Path | None, typer.Option(help="where failing cases are written")] = None,
) -> None:
    """Throw made-up and damaged input at what reads the bytes of clients; exits 1 if it fails."""
    if replay is not None:
        end = campaign.ended(replay)
        print(f"{replay}: {end or 'nothing fails'}")
        raise typer.Exit(int(bool(end)))
    names = targets or list(TARGETS)
    unknown = [name for name in names if name not in TARGETS and name != HONEST]
    if unknown:
        raise typer.BadParameter(f"no such target: {', '.join(unknown)}")
    if os.name != "posix":
        print("without POSIX the memory of what is fuzzed is not bounded", file=sys.stderr)
    seed = random.SystemRandom().randrange(1 << 31) if seed is None else seed
    print(f"seed {seed}")
    folder = out or Path(tempfile.gettempdir()) / "arena-fuzz"
    hostile = [name for name in names if name != HONEST]
    good = [_hostile(name, seed, cases, 60 * minutes / len(hostile), folder) for name in hostile]
    if HONEST in names:
        good.append(_honest(updates, seed, traces))
    raise typer.Exit(int(not all(good)))


def _hostile(name: str, seed: int, cases: int, seconds: float, folder: Path) -> bool:
    report = campaign.run(name, seed=seed, cases=cases, seconds=seconds, folder=folder)
    print("\n".join(report.lines()), flush=True)
    return not report.failures


def _honest(updates: int, seed: int, traces: Path) -> bool:
    is_good, lines = honest.run(updates=updates, seed=seed, folder=traces)
    print("\n".join(lines), flush=True)
    return is_good
