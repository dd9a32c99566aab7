"""What carries committed turns between simulated processes, and what befalls them on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from bench.chaos.machines.loop import VirtualLoop
from server.realtime.rooms.elsewhere.written import Written

if TYPE_CHECKING:
    from bench.chaos.machines.servers import Process

DELAYS_S = (0.0, 0.001, 0.001, 0.05, 3.0)
"""Some overtake others by that."""


class Relay:
    """Tells each process what another has written: not always, not once, not in order."""

    def __init__(
        self, loop: VirtualLoop, processes: Sequence[Process], dice: Random, badness: float
    ) -> None:
        """``badness``: how likely each of the things that may befall a message is."""
        self._loop = loop
        self._processes = processes
        self._dice = dice
        self._badness = badness
        self._seen: list[Written] = []

    def calm(self) -> None:
        """From now on everything arrives, once and whole."""
        self._badness = 0.0

    def publish(self, sender: Process, document_id: UUID, written: Written) -> None:
        """Hand a turn to everybody else."""
        self._seen = [*self._seen[-20:], written]
        for process in self._processes:
            if process is sender:
                continue
            if self._befalls():
                continue  # lost
            self._send(process, document_id, written)
            if self._befalls():
                self._send(process, document_id, written)
            if self._befalls():
                self._send(process, document_id, self._garbled(written))

    def _send(self, process: Process, document_id: UUID, written: Written) -> None:
        delay_s = self._dice.random() * self._dice.choice(DELAYS_S if self._befalls() else (0.01,))
        self._loop.call_later(delay_s, self._deliver, process, document_id, written)

    def _deliver(self, process: Process, document_id: UUID, written: Written) -> None:
        if process.is_up:
            process.rooms.take_written(document_id, written)

    def _befalls(self) -> bool:
        return self._dice.random() < self._badness

    def _garbled(self, written: Written) -> Written:
        """The message with a part that was never sent so; its sum stays what it was."""
        spoilt: Callable[[], Written] = self._dice.choice(
            (
                lambda: replace(written, updates=(*written.updates[:-1], self._bent(written))),
                lambda: replace(written, updates=written.updates[:-1]),
                lambda: replace(written, before=written.before + 1, seq=written.seq + 1),
                lambda: replace(written, seq=written.seq + 1, updates=(*written.updates, b"\0\0")),
                lambda: replace(written, claims=dict.fromkeys(written.claims)),
                lambda: replace(self._dice.choice(self._seen), before=written.before),
            )
        )
        return spoilt()

    def _bent(self, written: Written) -> bytes:
        """The last update with one byte changed."""
        bent = bytearray(written.updates[-1])
        bent[self._dice.randrange(len(bent))] ^= 1 << self._dice.randrange(8)
        return bytes(bent)
