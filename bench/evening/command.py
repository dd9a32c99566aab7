"""An evening: forty people at eight tables, 300 who look on, bad Wi-Fi, kills and a vandal."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bench.evening.hall import opened, running
from bench.evening.judge import judge, typed_by
from bench.evening.play import Evening, play
from bench.evening.script import FULL, SHORT, Script
from bench.load.machine import Unsuitable, raise_file_limit
from bench.pages.measuring import percentile

app = typer.Typer(add_completion=False, help=__doc__)

KEYSTROKE_P95_MS = 150
COMMENT_P95_MS = 500
BUSY_MAX = 0.9
LATE_MAX_MS = 50


@app.command()
def evening(
    short: Annotated[bool, typer.Option(help="Under a minute: fewer look on, all else.")] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=4, help="1 is SQLite; more are PostgreSQL and Valkey.")
    ] = 1,
    seed: Annotated[int | None, typer.Option(min=0, help="Repeats an evening.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures there.")] = None,
) -> None:
    """Let an evening happen and look for every word on every device and in the log.

    Ends with 1 if a word was lost or doubled, or a promise broken. Latencies are figures of this
    machine; they count only if the generator was not the limit.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seed = random.randrange(2**32) if seed is None else seed
    script = SHORT if short else FULL
    try:
        raise_file_limit(4 * script.observers + 512)
    except Unsuitable as reason:
        typer.echo(f"arena bench evening: {reason}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"seed {seed}")
    figures, faults = asyncio.run(run(script, workers, seed))
    typer.echo(json.dumps(figures, indent=2, ensure_ascii=False))
    for fault in faults:
        typer.echo(f"FAULT {fault}")
    if to is not None:
        to.write_text(json.dumps({**figures, "faults": faults}, indent=2) + "\n", encoding="utf-8")
    raise typer.Exit(1 if faults else 0)


async def run(script: Script, workers: int, seed: int) -> tuple[dict[str, Any], list[str]]:
    """One evening: its figures, and everything that was not as promised."""
    with running(workers) as (server, url):
        hall = await opened(server, url, script, workers)
        played = await play(hall, script, seed, typer.echo)
        try:
            faults = [*played.faults, *await judge(played, url)]
        finally:
            for device in played.devices:
                await device.leave()
        if faults:
            typer.echo(server.tail())
    return figures_of(played, script, workers, seed), faults


def figures_of(played: Evening, script: Script, workers: int, seed: int) -> dict[str, Any]:
    """What was measured, in the units of the names."""
    keystrokes = tuple(played.watch.latencies_s)
    comments = tuple(played.comment_latencies_s)
    late_ms = percentile(tuple(played.lags_s), 0.95) * 1000
    is_limit = played.generator_busy > BUSY_MAX or late_ms > LATE_MAX_MS
    return {
        "seed": seed,
        "workers": workers,
        "minutes": script.minutes,
        "writers": script.writers,
        "observers": script.observers,
        "words": typed_by(played.devices),
        "first_word_s_max": round(max(played.entries_s), 2),
        "keystroke_at_another_table_ms": _spread(keystrokes, KEYSTROKE_P95_MS),
        "comment_at_observers_ms": _spread(comments, COMMENT_P95_MS),
        "vandal_out_s": round(played.vandal_out_s or 0, 3),
        "back_after_kill_s": [round(each, 1) for each in played.strikes_s],
        "acts_of_leaders": played.acts,
        "generator_busy": round(played.generator_busy, 2),
        "generator_late_ms_p95": round(late_ms, 1),
        "counts": "no: the generator was the limit" if is_limit else "yes",
    }


def _spread(latencies_s: tuple[float, ...], bound_ms: int) -> dict[str, Any]:
    if not latencies_s:
        return {"n": 0}
    found = {f"p{share}": round(percentile(latencies_s, share / 100) * 1000) for share in (50, 95)}
    return {"n": len(latencies_s), **found, "p95_must": bound_ms}
