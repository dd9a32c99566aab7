"""Round after round of faults on one topology, and what was found; the last word has the log."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.cluster.scene import HANDLES, Scene, Suffered, staged
from bench.cluster.story import rounds
from tests.harness.process import ArenaProcess
from tests.topology.topology import Topology

CHECKS = (("documents", "verify"), ("audit", "verify"))
"""Commands that read everything once more, without any node."""


@dataclass(slots=True)
class Tally:
    """What was done and what became of it."""

    seed: int
    nodes: int
    seconds: float = 0.0
    blows: list[Suffered] = field(default_factory=list)
    keystrokes: int = 0
    acknowledged: int = 0
    returns: int = 0
    decisions: int = 0
    unanswered: int = 0
    """Requests of moderators that had to be asked again."""
    comments: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, scene: Scene) -> None:
        """Count what happened in one round."""
        for text in scene.texts:
            self.keystrokes += text.typed
            self.acknowledged += text.acknowledged
            self.returns += sum(author.returns for author in text.authors)
        self.decisions += len(scene.deciders.bouts)
        self.unanswered += scene.deciders.deaths
        self.comments += len(scene.visitors.written)
        self.statuses += scene.visitors.statuses

    def to_json(self) -> dict[str, Any]:
        """The figures, by kind of fault: how often, and the longest times to heal and converge."""
        kinds: dict[str, dict[str, Any]] = {}
        for each in self.blows:
            found = kinds.setdefault(each.blow.fault, {"times": 0})
            found["times"] += 1
            for name in ("healed_s", "converged_s", "shown_s"):
                found[name] = round(max(found.get(name, 0), getattr(each, name)), 2)
        return {
            "seed": self.seed,
            "nodes": self.nodes,
            "seconds": round(self.seconds),
            "blows": len(self.blows),
            "kinds": kinds,
            "keystrokes": self.keystrokes,
            "acknowledged": self.acknowledged,
            "returns": self.returns,
            "decisions": self.decisions,
            "requests_asked_again": self.unanswered,
            "comments": self.comments,
            "statuses": dict(sorted(self.statuses.items())),
            "faults": self.faults,
        }


async def campaign(
    topology: Topology, seed: int, minutes: float, tell: Callable[[str], None]
) -> Tally:
    """Strike until the time is over, and at least once with every kind of fault."""
    tally, began = Tally(seed, len(topology.nodes)), time.monotonic()
    for number, blows in enumerate(rounds(seed)):
        async with staged(topology, seed, number) as scene:
            for blow in blows:
                if number and time.monotonic() - began > minutes * 60:
                    break
                suffered = await scene.suffer(blow)
                tally.blows.append(suffered)
                tally.faults += [f"{blow}: {wrong}" for wrong in suffered.faults]
                tell(told(suffered))
            tally.faults += await scene.judge()
            tally.add(scene)
        if time.monotonic() - began > minutes * 60:
            break
    tally.faults += await asyncio.to_thread(lambda: list(verified(topology)))
    tally.seconds = time.monotonic() - began
    return tally


def told(suffered: Suffered) -> str:
    """One line of the story."""
    times = (
        f"healed in {suffered.healed_s:.1f} s, the same after {suffered.converged_s:.2f} s, "
        f"presence true after {suffered.shown_s:.2f} s"
    )
    return "\n  FAULT ".join([f"{suffered.blow}: {times}", *suffered.faults])


def verified(topology: Topology) -> Iterator[str]:
    """What the commands that verify find wrong."""
    commands = ArenaProcess(topology.postgres.url, topology.folder)
    for command in CHECKS:
        try:
            commands.run(*command)
        except AssertionError as error:
            yield str(error)


@asynccontextmanager
async def running(nodes: int) -> AsyncIterator[Topology]:
    """A topology of its own, with the people of a scene."""
    topology = Topology(nodes=nodes)
    await asyncio.to_thread(topology.start, HANDLES)
    try:
        yield topology
    finally:
        await asyncio.to_thread(topology.stop)
