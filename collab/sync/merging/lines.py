"""What changed between two texts, line by line, and where that belongs in a third.

The third began as a copy of the first and went its own way. A change has its place there if the
lines it replaces still stand there; else it has none, and people decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collab.alike import differing

PAIRS_MAX: Final = 4_000_000
"""More pairs of lines than this are not compared: what lies between is one change."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines from ``at`` on that were replaced by others, with the unchanged lines around them.

    ``above`` and ``below`` are None at the beginning and the end of the text.
    """

    at: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    above: str | None
    below: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """At line ``at``: take ``removed`` lines out and put ``added`` in."""

    at: int
    removed: int
    added: tuple[str, ...]


def hunks(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """What makes ``new`` of ``old``, from top to bottom."""
    return tuple(
        Hunk(
            i1,
            tuple(old[i1:i2]),
            tuple(new[j1:j2]),
            old[i1 - 1] if i1 else None,
            old[i2] if i2 < len(old) else None,
        )
        for i1, i2, j1, j2 in differing(old, new, _is_too_much)
    )


def place(
    found: Iterable[Hunk], lines: Sequence[str], old: Sequence[str]
) -> tuple[Edit, ...] | None:
    """The edits that bring the hunks of ``old`` into ``lines``, from top to bottom.

    None if one has no place. What is there already needs no edit.
    """
    if tuple(lines) == tuple(old):
        return tuple(Edit(hunk.at, len(hunk.before), hunk.after) for hunk in found)
    edits: list[Edit] = []
    start = 0
    for hunk in found:
        edit = _edit(hunk, lines, start)
        if edit is None:
            return None
        if edit.removed or edit.added:
            edits.append(edit)
        start = edit.at + edit.removed
    return tuple(edits)


def _is_too_much(old_count: int, new_count: int) -> bool:
    return old_count * new_count > PAIRS_MAX


def _edit(hunk: Hunk, lines: Sequence[str], start: int) -> Edit | None:
    at = _find(hunk.before, lines, start) if hunk.before else _gap(hunk, lines, start)
    if at is not None and not (not hunk.before and _stands(hunk.after, lines, at)):
        return Edit(at, len(hunk.before), hunk.after)
    there = _find(hunk.after, lines, start) if hunk.after else None
    return None if there is None else Edit(there + len(hunk.after), 0, ())


def _gap(hunk: Hunk, lines: Sequence[str], start: int) -> int | None:
    """Where lines are to be put in: below the line above them, or above the line below."""
    if hunk.above is None and start == 0:
        return 0
    if (
        hunk.above is not None
        and (at := _find((hunk.above,), lines, max(start - 1, 0))) is not None
    ):
        return at + 1
    return _find((hunk.below,), lines, start) if hunk.below is not None else None


def _find(wanted: Sequence[str], lines: Sequence[str], start: int) -> int | None:
    """The first place from ``start`` on where these lines stand together."""
    places = range(start, len(lines) - len(wanted) + 1)
    return next((at for at in places if _stands(wanted, lines, at)), None)


def _stands(wanted: Sequence[str], lines: Sequence[str], at: int) -> bool:
    return tuple(lines[at : at + len(wanted)]) == tuple(wanted)
