"""Texts become the blocks that an editor would have written."""

import base64
from uuid import UUID

import pytest

from collab.process.dossier import load_dossier
from collab.sync.codec import Reader
from collab.sync.document import Document
from collab.sync.text import render, to_markdown
from server.actions.seeds import seed
from server.demo.writing import Pen, Written, anchor, blocks, client_of

ANA, BEN = UUID(int=1), UUID(int=2)


def document() -> Document:
    """A new need that nobody has written in."""
    return seed(load_dossier("need"), "Mehr Bänke", {}).document


def section(of: Document, name: str = "situation") -> str:
    """A section as Markdown."""
    return to_markdown(render(of, [name]))[name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eins\nzwei\n\ndrei", [("paragraph", ["eins", "zwei"]), ("paragraph", ["drei"])]),
        ("dazu:\n- a\n- b", [("paragraph", ["dazu:"]), ("bulletList", ["a", "b"])]),
        ("1. a\n2. b", [("orderedList", ["a", "b"])]),
        ("### Titel\n- a", [("heading", ["###", "Titel"]), ("bulletList", ["a"])]),
    ],
)
def test_blocks(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert list(blocks(text)) == expected


@pytest.mark.parametrize("text", ["Ein Satz.", "- a\n- b", "1. a\n2. b", "### Titel\n\nText"])
def test_first_block_takes_the_place_of_the_empty_paragraph(text: str) -> None:
    found = document()
    Pen(found, ANA, lambda _: None).write("situation", text)
    assert section(found).strip() == text


def test_several_people_write_one_after_the_other() -> None:
    found = document()
    ana, ben = Pen(found, ANA, lambda _: None), Pen(found, BEN, lambda _: None)
    _, claimed = ana.write("situation", "Von Ana.")
    row, _ = ben.write("situation", "Von Ben.")
    ana.write("situation", "Wieder Ana.")
    assert section(found).split() == ["Von", "Ana.", "Von", "Ben.", "Wieder", "Ana."]
    assert claimed == {client_of(ANA)}
    assert {client for client, _, _ in row.clients} == {client_of(BEN)}
    assert row.actor_id == BEN


def test_c2_anchor_names_the_first_and_last_character_of_the_quote() -> None:
    found = document()
    notes: list[Written] = []
    Pen(found, ANA, notes.append).write("situation", "Der 🚲-Weg endet hier.")
    made = anchor(notes, "situation", "endet")
    first, last = decoded(made.start), decoded(made.end)
    assert first[0] == last[0] == client_of(ANA)
    # The bicycle counts as two characters, as in browsers.
    assert (first[1] - notes[0].clock, last[1] - notes[0].clock) == (11, 15)
    assert (first[2], last[2]) == (0x00, 0x41)
    assert (made.prefix, made.suffix) == ("Der 🚲-Weg ", " hier.")


def decoded(position: str) -> tuple[int, int, int]:
    """Client, clock and side of a relative position that names an item."""
    reader = Reader(base64.b64decode(position))
    assert reader.var_uint() == 0
    return reader.var_uint(), reader.var_uint(), reader.byte()
