"""A change brought into a document: an update that its guard admits."""

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.merging.blocks import lines_of, merge_update, read_blocks
from collab.sync.schema import DocumentSchema
from collab.sync.text import render

SCHEMA = DocumentSchema(1, ("title", "idea"))
CLIENT = 77


def document(*paragraphs: str) -> Document:
    """A document with these paragraphs in its only section."""
    return Document.seeded(SCHEMA, {"title": ["Titel"], "idea": list(paragraphs)})[0]


def lines(found: Document) -> tuple[str, ...]:
    return lines_of(render(found, ["idea"]).sections["idea"])


def take(found: Document, old: list[str], new: list[str]) -> bool:
    """Bring the change in as an actor would; whether it had a place."""
    update = merge_update(found, "idea", old, new, CLIENT)
    if update:
        (admission,) = found.admit_and_apply([(update, "anna")], {1: None})
        assert not isinstance(admission, Exception), admission
        assert CLIENT in admission.new_clients
    return update is not None


def test_f33_a_change_is_written_under_its_own_client_and_admitted() -> None:
    copy = document("eins", "zwei", "drei", "eigenes")
    assert take(copy, ["eins", "zwei", "drei"], ["eins", "ZWEI", "drei", "vier"])
    assert lines(copy) == ("eins", "ZWEI", "drei", "vier", "eigenes")


def test_f33_a_section_that_is_emptied_keeps_a_paragraph_to_write_in() -> None:
    copy = document("eins")
    assert take(copy, ["eins"], [])
    assert lines(copy) == ()
    blocks = read_blocks(copy, "idea")
    assert blocks is not None
    assert blocks.count == 1


def test_f33_empty_paragraphs_between_do_no_harm() -> None:
    copy = document("eins", "", "zwei")
    assert take(copy, ["eins", "zwei"], ["eins", "mitten", "ZWEI"])
    assert lines(copy) == ("eins", "mitten", "ZWEI")


def test_f33_what_reads_otherwise_is_left_alone() -> None:
    copy = document("eins", "ganz anders")
    before = copy.state()
    assert not take(copy, ["eins", "zwei"], ["eins", "ZWEI"])
    assert copy.state() == before


def test_f33_what_is_there_makes_no_update() -> None:
    assert merge_update(document("ZWEI"), "idea", ["zwei"], ["ZWEI"], CLIENT) == b""


@pytest.mark.parametrize("kind", ["heading", "bulletList"])
def test_f33_other_blocks_are_lines_too(kind: str) -> None:
    copy = document("eins")
    doc: Doc[XmlFragment] = Doc(client_id=5)
    doc.apply_update(copy.state())
    before = doc.get_state()
    inner = XmlElement("paragraph", contents=[XmlText("zwei")])
    block = (
        XmlElement("heading", contents=[XmlText("zwei")])
        if kind == "heading"
        else XmlElement(kind, contents=[XmlElement("listItem", contents=[inner])])
    )
    doc.get("idea", type=XmlFragment).children.append(block)
    copy.admit_and_apply([(doc.get_update(before), "ben")], {1: None})
    assert take(copy, ["eins", "zwei"], ["eins", "ZWEI"])
    assert lines(copy) == ("eins", "ZWEI")
