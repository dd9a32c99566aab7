"""Taking text out of a document for good: the person's goes, everybody else's stays as it is."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import XmlElement, XmlText

from collab.sync.document import Admission, Document
from collab.sync.removal import erase
from collab.sync.removal.erase import FILL, MARK
from collab.sync.removal.moved import moved_text
from collab.sync.removal.revert import NOTHING, revert_update
from collab.sync.text import render, to_plain
from collab.sync.yjs.ranges import IdRanges
from tests.collab.sync.pens import ADA, BEN, SCHEMA, SECTIONS, Pen, seeded

OWNERS = {ADA: "ada", BEN: "ben", 1: None}
NAMES = {ADA: "ada", BEN: "ben"}
CANARY = "kanarienvogel"
MODERATION = 9_000_000_001


class Desk:
    """Two people at one document, in sync, and the document's log."""

    def __init__(self, *need: str) -> None:
        self.document, seed = seeded(None, *need)
        self.log: list[tuple[bytes, str | None]] = [(seed, None)]
        self.ada, self.ben = Pen(ADA, seed), Pen(BEN, seed)

    def does(self, pen: Pen, *acts: Callable[[Pen], object]) -> None:
        for act in acts:
            update = pen.write(act)
            (verdict,) = self.document.admit_and_apply([(update, NAMES[pen.client])], OWNERS)
            assert isinstance(verdict, Admission), verdict
            self.log.append((update, NAMES[pen.client]))
            (self.ben if pen is self.ada else self.ada).read(update)

    def types(self, pen: Pen, content: str, at: int = 0, paragraph: int = 0) -> None:
        """Key by key, as people type."""
        for offset, key in enumerate(content):
            place = at + len(content[:offset].encode())
            self.does(pen, writes(key, place, paragraph))

    def erased(self, actor: str, *, with_seed: bool = False) -> bytes:
        state = self.document.state()
        ids = erase.written_by(state, OWNERS, actor, with_seed=with_seed)
        return erase.rewritten([update for update, _ in self.log], SCHEMA, ids)


def plain(state: bytes) -> list[str]:
    """The lines of all sections."""
    return to_plain(render(Document.load(SCHEMA, [state]), SECTIONS)).splitlines()


def title(state: bytes) -> str:
    return render(Document.load(SCHEMA, [state]), SECTIONS).title


def writes(content: str, at: int = 0, paragraph: int = 0) -> Callable[[Pen], object]:
    return lambda pen: pen.text(paragraph).insert(at, content)


def cuts(start: int, end: int, paragraph: int = 0) -> Callable[[Pen], object]:
    return lambda pen: pen.text(paragraph).__delitem__(slice(start, end))


def removes_paragraph(at: int) -> Callable[[Pen], object]:
    return lambda pen: pen.root().children.__delitem__(at)


def appends(content: str) -> Callable[[Pen], object]:
    return lambda pen: pen.text().insert(len(str(pen.text()).encode()), content)


def adds(content: str, at: int = 0) -> Callable[[Pen], object]:
    element = XmlElement("paragraph", contents=[XmlText(content)])
    return lambda pen: pen.root().children.insert(at, element)


def test_x3_erased_text_is_in_no_byte_of_the_new_state() -> None:
    desk = Desk("Ein Radweg", "zwei")
    desk.types(desk.ada, CANARY, 4)
    desk.does(desk.ben, writes("breiter ", 4))
    desk.does(desk.ada, writes(f"{CANARY} ganz"), cuts(0, len(CANARY)))
    assert any(CANARY.encode() in update for update, _ in desk.log)
    assert CANARY.encode() in desk.document.state()
    state = desk.erased("ada")
    assert CANARY.encode() not in state
    assert b"ganz" not in state
    assert plain(state) == ["Ein breiter Radweg", "zwei"]


def test_x3_text_deleted_before_is_gone_too_whoever_wrote_it() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ben, writes(CANARY), cuts(0, len(CANARY)))
    state = erase.rewritten([update for update, _ in desk.log], SCHEMA, IdRanges())
    assert CANARY.encode() not in state
    assert plain(state) == ["eins", "zwei"]


