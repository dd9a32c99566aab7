"""How far two rows of things are the same, and where they differ."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher


def same_after(row: Sequence[Hashable], start: int, wanted: Sequence[Hashable]) -> int:
    """How many items from ``start`` on are the first ones of ``wanted``."""
    longest = min(len(wanted), len(row) - start)
    same = 0
    while same < longest and row[start + same] == wanted[same]:
        same += 1
    return same


def same_before(row: Sequence[Hashable], end: int, wanted: Sequence[Hashable]) -> int:
    """How many items before ``end`` are the last ones of ``wanted``."""
    longest = min(len(wanted), end)
    same = 0
    while same < longest and row[end - 1 - same] == wanted[-1 - same]:
        same += 1
    return same


def same_ends(one: Sequence[Hashable], other: Sequence[Hashable]) -> tuple[int, int]:
    """How many items both begin with, and how many of the others both end with."""
    head = same_after(one, 0, other)
    return head, min(same_before(one, len(one), other), min(len(one), len(other)) - head)


def differing(
    one: Sequence[Hashable],
    other: Sequence[Hashable],
    is_too_much: Callable[[int, int], bool],
) -> Iterator[tuple[int, int, int, int]]:
    """Which items of the one (from, to) became which of the other (from, to), in their order.

    Where ``is_too_much`` says so of the two lengths between the ends that are the same, nothing
    is matched there and all of it is one difference.
    """
    head, tail = same_ends(one, other)
    left, right = one[head : len(one) - tail], other[head : len(other) - tail]
    if not left and not right:
        return
    if not left or not right or is_too_much(len(left), len(right)):
        yield head, head + len(left), head, head + len(right)
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield head + start, head + end, head + new_start, head + new_end
