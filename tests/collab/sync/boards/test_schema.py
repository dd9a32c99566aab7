"""What may lie on a board: the rules of schema 2, one line per case."""

import pytest

from collab.sync.boards.board import board_schema
from collab.sync.document import Admission, Document
from collab.sync.refusals import RefusalReason
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, admit

NOTE = wire.element("note", parent="notes")
GROUP = wire.element("group", parent="notes")
INSIDE = (ADA, 0)


def is_allowed(*structs: bytes) -> bool:
    document, _ = Document.seeded(board_schema())
    verdict = admit(document, wire.update((ADA, 0, structs)))
    if isinstance(verdict, Admission):
        return True
    assert verdict.reason in (RefusalReason.KIND_NOT_ALLOWED, RefusalReason.ROOT_NOT_ALLOWED)
    return False


@pytest.mark.parametrize("name", ["note", "group", "paragraph", "heading", "Note", "image", ""])
def test_bd1_a_board_holds_notes_and_groups(name: str) -> None:
    assert is_allowed(wire.element(name, parent="notes")) == (name in {"note", "group"})


def test_bd1_a_board_has_one_root() -> None:
    assert not is_allowed(wire.element("note", parent="title"))
    assert not is_allowed(wire.element("note", parent="board"))


@pytest.mark.parametrize("outer", [NOTE, GROUP], ids=["note", "group"])
def test_bd1_inside_lies_plain_text_and_nothing_else(outer: bytes) -> None:
    text = wire.xml_text(parent=INSIDE)
    assert is_allowed(outer, text, wire.text("Zettel 😀", parent=(ADA, 1)))
    assert not is_allowed(outer, wire.element("note", parent=INSIDE))
    assert not is_allowed(outer, wire.element("paragraph", parent=INSIDE))
    assert not is_allowed(outer, wire.text("nackt", parent=INSIDE))
    assert not is_allowed(outer, text, wire.mark("strong", "{}", parent=(ADA, 1)))
    assert not is_allowed(outer, text, wire.values(b"\x78", parent=(ADA, 1), key="x"))
    assert not is_allowed(wire.xml_text(parent="notes"))


INTEGER, FLOAT = b"\x7d\x05", b"\x7b\xc0\x59\x00\x00\x00\x00\x00\x00"
NAN, INFINITE = b"\x7b\x7f\xf8" + bytes(6), b"\x7b\x7f\xf0" + bytes(6)
NULL, TRUE, LIST, OBJECT = b"\x7e", b"\x78", b"\x75\x00", b"\x76\x00"
AT_BOUND, BEYOND = b"\x7c\x47\xc3\x50\x00", b"\x7c\x47\xc3\x50\x80"
"""100,000 and 100,001 as 32-bit floats."""

CASES = [
    ("id", wire.any_string("a-Z_09"), True),
    ("id", wire.any_string("x" * 24), True),
    ("id", wire.any_string("x" * 25), False),
    ("id", wire.any_string("x" * 5), False),
    ("id", wire.any_string("zettel 1"), False),
    ("id", wire.any_string("zettel1\n"), False),
    ("id", INTEGER, False),
    ("id", NULL, False),
    ("x", INTEGER, True),
    ("x", FLOAT, True),
    ("y", AT_BOUND, True),
    ("y", BEYOND, False),
    ("x", NAN, False),
    ("x", INFINITE, False),
    ("x", TRUE, False),
    ("x", NULL, False),
    ("y", wire.any_string("5"), False),
    ("colour", wire.any_string("yellow"), True),
    ("colour", wire.any_string("url(x)"), False),
    ("colour", NULL, False),
    ("group", wire.any_string("gruppe-1"), True),
    ("group", NULL, True),
    ("group", INTEGER, False),
    ("group", wire.any_string(""), False),
    ("label", wire.any_string("ä" * 40), True),
    ("label", wire.any_string("ä" * 41), False),
    ("label", NULL, True),
    ("label", OBJECT, False),
    ("label", LIST, False),
    ("author", wire.any_string("Ada"), False),
    ("style", wire.any_string(""), False),
    ("__proto__", NULL, False),
]


@pytest.mark.parametrize(("key", "value", "allowed"), CASES)
def test_bd1_attributes_of_a_note_are_what_they_may_be(
    key: str, value: bytes, allowed: bool
) -> None:
    assert is_allowed(NOTE, wire.values(value, parent=INSIDE, key=key)) == allowed


@pytest.mark.parametrize("key", ["id", "x", "y", "colour", "group", "label"])
def test_bd1_a_group_has_a_name_and_a_place_only(key: str) -> None:
    given = {"x": INTEGER, "y": INTEGER, "colour": wire.any_string("yellow")}
    value = given.get(key, wire.any_string("gruppe-1"))
    attribute = wire.values(value, parent=INSIDE, key=key)
    assert is_allowed(GROUP, attribute) == (key in {"id", "x", "y"})


def test_bd1_one_bad_value_refuses_the_whole_note() -> None:
    good = wire.values(INTEGER, parent=INSIDE, key="x")
    bad = wire.values(BEYOND, origin=(ADA, 1))
    document, _ = Document.seeded(board_schema())
    before = document.state()
    verdict = admit(document, wire.update((ADA, 0, [NOTE, good, bad])))
    assert not isinstance(verdict, Admission)
    assert document.state() == before


def test_bd1_an_empty_board_is_the_same_whoever_makes_it() -> None:
    (one, first), (_, second) = Document.seeded(board_schema()), Document.seeded(board_schema())
    assert first == second
    assert Document.load(board_schema(), [first]).state() == one.state()
