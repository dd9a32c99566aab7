"""What one seed decides before anything happens: how many take part, and what may go wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any

EVENTS = {
    "edit": 60, "burst": 6, "offline": 4, "lose": 5, "reconnect": 4, "hold": 4, "slow": 4,
    "crash": 2, "restart": 2, "away": 2, "mute": 3, "moderate": 1, "rest": 1, "trim": 2,
    "rewrite": 1, "join": 2,
}  # fmt: skip
"""Events by name and how often they come, before the seed turns some off and others up."""


@dataclass
class Recipe:
    """The sizes and dangers of one run; a smaller one may show the same fault more plainly."""

    seed: int
    documents: int = 1
    processes: int = 1
    people: int = 2
    steps: int = 25
    latency_s: float = 0.002
    delay_s: float = 0.03
    failing: float = 0.0
    lost: float = 0.0
    unknown: float = 0.0
    again: float = 0.0
    snapshot_rows: int = 500
    untold: float = 1.0
    """How likely messages between processes are lost, doubled, late, garbled; 1: there are none."""
    weights: dict[str, int] = field(default_factory=EVENTS.copy)

    def smaller(self) -> Iterator[Recipe]:
        """Recipes with less in them, which may fail in the same way."""
        for steps in sorted({self.steps // 2, self.steps * 3 // 4, self.steps - 1}):
            if steps > 0:
                yield replace(self, steps=steps)
        for name, weight in self.weights.items():
            if weight and name != "edit":
                yield replace(self, weights={**self.weights, name: 0})
        dangers: tuple[dict[str, Any], ...] = (
            {"failing": 0.0}, {"lost": 0.0}, {"unknown": 0.0}, {"again": 0.0},
            {"documents": 1}, {"processes": self.processes - 1}, {"people": self.people - 1},
            {"untold": 0.0},
        )  # fmt: skip
        for change in dangers:
            if all(getattr(self, name) > max(value, 0) for name, value in change.items()):
                candidate = replace(self, **change)
                if candidate.processes and candidate.people:
                    yield candidate

    def text(self) -> str:
        """The recipe as JSON, to be repeated."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> Recipe:
        """What ``text`` gave; raises ``ValueError``."""
        try:
            return cls(**json.loads(text))
        except TypeError as error:
            raise ValueError(f"no recipe: {error}") from error

    @classmethod
    def of(cls, seed: int) -> Recipe:
        """Each seed has dangers of its own: most are absent, a few are frequent."""
        dice = Random(f"recipe {seed}")

        def maybe(value: float, *, chance: float = 0.35) -> float:
            return value if dice.random() < chance else 0.0

        weights = {name: weight * dice.choice((0, 1, 1, 3)) for name, weight in EVENTS.items()}
        weights["edit"] = EVENTS["edit"]
        return cls(
            seed,
            documents=dice.choice((1, 1, 1, 2)),
            processes=dice.choice((1, 1, 2, 3)),
            people=dice.choice((2, 2, 3, 4)),
            steps=dice.choice((6, 10, 15, 25)),
            latency_s=dice.choice((0.0005, 0.002, 0.02, 0.3)),
            delay_s=dice.choice((0.001, 0.03, 0.3)),
            failing=maybe(0.05),
            lost=maybe(0.1),
            unknown=maybe(0.1),
            again=maybe(0.1),
            snapshot_rows=dice.choice((3, 8, 500)),
            weights=weights,
            untold=dice.choice((0.0, 0.1, 0.4, 1.0)),
        )
