"""Many seeds in several processes: what they found, and how much happened in them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field

from bench.chaos import yjs
from bench.chaos.recipe import Recipe
from bench.chaos.simulation import Verdict, run

BATCH = 50
"""Seeds that are given to a process, and to Node, at once."""


@dataclass
class Tally:
    """What a number of seeds came to."""

    seeds: int = 0
    events: int = 0
    edits: int = 0
    rows: int = 0
    documents: int = 0
    """Documents compared everywhere, with yjs too if it was asked for."""
    failed: dict[int, list[str]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        self.seeds += other.seeds
        self.events += other.events
        self.edits += other.edits
        self.rows += other.rows
        self.documents += other.documents
        self.failed |= other.failed


def batch(seeds: Iterable[int], *, with_yjs: bool) -> Tally:
    """Run some seeds and, if wanted, let yjs read the logs of all of them."""
    return tally([run(Recipe.of(seed)) for seed in seeds], with_yjs=with_yjs)


def tally(verdicts: list[Verdict], *, with_yjs: bool) -> Tally:
    """Add up verdicts; what yjs reads otherwise is a failure of its seed."""
    found = Tally()
    for verdict in verdicts:
        found.seeds += 1
        found.events += verdict.events
        found.edits += verdict.edits
        found.rows += verdict.rows
        found.documents += len(verdict.evidence)
        if verdict.found:
            found.failed[verdict.seed] = verdict.found
    if with_yjs:
        seeds = [verdict.seed for verdict in verdicts for _ in verdict.evidence]
        evidence = [each for verdict in verdicts for each in verdict.evidence]
        for at, difference in yjs.differences(evidence):
            found.failed.setdefault(seeds[at], []).append(f"yjs reads otherwise: {difference}")
    return found


def campaign(first: int, count: int, *, jobs: int, with_yjs: bool) -> Iterator[Tally]:
    """Tallies of batches, as they are done."""
    batches = [
        (range(at, min(at + BATCH, first + count)), with_yjs)
        for at in range(first, first + count, BATCH)
    ]
    if jobs == 1:
        yield from map(_batch, batches)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for done in as_completed([pool.submit(_batch, each) for each in batches]):
            yield done.result()


def _batch(given: tuple[range, bool]) -> Tally:
    seeds, with_yjs = given
    return batch(seeds, with_yjs=with_yjs)
