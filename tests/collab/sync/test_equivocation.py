"""The same clocks with other content: the first counts, wherever updates are put together."""

from collections.abc import Sequence

import pytest
from pycrdt import XmlFragment

from collab.sync.document import Admission, Document
from collab.sync.text import render
from collab.sync.yjs.cutting import brought
from collab.sync.yjs.update import parse_update
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, MALLORY, SCHEMA, SECTIONS, admitted, seeded

END = (1, 12)
"""The last character of the first paragraph; see test_killers."""

FIRST = [
    wire.update((ADA, 0, [wire.text("aaaa", origin=END)])),
    wire.update((ADA, 4, [wire.text("bbbb", origin=(ADA, 3))])),
]
UNKNOWN_MARK = wire.mark("evil", "true", origin=END)

LIES = {
    "text": [wire.text("xxxxyyyyz", origin=END)],
    "unknown-mark": [
        wire.text("xxxx", origin=END),
        *[UNKNOWN_MARK] * 4,
        wire.text("z", origin=(ADA, 3)),
    ],
    "collected": [wire.gc(9)],
    "deleted": [wire.deleted(9, origin=END)],
    "elements": [wire.element("table")] * 8 + [wire.text("z", origin=(ADA, 7))],
    "longer": [wire.text("x", origin=END), wire.gc(6), wire.text("yz", origin=END)],
}


@pytest.mark.parametrize("lie", LIES)
def test_s17_what_is_stored_reads_as_what_was_judged(lie: str) -> None:
    document, seed = seeded()
    rows = brought_by(document, *FIRST, wire.update((ADA, 0, LIES[lie])))
    assert_reads_alike(document, [seed, *rows])
    merged = document.merge(rows)
    assert document.merge([merged]) == merged
    assert_reads_alike(document, [seed, merged])


@pytest.mark.parametrize("lie", LIES)
def test_s17_rows_of_the_log_are_merged_as_they_were_judged(lie: str) -> None:
    # A reader who fell behind gets the rows he misses as one update, also after a restart.
    document, seed = seeded()
    updates = [*FIRST, wire.update((ADA, 0, LIES[lie])), wire.update((ADA, 9, [wire.gc(1)]))]
    rows = brought_by(document, *updates)
    restarted = Document.load(SCHEMA, [seed, *rows])
    assert_reads_alike(document, [seed, restarted.merge(rows)])


def brought_by(document: Document, *updates: bytes) -> list[bytes]:
    """What the document stores of updates by one author."""
    verdicts = document.admit_and_apply([(each, "ada") for each in updates], {ADA: "ada"})
    assert all(isinstance(verdict, Admission) for verdict in verdicts), verdicts
    return [verdict.brought for verdict in verdicts if isinstance(verdict, Admission)]


def assert_reads_alike(document: Document, log: Sequence[bytes]) -> None:
    stored = Document.load(SCHEMA, log)
    assert render(stored, SECTIONS) == render(document, SECTIONS)
    assert xml(stored) == xml(document)
    assert "evil" not in xml(stored)


def xml(document: Document) -> str:
    return str(document.doc.get("need", type=XmlFragment))


@pytest.mark.parametrize(
    ("struct", "rest"),
    [
        (wire.text("a😀bc", origin=END), wire.text("bc", origin=(ADA, 2))),
        (
            wire.text("abcde", origin=END, right=(1, 9)),
            wire.text("de", origin=(ADA, 2), right=(1, 9)),
        ),
        (wire.text("abcde", parent=(1, 8)), wire.text("de", origin=(ADA, 2))),
        (wire.deleted(5, origin=END), wire.deleted(2, origin=(ADA, 2))),
        (wire.gc(5), wire.gc(2)),
        (
            wire.values(
                *[b"\x7d\x03", b"\x7e", b"\x77\x01a", b"\x78", b"\x7d\x04"], parent="need", key="k"
            ),
            wire.values(b"\x78", b"\x7d\x04", origin=(ADA, 2)),
        ),
        (
            wire.values(*[b"\x7d\x03"] * 3, b"\x75\x01\x7e", b"\x7f", parent=(1, 7), key="k"),
            wire.values(b"\x75\x01\x7e", b"\x7f", origin=(ADA, 2)),
        ),
    ],
)
def test_what_is_known_is_cut_out_of_a_struct(struct: bytes, rest: bytes) -> None:
    whole = wire.update((ADA, 0, [struct]), (7, 0, [wire.gc(1)]), deletes=[(1, 9, 1)])
    kept = wire.update((ADA, 3, [rest]), (7, 0, [wire.gc(1)]), deletes=[(1, 9, 1)])
    assert brought(whole, [(ADA, 3, 5), (7, 0, 1)]) == kept


def test_what_is_known_whole_is_cut_out_whole() -> None:
    whole = wire.update((ADA, 0, [wire.text("ab", origin=END)]), deletes=[(1, 9, 1)])
    assert brought(whole, []) == wire.update(deletes=[(1, 9, 1)])


def test_an_update_that_repeats_nothing_is_stored_as_it_came() -> None:
    document, _ = seeded()
    assert brought_by(document, *FIRST) == FIRST


@pytest.mark.parametrize("lie", LIES)
def test_known_text_sent_again_differently_stays_as_it_was(lie: str) -> None:
    document, _ = seeded()
    admitted(document, *FIRST)
    admitted(document, wire.update((ADA, 0, LIES[lie])))
    shown = xml(document)
    assert "aaaa" in shown
    assert "bbbb" in shown
    assert "evil" not in shown


def test_s17_nobody_puts_his_words_under_the_id_of_another_into_the_log() -> None:
    # Rows are written by actor: Mallory's, which came first, also held a later copy of Ada's text.
    document, seed = seeded()
    first = wire.update((MALLORY, 0, [wire.text("m", origin=END)]))
    ada = wire.update((ADA, 0, [wire.text("Ada", origin=END)]))
    lie = wire.update((ADA, 0, [UNKNOWN_MARK] * 3), (MALLORY, 1, [wire.text("!", origin=END)]))
    owners = {ADA: "ada", MALLORY: "mallory"}
    turn = [(first, "mallory"), (ada, "ada"), (lie, "mallory")]
    verdicts = document.admit_and_apply(turn, owners)
    kept = [verdict.brought for verdict in verdicts if isinstance(verdict, Admission)]
    assert len(kept) == 3, verdicts
    rows = [document.merge([kept[0], kept[2]]), kept[1]]
    assert_reads_alike(document, [seed, *rows])
    assert_reads_alike(document, [seed, document.merge(kept)])
    assert {block.client for block in parse_update(rows[0]).blocks} == {MALLORY}


def test_s17_what_is_repeated_in_pieces_leaves_no_hole_in_the_log() -> None:
    document, seed = seeded()
    admitted(document, *FIRST, wire.update((ADA, 8, [wire.text("cc", origin=(ADA, 7))])))
    log = [seed, document.state()]
    pieces = [
        wire.update((ADA, clock, [wire.gc(1)]), (MALLORY, at, [wire.text("m", origin=END)]))
        for at, clock in enumerate((0, 3, 8))
    ]
    verdicts = document.admit_and_apply([(each, "m") for each in pieces], {MALLORY: "m"})
    kept = [verdict.brought for verdict in verdicts if isinstance(verdict, Admission)]
    assert len(kept) == 3, verdicts
    assert_reads_alike(document, [*log, document.merge(kept)])
