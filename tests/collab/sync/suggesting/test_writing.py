"""A suggestion comes into the text as it was written, and nothing beside it changes."""

import os
import random
import sys
from collections.abc import Sequence

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.comparing.texts import lines_of
from collab.sync.document import Document
from collab.sync.schema import DocumentSchema
from collab.sync.suggesting.blocks import block_texts, joined
from collab.sync.suggesting.passages import Passage, in_one_line, passage_at
from collab.sync.suggesting.writing import words_update
from collab.sync.text import nodes_to_html, render
from collab.sync.yjs.update import parse_state_vector

SEED = int(os.environ.get("ARENA_TEST_SEED") or random.randrange(2**32))
SCHEMA = DocumentSchema(1, ("title", "idea"))
CLIENT = 77
WORDS = ("Bank", "Baum", "am", "See", "mit", "ß", "Grün", "😀", "12", "Euro", "für", "alle")

Run = tuple[str, dict[str, object]]
STRONG: dict[str, object] = {"strong": {}}
LINK: dict[str, object] = {"link": {"href": "https://berlin.de"}}


def document(*blocks: str | Sequence[Run]) -> Document:
    """A document whose only section holds these paragraphs."""
    found, _ = Document.seeded(SCHEMA, {"title": ["Titel"]})
    doc: Doc[XmlFragment] = Doc(client_id=5)
    doc.apply_update(found.state())
    before = doc.get_state()
    with doc.transaction():
        children = doc.get("idea", type=XmlFragment).children
        del children[0]
        for block in blocks:
            paragraph = XmlElement("paragraph")
            children.append(paragraph)
            written = children[len(children) - 1]
            assert isinstance(written, XmlElement)
            put(written, [(block, {})] if isinstance(block, str) else block)
    found.admit_and_apply([(doc.get_update(before), "ben")], {1: None})
    return found


def put(paragraph: XmlElement, runs: Sequence[Run]) -> None:
    paragraph.children.append(XmlText())
    text = paragraph.children[0]
    assert isinstance(text, XmlText)
    for words, marks in runs:
        text.insert(len(text), words, marks)


def texts(found: Document) -> list[str]:
    return block_texts(render(found, ["idea"]).sections["idea"])


def html(found: Document) -> str:
    return nodes_to_html(render(found, ["idea"]).sections["idea"])


def accept(found: Document, passage: Passage, words: str, root: str = "idea") -> bool:
    """Bring the words in as their author would; whether they had a place."""
    client = max(CLIENT, *(client + 1 for client in parse_state_vector(found.state_vector())))
    update = words_update(found, root, passage, words, client)
    if update is None:
        return False
    owners = {1: None, 5: "ben", 6: "ben", **dict.fromkeys(range(CLIENT, client), "anna")}
    (admission,) = found.admit_and_apply([(update, "anna")], owners)
    assert not isinstance(admission, Exception), admission
    return True


def change(found: Document, quote: str, words: str) -> bool:
    flat = in_one_line(joined(texts(found)).text)
    at = flat.index(quote)
    return accept(found, passage_at(flat, at, at + len(quote)), words)


def test_q3_only_what_differs_is_replaced_and_marks_stay() -> None:
    found = document([("Eine ", {}), ("schöne Bank", STRONG), (" am ", {}), ("See", LINK)])
    assert change(found, "schöne Bank am See", "grüne Bank am See")
    assert html(found) == (
        '<p>Eine <strong>grüne Bank</strong> am <a href="https://berlin.de"'
        + html(found).split('"https://berlin.de"')[1]
    )
    assert ">See</a>" in html(found)


def test_q3_inserted_words_look_like_those_on_both_sides() -> None:
    found = document([("ganz fett", STRONG), (" nicht", {})])
    flat = texts(found)[0]
    assert accept(found, passage_at(flat, 5, 5), "schön ")
    assert accept(found, passage_at(texts(found)[0], 15, 15), ", und")
    assert html(found) == "<p><strong>ganz schön fett</strong>, und nicht</p>"


