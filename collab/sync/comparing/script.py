"""The shortest way from one sequence to another, found with a bounded number of steps.

The greedy algorithm of E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). It is
fast where the sequences are alike; where they are not, it would be quadratic, so ``Work`` ends it.
"""

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from collab.alike import same_ends


class Op(StrEnum):
    """What becomes of a stretch on the way from the earlier to the later sequence."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Items from ``start`` to ``end``: of the later sequence if added, else of the earlier."""

    op: Op
    start: int
    end: int


class TooMuchWork(Exception):
    """The sequences differ too much to be compared item by item."""


class Work:
    """Steps that may still be taken; shared by all comparisons of one text."""

    def __init__(self, steps: int, whole: "Work | None" = None) -> None:
        self._left = steps
        self._whole = whole

    def part(self, steps: int) -> "Work":
        """So many of these steps at most, for one comparison."""
        return Work(steps, self)

    def spend(self, steps: int) -> None:
        """Raises TooMuchWork once nothing is left; it stays so."""
        self._left -= steps
        if self._whole is not None:
            self._whole.spend(steps)
        if self._left < 0:
            raise TooMuchWork


def script(one: Sequence[Hashable], other: Sequence[Hashable], work: Work) -> list[Stretch]:
    """The stretches in order; removals come before additions at the same place.

    Raises:
        TooMuchWork: ``work`` is used up.
    """
    earlier, later = _numbered(one, other)
    head, tail = same_ends(earlier, later)
    left, right = earlier[head : len(earlier) - tail], later[head : len(later) - tail]
    work.spend(head + tail)
    between = _middle(left, right, work)
    shifted = [Stretch(each.op, each.start + head, each.end + head) for each in between]
    end = len(earlier)
    return _joined([Stretch(Op.SAME, 0, head), *shifted, Stretch(Op.SAME, end - tail, end)])


def replaced(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Stretch]:
    """The coarse way: all that is not alike at both ends goes out, and the new comes in."""
    earlier, later = _numbered(one, other)
    head, tail = same_ends(earlier, later)
    end = len(earlier) - tail
    return _joined(
        [
            Stretch(Op.SAME, 0, head),
            Stretch(Op.REMOVED, head, end),
            Stretch(Op.ADDED, head, len(later) - tail),
            Stretch(Op.SAME, end, len(earlier)),
        ]
    )


def _numbered(one: Sequence[Hashable], other: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """A number for each item, the same for equal ones: those are compared faster."""
    numbers: dict[Hashable, int] = {}
    return (
        [numbers.setdefault(item, len(numbers)) for item in one],
        [numbers.setdefault(item, len(numbers)) for item in other],
    )


def _middle(earlier: Sequence[int], later: Sequence[int], work: Work) -> list[Stretch]:
    """The stretches, one per item, of sequences that begin and end differently."""
    if not earlier or not later:
        removed = [Stretch(Op.REMOVED, 0, len(earlier))] if earlier else []
        return removed + ([Stretch(Op.ADDED, 0, len(later))] if later else [])
    return _walked_back(earlier, later, _reaches(earlier, later, work))


def _reaches(earlier: Sequence[int], later: Sequence[int], work: Work) -> list["array[int]"]:
    """For each number of edits, how far each diagonal came before it; the last reaches the end."""
    length, height = len(earlier), len(later)
    middle = length + height + 1
    reach = array("q", [0]) * (2 * middle + 1)
    kept: list[array[int]] = []
    for edits in range(length + height + 1):
        kept.append(reach[middle - edits - 1 : middle + edits + 2])
        for diagonal in range(-edits, edits + 1, 2):
            below, above = reach[middle + diagonal - 1], reach[middle + diagonal + 1]
            is_down = diagonal == -edits or (diagonal != edits and below < above)
            at = start = above if is_down else below + 1
            while at < length and at - diagonal < height and earlier[at] == later[at - diagonal]:
                at += 1
            work.spend(2 + at - start)
            reach[middle + diagonal] = at
            if at >= length and at - diagonal >= height:
                return kept
    raise AssertionError("all items removed and all added is a way")


def _walked_back(
    earlier: Sequence[int], later: Sequence[int], kept: list["array[int]"]
) -> list[Stretch]:
    """The way from the end to the beginning, by what each number of edits reached; then turned."""
    found: list[Stretch] = []
    at, other = len(earlier), len(later)
    for edits in range(len(kept) - 1, -1, -1):
        reach, middle = kept[edits], edits + 1
        diagonal = at - other
        below, above = reach[middle + diagonal - 1], reach[middle + diagonal + 1]
        is_down = diagonal == -edits or (diagonal != edits and below < above)
        from_diagonal = diagonal + 1 if is_down else diagonal - 1
        from_at = above if is_down else below
        from_other = from_at - from_diagonal
        if edits == 0:
            from_at = from_other = 0
        step = 0 if edits == 0 else 1
        same_from = from_at + (step if not is_down else 0)
        if at > same_from:
            found.append(Stretch(Op.SAME, same_from, at))
        if edits:
            op = Op.ADDED if is_down else Op.REMOVED
            start = from_other if is_down else from_at
            found.append(Stretch(op, start, start + 1))
        at, other = from_at, from_other
    return found[::-1]


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbours of one kind as one, empty ones left out, removals before additions."""
    found: list[Stretch] = []
    changed: dict[Op, Stretch] = {}

    def settle() -> None:
        found.extend(changed[op] for op in (Op.REMOVED, Op.ADDED) if op in changed)
        changed.clear()

    for each in stretches:
        if each.start == each.end:
            continue
        if each.op is Op.SAME:
            settle()
            if found and found[-1].op is Op.SAME:
                each = Stretch(Op.SAME, found.pop().start, each.end)
            found.append(each)
        else:
            before = changed.get(each.op)
            start = before.start if before else each.start
            changed[each.op] = Stretch(each.op, start, each.end)
    settle()
    return found
