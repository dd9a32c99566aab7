"""Reading a board, whatever shape people and machines have brought it into."""

import base64
import json
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pycrdt import XmlElement, XmlText

from collab.sync.boards.board import (
    GROUPS_MAX,
    NOTES_MAX,
    TEXT_CHARS_MAX,
    Board,
    board_schema,
    read_board,
)
from collab.sync.boards.writing import NewNote, add_notes
from collab.sync.document import Admission, Document
from tests.collab.sync.pens import ADA, BEN, Pen, admit

RECORDINGS = sorted((Path(__file__).parent / "fixtures").glob("boards-*.json"))


class Table:
    """A board and two honest people at it."""

    def __init__(self) -> None:
        self.document, seed = Document.seeded(board_schema())
        self.ada, self.ben = Pen(ADA, seed), Pen(BEN, seed)

    def put(self, who: Pen, tag: str, text: str = "", **attributes: Any) -> None:
        element = XmlElement(tag, attributes, [XmlText(text)])
        update = who.write(lambda pen: pen.root("notes").children.append(element))
        verdict = admit(self.document, update, "ada" if who is self.ada else "ben")
        assert isinstance(verdict, Admission), verdict
        for pen in (self.ada, self.ben):
            if pen is not who:
                pen.read(update)

    def read(self) -> Board:
        return read_board(self.document, with_makers=True)


def test_bd2_notes_and_groups_are_read_row_by_row() -> None:
    table = Table()
    table.put(table.ada, "note", "unten", id="note-1", x=0, y=400)
    table.put(table.ada, "note", "rechts", id="note-2", x=300, y=0)
    table.put(table.ada, "note", "links", id="note-3", x=0.5, y=20.25)
    table.put(table.ada, "group", " Wege \n der Stadt", id="group-2", x=900, y=0)
    table.put(table.ada, "group", "Orte", id="group-1", x=0, y=0)
    board = table.read()
    assert [note.text for note in board.notes] == ["links", "rechts", "unten"]
    assert [group.title for group in board.groups] == ["Orte", "Wege der Stadt"]


def test_bd2_the_first_of_a_name_holds_it() -> None:
    table = Table()
    table.put(table.ada, "note", "eins", id="note-1")
    table.put(table.ben, "note", "falsch", id="note-1")
    table.put(table.ben, "group", "falsch", id="note-1")
    board = table.read()
    assert [(note.text, note.client) for note in board.notes] == [("eins", ADA)]
    assert board.groups == ()


def test_bd2_a_note_without_a_living_group_stands_alone() -> None:
    table = Table()
    table.put(table.ada, "group", "Orte", id="group-1")
    table.put(table.ada, "note", "drin", id="note-1", group="group-1")
    table.put(table.ada, "note", "verwaist", id="note-2", group="group-9")
    table.put(table.ada, "note", "an einem Zettel", id="note-3", group="note-1")
    assert [note.group for note in table.read().notes] == ["group-1", None, None]
    admit(table.document, table.ada.write(lambda pen: pen.root("notes").children.__delitem__(0)))
    assert [note.group for note in table.read().notes] == [None, None, None]


def test_bd2_what_has_no_name_is_passed_over_and_what_is_odd_is_made_even() -> None:
    table = Table()
    table.put(table.ada, "note", "namenlos", x=1)
    table.put(table.ada, "note", "\x00Zeile\x07 eins\nzwei 😀", id="note-1", label=" a\n b ")
    board = table.read()
    (note,) = board.notes
    assert (note.text, note.label) == ("Zeile eins\nzwei 😀", "a b")
    assert (note.colour, note.x, note.y, note.group) == ("yellow", 0.0, 0.0, None)
    assert board.note("note-1") == note
    assert board.note("note-9") is None
    assert board.group("note-1") is None


def test_bd2_the_author_is_who_owns_the_client_id_that_made_the_note() -> None:
    table, ada = Table(), UUID(int=7)
    table.put(table.ben, "note", "von Ben", id="note-1", x=0)
    table.put(table.ada, "note", "von Ada", id="note-2", x=300)
    note = table.ada.root("notes").children[0]
    assert isinstance(note, XmlElement)
    text = note.children[0]
    assert isinstance(text, XmlText)
    admit(table.document, table.ada.write(lambda _: text.insert(0, "Ada schreibt mit: ")))
    owners = {ADA: ada, BEN: None}
    found = {note.id: (note.client, note.author(owners)) for note in table.read().notes}
    assert found == {"note-1": (BEN, None), "note-2": (ADA, ada)}


