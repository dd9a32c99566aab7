"""What may stand where: the rules of schema 1, one line per case."""

import pytest

from collab.sync.document import Admission
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.schema import DocumentSchema, mark_name
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, admit, seeded

# As seeded, all under client 1.
TITLE_TEXT = (1, 1)
PARAGRAPH = (1, 7)
TEXT = (1, 8)
CHARACTER = (1, 9)

BLOCKS = ["paragraph", "heading", "bulletList", "orderedList", "blockquote", "horizontalRule"]


def verdict_of(*structs: bytes) -> RefusalReason | None:
    document, _ = seeded()
    verdict = admit(document, wire.update((ADA, 0, structs)))
    return None if isinstance(verdict, Admission) else verdict.reason


def is_allowed(*structs: bytes) -> bool:
    reason = verdict_of(*structs)
    assert reason in (None, RefusalReason.KIND_NOT_ALLOWED)
    return reason is None


@pytest.mark.parametrize("name", [*BLOCKS, "listItem", "hardBreak", "image", "Paragraph", ""])
def test_a_section_holds_blocks(name: str) -> None:
    assert is_allowed(wire.element(name)) == (name in BLOCKS)


@pytest.mark.parametrize("name", [*BLOCKS, "listItem", "hardBreak"])
def test_the_title_holds_paragraphs_only(name: str) -> None:
    assert is_allowed(wire.element(name, parent="title")) == (name == "paragraph")


@pytest.mark.parametrize(
    ("outer", "inner", "allowed"),
    [
        ("paragraph", "hardBreak", True),
        ("paragraph", "paragraph", False),
        ("paragraph", "blockquote", False),
        ("heading", "hardBreak", True),
        ("bulletList", "listItem", True),
        ("bulletList", "paragraph", False),
        ("orderedList", "listItem", True),
        ("blockquote", "bulletList", True),
        ("blockquote", "blockquote", True),
        ("blockquote", "listItem", False),
        ("horizontalRule", "paragraph", False),
    ],
)
def test_an_element_holds_what_its_editor_would_put_there(
    outer: str, inner: str, allowed: bool
) -> None:
    structs = [wire.element(outer), wire.element(inner, parent=(ADA, 0))]
    assert is_allowed(*structs) == allowed


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("paragraph", True), ("heading", True), ("blockquote", False), ("horizontalRule", False)],
)
def test_text_lies_in_paragraphs_and_headings(name: str, allowed: bool) -> None:
    assert is_allowed(wire.element(name), wire.xml_text(parent=(ADA, 0))) == allowed


def test_characters_lie_in_texts_only() -> None:
    assert is_allowed(wire.text("x", parent=TEXT))
    assert not is_allowed(wire.text("x"))
    assert not is_allowed(wire.text("x", parent=PARAGRAPH))
    assert not is_allowed(wire.text("x", right=(1, 13)))
    assert not is_allowed(wire.text("x", origin=(1, 8)))


def test_texts_hold_no_elements_and_no_values() -> None:
    assert not is_allowed(wire.element("paragraph", origin=CHARACTER))
    assert not is_allowed(wire.xml_text(parent=TEXT))
    assert not is_allowed(wire.values(b"\x78", origin=CHARACTER))
    assert not is_allowed(wire.values(b"\x78", parent=TEXT, key="x"))
    assert not is_allowed(wire.values(b"\x78", key="x"))


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("strong", "{}", True),
        ("strong", "true", True),
        ("strong", "null", True),
        ("em", "{}", True),
        ("em--aGFzaA==", "{}", True),
        ("link", '{"href":"https://x","title":null}', True),
        ("link", '{"href":"javascript:x"}', True),
        ("link", "null", True),
        ("link", "{}", False),
        ("link", "true", False),
        ("link", '{"href":1}', False),
        ("link", '{"href":"' + "x" * 2_100 + '"}', False),
        ("strong", "5", False),
        ("underline", "{}", False),
        ("ychange", "null", False),
        ("", "{}", False),
    ],
)
def test_marks_are_those_every_editor_knows(key: str, value: str, allowed: bool) -> None:
    assert is_allowed(wire.mark(key, value, origin=CHARACTER)) == allowed


def test_the_title_is_plain() -> None:
    assert is_allowed(wire.text("x", parent=TITLE_TEXT))
    assert not is_allowed(wire.mark("strong", "{}", parent=TITLE_TEXT))


@pytest.mark.parametrize(
    ("name", "key", "value", "allowed"),
    [
        ("heading", "level", b"\x7d\x02", True),
        ("heading", "level", b"\x7c\x40\x80\x00\x00", True),
        ("heading", "level", b"\x7d\x01", False),
        ("heading", "level", b"\x78", False),
        ("heading", "level", wire.any_string("2"), False),
        ("orderedList", "start", b"\x7d\x07", True),
        ("orderedList", "start", b"\x7d\x41", False),
        ("orderedList", "start", b"\x7c\x7f\xc0\x00\x00", False),
        ("paragraph", "align", wire.any_string("left"), True),
        ("paragraph", "align", wire.any_string("x" * 2_049), False),
        ("paragraph", "align", b"\x75\x00", False),
        ("paragraph", "__proto__", b"\x78", False),
        ("paragraph", "on click", b"\x78", False),
        ("paragraph", "x" * 33, b"\x78", False),
    ],
)
def test_attributes_are_small_plain_values(
    name: str, key: str, value: bytes, allowed: bool
) -> None:
    structs = [wire.element(name), wire.values(value, parent=(ADA, 0), key=key)]
    assert is_allowed(*structs) == allowed


def test_several_values_of_an_attribute_may_come_at_once() -> None:
    # yjs joins values that were replaced while its undo manager kept them.
    values = wire.values(b"\x7d\x02", b"\x7d\x03", parent=(ADA, 0), key="level")
    assert is_allowed(wire.element("heading"), values)


def test_an_attribute_has_no_right_neighbour() -> None:
    level = wire.values(b"\x7d\x02", parent=(ADA, 0), key="level")
    again = wire.values(b"\x7d\x03", right=(ADA, 1))
    assert verdict_of(wire.element("heading"), level, again) is RefusalReason.MALFORMED


def test_the_name_of_a_mark_comes_without_its_hash() -> None:
    assert mark_name("link--aB3/+x==") == "link"
    assert mark_name("link--short") == "link--short"
    assert mark_name("link") == "link"


def test_unknown_schemas_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown document schema"):
        DocumentSchema(99, ("title",))


def test_a_refusal_says_what_and_why() -> None:
    refusal = FrameRefused(RefusalReason.GAP, "detail")
    assert str(refusal) == "gap: detail"
    assert str(FrameRefused(RefusalReason.GAP)) == "gap"
