"""Who wrote which passage, read out of a document; and walking through its log."""

from collab.sync.document import Document
from collab.sync.history.passages import authored
from collab.sync.history.walk import Walk
from collab.sync.schema import TITLE, DocumentSchema
from collab.sync.text import DossierText, render
from tests.collab.sync.test_restoring import OWNERS, bring, listed, made, para

SCHEMA = DocumentSchema(1, (TITLE, "idea", "costs"))
SECTIONS = ("idea", "costs")


def authors(document: Document, **numbers: int) -> list[set[str]]:
    """Who wrote each block of the first section."""
    OWNERS[1] = None
    clients = {client: numbers[who] for client, who in OWNERS.items() if who in numbers}
    text = render(document, SECTIONS)
    found = authored(document.state(), SCHEMA, SECTIONS, text, clients)
    names = {number: who for who, number in numbers.items()} | {0: "?"}
    assert [block.node for block in found["idea"]] == text.sections["idea"]
    return [{names[number] for number in block.authors} for block in found["idea"]]


def test_h8_a_passage_is_a_block_and_small_corrections_are_not_told() -> None:
    OWNERS.clear()
    OWNERS[1] = None
    right = para("Ein Absatz von Anna, in dem von anderen nichts steht, nur Fehler.")
    wrong = para("Ein Absatz von Anna, in dem von anderen nichts steht, nur Feler.")
    hers = [para("Anna 😀 schreibt das.")]
    his = [para("Und Ben schrieb dieses.")]
    document = made(idea=[wrong, listed("bulletList", hers)])
    bring(document, "ben", 20, idea=[right, listed("bulletList", hers, his), para()])
    assert authors(document, anna=1, ben=2) == [{"anna"}, {"anna", "ben"}, set()]
    assert authors(document, ben=2) == [{"?"}, {"?", "ben"}, set()]


def test_h8_more_writers_than_there_are_signs_do_no_harm() -> None:
    OWNERS.clear()
    OWNERS[1] = None
    document = made(idea=[para("Text.")])
    text = render(document, SECTIONS)
    found = authored(document.state(), SCHEMA, SECTIONS, text, {10: 70_000})
    assert len(found["idea"][0].authors) == 1


def test_h10_a_walk_reads_what_stood_there_at_each_moment() -> None:
    document, seed = Document.seeded(SCHEMA, {TITLE: ["Titel"], "idea": ["Eins."]})
    walk = Walk(SCHEMA, SECTIONS, None, 0)
    walk.take([(1, seed)])
    assert walk.text() == DossierText("Titel", render(document, SECTIONS).sections)
    OWNERS.clear()
    OWNERS[1] = None
    known = document.state_vector()
    bring(document, "anna", 10, idea=[para("Zwei.")])
    later = Walk(SCHEMA, SECTIONS, seed, 1)
    for each in (walk, later):
        each.take([(2, document.diff(known))])
        assert each.seq == 2
        assert each.text() == render(document, SECTIONS)
