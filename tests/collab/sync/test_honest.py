"""A false refusal is lost text: whatever honest clients send, in any order they can, is taken.

The recorded editors are ProseMirror with y-prosemirror, unmodified (``fixtures/record.mjs``); the
invented ones are pycrdt documents that write at random, sync now and then, and come back with
batches from offline. A failing example is printed by hypothesis; make it a test of its own.
"""

import base64
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycrdt import XmlElement, XmlText, merge_updates

from collab.sync.document import Admission, Document
from collab.sync.text import DossierText, render
from tests.collab.sync.pens import SCHEMA, SECTIONS, Pen, seeded

FIXTURES = Path(__file__).parent / "fixtures"
RECORDINGS = sorted(FIXTURES.glob("editors-*.json"))


def shown(nodes: Iterable[Any]) -> list[Any]:
    """ProseMirror's JSON as we write it: sorted marks, no defaults, nothing empty."""
    found = []
    for node in nodes:
        kept = {key: node[key] for key in ("type", "text") if key in node}
        if node.get("marks"):
            kept["marks"] = sorted(node["marks"], key=lambda mark: str(mark["type"]))
        if node["type"] == "heading" or node.get("attrs", {}).get("start", 1) != 1:
            kept["attrs"] = node["attrs"]
        if content := shown(node.get("content", ())):
            kept["content"] = content
        found.append(kept)
    return found


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("reload_every", [1, 10, 10_000])
def test_recorded_editors_are_never_refused_and_read_as_they_were_shown(
    recording: Path, reload_every: int
) -> None:
    recorded = json.loads(recording.read_text())
    log = [base64.b64decode(recorded["seed"])]
    document = Document.load(SCHEMA, log)
    owners: dict[int, str] = {}
    for at, (actor, encoded) in enumerate(recorded["updates"]):
        update = base64.b64decode(encoded)
        (verdict,) = document.admit_and_apply([(update, actor)], owners)
        assert isinstance(verdict, Admission), (at, verdict)
        owners.update(dict.fromkeys(verdict.new_clients, actor))
        log.append(update)
        if at % reload_every == 0:
            document = Document.load(SCHEMA, [document.state()])
    text = render(document, SECTIONS)
    assert text.sections == {name: shown(recorded["shown"][name]["content"]) for name in SECTIONS}
    assert render(Document.load(SCHEMA, log), SECTIONS) == text


def test_there_are_recordings() -> None:
    assert len(RECORDINGS) == 3


CHARACTERS = st.text(alphabet="aé😀𝔘ß ", min_size=1, max_size=6)
PLACES = st.integers(0, 1 << 16)
WRITERS = st.integers(0, 2)
ACTS = st.one_of(
    st.tuples(st.just("type"), WRITERS, PLACES, CHARACTERS),
    st.tuples(st.just("type"), WRITERS, PLACES, CHARACTERS),
    st.tuples(st.just("erase"), WRITERS, PLACES, st.integers(1, 8)),
    st.tuples(st.just("mark"), WRITERS, PLACES, st.sampled_from(["strong", "em"])),
    st.tuples(st.just("unmark"), WRITERS, PLACES, st.sampled_from(["strong", "em"])),
    st.tuples(st.just("link"), WRITERS, PLACES, st.just("https://example.org/")),
    st.tuples(st.just("paragraph"), WRITERS, PLACES, CHARACTERS),
    st.tuples(st.just("list"), WRITERS, PLACES, CHARACTERS),
    st.tuples(st.just("heading"), WRITERS, PLACES, st.integers(2, 4)),
    st.tuples(st.just("remove"), WRITERS, PLACES, st.just(None)),
    st.tuples(st.just("send"), WRITERS, PLACES, st.sampled_from(["each", "merged", "step2"])),
    st.tuples(st.just("resend"), WRITERS, PLACES, st.just(None)),
    st.tuples(st.just("receive"), WRITERS, PLACES, st.integers(1, 20)),
)


class Network:
    """A server and three people; what a person sends arrives in his order, or all at once."""

    def __init__(self) -> None:
        self.document, self.seed = seeded()
        self.people = [Pen(client, self.seed) for client in (10, 3_000_000_000, (1 << 53) - 1)]
        self.owners = {pen.client: pen.client for pen in self.people}
        self.log: list[bytes] = []
        self.read = [0, 0, 0]

    def act(self, name: str, who: int, place: int, what: Any) -> None:
        pen = self.people[who]
        if name == "send":
            self.send(who, what)
        elif name == "resend" and self.log:
            self.deliver(who, self.log[place % len(self.log)])
        elif name == "receive":
            until = min(len(self.log), self.read[who] + what)
            pen.read(*self.log[self.read[who] : until])
            self.read[who] = until
        elif name in EDITS:
            with pen.doc.transaction():
                EDITS[name](pen, place, what)

    def send(self, who: int, how: str) -> None:
        pen = self.people[who]
        updates, pen.unsent = pen.unsent, []
        if how == "step2" or (how == "merged" and updates):
            step2 = pen.doc.get_update(self.document.state_vector())
            updates = [step2 if how == "step2" else merge_updates(*updates)]
        for update in updates:
            self.deliver(who, update)

    def deliver(self, who: int, update: bytes) -> None:
        actor = self.people[who].client
        (verdict,) = self.document.admit_and_apply([(update, actor)], self.owners)
        assert isinstance(verdict, Admission), verdict
        if verdict.news:
            self.log.append(update)

    def settle(self) -> list[DossierText]:
        """Everybody sends and receives everything; returns what each then reads."""
        for who in range(3):
            self.send(who, "each")
        texts = []
        for who, pen in enumerate(self.people):
            pen.read(*self.log[self.read[who] :])
            texts.append(render(Document.load(SCHEMA, [pen.doc.get_update()]), SECTIONS))
        return texts


