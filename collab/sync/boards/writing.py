"""Changes of a board that the server makes in somebody's name: each gives an update of a copy.

The update is given to ``Document.admit_and_apply`` like any other, under a client id that nobody
has used. What has no place there any more gives None; nothing is written twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.alike import same_ends
from collab.sync.boards.board import (
    GROUPS_MAX,
    NOTES_MAX,
    ROOT,
    ROW,
    Board,
    attributes_of,
    in_one_line,
    read_board,
    shown,
)
from collab.sync.document import Document
from collab.sync.schema import GROUP, NOTE, NOTE_COLOURS

Change = Callable[[XmlFragment], bool]
"""Writes into the root; whether there was anything to write."""

COLUMN: Final = 208
COLUMNS: Final = 8
GROUP_GAP: Final = 240
"""Notes that nobody has placed lie in columns of this width, groups apart from each other."""


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to be put on a board; without a place it gets a free one."""

    id: str
    text: str
    colour: str = NOTE_COLOURS[0]
    group: str | None = None
    label: str = ""


def add_notes(document: Document, notes: Sequence[NewNote], client: int) -> bytes | None:
    """Put notes on the board that are not there yet, below those that are."""
    board = read_board(document)
    known = {each.id for each in board.notes}
    room = NOTES_MAX - len(board.notes)
    fresh = [note for note in notes if note.id not in known][:room]
    places = free_places(board, len(fresh))

    def write(root: XmlFragment) -> bool:
        for note, (x, y) in zip(fresh, places, strict=True):
            attributes = {"id": note.id, "x": x, "y": y, "colour": note.colour}
            attributes |= {"group": note.group, "label": in_one_line(note.label) or None}
            root.children.append(_element(NOTE, attributes, shown(note.text)))
        return bool(fresh)

    return update_of(document, client, write)


def add_group(document: Document, group_id: str, title: str, client: int) -> bytes | None:
    """A new group right of the others; None if it is there or the board has its number."""
    board = read_board(document)
    if board.group(group_id) is not None or len(board.groups) >= GROUPS_MAX:
        return None
    x = max((each.x for each in board.groups), default=-GROUP_GAP) + GROUP_GAP
    y = min((each.y for each in board.groups), default=0.0)

    def write(root: XmlFragment) -> bool:
        root.children.append(_element(GROUP, {"id": group_id, "x": x, "y": y}, in_one_line(title)))
        return True

    return update_of(document, client, write)


def set_attributes(
    document: Document, name: str, attributes: Mapping[str, object], client: int
) -> bytes | None:
    """Give a note or group other attributes: its place, group, colour or label."""

    def write(root: XmlFragment) -> bool:
        found = _named(root, name)
        if found is None:
            return False
        now = attributes_of(found)
        other = {key: value for key, value in attributes.items() if now.get(key) != value}
        for key, value in other.items():
            found.attributes[key] = value
        return bool(other)

    return update_of(document, client, write)


def set_text(document: Document, name: str, text: str, client: int) -> bytes | None:
    """Make the text of a note or group this one, by the smallest change."""

    def write(root: XmlFragment) -> bool:
        found = _named(root, name)
        if found is None:
            return False
        return _retype(found, in_one_line(text) if found.tag == GROUP else shown(text))

    return update_of(document, client, write)


def remove(document: Document, name: str, client: int) -> bytes | None:
    """Take a note or group off the board; the notes of a group stay, standing alone."""

    def write(root: XmlFragment) -> bool:
        for at, child in enumerate(root.children):
            if isinstance(child, XmlElement) and child.attributes.get("id") == name:
                del root.children[at]
                return True
        return False

    return update_of(document, client, write)


def free_places(board: Board, count: int) -> list[tuple[float, float]]:
    """Places for so many notes below everything that stands alone, row by row."""
    alone = board.inside(None)
    first = max((note.y // ROW for note in alone), default=-1.0) + 1
    return [(float(at % COLUMNS * COLUMN), (first + at // COLUMNS) * ROW) for at in range(count)]


def update_of(document: Document, client: int, write: Change) -> bytes | None:
    """The update that ``write`` makes of a copy under this client id."""
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(document.state())
    before = doc.get_state()
    with doc.transaction():
        if not write(doc.get(ROOT, type=XmlFragment)):
            return None
    return doc.get_update(before)


def _element(tag: str, attributes: Mapping[str, Any], text: str) -> XmlElement:
    return XmlElement(tag, dict(attributes), [XmlText(text)])


def _named(root: XmlFragment, name: str) -> XmlElement | None:
    """The first of this name, as readers see it."""
    for child in root.children:
        if isinstance(child, XmlElement) and child.attributes.get("id") == name:
            return child
    return None


def _retype(element: XmlElement, text: str) -> bool:
    first = next((each for each in element.children if isinstance(each, XmlText)), None)
    if first is None:
        element.children.append(XmlText(text))
        return bool(text)
    before = "".join(run for run, _ in first.diff() if isinstance(run, str))
    if before == text:
        return False
    head, tail = same_ends(before, text)
    start = len(before[:head].encode())
    end = len(before[: len(before) - tail].encode())
    if start < end:
        del first[start:end]
    if added := text[head : len(text) - tail]:
        first.insert(start, added)
    return True
