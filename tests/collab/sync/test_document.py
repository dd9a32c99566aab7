"""Documents: made once, loaded whole or not at all, changed by admitted updates only."""

import pytest
from pycrdt import Doc, XmlFragment, merge_updates

from collab.sync.document import Document, DocumentBroken, UnreadableDocument
from collab.sync.refusals import FrameRefused
from collab.sync.text import render
from collab.sync.yjs.update import parse_state_vector
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, BEN, OWNERS, SCHEMA, SECTIONS, Pen, admitted, seeded


def plain(document: Document) -> str:
    return str(render(document, SECTIONS))


def test_seeds_are_the_same_bytes_for_the_same_text() -> None:
    _, first = seeded()
    _, second = seeded()
    assert first == second
    assert list(parse_state_vector(Document.load(SCHEMA, [first]).state_vector())) == [1]


def test_every_root_begins_with_a_paragraph() -> None:
    document, _ = Document.seeded(SCHEMA)
    text = render(document, SECTIONS)
    assert text.sections == {name: [{"type": "paragraph"}] for name in SECTIONS}
    assert text.title == ""


def test_a_document_loads_from_its_log_and_from_its_snapshot_and_tail() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    log = [seed, ada.type("eins "), ada.erase(0, 2), ada.type("😀")]
    admitted(document, *log[1:])
    assert plain(Document.load(SCHEMA, log)) == plain(document)
    early = Document.load(SCHEMA, log[:3]).state()
    assert plain(Document.load(SCHEMA, [early, *log[3:]])) == plain(document)
    assert plain(Document.load(SCHEMA, [early, *log])) == plain(document)


@pytest.mark.parametrize(
    "rubbish",
    [
        [],
        [b""],
        [b"\x00\x00"],
        [b"\x00\x00", b"\x00\x00"],
        [b"\xff\xff"],
        [b"SQLite format 3\x00"],
        [b"\x01\x01\x01\x00"],
        [b"x" * 100_000],
    ],
)
def test_rubbish_is_no_empty_document(rubbish: list[bytes]) -> None:
    with pytest.raises(UnreadableDocument):
        Document.load(SCHEMA, rubbish)


def test_a_damaged_seed_is_unreadable() -> None:
    _, seed = seeded()
    for end in range(len(seed)):
        with pytest.raises(UnreadableDocument):
            Document.load(SCHEMA, [seed[:end]])
    with pytest.raises(UnreadableDocument):
        Document.load(SCHEMA, [seed + b"\x00"])


def test_a_hole_in_the_log_is_noticed() -> None:
    _, seed = seeded()
    ada = Pen(ADA, seed)
    log = [seed, ada.type("eins "), ada.type("zwei ", at=5), ada.erase(2, 7)]
    for missing in (0, 1, 2):
        with pytest.raises(UnreadableDocument):
            Document.load(SCHEMA, [each for at, each in enumerate(log) if at != missing])


def test_a_hole_before_a_large_update_is_noticed() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    first, second = ada.type("a"), ada.type("b" * 40_000, at=1)
    admitted(document, first, second)
    snapshot = document.state()
    assert plain(Document.load(SCHEMA, [snapshot])) == plain(document)
    with pytest.raises(UnreadableDocument):
        Document.load(SCHEMA, [seed, ada.type("c", at=2)])


def test_committed_updates_of_others_are_followed() -> None:
    document, seed = seeded()
    ada, ben = Pen(ADA, seed), Pen(BEN, seed)
    admitted(document, ada.type("Ada "))
    from_ben = [ben.type("Ben "), ben.erase(0, 1)]
    document.apply(from_ben)
    (verdict,) = document.admit_and_apply([(from_ben[0], "ben")], OWNERS)
    assert "news=False" in str(verdict)
    ada.read(*from_ben)
    admitted(document, ada.type("weiter ", at=2))


def test_following_works_before_and_after_the_first_judgement() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    updates = [ada.type("a"), ada.type("b", at=1), ada.type("c", at=2)]
    document = Document.load(SCHEMA, [seed])
    document.apply(updates[:1])
    admitted(document, updates[1])
    document.apply(updates[2:])
    assert "abceins" in plain(document)


