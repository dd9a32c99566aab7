"""Bringing a text back: it reads as it did, what is the same stays, what others type survives."""

import random
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.formats.nodes import Node, Nodes
from collab.sync.restoring.sections import EMPTY, restore_update, wanted_of
from collab.sync.schema import TITLE, DocumentSchema
from collab.sync.text import render, sha256

SCHEMA = DocumentSchema(1, (TITLE, "idea", "costs"))
SECTIONS = ("idea", "costs")
SEED = 20261127
WORDS = [
    "Bäume",
    "Kosten",
    "1.200",
    "€",
    "Straße",
    "😀",
    "Amt",
    "„Platz“",
    "und",
    "für die",
    "nicht",
]


def para(*runs: str | Node) -> Node:
    """A paragraph of plain texts and other nodes."""
    made = [{"type": "text", "text": run} if isinstance(run, str) else run for run in runs]
    return {"type": "paragraph", **({"content": made} if made else {})}


def marked(text: str, *marks: str) -> Node:
    named = {"link": {"type": "link", "attrs": {"href": "https://berlin.de/?a=b"}}}
    found = [named.get(each, {"type": each}) for each in sorted(marks)]
    return {"type": "text", "text": text, "marks": found}


def heading(level: int, text: str) -> Node:
    content = [{"type": "text", "text": text}]
    return {"type": "heading", "attrs": {"level": level}, "content": content}


def listed(kind: str, *items: list[Node], **attrs: Any) -> Node:
    made: Node = {"type": kind, **({"attrs": attrs} if attrs else {})}
    return made | {"content": [{"type": "listItem", "content": item} for item in items]}


def bring(document: Document, actor: str, client: int, **wanted: Nodes) -> Any:
    """Make these nodes of these sections, as an actor's update that the guard admits."""
    update = restore_update(document, wanted, client)
    if not update:
        return None
    (verdict,) = document.admit_and_apply([(update, actor)], OWNERS)
    assert not isinstance(verdict, Exception), verdict
    OWNERS.update(dict.fromkeys(verdict.new_clients, actor))
    return verdict


OWNERS: dict[int, Any] = {}


@pytest.fixture(autouse=True)
def _owners() -> None:
    OWNERS.clear()
    OWNERS[1] = None


def made(**sections: list[Node]) -> Document:
    document, _ = Document.seeded(SCHEMA, {TITLE: ["Titel"]})
    bring(document, "anna", 10, **sections)
    return document


def words(dice: random.Random, most: int = 9) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(1, most)))


def some_inline(dice: random.Random) -> list[Node]:
    runs: list[Node] = []
    last = ""
    for _ in range(dice.randint(0, 4)):
        kind = dice.choice([each for each in ("plain", "em strong", "link", "em") if each != last])
        runs.append(para(words(dice))["content"][0] if kind == "plain" else
                    marked(words(dice), *kind.split()))  # fmt: skip
        last = kind
        if dice.random() < 0.1:
            runs.append({"type": "hardBreak"})
            last = ""
    return runs


def some_block(dice: random.Random, depth: int = 0) -> Node:
    kind = dice.choice(["p", "p", "p", "h", "b", "o", "q", "r"] if depth < 3 else ["p"])
    deeper = dice.randint(1, 3) if depth < 3 else 0
    inside = [some_block(dice, depth + 1) for _ in range(deeper)]
    match kind:
        case "h":
            return heading(dice.choice((2, 3, 4)), words(dice))
        case "b":
            return listed("bulletList", *([each] for each in inside))
        case "o":
            start = dice.choice([{}, {"start": 3}])
            return listed("orderedList", inside, **start)
        case "q":
            return {"type": "blockquote", "content": inside}
        case "r":
            return {"type": "horizontalRule"}
    return para(*some_inline(dice))


def changed(dice: random.Random, blocks: list[Node]) -> list[Node]:
    """The blocks after somebody went over them."""
    found = [each for each in blocks if dice.random() < 0.8]
    for at, block in enumerate(found):
        if block["type"] == "paragraph" and dice.random() < 0.5:
            found[at] = para(*some_inline(dice))
    for _ in range(dice.randint(0, 3)):
        found.insert(dice.randint(0, len(found)), some_block(dice))
    if dice.random() < 0.3:
        dice.shuffle(found)
    return found or list(EMPTY)