def some_text(pen: Pen, place: int) -> tuple[XmlText, list[int]]:
    """A text of the document and the byte offsets between its characters."""
    blocks = [each for each in pen.root().children if isinstance(each, XmlElement)]
    paragraphs = [each for each in blocks if each.tag in {"paragraph", "heading"}]
    texts = [child for each in paragraphs for child in each.children if isinstance(child, XmlText)]
    if not texts:
        parent = paragraphs[0] if paragraphs else pen.root().children.append(paragraph())
        texts = [parent.children.append(XmlText())]
    text = texts[place % len(texts)]
    offsets = [0]
    for run, _ in text.diff():
        for character in run:
            offsets.append(offsets[-1] + len(character.encode()))
    return text, offsets


def paragraph(*content: str) -> XmlElement:
    return XmlElement("paragraph", contents=[XmlText(each) for each in content])


def edit_type(pen: Pen, place: int, content: str) -> None:
    text, offsets = some_text(pen, place)
    text.insert(offsets[place % len(offsets)], content)


def edit_erase(pen: Pen, place: int, count: int) -> None:
    text, offsets = some_text(pen, place)
    start = place % len(offsets)
    end = min(len(offsets) - 1, start + count)
    if start < end:
        del text[offsets[start] : offsets[end]]


def edit_mark(pen: Pen, place: int, name: str, value: Any = None) -> None:
    text, offsets = some_text(pen, place)
    start = place % len(offsets)
    end = min(len(offsets) - 1, start + 5)
    if start < end:
        text.format(offsets[start], offsets[end], {name: {} if value is None else value})


def edit_unmark(pen: Pen, place: int, name: str) -> None:
    text, offsets = some_text(pen, place)
    if len(offsets) > 1:
        text.format(0, offsets[-1], {name: None})


def edit_paragraph(pen: Pen, place: int, content: str) -> None:
    children = pen.root().children
    children.insert(place % (len(children) + 1), paragraph(content))


def edit_list(pen: Pen, place: int, content: str) -> None:
    children = pen.root().children
    items = [XmlElement("listItem", contents=[paragraph(content)]) for _ in range(2)]
    children.insert(place % (len(children) + 1), XmlElement("orderedList", contents=items))


def edit_heading(pen: Pen, place: int, level: int) -> None:
    children = pen.root().children
    headings = [e for e in children if isinstance(e, XmlElement) and e.tag == "heading"]
    if not headings:
        headings = [children.append(XmlElement("heading", contents=[XmlText("h")]))]
    headings[place % len(headings)].attributes["level"] = level


def edit_remove(pen: Pen, place: int, _: None) -> None:
    children = pen.root().children
    if len(children) > 1:
        del children[place % len(children)]


EDITS: dict[str, Any] = {
    "type": edit_type,
    "erase": edit_erase,
    "mark": edit_mark,
    "unmark": edit_unmark,
    "link": lambda pen, place, href: edit_mark(pen, place, "link", {"href": href}),
    "paragraph": edit_paragraph,
    "list": edit_list,
    "heading": edit_heading,
    "remove": edit_remove,
}


@settings(
    max_examples=60,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.lists(ACTS, max_size=80))
def test_honest_writing_is_never_refused_and_all_read_the_same(acts: list[Any]) -> None:
    network = Network()
    for act in acts:
        network.act(*act)
    texts = network.settle()
    expected = render(network.document, SECTIONS)
    assert texts == [expected] * 3
    assert render(Document.load(SCHEMA, [network.seed, *network.log]), SECTIONS) == expected


def test_a_day_offline_is_taken_in_one_update() -> None:
    document, seed = seeded()
    pen = Pen(77, seed)
    dice = random.Random(20260101)
    with pen.doc.transaction():
        text = pen.text()
        for at in range(5_000):
            text.insert(dice.randrange(at + 1), "x")
    step2 = pen.doc.get_update(document.state_vector())
    assert len(step2) > 40_000
    (verdict,) = document.admit_and_apply([(step2, "ada")], {})
    assert isinstance(verdict, Admission)
