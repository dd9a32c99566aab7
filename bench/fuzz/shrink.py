"""Makes a failing case small: whole inputs first, then stretches of bytes, then single ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Fails = Callable[[list[bytes]], bool]


def shrunk(inputs: Sequence[bytes], fails: Fails, *, trials_max: int) -> list[bytes]:
    """The smallest case found that still fails; the first input, its opening, stays in place."""
    left = trials_max

    def still(candidate: list[bytes]) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(candidate)

    case = _without_inputs(list(inputs), still)
    for at in range(1, len(case)):
        case[at] = _without_bytes(case, at, still)
    return case


def _without_inputs(case: list[bytes], still: Fails) -> list[bytes]:
    size = max(1, len(case) // 2)
    while size:
        at = 1
        while at < len(case):
            candidate = case[:at] + case[at + size :]
            if still(candidate):
                case = candidate
            else:
                at += size
        size //= 2
    return case


def _without_bytes(case: list[bytes], which: int, still: Fails) -> bytes:
    data = case[which]
    size = max(1, len(data) // 2)
    while size:
        at = 0
        while at < len(data):
            candidate = data[:at] + data[at + size :]
            if still([*case[:which], candidate, *case[which + 1 :]]):
                data = candidate
            else:
                at += size
        size //= 2
    return data
