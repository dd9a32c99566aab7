"""What the shared text promises, whatever is in between: known updates, and their order."""

from collections.abc import Iterator
from random import Random

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from collab.sync.document import Admission, Document
from collab.sync.schema import DocumentSchema
from collab.sync.text import render, sha256

SCHEMA = DocumentSchema(1, ("title", "situation"))
WORDS = ["Bank", "Schatten ", "für ", "alle ", "🌳", "Straße "]


def written_by(client: int, seed: bytes, rng: Random, edits: int) -> list[bytes]:
    """The updates of somebody who edits alone, each behind the one before."""
    doc: Doc[XmlFragment] = Doc(client_id=client)
    doc.apply_update(seed)
    updates = []
    for _ in range(edits):
        before = doc.get_state()
        edit(doc, rng)
        updates.append(doc.get_update(before))
    return updates


def edit(doc: Doc[XmlFragment], rng: Random) -> None:
    """Write a word, take some text away, or begin a new paragraph."""
    root = doc.get("situation", type=XmlFragment)
    blocks = [block for block in root.children if isinstance(block, XmlElement)]
    texts = [text for block in blocks for text in block.children if isinstance(text, XmlText)]
    choice = rng.random()
    if not texts or choice < 0.2:
        root.children.append(XmlElement("paragraph", contents=[XmlText(rng.choice(WORDS))]))
        return
    target = rng.choice(texts)
    known = "".join(str(part) for part, _ in target.diff())
    if known and choice < 0.4:
        start = rng.randrange(len(known))
        at, end = len(known[:start].encode()), len(known[: start + 1].encode())
        del target[at:end]
        return
    at = len(known[: rng.randint(0, len(known))].encode())
    target.insert(at, rng.choice(WORDS))


def interleaved(streams: list[list[bytes]], rng: Random) -> Iterator[bytes]:
    """All updates in some order in which everybody's own stay in theirs."""
    left = [list(stream) for stream in streams]
    while left := [stream for stream in left if stream]:
        yield rng.choice(left).pop(0)


@pytest.mark.parametrize("number", range(12))
def test_s7_same_updates_in_any_order_give_the_same_text(number: int) -> None:
    rng = Random(number)
    _, seed = Document.seeded(SCHEMA, {"title": ["Mehr Bänke"]})
    streams = [written_by(client, seed, rng, edits=15) for client in (11, 12, 13)]
    hashes = set()
    for _ in range(4):
        document = Document.load(SCHEMA, [seed])
        document.apply(list(interleaved(streams, rng)))
        hashes.add(sha256(render(document, ["situation"])))
    assert len(hashes) == 1, f"seed {number}"


def test_s4_update_that_is_known_has_no_effect() -> None:
    document, seed = Document.seeded(SCHEMA, {"title": ["Mehr Bänke"]})
    [update] = written_by(11, seed, Random(1), edits=1)
    owners: dict[int, str] = {}
    [first] = document.admit_and_apply([(update, "ana")], owners)
    assert isinstance(first, Admission)
    assert first.news
    owners[11] = "ana"
    before = document.state()
    [second] = document.admit_and_apply([(update, "ana")], owners)
    assert isinstance(second, Admission)
    assert not second.news
    assert document.state() == before
