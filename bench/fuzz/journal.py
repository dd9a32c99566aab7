"""The inputs of the case under way, in a file that outlives the process that feeds them."""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path

SIZE = 8 << 20
HEAD = struct.Struct("<QQQ")
"""Number of the case, inputs fed in all, bytes written."""

LENGTH = struct.Struct("<I")


class Journal:
    """Written by the child before each input; read by the parent while it runs or once it died."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(SIZE))
        with path.open("r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), SIZE)

    def begin(self, case: int) -> None:
        """A new case; the inputs of the last one are forgotten."""
        _, fed, _ = self._head()
        HEAD.pack_into(self._map, 0, case, fed, HEAD.size)

    def add(self, data: bytes) -> None:
        """An input that is fed next."""
        case, fed, end = self._head()
        until = end + LENGTH.size + len(data)
        if until > SIZE:
            raise ValueError("a case of more than 8 MiB")
        LENGTH.pack_into(self._map, end, len(data))
        self._map[end + LENGTH.size : until] = data
        HEAD.pack_into(self._map, 0, case, fed + 1, until)

    @property
    def case(self) -> int:
        """The number of the case under way."""
        return self._head()[0]

    @property
    def fed(self) -> int:
        """Inputs fed since the beginning; as long as it grows, the child lives."""
        return self._head()[1]

    def inputs(self) -> list[bytes]:
        """The inputs of the case under way."""
        found, at = [], HEAD.size
        end = self._head()[2]
        while at < end:
            (length,) = LENGTH.unpack_from(self._map, at)
            at += LENGTH.size
            found.append(bytes(self._map[at : at + length]))
            at += length
        return found

    def _head(self) -> tuple[int, int, int]:
        case, fed, end = HEAD.unpack_from(self._map, 0)
        return case, fed, end


def save(path: Path, target: str, seed: int, case: int, what: str, inputs: Sequence[bytes]) -> None:
    """Write a failing case, to be repeated with ``arena bench fuzz --replay``."""
    held = {"target": target, "seed": seed, "case": case, "failure": what}
    lines = [json.dumps({**held, "inputs": [each.hex() for each in inputs]}, indent=1)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load(path: Path) -> tuple[str, list[bytes]]:
    """The target and the inputs of a saved case."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return held["target"], [bytes.fromhex(each) for each in held["inputs"]]
