"""What was written in and taken out within one line, word by word."""

import re
from collections import Counter
from dataclasses import dataclass

from collab.sync.comparing.script import Op, Work, script

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stayed, went or came."""

    op: Op
    text: str


def compared(earlier: str, later: str, work: Work) -> tuple[Run, ...]:
    """The line as runs. Raises TooMuchWork."""
    before, after = TOKEN.findall(earlier), TOKEN.findall(later)
    runs = [
        Run(each.op, "".join((after if each.op is Op.ADDED else before)[each.start : each.end]))
        for each in script(before, after, work)
    ]
    return tuple(_readable(runs))


def likeness(earlier: Counter[str], later: Counter[str]) -> float:
    """The share of words that two lines have in common, between 0 and 1."""
    total = earlier.total() + later.total()
    return 2 * (earlier & later).total() / total if total else 1.0


def counted(text: str) -> Counter[str]:
    """The words of a line."""
    return Counter(word for word in TOKEN.findall(text) if not word.isspace())


def _readable(runs: list[Run]) -> list[Run]:
    """Without lone spaces between changes: ``old words`` became ``new ones`` in one piece."""
    found: list[Run] = []
    removed = added = ""
    for at, run in enumerate(runs):
        is_gap = run.op is Op.SAME and run.text.isspace() and 0 < at < len(runs) - 1
        if run.op is Op.SAME and not is_gap:
            found += _changes(removed, added)
            removed = added = ""
            found.append(run)
        if run.op is Op.REMOVED or is_gap:
            removed += run.text
        if run.op is Op.ADDED or is_gap:
            added += run.text
    return found + _changes(removed, added)


def _changes(removed: str, added: str) -> list[Run]:
    gone = [Run(Op.REMOVED, removed)] if removed else []
    return gone + ([Run(Op.ADDED, added)] if added else [])