def test_x3_a_paragraph_of_the_person_goes_unless_others_wrote_in_it() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ada, adds("nur Ada", 1), adds("Ada und ", 2))
    desk.does(desk.ben, writes("Ben", 8, 2))
    assert plain(desk.erased("ada")) == ["eins", "Ben", "zwei"]


def test_x3_the_text_a_document_began_with_is_its_founders() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ben, writes("Ben ", 0, 1))
    assert plain(desk.erased("ada")) == ["eins", "Ben zwei"]
    state = desk.erased("ada", with_seed=True)
    assert title(state) == MARK
    assert [line for line in plain(state) if line] == ["Ben "]
    assert b"Titel" not in state


def test_x3_a_root_that_would_be_empty_keeps_a_paragraph_to_write_in() -> None:
    desk = Desk("eins")
    desk.does(desk.ada, adds("Ada", 0), removes_paragraph(1))
    state = desk.erased("ada")
    pen = Pen(BEN + 1, state)
    assert [child.tag for child in pen.root().children if isinstance(child, XmlElement)] == [
        "paragraph"
    ]


def test_x3_links_of_the_person_go_from_the_text_of_others() -> None:
    desk = Desk("eins zwei")
    href = f"https://{CANARY}.example"
    desk.does(desk.ada, lambda pen: pen.text().format(0, 4, {"link": {"href": href}}))
    assert CANARY.encode() in desk.document.state()
    state = desk.erased("ada")
    assert CANARY.encode() not in state
    assert plain(state) == ["eins zwei"]


def test_x3_erasing_again_finds_nothing_and_changes_no_text() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ada, writes("Ada "), adds("noch einmal Ada", 1))
    once = desk.erased("ada")
    ids = erase.written_by(once, OWNERS, "ada")
    assert plain(erase.rewritten([once], SCHEMA, ids)) == plain(once)
    assert erase.passages(once, SCHEMA, ids, SECTIONS) == {}


def test_x4_who_wrote_what_is_known_after_the_log_became_one_row() -> None:
    desk = Desk("eins")
    desk.does(desk.ada, writes("Ada "))
    desk.does(desk.ben, writes("Ben "))
    state = desk.erased("ada")
    late = Pen(BEN, state).type("und noch Ben ")
    update = revert_update(
        [(state, None), (late, "ben")], "ben", schema=SCHEMA, client=MODERATION, owners=OWNERS
    )
    assert update != NOTHING
    document = Document.load(SCHEMA, [state, late, update])
    assert plain(document.state()) == ["eins"]
    nobody = revert_update([(state, None)], "ada", schema=SCHEMA, client=MODERATION, owners=OWNERS)
    assert plain(Document.load(SCHEMA, [state, nobody]).state()) == plain(state)


def test_x5_a_kept_version_shows_where_something_was() -> None:
    desk = Desk("Ein Radweg für alle")
    desk.types(desk.ada, "breiter ", 4)
    kept = desk.document.state()
    redacted = erase.redacted(kept, erase.written_by(kept, OWNERS, "ada"))
    assert b"breiter" not in redacted
    text = erase.marked(render(Document.load(SCHEMA, [redacted]), SECTIONS))
    assert to_plain(text) == f"Ein {MARK}Radweg für alle"
    assert text.title == "Titel"


def test_x5_what_was_deleted_since_is_marked_in_a_kept_version() -> None:
    desk = Desk("Ein Radweg für alle")
    desk.does(desk.ben, writes("verbotener ", 4))
    kept = desk.document.state()
    desk.does(desk.ada, cuts(4, 15))
    redacted = erase.redacted(kept, erase.deleted_in(desk.document.state()))
    assert b"verboten" not in redacted
    text = erase.marked(render(Document.load(SCHEMA, [redacted]), SECTIONS))
    assert to_plain(text) == f"Ein {MARK}Radweg für alle"


