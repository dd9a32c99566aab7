"""The lines that were written last in a text, for those who look on from elsewhere.

A text does not say where it was changed last. Whoever shows it again and again sees it: this
process remembers what it has shown, and the place is where that differs.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from collab.sync.text import DossierText, nodes_to_plain

REMEMBERED_MAX: Final = 512
LINES: Final = 2

Paragraphs = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph and what stands before it, and the id of its section; empty if nothing does."""

    section: str = ""
    texts: tuple[str, ...] = ()


class Lately:
    """Where each text was changed last, as far as this process has seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[UUID, tuple[Paragraphs, tuple[str, int]]] = OrderedDict()

    def lines(self, document_id: UUID, text: DossierText) -> Lines:
        """The lines at the place that changed last; of a text seen first, its last ones."""
        now = {name: _paragraphs(text, name) for name in text.sections}
        before, place = self._seen.get(document_id, ({}, ("", 0)))
        if now != before:
            place = _changed(before, now) or place
        self._seen[document_id] = now, place
        self._seen.move_to_end(document_id)
        while len(self._seen) > REMEMBERED_MAX:
            self._seen.popitem(last=False)
        section, at = place
        found = now.get(section, ())
        end = min(at, len(found) - 1) + 1
        if end <= 0:
            return Lines()
        return Lines(section, tuple(found[max(0, end - LINES) : end]))


LATELY: Final = Lately()


def _paragraphs(text: DossierText, name: str) -> Sequence[str]:
    lines = (" ".join(each.split()) for each in nodes_to_plain(text.sections[name]).splitlines())
    return tuple(line for line in lines if line)


def _changed(before: Paragraphs, now: Paragraphs) -> tuple[str, int] | None:
    """The last paragraph that is another one; None if only something went."""
    found: tuple[str, int] | None = None
    for name, paragraphs in now.items():
        old = before.get(name, ())
        if paragraphs == old or not paragraphs:
            continue
        tail = 0
        while tail < min(len(old), len(paragraphs)) and old[-1 - tail] == paragraphs[-1 - tail]:
            tail += 1
        found = name, max(0, len(paragraphs) - tail - 1)
    return found