def test_bd2_a_board_is_read_up_to_its_bounds() -> None:
    document, _ = Document.seeded(board_schema())
    pen = Pen(ADA, document.state())

    def fill(pen: Pen) -> None:
        for at in range(NOTES_MAX + 1):
            text = "😀" * (TEXT_CHARS_MAX + 1) if at == 0 else ""
            attributes: dict[str, Any] = {"id": f"note-{at}", "x": at}
            pen.root("notes").children.append(XmlElement("note", attributes, [XmlText(text)]))
        for at in range(GROUPS_MAX + 1):
            attributes = {"id": f"group-{at}", "x": at}
            pen.root("notes").children.append(XmlElement("group", attributes))

    assert isinstance(admit(document, pen.write(fill)), Admission)
    board = read_board(document)
    assert (len(board.notes), len(board.groups)) == (NOTES_MAX, GROUPS_MAX)
    assert board.notes[0].text == "😀" * TEXT_CHARS_MAX
    assert add_notes(document, [NewNote("one-more", "")], 99) is None


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("reload_every", [25, 10_000])
def test_bd1_recorded_boards_are_never_refused_and_read_as_they_were_shown(
    recording: Path, reload_every: int
) -> None:
    recorded = json.loads(recording.read_text())
    document, seed = Document.seeded(board_schema())
    log, owners = [seed], {1: None}
    for at, (actor, encoded) in enumerate(recorded["updates"]):
        update = base64.b64decode(encoded)
        (verdict,) = document.admit_and_apply([(update, actor)], owners)
        assert isinstance(verdict, Admission), (at, verdict)
        owners.update(dict.fromkeys(verdict.new_clients, actor))
        log.append(update)
        if at % reload_every == 0:
            document = Document.load(board_schema(), [document.state()])
    board = read_board(document, with_makers=True)
    notes = {(note.id, note.text, note.client, note.x, note.colour) for note in board.notes}
    shown = [each for each in recorded["shown"] if each["tag"] == "note"]
    assert notes == {(n["id"], n["text"], n["client"], n["x"], n["colour"]) for n in shown}
    assert len(board.groups) == len(recorded["shown"]) - len(shown)
    assert read_board(Document.load(board_schema(), log), with_makers=True) == board


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) == 2


TAGS = ["note", "note", "group"]
VALUES: dict[str, list[Any]] = {
    "id": ["note-1", "note-2", "group-1", "x", 5, None],
    "x": [0, -5.5, 100_000, 100_001, float("inf"), True, "1", None],
    "y": [0, 1e300, -100_000],
    "colour": ["blue", "red", None],
    "group": ["group-1", "note-1", None, "?"],
    "label": ["", "ä" * 40, "ä" * 41, None, 3],
    "author": ["ada"],
}
SOUND: dict[str, list[Any]] = {
    "id": ["note-1", "note-2", "group-1"],
    "x": [0, -5.5, 100_000],
    "y": [0, -100_000],
    "colour": ["blue"],
    "group": ["group-1", "note-1", None],
    "label": ["", "ä" * 40, None],
    "author": [],
}
OF_GROUPS = {"id", "x", "y"}


@pytest.mark.parametrize("seed", range(8))
def test_bd1_exactly_what_the_schema_says_is_taken(seed: int) -> None:
    print(f"seed {seed}")  # noqa: T201
    dice = random.Random(seed)
    document, state = Document.seeded(board_schema())
    for at in range(60):
        tag = dice.choice(TAGS)
        names = dice.sample(sorted(VALUES), dice.randrange(4))
        attributes = {name: dice.choice(VALUES[name]) for name in names}
        element = XmlElement(tag, attributes, [XmlText("😀")] if dice.random() < 0.5 else [])
        pen = Pen(1_000 + at, state)
        pen.root("notes").children.append(element)
        (update,) = pen.unsent
        (verdict,) = document.admit_and_apply([(update, "ada")], {})
        is_sound = all(
            any(value is each or (value == each and type(value) is type(each)) for each in SOUND[n])
            and (tag == "note" or n in OF_GROUPS)
            for n, value in attributes.items()
        )
        assert isinstance(verdict, Admission) == is_sound, (at, tag, attributes, verdict)
        state = document.state()
    assert len(read_board(document).notes) <= 3
