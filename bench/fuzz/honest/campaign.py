"""Sends honest traffic of every source through the guard and says how much of it was refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.fuzz.honest import editors, people, traces
from bench.fuzz.honest.court import Tally

YJS_SHARE = 0.5
"""Of the generated updates; the rest is written on yrs."""

CHUNK = 50_000
"""Updates under one number of chance, which is told with each finding."""


def run(*, updates: int, seed: int, folder: Path = traces.FOLDER) -> tuple[bool, Iterator[str]]:
    """Let so many updates be written on yjs and yrs together, and type the traces once.

    Returns whether all was taken and read alike, and what to print.
    """
    yjs = round(updates * YJS_SHARE)
    results = [
        _source("yjs", editors.missing(), partial(_in_chunks, editors.write, yjs, seed)),
        _source("yrs", None, partial(_in_chunks, people.write, updates - yjs, seed)),
        _source(
            "traces",
            traces.missing(folder),
            partial(traces.write, updates=updates, chance=seed, folder=folder),
        ),
    ]
    is_good = all(good for good, _ in results)
    return is_good, (line for _, lines in results for line in lines)


def _in_chunks(write: Callable[..., None], updates: int, seed: int, tally: Tally) -> None:
    for number, start in enumerate(range(0, updates, CHUNK)):
        write(tally, updates=min(CHUNK, updates - start), chance=seed + number)


def _source(
    name: str, missing: str | None, write: Callable[[Tally], None]
) -> tuple[bool, list[str]]:
    if missing:
        return True, [f"{name}: left out: {missing}"]
    tally, started = Tally(), time.monotonic()
    write(tally)
    seconds = time.monotonic() - started
    lines = [
        f"{name}: {tally.updates:,} updates in {tally.texts} texts, {seconds:.0f} s: "
        f"{len(tally.refusals)} refused, {len(tally.differences)} differences; "
        f"{tally.doubtful_texts} texts in doubt, {tally.divided_texts} of them shown differently "
        "by their own editors"
    ]
    lines += [f"  REFUSED {each}" for each in tally.refusals[:10]]
    lines += [f"  DIFFERENT {each}" for each in tally.differences[:10]]
    return not tally.refusals and not tally.differences, lines
