"""Texts that honest people have written, to throw hostile updates at; each has its number."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass

from bench.fuzz.honest.court import seed
from bench.fuzz.writers import Writer

HISTORIES = 24
"""So many different texts; the first is only the seed."""

CLIENTS = {1_001: "ada", 2_000_000_002: "ben", (1 << 53) - 3: "cleo"}
"""Client ids and the actors they belong to."""

STEPS_MAX = 60


@dataclass(frozen=True, slots=True)
class History:
    """The log of a text, and what its authors write next."""

    log: tuple[bytes, ...]
    next: tuple[tuple[bytes, str], ...]


@functools.cache
def history(number: int) -> History:
    """The text with this number."""
    dice = random.Random(f"history {number % HISTORIES}")
    writers = {actor: Writer(client, dice, seed()) for client, actor in CLIENTS.items()}
    log = [seed()]
    for _ in range(dice.randint(1, STEPS_MAX) if number % HISTORIES else 0):
        writer = dice.choice(list(writers.values()))
        writer.write()
        if dice.random() < 0.5:
            news = writer.take_unsent()
            log += news
            for other in writers.values():
                if other is not writer:
                    other.read(*news)
    for writer in writers.values():
        log += writer.take_unsent()
    following = []
    for _ in range(12):
        actor, writer = dice.choice(list(writers.items()))
        writer.write()
        following += [(update, actor) for update in writer.take_unsent()]
    return History(tuple(log), tuple(following))
