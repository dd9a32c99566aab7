"""The notes of a board as a wall shows them: groups by size, the newest ones, and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collab.process.workshop.wall import CARDS_MAX, GROUPS_MAX, NOTE_CHARS, shortened
from collab.sync.boards.board import Board, Note

Dots = Mapping[str, tuple[int, int]]
"""For each note how many dots of how many people."""

NEWEST_IN_GROUP = 2


@dataclass(frozen=True, slots=True)
class Card:
    """A note; ``dots`` is None as long as they are secret."""

    text: str
    colour: str
    label: str
    dots: int | None = None


@dataclass(frozen=True, slots=True)
class Heap:
    """A group with its newest notes; ``dots`` are those on it and on its notes."""

    title: str
    count: int
    newest: tuple[Card, ...]
    dots: int | None = None


@dataclass(frozen=True, slots=True)
class NotesShown:
    """What is shown of a board, and how much there is."""

    count: int
    heaps: tuple[Heap, ...]
    cards: tuple[Card, ...]
    heaps_more: int
    cards_more: int


def notes_shown(board: Board, dots: Dots | None) -> NotesShown:
    """What of a board fits onto a wall; with ``dots`` what has most of them comes first.

    A group with nothing in it says nothing from ten metres away, and is left out.
    """
    order = {name: at for at, name in enumerate(board.arrived)}
    heaps = sorted(
        (
            _heap(board, group.id, group.title, order, dots)
            for group in board.groups
            if board.inside(group.id)
        ),
        key=lambda heap: (-(heap.dots or 0), -heap.count),
    )
    alone = sorted(
        board.inside(None), key=lambda note: (-_dots_on([note.id], dots), -order.get(note.id, -1))
    )
    written = [note for note in alone if note.text]
    shown = heaps[:GROUPS_MAX]
    room = CARDS_MAX - len(shown)
    return NotesShown(
        count=len(board.notes),
        heaps=tuple(shown),
        cards=tuple(_card(note, dots) for note in written[:room]),
        heaps_more=len(heaps) - len(shown),
        cards_more=max(0, len(written) - room),
    )


def _heap(
    board: Board, group_id: str, title: str, order: Mapping[str, int], dots: Dots | None
) -> Heap:
    inside = board.inside(group_id)
    newest = sorted(
        (note for note in inside if note.text),
        key=lambda note: (-_dots_on([note.id], dots), -order.get(note.id, -1)),
    )
    return Heap(
        title=title,
        count=len(inside),
        newest=tuple(_card(note, dots) for note in newest[:NEWEST_IN_GROUP]),
        dots=None if dots is None else _dots_on([group_id, *(each.id for each in inside)], dots),
    )


def _card(note: Note, dots: Dots | None) -> Card:
    given = None if dots is None else _dots_on([note.id], dots)
    return Card(shortened(note.text, NOTE_CHARS), note.colour, note.label, given)


def _dots_on(names: Sequence[str], dots: Dots | None) -> int:
    return sum(dots[name][0] for name in names if name in dots) if dots else 0
