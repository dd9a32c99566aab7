"""A target that does what pycrdt may do, to see that the watchers notice; only for tests."""

from __future__ import annotations

import os
import random
import signal
import time

from bench.fuzz.targets.target import Subject, Target, Violation

FATAL = b"\xde\xad"
NO_END_S = 3_600


class Trap(Target):
    """``trap-die``, ``trap-hang``, ``trap-fail``: does that when it is fed two certain bytes."""

    def __init__(self, act: str) -> None:
        self.name = f"trap-{act}"
        self._act = act

    def opening(self, dice: random.Random) -> bytes:
        return b""

    def open(self, opening: bytes) -> Subject:
        return Trapped(self._act)


class Trapped(Subject):
    """Waits for the two bytes."""

    def __init__(self, act: str) -> None:
        self._act = act

    def make(self, dice: random.Random) -> bytes:
        data = dice.randbytes(dice.randint(0, 4))
        return data + FATAL + data if dice.random() < 0.01 else data

    def feed(self, data: bytes) -> str:
        if FATAL in data:
            match self._act:
                case "die":
                    os.kill(os.getpid(), signal.SIGSEGV)
                case "hang":
                    time.sleep(NO_END_S)
                case _:
                    raise Violation("the trap was sprung")
        return "accepted"
