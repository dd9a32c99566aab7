"""The bus without a server, between processes that are objects of one test or simulation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from storage.relay.bus import Listener, Packet
from storage.relay.unavailable import RelayUnavailable

Fate = Callable[[Packet], Sequence[Packet]]
"""What becomes of a packet on its way to one listener: nothing, itself, others."""


class Exchange:
    """What a server would be: hands packets on, as ``fate`` has it, while ``is_up``."""

    def __init__(self, fate: Fate = lambda packet: [packet]) -> None:
        self.fate = fate
        self.is_up = True
        self.values: dict[str, str] = {}
        self._buses: list[MemoryBus] = []

    def bus(self, listener: Listener) -> MemoryBus:
        """A new process's bus."""
        bus = MemoryBus(self, listener)
        self._buses.append(bus)
        return bus

    def carry(self, packets: Sequence[Packet]) -> None:
        """Hand packets to everybody who listens."""
        for packet in packets:
            for bus in self._buses:
                for channel, body in self.fate(packet):
                    bus.take(channel, body)

    def go_down(self) -> None:
        """Be away from now on; everybody notices."""
        self.is_up = False
        for bus in self._buses:
            bus.lose()

    def come_back(self) -> None:
        """Be there again; everybody notices."""
        self.is_up = True
        for bus in self._buses:
            bus.regain()


class MemoryBus:
    """One process's end of an exchange."""

    def __init__(self, exchange: Exchange, listener: Listener) -> None:
        self._exchange = exchange
        self._listener = listener
        self._channels: set[str] = set()
        self.is_connected = False

    async def listen(self, channel: str) -> None:
        self._channels.add(channel)
        if self._exchange.is_up:
            self.is_connected = True
            self._listener.listening(channel)

    async def ignore(self, channel: str) -> None:
        self._channels.discard(channel)

    async def publish(self, packets: Sequence[Packet]) -> None:
        self._demand()
        self._exchange.carry(packets)

    async def claim(self, key: str, value: str, seconds: int) -> str:
        """As at a server, but it never ends."""
        self._demand()
        return self._exchange.values.setdefault(key, value)

    async def run(self) -> None:
        """Packets come by themselves."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        self._channels.clear()

    def take(self, channel: str, packet: bytes) -> None:
        """Hear a packet, if this process listens there."""
        if self._exchange.is_up and channel in self._channels:
            self._listener.heard(channel, packet)

    def lose(self) -> None:
        """The exchange has gone."""
        if self.is_connected:
            self.is_connected = False
            self._listener.lost(_away())

    def regain(self) -> None:
        """The exchange has come back."""
        for channel in sorted(self._channels):
            self.is_connected = True
            self._listener.listening(channel)

    def _demand(self) -> None:
        if not self._exchange.is_up:
            raise _away()


def _away() -> RelayUnavailable:
    return RelayUnavailable("The exchange in memory is away.")
