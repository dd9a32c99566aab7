"""What the server writes on a board in somebody's name."""

import random

import pytest

from collab.sync.boards.board import (
    GROUPS_MAX,
    ROW,
    TEXT_CHARS_MAX,
    Board,
    board_schema,
    read_board,
)
from collab.sync.boards.writing import (
    NewNote,
    add_group,
    add_notes,
    remove,
    set_attributes,
    set_text,
)
from collab.sync.document import Admission, Document


class Desk:
    """A board on which the server writes in the names of several people."""

    def __init__(self) -> None:
        self.document, _ = Document.seeded(board_schema())
        self.owners: dict[int, str] = {}
        self.client = 100

    def bring(self, update: bytes | None, actor: str = "ada") -> bool:
        """Let the guard take what was made, as from a person; whether there was anything."""
        self.client += 1
        if update is None:
            return False
        (verdict,) = self.document.admit_and_apply([(update, actor)], self.owners)
        assert isinstance(verdict, Admission), verdict
        self.owners.update(dict.fromkeys(verdict.new_clients, actor))
        return True

    def board(self) -> Board:
        return read_board(self.document, with_makers=True)


def filled() -> Desk:
    desk = Desk()
    notes = [NewNote("note-1", "Radweg 😀"), NewNote("note-2", "Straße")]
    desk.bring(add_notes(desk.document, notes, desk.client))
    desk.bring(add_group(desk.document, "group-1", "Wege", desk.client))
    return desk


def test_bd3_notes_come_below_what_stands_there_in_their_authors_name() -> None:
    desk = filled()
    late = [NewNote(f"late-{at}", str(at), "blue", "group-1", " Ort ") for at in range(9)]
    assert desk.bring(add_notes(desk.document, late, 77), "ben")
    board = desk.board()
    assert [note.id for note in board.notes][:2] == ["note-1", "note-2"]
    assert [note.text for note in board.notes][2:] == [str(at) for at in range(9)]
    assert {(note.y, note.group, note.label, note.client) for note in board.notes[2:]} == {
        (ROW, "group-1", "Ort", 77),
        (2 * ROW, "group-1", "Ort", 77),
    }
    assert desk.owners[77] == "ben"


def test_bd3_what_is_there_already_is_not_put_there_twice() -> None:
    desk = filled()
    again = [NewNote("note-1", "anders"), NewNote("note-3", "neu")]
    desk.bring(add_notes(desk.document, again, desk.client))
    assert [note.text for note in desk.board().notes] == ["Radweg 😀", "Straße", "neu"]
    assert add_notes(desk.document, again, desk.client) is None
    assert add_group(desk.document, "group-1", "zwei", desk.client) is None


def test_bd3_a_note_is_moved_grouped_coloured_and_labelled() -> None:
    desk = filled()
    wanted = {"group": "group-1", "colour": "rose", "label": "Ort", "x": 40.5, "y": -3}
    assert desk.bring(set_attributes(desk.document, "note-1", wanted, desk.client))
    note = desk.board().note("note-1")
    assert note is not None
    assert (note.group, note.colour, note.label, note.x, note.y) == (
        *("group-1", "rose", "Ort", 40.5),
        -3.0,
    )
    assert set_attributes(desk.document, "note-1", wanted, desk.client) is None
    assert set_attributes(desk.document, "note-9", wanted, desk.client) is None


def test_bd3_removing_a_group_leaves_its_notes() -> None:
    desk = filled()
    desk.bring(set_attributes(desk.document, "note-1", {"group": "group-1"}, desk.client))
    assert desk.bring(remove(desk.document, "group-1", desk.client))
    assert desk.bring(remove(desk.document, "note-2", desk.client))
    board = desk.board()
    assert [(note.id, note.group) for note in board.notes] == [("note-1", None)]
    assert remove(desk.document, "note-2", desk.client) is None
    assert set_text(desk.document, "note-2", "fort", desk.client) is None


def test_bd3_groups_end_at_their_bound() -> None:
    desk = Desk()
    for at in range(GROUPS_MAX):
        assert desk.bring(add_group(desk.document, f"group-{at:02}", str(at), desk.client))
    assert add_group(desk.document, "group-60", "zu viel", desk.client) is None
    assert [group.title for group in desk.board().groups] == [str(at) for at in range(GROUPS_MAX)]


@pytest.mark.parametrize("seed", range(3))
def test_bd3_any_text_becomes_any_other_and_no_character_is_cut(seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201
    dice, desk = random.Random(seed), filled()
    for _ in range(60):
        text = "".join(dice.choices("aé😀😁ß \n𝔘", k=dice.randrange(12)))
        desk.bring(set_text(desk.document, "note-1", text, desk.client))
        note = desk.board().note("note-1")
        assert note is not None
        assert note.text == text
        assert set_text(desk.document, "note-1", text, desk.client) is None


def test_bd3_texts_end_at_their_bound_and_titles_are_one_line() -> None:
    desk = filled()
    desk.bring(set_text(desk.document, "note-1", "😀" * (TEXT_CHARS_MAX + 5), desk.client))
    desk.bring(set_text(desk.document, "group-1", "Wege\n und  Ziele", desk.client))
    board = desk.board()
    assert board.notes[0].text == "😀" * TEXT_CHARS_MAX
    assert board.groups[0].title == "Wege und Ziele"
