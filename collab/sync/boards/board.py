"""What is on a board: its notes and groups, in the order in which they are read.

A board is a live document that anybody may bring into odd shapes: two notes of one name, a group
that is gone, an element without a place. Readers pass over what has no name, take the first of a
name, let a note without a living group stand alone, and read no more than the bounds say.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pycrdt import XmlElement, XmlFragment, XmlText

from collab.papers import NOTE_CHARS_MAX
from collab.sync.document import Document
from collab.sync.guard import Guard, Owners
from collab.sync.schema import (
    GROUP,
    NOTE,
    NOTE_COLOURS,
    SERVER_CLIENT,
    DocumentSchema,
    is_colour,
    is_label,
    is_note_id,
    is_position,
)
from collab.sync.text import CONTROLS
from collab.sync.yjs.content import TYPE
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import parse_update

ROOT: Final = "notes"
SCHEMA_NUMBER: Final = 2

ATTRIBUTES: Final = ("id", "x", "y", "colour", "group", "label")

NOTES_MAX: Final = 1_000
GROUPS_MAX: Final = 60
TEXT_CHARS_MAX: Final = NOTE_CHARS_MAX

ROW: Final = 160
"""Notes whose upper edges lie within so much are in one row and read from left to right."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note; ``client`` is the client id that made it, whose owner is its author.

    ``client`` is the server's where nobody asked. ``group`` is the id of a living group or None.
    ``x`` and ``y`` say where it lies while it stands alone, and how it is sorted within its group.
    """

    id: str
    text: str
    colour: str
    x: float
    y: float
    group: str | None
    label: str
    client: int

    def author(self, owners: Owners) -> UUID | None:
        """Who made it; None if that is not known."""
        owner = owners.get(self.client)
        return owner if isinstance(owner, UUID) else None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of notes with its title."""

    id: str
    title: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on a board: groups and notes, each in reading order.

    ``arrived`` names the notes in the order in which they came onto the board.
    """

    groups: tuple[Group, ...]
    notes: tuple[Note, ...]
    arrived: tuple[str, ...] = ()

    def note(self, note_id: str) -> Note | None:
        """The note of this name."""
        return next((each for each in self.notes if each.id == note_id), None)

    def group(self, group_id: str) -> Group | None:
        """The group of this name."""
        return next((each for each in self.groups if each.id == group_id), None)

    def inside(self, group_id: str | None) -> tuple[Note, ...]:
        """The notes of a group; of None those that stand alone."""
        return tuple(note for note in self.notes if note.group == group_id)


def board_schema(number: int = SCHEMA_NUMBER) -> DocumentSchema:
    """The one root of a board."""
    return DocumentSchema(number, (ROOT,))


def read_board(document: Document, *, with_makers: bool = False) -> Board:
    """What is on the board now; who made each note takes several times as long to find out."""
    with document.doc.transaction():
        elements = list(_elements(document))
    clients = _makers(document) if with_makers else []
    if len(clients) != len(elements):
        clients = [SERVER_CLIENT] * len(elements)
    named = _first_of_each(zip(elements, clients, strict=True))
    groups = [_group(each) for each, _ in named if each["tag"] == GROUP][:GROUPS_MAX]
    living = {each.id for each in groups}
    notes = [_note(*each, living) for each in named if each[0]["tag"] == NOTE][:NOTES_MAX]
    arrived = tuple(each.id for each in notes)
    return Board(tuple(sorted(groups, key=_place)), tuple(sorted(notes, key=_place)), arrived)


def shown(text: str) -> str:
    """A note's text as it is read: no controls, no more than the bound."""
    return text.translate(CONTROLS)[:TEXT_CHARS_MAX]


def in_one_line(text: str) -> str:
    """A title or label as it is read."""
    return " ".join(text.translate(CONTROLS).split())


Element = Mapping[str, object]


def _elements(document: Document) -> Iterator[Element]:
    """The living elements of the board in document order, with what they hold."""
    for child in document.doc.get(ROOT, type=XmlFragment).children:
        if isinstance(child, XmlElement):
            first = next((each for each in child.children if isinstance(each, XmlText)), None)
            runs = first.diff() if first is not None else ()
            text = "".join(run for run, _ in runs if isinstance(run, str))
            yield {**attributes_of(child), "tag": child.tag, "text": text}


def attributes_of(element: XmlElement) -> dict[str, Any]:
    """The attributes of an element, each with the value that counts or None."""
    attributes = element.attributes
    return {key: attributes.get(key) for key in ATTRIBUTES}


def _makers(document: Document) -> list[int]:
    """The client ids that made the living elements, in document order."""
    guard = Guard(document.schema, Limits())
    guard.follow(parse_update(document.state()))
    index = guard.index
    root = index.roots.get(ROOT)
    run = None if root is None else root.first
    made = []
    while run is not None:
        if run.kind == TYPE and not index.deletes.covers(run.client, run.clock, run.end):
            made.append(run.client)
        run = run.next
    return made


def _first_of_each(elements: Iterable[tuple[Element, int]]) -> list[tuple[Element, int]]:
    found: dict[object, tuple[Element, int]] = {}
    for element, client in elements:
        if is_note_id(element.get("id")):
            found.setdefault(element["id"], (element, client))
    return list(found.values())


def _note(element: Element, client: int, living: set[str]) -> Note:
    group, colour, label = element.get("group"), element.get("colour"), element.get("label")
    return Note(
        id=str(element["id"]),
        text=shown(str(element["text"])),
        colour=str(colour) if is_colour(colour) else NOTE_COLOURS[0],
        x=_position(element, "x"),
        y=_position(element, "y"),
        group=str(group) if group in living else None,
        label=in_one_line(str(label)) if label and is_label(label) else "",
        client=client,
    )


def _group(element: Element) -> Group:
    title = in_one_line(shown(str(element["text"])))
    return Group(str(element["id"]), title, _position(element, "x"), _position(element, "y"))


def _position(element: Element, key: str) -> float:
    value = element.get(key)
    return float(value) if isinstance(value, int | float) and is_position(value) else 0.0


def _place(each: Note | Group) -> tuple[float, float, float, str]:
    """Row by row, in a row from left to right."""
    return each.y // ROW, each.x, each.y, each.id
