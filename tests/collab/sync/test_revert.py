"""Taking back what one person did: his text goes, everybody else's stays."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycrdt import XmlElement, XmlText

from collab.sync.document import Admission, Document
from collab.sync.removal.revert import NOTHING, revert_update
from collab.sync.text import render, to_plain
from tests.collab.sync.pens import ADA, BEN, SCHEMA, SECTIONS, Pen, seeded

RECORDINGS = sorted((Path(__file__).parent / "fixtures").glob("editors-*.json"))
MODERATION = 9_000_000_001
NAMES = {ADA: "ada", BEN: "ben"}


class Table:
    """Two people at one document, always in sync unless a test says otherwise; and its log."""

    def __init__(self, *need: str) -> None:
        self.document, seed = seeded(None, *need)
        self.log: list[tuple[bytes, str | None]] = [(seed, None)]
        self.ada, self.ben = Pen(ADA, seed), Pen(BEN, seed)
        self.owners: dict[int, str | None] = {ADA: "ada", BEN: "ben", 1: None}

    def deliver(self, update: bytes, actor: str | None) -> None:
        (verdict,) = self.document.admit_and_apply([(update, actor)], self.owners)
        assert isinstance(verdict, Admission), verdict
        self.owners.update(dict.fromkeys(verdict.new_clients, actor))
        self.log.append((update, actor))

    def does(self, pen: Pen, *acts: Callable[[Pen], object]) -> None:
        """The pen does each, and the other one sees it."""
        for act in acts:
            update = pen.write(act)
            self.deliver(update, NAMES[pen.client])
            (self.ben if pen is self.ada else self.ada).read(update)

    def exchange(self) -> None:
        """Both send what they wrote unseen by each other."""
        for pen, other in ((self.ada, self.ben), (self.ben, self.ada)):
            for update in pen.unsent:
                self.deliver(update, NAMES[pen.client])
                other.read(update)
            pen.unsent.clear()

    def revert(self, actor: str, since: int = 0) -> bytes:
        update = revert_update(self.log, actor, schema=SCHEMA, client=MODERATION, since=since)
        self.deliver(update, "moderator")
        for pen in (self.ada, self.ben):
            pen.read(update)
            assert self.plain(Document.load(SCHEMA, [pen.doc.get_update()])) == self.plain()
        return update

    def plain(self, document: Document | None = None) -> list[str]:
        """What is read: the lines of all sections."""
        return to_plain(render(document or self.document, SECTIONS)).splitlines()


def writes(content: str, at: int = 0, paragraph: int = 0) -> Callable[[Pen], object]:
    return lambda pen: pen.text(paragraph).insert(at, content)


def erases(start: int, end: int, paragraph: int = 0) -> Callable[[Pen], object]:
    return lambda pen: pen.text(paragraph).__delitem__(slice(start, end))


def adds_paragraph(content: str, at: int = 0) -> Callable[[Pen], object]:
    element = XmlElement("paragraph", contents=[XmlText(content)])
    return lambda pen: pen.root().children.insert(at, element)


def removes_paragraph(at: int) -> Callable[[Pen], object]:
    return lambda pen: pen.root().children.__delitem__(at)


def test_what_the_person_wrote_goes_and_what_he_deleted_comes_back() -> None:
    table = Table("Ein Radweg für alle")
    table.does(table.ada, writes("breiter ", 4))
    table.does(table.ben, writes(" und jede", 28), erases(4, 12))
    assert table.plain() == ["Ein Radweg für alle und jede"]
    table.revert("ben")
    assert table.plain() == ["Ein breiter Radweg für alle"]


def test_characters_of_more_than_one_unit_come_back_whole() -> None:
    table = Table("a😀b👩‍👩‍👧c")
    table.does(table.ben, erases(0, len("a😀b👩‍👩‍👧c".encode())), writes("💥"))
    assert table.plain() == ["💥"]
    table.revert("ben")
    assert table.plain() == ["a😀b👩‍👩‍👧c"]


def test_a_whole_paragraph_of_others_comes_back() -> None:
    table = Table("eins", "zwei", "drei")
    table.does(table.ada, writes("von Ada ", 0, 1))
    table.does(table.ben, removes_paragraph(1), removes_paragraph(0))
    assert table.plain() == ["drei"]
    table.revert("ben")
    assert table.plain() == ["eins", "von Ada zwei", "drei"]


def test_text_of_others_in_a_paragraph_of_his_stays_and_so_does_the_paragraph() -> None:
    table = Table("eins")
    table.does(table.ben, adds_paragraph("von Ben", 1))
    table.does(table.ada, writes("Ada ", 4, 1))
    assert table.plain() == ["eins", "von Ada Ben"]
    table.revert("ben")
    assert table.plain() == ["eins", "Ada "]


def test_a_paragraph_he_made_and_deleted_comes_back_for_the_text_of_others_in_it() -> None:
    table = Table("eins")
    table.does(table.ben, adds_paragraph("von Ben", 1))
    table.does(table.ada, writes("Ada ", 4, 1))
    table.does(table.ben, removes_paragraph(1))
    assert table.plain() == ["eins"]
    table.revert("ben")
    assert table.plain() == ["eins", "Ada "]


def test_an_own_paragraph_without_text_of_others_goes() -> None:
    table = Table("eins")
    table.does(table.ben, adds_paragraph("von Ben", 1))
    table.revert("ben")
    assert len(table.ada.root().children) == 1


def test_what_others_deleted_stays_deleted() -> None:
    table = Table("eins zwei")
    table.does(table.ada, erases(0, 5))
    table.does(table.ben, erases(0, 2))
    assert table.plain() == ["ei"]
    table.revert("ben")
    assert table.plain() == ["zwei"]


def test_a_split_paragraph_is_whole_again() -> None:
    table = Table("links rechts")

    def splits(pen: Pen) -> None:
        del pen.text(0)[5:12]
        pen.root().children.insert(1, XmlElement("paragraph", contents=[XmlText(" rechts")]))

    table.does(table.ben, splits)
    table.does(table.ada, writes("Ada ", 0, 1))
    assert table.plain() == ["links", "Ada  rechts"]
    table.revert("ben")
    assert table.plain() == ["links rechts", "Ada "]


def test_marks_and_attributes_are_as_before() -> None:
    table = Table("eins")
    heading = XmlElement("heading", {"level": 2}, [XmlText("Titel")])  # type: ignore[arg-type]
    table.does(table.ada, lambda pen: pen.root().children.insert(0, heading))
    before = render(table.document, SECTIONS)

    def level(pen: Pen) -> None:
        element = pen.root().children[0]
        assert isinstance(element, XmlElement)
        element.attributes["level"] = 4

    table.does(table.ben, level, lambda pen: pen.text(1).format(0, 2, {"strong": {}}))
    assert render(table.document, SECTIONS) != before
    table.revert("ben")
    assert render(table.document, SECTIONS) == before


def test_only_what_came_since_is_taken_back() -> None:
    table = Table("eins")
    table.does(table.ben, writes("früh "))
    since = len(table.log)
    table.does(table.ben, writes("spät ", 6), erases(0, 2))
    table.revert("ben", since)
    assert table.plain() == ["früh eins"]


def test_what_was_written_at_the_same_time_stays() -> None:
    table = Table("eins zwei drei")
    table.ada.type("Ada😀 ", at=5)
    table.ben.type("Ben💥 ", at=5)
    table.ben.erase(0, 3)
    table.exchange()
    assert table.plain()[0] in ("s Ada😀 Ben💥 zwei drei", "s Ben💥 Ada😀 zwei drei")
    table.revert("ben")
    assert table.plain() == ["eins Ada😀 zwei drei"]


def test_there_may_be_nothing_to_take_back() -> None:
    table = Table("eins")
    table.does(table.ada, writes("x"))
    assert revert_update(table.log, "ben", schema=SCHEMA, client=MODERATION) == NOTHING


def test_a_snapshot_may_stand_for_the_beginning_of_the_log() -> None:
    table = Table("eins")
    table.does(table.ada, writes("Ada "))
    table.log[:] = [(table.document.state(), None)]
    table.does(table.ben, erases(0, 6), writes("Ben"))
    table.revert("ben")
    assert table.plain() == ["Ada eins"]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["ada", "ben"]),
        st.sampled_from(["write", "write", "erase", "add", "remove", "exchange"]),
        st.integers(0, 999),
        st.integers(1, 5),
    ),
    max_size=40,
)


@settings(max_examples=100, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(ACTS)
def test_nothing_of_the_person_stays_and_nothing_of_others_goes(acts: list[Any]) -> None:
    table = Table("0123456789", "0123456789")
    alphabets = {"ada": "aä😀", "ben": "bß💥"}
    for name, act, place, size in acts:
        pen = table.ada if name == "ada" else table.ben
        if act == "exchange":
            table.exchange()
        else:
            scribble(pen, act, place, (alphabets[name] * 5)[place % 3 :][:size])
    table.exchange()
    before = "".join(table.plain())
    table.revert("ben")
    after = "".join(table.plain())
    assert not set(after) & set(alphabets["ben"])
    for character in "0123456789" + alphabets["ada"]:
        assert after.count(character) >= before.count(character)


def scribble(pen: Pen, act: str, place: int, content: str) -> None:
    """A small honest edit somewhere."""
    children = pen.root().children
    if act == "add" or not len(children):
        new = XmlElement("paragraph", contents=[XmlText(content)])
        children.insert(place % (len(children) + 1), new)
    elif act == "remove":
        del children[place % len(children)]
    else:
        text = pen.text(place % len(children))
        shown = "".join(run for run, _ in text.diff())
        at = place % (len(shown) + 1)
        start = len(shown[:at].encode())
        if act == "write":
            text.insert(start, content)
        elif at < len(shown):
            del text[start : start + len(shown[at : at + len(content)].encode())]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("actor", ["ada", "ben", "cleo"])
def test_a_recorded_editor_can_be_reverted(recording: Path, actor: str) -> None:
    recorded = json.loads(recording.read_text())
    log: list[tuple[bytes, str | None]] = [(base64.b64decode(recorded["seed"]), None)]
    log += [(base64.b64decode(update), writer) for writer, update in recorded["updates"]]
    document = Document.load(SCHEMA, [update for update, _ in log])
    update = revert_update(log, actor, schema=SCHEMA, client=MODERATION)
    (verdict,) = document.admit_and_apply([(update, "moderator")], {})
    assert isinstance(verdict, Admission), verdict
    again = Document.load(SCHEMA, [*(each for each, _ in log), update])
    assert render(again, SECTIONS) == render(document, SECTIONS)
