"""The index knows where everything lies: in the same order as pycrdt and every browser."""

import base64
import json
from pathlib import Path

import pytest
from pycrdt import XmlElement, XmlFragment, XmlText

from collab.sync.document import Document
from collab.sync.guard import Guard
from collab.sync.yjs.index import Index, Place, Run
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import Update, parse_update
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, BEN, SCHEMA, SECTIONS, Pen, admitted, seeded

RECORDINGS = sorted((Path(__file__).parent / "fixtures").glob("editors-*.json"))


class Reading:
    """Follows a log, and can tell from the index alone what a text reads."""

    def __init__(self) -> None:
        self.guard = Guard(SCHEMA, Limits())
        self.units: dict[tuple[int, int], bytes] = {}

    def follow(self, data: bytes) -> None:
        update = parse_update(data)
        self._note(update)
        self.guard.follow(update)

    def _note(self, update: Update) -> None:
        for client, clock, _, structs in update.blocks:
            at = clock
            for struct in structs:
                if isinstance(struct.content, str):
                    encoded = struct.content.encode("utf-16-le")
                    for offset in range(struct.length):
                        self.units[client, at + offset] = encoded[2 * offset : 2 * offset + 2]
                at += struct.length

    def texts(self) -> list[str]:
        """Every text of the sections in document order, as far as it is not deleted."""
        index = self.guard.index
        found: list[str] = []
        stack = [index.roots[name] for name in reversed(SECTIONS)]
        while stack:
            place = stack.pop()
            units = b"".join(self._shown(index, place))
            if units:
                found.append(units.decode("utf-16-le"))
            stack += reversed([inner for run in runs(place) for inner in self._inner(index, run)])
        return found

    def _shown(self, index: Index, place: Place) -> list[bytes]:
        return [
            self.units[run.client, clock]
            for run in runs(place)
            for clock in range(run.clock, run.end)
            if (run.client, clock) in self.units
            and not index.deletes.covers(run.client, clock, clock + 1)
        ]

    def _inner(self, index: Index, run: Run) -> list[Place]:
        types = index.clients[run.client].types
        return [
            types[clock]
            for clock in range(run.clock, run.end)
            if clock in types and not index.deletes.covers(run.client, clock, clock + 1)
        ]


def runs(place: Place) -> list[Run]:
    found, run = [], place.first
    while run is not None:
        found.append(run)
        run = run.next
    return found


def texts_of(document: Document) -> list[str]:
    """The same from pycrdt."""
    found = []
    stack: list[object] = [document.doc.get(name, type=XmlFragment) for name in reversed(SECTIONS)]
    while stack:
        node = stack.pop()
        if isinstance(node, XmlText):
            found.append("".join(run for run, _ in node.diff()))
        elif isinstance(node, XmlElement | XmlFragment):
            stack += reversed(list(node.children))
    return [text for text in found if text]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_the_index_has_everything_in_the_order_of_the_text(recording: Path) -> None:
    recorded = json.loads(recording.read_text())
    log = [base64.b64decode(recorded["seed"])]
    log += [base64.b64decode(update) for _, update in recorded["updates"]]
    reading = Reading()
    for update in log:
        reading.follow(update)
    assert reading.texts() == texts_of(Document.load(SCHEMA, log))


def test_concurrent_writing_at_one_place_lies_as_in_pycrdt() -> None:
    document, seed = seeded(None, "ab")
    reading = Reading()
    pens = [Pen(client, seed) for client in (5, 6, 1 << 40)]
    updates = [pen.type(word, at=1) for pen in pens for word in ("eins", "zwei", "drei😀")]
    for update in [seed, *updates]:
        reading.follow(update)
        document.apply([update])
    assert reading.texts() == texts_of(document)


def test_a_right_neighbour_before_the_left_one_is_doubtful() -> None:
    # Undo in yjs sends such; where it lies depends on what came before, so copies may differ.
    document, seed = seeded()
    before = wire.text("x", origin=(1, 12), right=(1, 10))
    (admission,) = admitted(document, wire.update((ADA, 0, [before])))
    assert admission.is_doubtful
    document, _ = seeded()
    admitted(document, Pen(ADA, seed).type("abc"))
    before = wire.text("x", origin=(1, 12), right=(ADA, 1))
    (admission,) = admitted(document, wire.update((BEN, 0, [before])), actor="ben")
    assert admission.is_doubtful
    document, _ = seeded()
    (admission,) = admitted(document, Pen(BEN, document.state()).type("y", at=2), actor="ben")
    assert not admission.is_doubtful


def test_a_refused_update_leaves_the_index_as_it_was() -> None:
    document, seed = seeded()
    guard = document._guarded()
    ada = Pen(ADA, seed)
    admitted(document, ada.type("abc"))
    before = [(run.client, run.clock, run.end) for run in runs(guard.index.roots["need"])]
    mixed = wire.update(
        (ADA, 3, [wire.text("d", origin=(ADA, 2)), wire.element("paragraph")]),
        (BEN, 0, [wire.element("paragraph"), wire.text("x")]),
    )
    verdict = document.admit_and_apply([(mixed, "ada")], {ADA: "ada"})[0]
    assert "kind-not-allowed" in str(verdict)
    assert [(r.client, r.clock, r.end) for r in runs(guard.index.roots["need"])] == before
    assert guard.index.clock(ADA) == 3
    assert BEN not in guard.index.clients
    admitted(document, ada.type("d", at=3))


def snapshot(index: Index) -> object:
    """All that an index holds, as plain values."""
    places = [index.roots[name] for name in sorted(index.roots)]
    places += [place for clocks in index.clients.values() for place in clocks.types.values()]
    return (
        [
            [
                (run.client, run.clock, run.end, run.kind, run.origin, run.right, run.cuts)
                for run in runs(place)
            ]
            for place in places
        ],
        [sorted(place.attributes or ()) for place in places],
        [place.unchained for place in places],
        {
            client: (clocks.clock, list(clocks.starts), sorted(clocks.types), sorted(clocks.halves))
            for client, clocks in index.clients.items()
        },
        list(index.deletes),
    )


def test_a_refusal_takes_back_every_split_attribute_and_character() -> None:
    document, _ = seeded(None, "a😀bcdef")
    ada = Pen(ADA, document.state())
    admitted(document, ada.type("ABCDEF", at=1))
    index = document._guarded().index
    before = snapshot(index)
    structs = [
        wire.text("GH", origin=(ADA, 5), right=(1, 10)),
        wire.text("𝔘x", origin=(1, 12)),
        wire.text("y", origin=(ADA, 7)),
        wire.element("heading"),
        wire.values(b"\x7d\x02", parent=(ADA, 12), key="level"),
        wire.text("z", origin=(ADA, 3), right=(ADA, 4)),
        wire.gc(3),
        wire.deleted(3, origin=(1, 13)),
    ]
    good = [(ADA, 6, structs), (70, 0, [wire.text("a", origin=(ADA, 3))])]
    document.admit(wire.update(*good), actor="ada", owners={ADA: "ada"})
    assert snapshot(index) == before
    bad = [*good, (71, 0, [wire.text("z", origin=(ADA, 99))])]
    (verdict,) = document.admit_and_apply([(wire.update(*bad), "ada")], {ADA: "ada"})
    assert "dangling" in str(verdict)
    assert snapshot(index) == before
    admitted(document, wire.update(*good))
    assert snapshot(index) != before


def test_typing_on_grows_one_run() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    for at in range(100):
        admitted(document, ada.type("x", at=at))
    assert len(document._guarded().index.clients[ADA].runs) == 1