def test_q3_a_paragraph_is_parted_joined_added_and_taken_out() -> None:
    found = document("eins zwei", "drei", "vier")
    assert change(found, "eins zwei", "eins\nzwei")
    assert texts(found) == ["eins", "zwei", "drei", "vier"]
    assert change(found, "eins zwei", "eins zwei")
    assert texts(found) == ["eins zwei", "drei", "vier"]
    assert change(found, "drei", "")
    assert texts(found) == ["eins zwei", "vier"]
    assert accept(found, passage_at("eins zwei vier", 14, 14), "\nfünf")
    assert texts(found) == ["eins zwei", "vier", "fünf"]
    assert accept(found, passage_at("eins zwei vier fünf", 0, 0), "null\n")
    assert texts(found) == ["null", "eins zwei", "vier", "fünf"]


def test_q3_an_item_added_to_a_list_is_an_item() -> None:
    found = document("vorher")
    doc: Doc[XmlFragment] = Doc(client_id=6)
    doc.apply_update(found.state())
    before = doc.get_state()
    item = XmlElement("listItem", contents=[XmlElement("paragraph", contents=[XmlText("eins")])])
    doc.get("idea", type=XmlFragment).children.append(XmlElement("bulletList", contents=[item]))
    found.admit_and_apply([(doc.get_update(before), "ben")], {1: None, 5: "ben"})
    assert accept(found, passage_at("vorher eins", 11, 11), "\nzwei")
    kinds = [(line.kind, line.text) for line in lines_of(render(found, ["idea"]).sections["idea"])]
    assert kinds == [("paragraph", "vorher"), ("item", "eins"), ("item", "zwei")]
    assert change(found, "eins zwei", "")
    assert html(found) == "<p>vorher</p>"


def test_q3_an_emptied_section_keeps_a_paragraph_and_an_empty_one_takes_words() -> None:
    found = document("eins")
    assert change(found, "eins", "")
    assert texts(found) == [""]
    assert accept(found, Passage(""), "neu")
    assert texts(found) == ["neu"]


def test_q3_the_title_stays_one_line() -> None:
    found = document("eins")
    assert accept(found, Passage("Titel"), "Neuer\nTitel", root="title")
    assert render(found, []).title == "Neuer Titel"


def test_q4_a_passage_that_is_gone_or_doubtful_changes_nothing() -> None:
    found = document("ja", "ja")
    before = found.state()
    assert not accept(found, Passage("nein"), "doch")
    assert not accept(found, Passage("ja"), "doch")
    assert found.state() == before


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 9)))


def marked(rng: random.Random, text: str) -> list[Run]:
    cut = rng.randint(0, len(text))
    runs = [(text[:cut], rng.choice([{}, STRONG, LINK])), (text[cut:], rng.choice([{}, STRONG]))]
    return [run for run in runs if run[0]]


def looks(found: Document) -> list[tuple[str, str]]:
    """Each character of the section with its marks."""
    shown: list[tuple[str, str]] = []
    for node in render(found, ["idea"]).sections["idea"]:
        for run in node.get("content", ()):
            shown += [(character, str(run.get("marks"))) for character in run["text"]]
        shown.append(("\n", ""))
    return shown[:-1]


@pytest.mark.parametrize("number", range(4))
def test_q3_random_suggestions_make_what_a_plain_text_makes_of_them(number: int) -> None:
    sys.stdout.write(f"ARENA_TEST_SEED={SEED}\n")
    rng = random.Random(SEED + number)
    for _ in range(60):
        found = document(*(marked(rng, sentence(rng)) for _ in range(rng.randint(1, 4))))
        model = joined(texts(found)).text
        start = rng.randint(0, len(model))
        end = rng.choice([start, rng.randint(start, len(model))])
        words = rng.choice(["", sentence(rng), sentence(rng) + "\n" + sentence(rng)])
        before = looks(found)
        passage = passage_at(in_one_line(model), start, end)
        if not accept(found, passage, words):
            assert not passage.quote.strip() or in_one_line(model).count(passage.quote) > 1
            continue
        wanted = model[:start] + words + model[end:]
        after = looks(found)
        shown = [line for line in "".join(one for one, _ in after).split("\n") if line]
        assert shown == [line for line in wanted.split("\n") if line], (model, passage, words)
        kept_before = before[: max(0, start - 1)]
        assert after[: len(kept_before)] == kept_before, (model, passage, words)
        tail = len(model) - end
        if tail > 1:
            assert after[len(after) - tail + 1 :] == before[len(before) - tail + 1 :]
