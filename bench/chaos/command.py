"""Simulates people, networks, crashes and failing storage by seed, and proves that all converge."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer
from rich.progress import Progress

from bench.chaos.campaign import Tally, campaign, tally
from bench.chaos.recipe import Recipe
from bench.chaos.shrinking import shrunk
from bench.chaos.simulation import Verdict, run
from tests.harness.node import node, packages

app = typer.Typer(add_completion=False)

SEEDS_MAX = 10_000_000
JOBS_MAX = 64


@app.command()
def chaos(
    seeds: Annotated[
        int, typer.Option(min=1, max=SEEDS_MAX, help="How many seeds to run.")
    ] = 1_000,
    first: Annotated[int, typer.Option("--from", min=0, help="The first seed.")] = 0,
    jobs: Annotated[
        int, typer.Option(min=1, max=JOBS_MAX, help="In so many processes at once.")
    ] = 2,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Run this seed alone and print its history.")
    ] = None,
    recipe: Annotated[
        str, typer.Option(help="Run this recipe (JSON) alone and print its history.")
    ] = "",
    yjs: Annotated[bool, typer.Option(help="Let yjs in Node replay every log too.")] = True,
    verbose: Annotated[bool, typer.Option(help="Print each failing seed's history.")] = False,
) -> None:
    """Simulate people, networks, crashes and failing storage by seed: all must converge.

    The same seed repeats exactly. A failing seed is printed with the command that repeats it and
    with a smaller recipe that fails too.
    """
    if yjs:
        _look_for_yjs()
    if seed is not None or recipe:
        chosen = _recipe(recipe) if recipe else Recipe.of(seed or 0)
        sys.exit(_one(chosen, with_yjs=yjs))
    total, began = Tally(), time.monotonic()
    with Progress() as progress:
        task = progress.add_task("seeds", total=seeds)
        for part in campaign(first, seeds, jobs=jobs, with_yjs=yjs):
            total.add(part)
            progress.advance(task, part.seeds)
    seconds = time.monotonic() - began
    print(
        f"{total.seeds} seeds in {seconds:.1f} s: {total.edits} pieces typed, {total.rows} rows "
        f"committed, {total.events} events, {total.documents} documents compared"
        f"{', also with yjs' if yjs else ''}; {len(total.failed)} seeds failed"
    )
    for failed, found in sorted(total.failed.items()):
        _tell(failed, found, verbose=verbose)
    sys.exit(1 if total.failed else 0)


def _look_for_yjs() -> None:
    try:
        node()
        packages()
    except FileNotFoundError as error:
        raise typer.BadParameter(f"{error}; or give --no-yjs", param_hint="--yjs") from error


def _recipe(text: str) -> Recipe:
    try:
        return Recipe.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--recipe") from error


def _one(recipe: Recipe, *, with_yjs: bool) -> int:
    """Run one recipe aloud."""
    verdict = run(recipe, keeps_lines=True)
    print("\n".join(verdict.lines or ()))
    print(recipe.text())
    failed = tally([verdict], with_yjs=with_yjs).failed
    print(f"history {verdict.digest}: {_summary(verdict)}")
    for found in failed.values():
        print(*found, sep="\n")
    return 1 if failed else 0


def _summary(verdict: Verdict) -> str:
    return f"{verdict.edits} pieces typed, {verdict.rows} rows, {verdict.events} events"


def _tell(seed: int, found: list[str], *, verbose: bool) -> None:
    """How a seed failed, and how to see it again."""
    print(f"seed {seed}: {found[0][:500]}")
    print(f"  arena bench chaos --seed {seed}")
    recipe = Recipe.of(seed)
    if run(recipe).found:
        smaller = shrunk(recipe)
        print(f"  arena bench chaos --recipe '{smaller.text()}'")
        recipe = smaller
    if verbose:
        print("\n".join(run(recipe, keeps_lines=True).lines or ()))
