"""What is different between two readable texts: paragraph by paragraph, as plain text.

For people who want to see what somebody's writing adds; no patch, and nothing is applied from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

from collab.sync.formats.plain import nodes_to_plain
from collab.sync.schema import TITLE
from collab.sync.text import DossierText

LINES_MAX: Final = 2_000
"""Sections of more lines are not compared line by line; that grows with the square."""

CONTEXT_CHARS: Final = 200
"""So much of what is the same stays around a difference in a long paragraph."""

CHARS_MAX: Final = 2_000_000
"""So much is told of all differences together."""

CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a section before and after; one of both is empty where it came or went."""

    section: str
    before: str
    after: str


def changed_passages(before: DossierText, after: DossierText) -> tuple[Passage, ...]:
    """The paragraphs that differ, in the order of the text; the title first."""
    found = [] if before.title == after.title else [Passage(TITLE, before.title, after.title)]
    for name, nodes in after.sections.items():
        old = _lines(nodes_to_plain(before.sections.get(name, [])))
        new = _lines(nodes_to_plain(nodes))
        found += [Passage(name, *_shortened(was, now)) for was, now in _pairs(old, new)]
    return tuple(_within(found, CHARS_MAX))


def _within(passages: Iterable[Passage], left: int) -> Iterator[Passage]:
    """The first passages, as far as so many characters reach."""
    for each in passages:
        left -= len(each.before) + len(each.after)
        if left < 0:
            return
        yield each


def _shortened(before: str, after: str) -> tuple[str, str]:
    """Both without most of what they have in common at their beginning and end."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = shorter - start
    tail = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    first, last = max(0, start - CONTEXT_CHARS), max(0, tail - CONTEXT_CHARS)

    def cut(text: str) -> str:
        kept = text[first : len(text) - last]
        return f"{CUT if first else ''}{kept}{CUT if last else ''}"

    return cut(before), cut(after)


def _lines(plain: str) -> list[str]:
    return [line for line in plain.split("\n") if line.strip()]


def _pairs(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """What was and what is, for each difference."""
    if old == new:
        return
    if max(len(old), len(new)) > LINES_MAX:
        yield "\n".join(old), "\n".join(new)
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from zip_longest(old[i1:i2], new[j1:j2], fillvalue="")