@pytest.mark.parametrize("round_", range(4))
def test_h5_a_restored_text_reads_as_it_did_whatever_was_done_to_it(round_: int) -> None:
    seed = SEED + round_
    dice = random.Random(seed)
    for _ in range(12):
        blocks = {name: [some_block(dice) for _ in range(dice.randint(1, 7))] for name in SECTIONS}
        document = made(**blocks)
        before = render(document, SECTIONS)
        assert before.sections == blocks, f"seed {seed}"
        for client in (20, 21, 22):
            bring(document, "ben", client, **{n: changed(dice, b) for n, b in blocks.items()})
        bring(document, "ben", 23, title=[para("Ein anderer Titel")])
        bring(document, "carla", 30, **wanted_of(before))
        after = render(document, SECTIONS)
        assert after == before, f"seed {seed}"
        assert sha256(after) == sha256(before), f"seed {seed}"
        assert restore_update(document, wanted_of(before), 31) == b""


def test_h5_what_is_the_same_keeps_its_ids() -> None:
    document = made(idea=[para("Bleibt.")])
    texts = ["Bleibt.", "Auch das bleibt hier.", "Das wird sich ändern, sehr.", "Und das bleibt."]
    for count in range(2, 5):  # each paragraph under a client id of its own
        bring(document, "anna", 100 + count, idea=[para(each) for each in texts[:count]])
    before = render(document, SECTIONS)
    moved = [para("Neu davor."), para(texts[0]), para(texts[1]), para("Das hat sich geändert.")]
    bring(document, "ben", 200, idea=[*moved, para(texts[3])])
    done = bring(document, "carla", 300, **wanted_of(before))
    assert render(document, SECTIONS) == before
    assert {client for client, _, _ in done.deleted} == {200}
    assert {client for client, _, _ in done.inserted} == {300}


def test_h5_a_changed_paragraph_is_changed_back_where_it_lies() -> None:
    document = made(idea=[para("Drei neue Bäume für den Platz.")])
    before = render(document, SECTIONS)
    bring(document, "ben", 20, idea=[para("Drei alte Bäume für den ganzen Platz.")])
    done = bring(document, "carla", 30, **wanted_of(before))
    assert sum(end - start for _, start, end in done.deleted) == len("alte") + len(" ganzen")
    bring(document, "ben", 21, idea=[para("Drei ", marked("neue", "strong"), " Bäume.")])
    bring(document, "carla", 31, **wanted_of(before))
    assert render(document, SECTIONS) == before


def test_h6_what_somebody_types_while_it_is_restored_survives() -> None:
    document = made(idea=[para("Drei neue Bäume für den Platz."), para("Sonst nichts.")])
    before = render(document, SECTIONS)
    bring(document, "ben", 20, idea=[para("Vier alte Bäume für den Platz."), para("Sonst nichts.")])
    restored = restore_update(document, wanted_of(before), 30)
    theirs: Doc[XmlFragment] = Doc(client_id=40)
    theirs.apply_update(document.state())
    known = theirs.get_state()
    root = theirs.get("idea", type=XmlFragment)
    for at, typed in enumerate((" Und Bänke!", " Doch, Wasser.")):
        paragraph = root.children[at]
        assert isinstance(paragraph, XmlElement)
        text = paragraph.children[0]
        assert isinstance(text, XmlText)
        text.insert(len(text), typed)
    batch = [(restored, "carla"), (theirs.get_update(known), "dora")]
    verdicts = document.admit_and_apply(batch, OWNERS)
    assert not [each for each in verdicts if isinstance(each, Exception)]
    assert render(document, SECTIONS).sections["idea"] == [
        para("Drei neue Bäume für den Platz. Und Bänke!"),
        para("Sonst nichts. Doch, Wasser."),
    ]


def test_h5_one_section_is_restored_and_the_others_stay() -> None:
    document = made(idea=[para("Früher.")], costs=[para("Hundert Euro.")])
    before = wanted_of(render(document, SECTIONS))
    bring(document, "ben", 20, idea=[para("Heute.")], costs=[para("Tausend Euro.")])
    bring(document, "carla", 30, idea=list(before["idea"]))
    after = render(document, SECTIONS).sections
    assert after == {"idea": [para("Früher.")], "costs": [para("Tausend Euro.")]}


def test_h5_a_section_that_was_empty_is_empty_again_and_can_be_written_in() -> None:
    document = made(costs=[para("x")])
    before = render(document, SECTIONS)
    bring(document, "ben", 20, idea=[listed("bulletList", [para("Nicht mehr leer.")])])
    bring(document, "carla", 30, **wanted_of(before))
    assert render(document, SECTIONS).sections["idea"] == list(EMPTY)
