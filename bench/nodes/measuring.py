"""Starts nodes, lets them type at the same time, and puts together what they found."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.nodes.node import Task

START_S = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """What several nodes did together."""

    nodes: int
    edits_per_s: float
    acknowledged: Sequence[float]
    elsewhere: Sequence[float]
    sent: int
    ended: Sequence[str]
    cpu_ms_per_edit: float
    counts: dict[str, int]

    @property
    def is_whole(self) -> bool:
        """Everything was acknowledged, and nobody was sent away."""
        return not self.ended and len(self.acknowledged) == self.sent > 0


def measure(tasks: Sequence[Task]) -> Figures:
    """Let one node for each task type, all at once."""
    nodes = [_node() for _ in tasks]
    try:
        for node, task in zip(nodes, tasks, strict=True):
            _say(node, json.dumps(asdict(task)))
        for node in nodes:
            _hear(node, "ready")
        for node in nodes:
            _say(node, "go")
        printed = [node.communicate(timeout=START_S + tasks[0].seconds)[0] for node in nodes]
    finally:
        for node in nodes:
            node.kill()
            node.wait()
    return _together([json.loads(each.splitlines()[-1]) for each in printed], tasks[0].seconds)


def _node() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.nodes.node"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _say(node: subprocess.Popen[str], line: str) -> None:
    assert node.stdin is not None
    node.stdin.write(line + "\n")
    node.stdin.flush()


def _hear(node: subprocess.Popen[str], word: str) -> None:
    assert node.stdout is not None
    for line in node.stdout:
        if line.strip() == word:
            return
    raise RuntimeError(f"a node ended before it was {word}")


def _together(found: Sequence[dict[str, Any]], seconds: float) -> Figures:
    acknowledged = sorted(each for one in found for each in one["acknowledged"])
    elsewhere = sorted(each for one in found for each in one["elsewhere"])
    names = {name for one in found for name in one["counts"]}
    return Figures(
        nodes=len(found),
        edits_per_s=len(acknowledged) / seconds,
        acknowledged=acknowledged,
        elsewhere=elsewhere,
        sent=sum(one["sent"] for one in found),
        ended=[reason for one in found for reason in one["ended"]],
        cpu_ms_per_edit=1_000 * sum(one["cpu_s"] for one in found) / max(1, len(acknowledged)),
        counts={name: sum(one["counts"][name] for one in found) for name in sorted(names)},
    )


def quantile_ms(seconds: Sequence[float], share: float) -> str:
    """A quantile in milliseconds; ``–`` of nothing."""
    if len(seconds) < 2:
        return "–"
    cut = statistics.quantiles(seconds, n=100, method="inclusive")[round(share * 100) - 1]
    return f"{1_000 * cut:.1f}"
