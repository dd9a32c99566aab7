"""How fast a peer may be: token buckets that answer with the time he is in debt for."""

from __future__ import annotations


class Bucket:
    """Fills with ``per_s`` tokens a second up to ``burst``; times are the event loop's."""

    __slots__ = ("_at", "_burst", "_level", "_per_s")

    def __init__(self, per_s: float, burst: float, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._level = burst
        self._at = now

    def spend(self, amount: float, now: float) -> float:
        """Take ``amount`` tokens; returns the seconds until the debt is paid, 0.0 without one."""
        level = min(self._burst, self._level + (now - self._at) * self._per_s) - amount
        self._level = level
        self._at = now
        return 0.0 if level >= 0 else -level / self._per_s


class Pace:
    """Messages and bytes of one peer."""

    __slots__ = ("_bytes", "_messages")

    def __init__(self, messages: Bucket, volume: Bucket) -> None:
        self._messages = messages
        self._bytes = volume

    def spend(self, size: int, now: float) -> float:
        """Account for one message of ``size`` bytes; returns the seconds to hold the peer."""
        messages = self._messages.spend(1, now)
        volume = self._bytes.spend(size, now)
        return messages if messages > volume else volume