def test_a_committed_update_that_does_not_fit_breaks_the_document() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    admitted(document, ada.type("a"))
    ada.type("b", at=1)
    with pytest.raises(DocumentBroken) as broken:
        document.apply([ada.type("c", at=2)])
    assert broken.value.position == 0
    with pytest.raises(DocumentBroken):
        document.state()


def test_a_hole_in_what_is_followed_is_noticed_though_nothing_was_judged_yet() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    ada.type("a")
    later = ada.type("b", at=1)
    document = Document.load(SCHEMA, [seed])
    with pytest.raises(DocumentBroken):
        document.apply([later])
    assert document.is_broken


class PanicException(BaseException):
    """What a Rust panic looks like from Python."""


@pytest.mark.parametrize("error", [PanicException("unwrap on None"), ValueError("decode")])
def test_what_pycrdt_raises_breaks_the_document_and_names_the_update(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    turn = [(ada.type("a"), "ada"), (ada.type("b", at=1), "ada")]
    apply = Doc.apply_update

    def fails_at_second(doc: Doc[XmlFragment], update: bytes) -> None:
        if update == turn[1][0]:
            raise error
        apply(doc, update)

    monkeypatch.setattr(Doc, "apply_update", fails_at_second)
    with pytest.raises(DocumentBroken) as broken:
        document.admit_and_apply(turn, OWNERS)
    assert broken.value.position == 1
    with pytest.raises(DocumentBroken):
        document.admit_and_apply([], OWNERS)


def test_what_is_not_about_the_document_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    document, seed = seeded()
    update = Pen(ADA, seed).type("x")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Doc, "apply_update", interrupt)
    with pytest.raises(KeyboardInterrupt):
        document.admit_and_apply([(update, "ada")], OWNERS)


def test_a_panic_while_loading_is_an_unreadable_document(monkeypatch: pytest.MonkeyPatch) -> None:
    _, seed = seeded()

    def panic(*_: object) -> None:
        raise PanicException

    monkeypatch.setattr(Doc, "apply_update", panic)
    with pytest.raises(UnreadableDocument):
        Document.load(SCHEMA, [seed])


def test_diff_holds_what_the_other_side_lacks() -> None:
    document, seed = seeded()
    ada, ben = Pen(ADA, seed), Pen(BEN, seed)
    admitted(document, ada.type("Ada 😀 "))
    ben.read(document.diff(ben.doc.get_state()))
    assert ben.doc.get_state() == document.state_vector()
    assert len(document.diff(document.state_vector())) < 10
    assert document.diff(b"\x00") == document.state()


@pytest.mark.parametrize("vector", [b"", b"\x01", b"\x00\x00", b"\x80\x80\x80\x80\x01", b"\xff"])
def test_diff_refuses_what_is_no_state_vector(vector: bytes) -> None:
    document, _ = seeded()
    with pytest.raises(FrameRefused):
        document.diff(vector)


@pytest.mark.parametrize("count", [0, 1, 2, 199, 200, 201, 1_000])
def test_merged_updates_do_what_they_did_one_by_one(count: int) -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    updates = [ada.type("x", at=at) for at in range(count)]
    merged = document.merge(updates)
    reader = Pen(BEN, seed, merged)
    assert reader.doc.get_state() == ada.doc.get_state()
    admitted(document, merged)


def test_merging_groups_gives_what_one_merge_would() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    updates = [ada.type("x", at=at // 2) for at in range(500)]
    whole, grouped = Pen(BEN, seed, merge_updates(*updates)), Pen(BEN, seed)
    grouped.read(document.merge(updates))
    assert whole.doc.get_update() == grouped.doc.get_update()


def test_the_guard_reads_a_document_only_when_somebody_writes() -> None:
    _, seed = seeded()
    document = Document.load(SCHEMA, [seed])
    assert document._guard is None
    admitted(document, Pen(ADA, seed).type("x"))
    assert document._guard is not None


def test_paragraphs_for_unknown_roots_are_a_bug() -> None:
    with pytest.raises(AssertionError):
        Document.seeded(SCHEMA, {"nope": ["x"]})


def test_an_update_of_an_unknown_client_with_known_text_only_is_no_news() -> None:
    document, seed = seeded()
    (verdict,) = document.admit_and_apply([(seed, "anybody")], OWNERS)
    assert "news=False" in str(verdict)
    assert wire.update() == b"\x00\x00"