def test_x3_text_stays_the_persons_when_somebody_splits_its_paragraph() -> None:
    desk = Desk("eins")
    desk.types(desk.ada, " und alles von Ada", 4)

    def press_enter(pen: Pen) -> None:
        """What an editor does: the second half is deleted and written anew."""
        del pen.text()[8:]
        pen.root().children.insert(1, XmlElement("paragraph", contents=[XmlText("alles von Ada")]))

    desk.does(desk.ben, press_enter, appends("Ben"))
    written = erase.written_by(desk.document.state(), OWNERS, "ada")
    moved = moved_text(desk.log, written)
    assert moved
    state = erase.rewritten([desk.document.state()], SCHEMA, IdRanges.of(*written, *moved))
    assert [line for line in plain(state) if line] == ["einsBen"]


def test_x3_text_stays_the_persons_when_it_is_restored_or_pasted_later() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ada, writes("Worte von Ada 😀. "))
    vandal = desk.ben.write(cuts(0, len("Worte von Ada 😀. ".encode())))
    desk.document.admit_and_apply([(vandal, "ben")], OWNERS)
    desk.log.append((vandal, "ben"))
    back = revert_update(desk.log, "ben", schema=SCHEMA, client=MODERATION)
    desk.document.admit_and_apply([(back, "moderator")], {**OWNERS, MODERATION: "moderator"})
    desk.log.append((back, "moderator"))
    state = desk.document.state()
    written = erase.written_by(state, OWNERS, "ada")
    moved = moved_text(desk.log, written)
    assert erase.passages(state, SCHEMA, moved, SECTIONS) == {"need": ["Worte von Ada 😀."]}


def test_x3_words_of_others_are_theirs_however_alike() -> None:
    desk = Desk("eins", "zwei")
    desk.does(desk.ada, writes("Haus und Hof"))
    desk.does(desk.ben, writes("Haus und Hof", 0, 1), cuts(0, 4), writes("Häuser"))
    written = erase.written_by(desk.document.state(), OWNERS, "ada")
    assert not moved_text(desk.log, written)


def test_x1_the_passages_of_a_person_are_those_that_readers_see() -> None:
    desk = Desk("Ein Radweg")
    desk.types(desk.ada, "breiter ", 4)
    desk.does(desk.ben, writes("sehr ", 4))
    desk.does(desk.ada, adds("Ein Absatz", 1), writes("weg damit"), cuts(0, 9))
    state = desk.document.state()
    ids = erase.written_by(state, OWNERS, "ada")
    assert erase.passages(state, SCHEMA, ids, SECTIONS) == {"need": ["breiter", "Ein Absatz"]}
    updates = [update for update, actor in desk.log if actor == "ada"]
    assert erase.lost_text(updates, state) == ["weg damit"]


@pytest.mark.parametrize("text", ["a😀b", "👩‍👩‍👧", "ß", "", "x" * 300])
def test_x5_filling_keeps_every_length_and_every_other_text(text: str) -> None:
    _, seed = seeded(None, f"{text}ende")
    units = len(text.encode("utf-16-le")) // 2
    ids = IdRanges()
    document = Document.load(SCHEMA, [seed])
    everything = erase.written_by(seed, {}, "x", with_seed=True)
    filled = erase.filled(seed, everything)
    lengths = [len(each) for each in plain(filled)]
    assert lengths[0] == units + len("ende")
    assert set("".join(plain(filled))) <= {FILL}
    assert erase.filled(seed, ids) == seed
    assert document.state() == seed


@given(st.lists(st.tuples(st.booleans(), st.text("abc 😀", min_size=1, max_size=6)), max_size=12))
@settings(max_examples=30, deadline=None)
def test_x3_what_is_left_is_exactly_what_others_wrote(
    turns: list[tuple[bool, str]],
) -> None:
    desk = Desk("")
    expected = ""
    for is_ada, words in turns:
        pen = desk.ada if is_ada else desk.ben
        desk.does(pen, appends(words))
        expected += "" if is_ada else words
    assert "".join(plain(desk.erased("ada"))).strip() == expected.strip()
