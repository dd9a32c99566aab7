"""Damages bytes, the old way: beside the grammar, not instead of it."""

from __future__ import annotations

import random

INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)
GROWN_MAX = 40


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to three small damages."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(found) + 1)
        match dice.randrange(6):
            case 0 if found:
                found[at % len(found)] = dice.choice((*INTERESTING, dice.randrange(256)))
            case 1 if found:
                found[at % len(found)] ^= 1 << dice.randrange(8)
            case 2:
                del found[at:]
            case 3:
                del found[at : at + dice.randint(1, 4)]
            case 4:
                found[at:at] = dice.randbytes(dice.randint(1, 4))
            case 5:
                start = dice.randrange(len(found) + 1)
                found[at:at] = found[start : start + dice.randint(1, GROWN_MAX)]
    return bytes(found)
