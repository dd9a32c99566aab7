"""What fuzzing has found: each case as small as it became, and what must hold of it."""

from pycrdt import XmlFragment

from collab.sync.document import Admission, Document
from collab.sync.text import render
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import parse_state_vector
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, SCHEMA, SECTIONS, Pen, admitted, seeded
from tests.collab.sync.test_killers import FIRST_CHARACTER, LAST_CHARACTER


def assert_loads_alike(document: Document, *logs: list[bytes]) -> None:
    for log in (*logs, [document.state()]):
        stored = Document.load(SCHEMA, log)
        assert render(stored, SECTIONS) == render(document, SECTIONS)
        assert clocks(stored) == clocks(document)


def clocks(document: Document) -> dict[int, int]:
    return parse_state_vector(document.state_vector())


def test_s18_two_long_collected_runs_leave_a_document_that_loads() -> None:
    # pycrdt joins them to one that is longer than what an update may bring.
    document, seed = seeded()
    longest = 1 << 20
    runs = [wire.update((ADA, at * longest, [wire.gc(longest)])) for at in range(2)]
    admitted(document, *runs)
    assert_loads_alike(document, [seed, *runs], [seed, document.merge(runs)])
    stored = Document.load(SCHEMA, [document.state()])
    admitted(stored, wire.update((ADA, 2 * longest, [wire.text("x", origin=LAST_CHARACTER)])))


def test_s18_what_is_written_into_collected_text_can_be_loaded_from_the_log() -> None:
    # A reloaded document cannot tell collected text from a collected element, into which somebody
    # may well write; pycrdt takes it only once the text is collected.
    document, seed = seeded()
    gone = wire.update(deletes=[(*FIRST_CHARACTER, 4)])
    admitted(document, gone)
    reloaded = Document.load(SCHEMA, [document.state()])
    into = wire.update((ADA, 0, [wire.xml_text(parent=FIRST_CHARACTER)]))
    admitted(reloaded, into)
    assert_loads_alike(reloaded, [seed, gone, into])
    document = Document.load(SCHEMA, [seed])
    document.apply([gone])
    document.apply([into])
    assert clocks(document) == clocks(reloaded)


def test_s18_a_document_of_very_many_structs_is_judged_after_a_reload() -> None:
    # What one update may bring bounds what clients send, never what is stored.
    limits = Limits(known_structs_max=1_000)
    document, _ = seeded(limits)
    for at in range(0, 2_700, 900):
        admitted(document, wire.update((ADA, at, [wire.gc(1), wire.deleted(1)] * 450)))
    stored = Document.load(SCHEMA, [document.state()], limits=limits)
    admitted(stored, Pen(7, document.state()).type("x"), actor="ben")


def test_s18_a_right_neighbour_inside_the_left_run_is_told_as_doubtful() -> None:
    document, seed = seeded()
    update = wire.update((ADA, 0, [wire.text("x", origin=LAST_CHARACTER, right=(1, 11))]))
    (admission,) = admitted(document, update)
    assert admission.is_doubtful
    assert "x" in str(document.doc.get("need", type=XmlFragment))
    assert "x" in str(Document.load(SCHEMA, [seed, update]).doc.get("need", type=XmlFragment))


def test_s18_between_neighbours_that_were_never_side_by_side_is_told_as_doubtful() -> None:
    # "eins": behind nothing and before the s, although e, i, n lie between.
    document, _ = seeded()
    (admission,) = admitted(document, wire.update((ADA, 0, [wire.text("x", right=(1, 12))])))
    assert admission.is_doubtful
    own = [wire.text("a", origin=LAST_CHARACTER), wire.text("b", origin=LAST_CHARACTER)]
    (admission,) = admitted(document, wire.update((ADA, 1, own)))
    assert admission.is_doubtful, "the author knew of his own a when he wrote the b"


def test_s18_writing_at_once_at_one_place_is_not_doubtful() -> None:
    document, seed = seeded()
    owners = {client: client for client in (5, 6, 7)}
    for client in owners:
        pen = Pen(client, seed)
        for at in range(20):
            update = pen.type("x", at=2 + at)
            (verdict,) = document.admit_and_apply([(update, client)], owners)
            assert isinstance(verdict, Admission)
            assert not verdict.is_doubtful
