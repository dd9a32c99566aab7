"""Which of the things that went became which of those that came, by the words they share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from collab.sync.comparing.words import likeness

PAIRS_MAX: Final = 400
"""Past this many pairs of removed and added lines, they are paired in their order."""

ALIKE: Final = 0.4
"""From this share of common words on, a line is a changed one and no new one."""

Words = Sequence[Counter[str]]


def paired(removed: Words, added: Words) -> list[tuple[int, int]]:
    """Pairs of a removed and an added line, in order, so that likeness is greatest."""
    if len(removed) * len(added) > PAIRS_MAX:
        return [(at, at) for at in range(min(len(removed), len(added)))]
    best = [[0.0] * (len(added) + 1) for _ in range(len(removed) + 1)]
    alike = [[likeness(one, other) for other in added] for one in removed]
    for one in range(len(removed) - 1, -1, -1):
        for other in range(len(added) - 1, -1, -1):
            taken = alike[one][other] + best[one + 1][other + 1]
            is_alike = alike[one][other] >= ALIKE
            left = max(best[one + 1][other], best[one][other + 1])
            best[one][other] = max(taken, left) if is_alike else left
    return list(_followed(best))


def _followed(best: list[list[float]]) -> Iterator[tuple[int, int]]:
    """The pairs by which the greatest likeness came about."""
    one = other = 0
    while one < len(best) - 1 and other < len(best[0]) - 1:
        here = best[one][other]
        if here == best[one + 1][other]:
            one += 1
        elif here == best[one][other + 1]:
            other += 1
        else:
            yield one, other
            one, other = one + 1, other + 1
