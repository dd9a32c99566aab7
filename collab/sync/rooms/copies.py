"""What another process holds, by key, kept from messages that may be lost, doubled or late.

Whoever tells counts his messages. One of them says what has changed; now and then one says which
keys there are at all, and thereby repairs whatever was lost before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Copy(Generic[Key, Value]):
    """A copy of what one other process holds, never with more than ``size_max`` keys."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._values: dict[Key, Value] = {}
        self._serials: dict[Key, int] = {}
        """The newest message about a key, of those since the last that said what there is."""
        self._floor = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        return self._values.get(key)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._values)

    def values(self) -> Collection[Value]:
        return self._values.values()

    def take(
        self, serial: int, changes: Mapping[Key, Value | None], whole: Collection[Key] | None = None
    ) -> set[Key]:
        """Take the message ``serial``; returns the keys that show something else now.

        ``None`` stands for what is no more. ``whole`` are all keys there are.
        """
        if serial <= self._floor:
            return set()
        changed = self._keep_only(serial, whole) if whole is not None else set()
        for key, value in changes.items():
            if self._is_new(key, serial) and self._put(key, serial, value):
                changed.add(key)
        return changed

    def _keep_only(self, serial: int, whole: Collection[Key]) -> set[Key]:
        """Let go of keys that were there before ``serial`` and are no more."""
        self._floor = serial
        self._serials = {key: each for key, each in self._serials.items() if each > serial}
        gone = {key for key in self._values if key not in whole and key not in self._serials}
        for key in gone:
            del self._values[key]
        return gone

    def _is_new(self, key: Key, serial: int) -> bool:
        """Nothing newer is known of the key, and there is room to know it."""
        known = self._serials.get(key)
        if known is not None:
            return serial > known
        return len(self._serials) < 2 * self._size_max

    def _put(self, key: Key, serial: int, value: Value | None) -> bool:
        """Keep what is new; whether it is another value."""
        before = self._values.get(key)
        if value is not None and before is None and len(self._values) >= self._size_max:
            return False
        self._serials[key] = serial
        if value is None:
            return self._values.pop(key, None) is not None
        self._values[key] = value
        return value != before
