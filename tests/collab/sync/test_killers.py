"""What kills, freezes or silently corrupts a plain pycrdt server: each is refused here.

The cases were measured on pycrdt 0.14; most of them take the process down, or never return, if
they reach it. So it is enough that a test comes to its end: the document is still there.
"""

import itertools

import pytest

from collab.sync.document import Document
from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.text import render
from collab.sync.yjs.limits import Limits
from collab.sync.yjs.update import parse_state_vector, parse_update
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, SCHEMA, SECTIONS, Pen, admit, admitted, seeded

# Seeds are written under client 1: title paragraph 0 with text 1 and "Titel" 2–6, then the
# paragraphs of "need": element 7, text 8, "eins" 9–12; element 13, text 14, "zwei" 15–18.
FIRST_TEXT = (1, 8)
FIRST_CHARACTER = (1, 9)
LAST_CHARACTER = (1, 12)

others = itertools.count(5_000_000_000)


def is_refused(document: Document, update: bytes, *reasons: RefusalReason) -> None:
    """The update is refused for one of the reasons and has left no trace at all."""
    before, vector = document.state(), document.state_vector()
    verdict = admit(document, update)
    assert isinstance(verdict, FrameRefused), verdict
    assert not reasons or verdict.reason in reasons, verdict
    assert (document.state(), document.state_vector()) == (before, vector)
    render(document, SECTIONS)
    someone = Pen(next(others), document.state())
    admitted(document, someone.type("weiter ", at=0))


def nested_arrays(depth: int) -> bytes:
    return b"\x75\x01" * depth + b"\x75\x00"


@pytest.mark.parametrize("depth", [25, 400, 13_178, 26_257, 100_000])
def test_values_nested_deeply_are_refused(depth: int) -> None:
    document, _ = seeded()
    value = wire.values(nested_arrays(depth), parent=(1, 7), key="x")
    is_refused(document, wire.update((ADA, 0, [value])), RefusalReason.TOO_DEEP)


@pytest.mark.parametrize("depth", [65, 1_000, 20_000])
def test_elements_nested_deeply_are_refused(depth: int) -> None:
    document, _ = seeded()
    structs = [wire.element("blockquote")]
    structs += [wire.element("blockquote", parent=(ADA, at)) for at in range(depth - 1)]
    is_refused(
        document, wire.update((ADA, 0, structs)), RefusalReason.TOO_DEEP, RefusalReason.TOO_MANY
    )


def test_elements_nested_deeply_over_many_updates_are_refused() -> None:
    document, _ = seeded()
    first = wire.update((ADA, 0, [wire.element("blockquote")]))
    admitted(document, first)
    for at in range(63):
        inner = wire.update((ADA, at + 1, [wire.element("blockquote", parent=(ADA, at))]))
        admitted(document, inner)
    last = wire.update((ADA, 64, [wire.element("blockquote", parent=(ADA, 63))]))
    verdict = admit(document, last)
    assert isinstance(verdict, FrameRefused)
    assert verdict.reason is RefusalReason.TOO_DEEP


@pytest.mark.parametrize(
    "killer",
    [
        pytest.param("0102 01070401016104f09f98800701016d0f01020203080801", id="endless-str"),
        pytest.param("0103000700030a000401016102c3a900", id="endless-clear"),
        pytest.param("010104feffffff0f04010178076162f09f98806300", id="panic-then-segfault"),
        pytest.param("010301000901016d04", id="sub-document"),
    ],
)
def test_measured_killer_is_refused(killer: str) -> None:
    document, _ = seeded()
    is_refused(document, bytes.fromhex(killer))


@pytest.mark.parametrize("kind", [2, 3, 5, 9, 10, 11, 12, 15, 31])
def test_kinds_of_structs_without_a_place_here_are_refused(kind: int) -> None:
    document, _ = seeded()
    struct = wire.struct(kind, b"\x01\x01a", origin=FIRST_CHARACTER)
    is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.KIND_NOT_ALLOWED)


@pytest.mark.parametrize("ref", [0, 1, 2, 4, 5, 7, 8, 15, 99])
def test_shared_types_without_a_place_here_are_refused(ref: int) -> None:
    document, _ = seeded()
    struct = wire.struct(7, wire.uint(ref) + b"\x01p")
    is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.KIND_NOT_ALLOWED)


def test_a_skip_is_refused() -> None:
    document, _ = seeded()
    blocks = (ADA, 0, [wire.skip(3), wire.text("x", origin=FIRST_CHARACTER)])
    is_refused(document, wire.update(blocks), RefusalReason.KIND_NOT_ALLOWED)


@pytest.mark.parametrize("length", [0, (1 << 20) + 1, (1 << 32) - 1, 1 << 50])
def test_empty_and_huge_runs_are_refused(length: int) -> None:
    document, _ = seeded()
    for struct in (wire.gc(length), wire.deleted(length, origin=FIRST_CHARACTER)):
        is_refused(
            document,
            wire.update((ADA, 0, [struct])),
            RefusalReason.MALFORMED,
            RefusalReason.CLOCK_TOO_BIG,
        )


def test_clocks_beyond_31_bits_are_refused() -> None:
    document, _ = seeded()
    late = wire.update((ADA, (1 << 31) - 1, [wire.text("x", origin=FIRST_CHARACTER)]))
    is_refused(document, late, RefusalReason.CLOCK_TOO_BIG)
    is_refused(document, wire.update(deletes=[(1, 1, 1 << 50)]), RefusalReason.CLOCK_TOO_BIG)


def test_a_gap_in_the_clocks_is_refused() -> None:
    document, _ = seeded()
    early = wire.update((ADA, 5, [wire.text("late", origin=FIRST_CHARACTER)]))
    is_refused(document, early, RefusalReason.GAP)


@pytest.mark.parametrize("target", [(1, 99), (MISSING := 4_711, 0), (ADA, 0), (ADA, 7)])
def test_references_to_nothing_known_are_refused(target: tuple[int, int]) -> None:
    document, _ = seeded()
    structs = (
        wire.text("x", origin=target),
        wire.text("x", right=target),
        wire.text("x", origin=FIRST_CHARACTER, right=target),
        wire.text("x", parent=target),
    )
    for struct in structs:
        is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.DANGLING)


def test_deletes_of_nothing_known_are_refused() -> None:
    document, _ = seeded()
    for deletes in ([(1, 15, 99)], [(4_711, 0, 1)], [(ADA, 0, 1)]):
        is_refused(document, wire.update(deletes=deletes), RefusalReason.DANGLING)


def test_clients_waiting_for_each_other_are_refused() -> None:
    document, _ = seeded()
    circle = wire.update(
        (ADA, 0, [wire.text("a", origin=(ADA + 1, 0))]),
        (ADA + 1, 0, [wire.text("b", origin=(ADA, 0))]),
    )
    is_refused(document, circle, RefusalReason.DANGLING)


def test_known_structs_that_refer_to_nothing_would_stay_pending_and_are_refused() -> None:
    document, _ = seeded()
    pending = wire.update(
        (1, 0, [wire.text("x", origin=(4_711, 3))]),
        (ADA, 0, [wire.text("y", origin=FIRST_CHARACTER)]),
    )
    is_refused(document, pending, RefusalReason.DANGLING)


def test_a_client_that_occurs_twice_is_refused() -> None:
    document, _ = seeded()
    twice = wire.update(
        (ADA, 0, [wire.text("a", origin=FIRST_CHARACTER)]),
        (ADA, 0, [wire.text("bc", origin=FIRST_CHARACTER)]),
    )
    is_refused(document, twice, RefusalReason.MALFORMED)


def test_clock_squatting_is_refused() -> None:
    document, _ = seeded()
    ada = Pen(ADA, document.state())
    admitted(document, ada.type("Ada ", at=0))
    squat = wire.update((ADA, 4, [wire.deleted(1_000_000, origin=(ADA, 3))]))
    verdict = admit(document, squat, actor="mallory")
    assert isinstance(verdict, FrameRefused)
    assert verdict.reason is RefusalReason.FOREIGN_CLIENT
    admitted(document, ada.type("schreibt ", at=4))
    assert "Ada schreibt eins" in str(render(document, SECTIONS))


def test_nobody_writes_under_the_id_of_the_seed() -> None:
    document, _ = seeded()
    end = parse_state_vector(document.state_vector())[1]
    for actor in ("ada", None):
        verdict = admit(
            document,
            wire.update((1, end, [wire.text("x", origin=FIRST_CHARACTER)])),
            actor=actor,  # type: ignore[arg-type]
        )
        assert isinstance(verdict, FrameRefused)
        assert verdict.reason is RefusalReason.FOREIGN_CLIENT


def test_one_attribute_written_many_times_unchained_is_refused() -> None:
    document, _ = seeded()
    heading = wire.element("heading")
    value = wire.values(b"\x7d\x02", parent=(ADA, 0), key="level")
    is_refused(
        document, wire.update((ADA, 0, [heading] + [value] * 20_000)), RefusalReason.TOO_MANY
    )


@pytest.mark.parametrize("aim", ["far", "one-origin"])
def test_searches_among_many_siblings_are_refused(aim: str) -> None:
    # 24 kB that keep pycrdt busy for 14 and for 20 seconds: 4,000 structs, each of which passes
    # by up to 20,000 others before it finds its place.
    document, _ = seeded(Limits(structs_max=50_000))
    ada, other = 2 * ADA, 2 * ADA + 1
    count = 20_000
    chain = [(ada + at % 2, at // 2) for at in range(count)]
    blocks: dict[int, list[bytes]] = {ada: [], other: []}
    for at, (client, _) in enumerate(chain):
        origin = chain[at - 1] if at else LAST_CHARACTER
        blocks[client].append(wire.text("a", origin=origin))
    admitted(document, wire.update(*((client, 0, each) for client, each in blocks.items())))
    if aim == "far":
        structs = [wire.text("x", origin=chain[at]) for at in range(4_000)]
    else:
        structs = [wire.text("x", origin=chain[0], right=chain[-1 - at]) for at in range(4_000)]
    verdict = admit(document, wire.update((2 * ADA + 2, 0, structs)))
    assert isinstance(verdict, FrameRefused)
    assert verdict.reason is RefusalReason.TOO_MANY


def test_cuts_through_a_character_are_refused() -> None:
    document, _ = seeded(None, "a😀b")  # clocks: a 9, 😀 10–11, b 12
    for struct in (
        wire.text("x", origin=(1, 10)),
        wire.text("x", right=(1, 11)),
        wire.text("x", origin=(1, 9), right=(1, 11)),
    ):
        is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.SPLIT_CHARACTER)
    for start, length in ((9, 2), (11, 1), (11, 2), (10, 1)):
        is_refused(
            document, wire.update(deletes=[(1, start, length)]), RefusalReason.SPLIT_CHARACTER
        )
    admitted(document, wire.update(deletes=[(1, 10, 2)]))


def test_a_cut_through_a_character_of_the_same_update_is_refused() -> None:
    document, _ = seeded()
    structs = [wire.text("😀", origin=LAST_CHARACTER), wire.text("x", origin=(ADA, 0))]
    is_refused(document, wire.update((ADA, 0, structs)), RefusalReason.SPLIT_CHARACTER)


def test_a_state_vector_that_cuts_a_character_is_refused() -> None:
    document, _ = seeded(None, "a😀b")
    with pytest.raises(FrameRefused) as refusal:
        document.diff(b"\x01\x01\x0b")
    assert refusal.value.reason is RefusalReason.SPLIT_CHARACTER
    document.diff(b"\x01\x01\x0a")


@pytest.mark.parametrize("claim", [b"\x80\x80\x80\x40", b"\x80\x80\x80\x80\x01"])
def test_claims_of_many_clients_cost_nothing(claim: bytes) -> None:
    for parse in (parse_update, parse_state_vector):
        with pytest.raises(FrameRefused):
            parse(claim)


@pytest.mark.parametrize("size", [16, 160_000])
def test_endless_integers_are_refused(size: int) -> None:
    for parse in (parse_update, parse_state_vector):
        with pytest.raises(FrameRefused) as refusal:
            parse(b"\xff" * size)
        assert refusal.value.reason is RefusalReason.MALFORMED


@pytest.mark.parametrize("root", ["m", "", "Title", "title ", "__proto__", "idea\x00"])
def test_other_roots_are_refused(root: str) -> None:
    document, _ = seeded()
    struct = wire.element("paragraph", parent=root)
    is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.ROOT_NOT_ALLOWED)


def test_neighbours_in_different_places_are_refused() -> None:
    document, _ = seeded()
    struct = wire.text("x", origin=FIRST_CHARACTER, right=(1, 15))
    is_refused(document, wire.update((ADA, 0, [struct])), RefusalReason.DANGLING)


def test_an_empty_block_and_an_empty_range_are_refused() -> None:
    document, _ = seeded()
    is_refused(document, wire.update((ADA, 0, [])), RefusalReason.MALFORMED)
    is_refused(document, wire.update(deletes=[(1, 9, 0)]), RefusalReason.MALFORMED)


def test_deletes_of_a_client_that_occur_twice_are_refused() -> None:
    # Browsers delete both ranges, pycrdt only the second.
    document, _ = seeded()
    twice = b"\x00\x02" + b"\x01\x01\x09\x01" * 2
    is_refused(document, twice, RefusalReason.MALFORMED)


def test_every_second_character_deleted_is_bounded() -> None:
    document, _ = seeded(Limits(deletes_max=1_000), "a" * 10_000)
    deletes = [(1, 9 + 2 * at, 1) for at in range(1_001)]
    is_refused(document, wire.update(deletes=deletes), RefusalReason.TOO_MANY)


def dust(start: int, count: int) -> bytes:
    """Every second clock deleted, from ``start`` on."""
    ranges = b"".join(wire.uint(start + 2 * at) + b"\x01" for at in range(count))
    return b"\x00\x01\x01" + wire.uint(count) + ranges


def test_s16_cutting_a_text_into_dust_is_refused_before_it_takes_seconds() -> None:
    # 100 kB of deletes that would keep pycrdt busy for half a minute: each of them moves every
    # block behind it aside.
    document, _ = seeded(Limits(moves_max=10_000_000), "a" * 40_000)
    admitted(document, dust(20_009, 2_000))
    is_refused(document, dust(9, 4_000), RefusalReason.TOO_MANY)
    admitted(document, dust(9, 1_000))


def test_s16_an_update_that_cuts_from_the_end_to_the_beginning_is_counted_too() -> None:
    document, _ = seeded(Limits(moves_max=10_000_000), "a" * 40_000)
    ranges = b"".join(wire.uint(20_009 - 2 * at) + b"\x01" for at in range(8_000))
    is_refused(document, b"\x00\x01\x01" + wire.uint(8_000) + ranges, RefusalReason.TOO_MANY)
    admitted(document, dust(9, 8_000))


def test_s16_inserting_into_dust_is_counted_too() -> None:
    document, _ = seeded(Limits(moves_max=10_000), "a" * 40_000)
    admitted(document, dust(9_009, 1_000))
    structs = [wire.text("x", origin=(1, 9 + 2 * at)) for at in range(6)]
    is_refused(document, wire.update((ADA, 0, structs)), RefusalReason.TOO_MANY)
    admitted(document, wire.update((ADA, 0, structs[:4])))


def test_s16_deleting_the_same_again_and_again_is_refused() -> None:
    document, _ = seeded(Limits(moves_max=1_000_000), "a" * 40_000)
    admitted(document, dust(9, 100))
    ranges = (wire.uint(9) + wire.uint(199)) * 20_000
    deletes = b"\x00\x01\x01" + wire.uint(20_001) + ranges + wire.uint(30_000) + b"\x01"
    is_refused(document, deletes, RefusalReason.TOO_MANY)


def test_s19_deleting_a_text_in_many_pieces_is_no_cutting() -> None:
    # Two people have written by turns, letter by letter; somebody deletes all that one wrote.
    document, _ = seeded(Limits(moves_max=2_000))
    structs = [wire.text("x", origin=LAST_CHARACTER) for _ in range(2_000)]
    admitted(document, wire.update((ADA, 0, structs)))
    document = Document.load(SCHEMA, [document.state()], limits=Limits(moves_max=2_000))
    admitted(document, wire.update(deletes=[(ADA, at, 1) for at in range(0, 2_000, 2)]))
    admitted(document, wire.update(deletes=[(ADA, at, 1) for at in range(1, 2_000, 2)]))


def test_s16_more_structs_than_fit_an_honest_update_are_not_even_read() -> None:
    document, _ = seeded()
    many = wire.update((ADA, 0, [b"\x00\x01"] * 200_001))
    is_refused(document, many, RefusalReason.TOO_MANY)
    assert len(parse_update(many).blocks[0].structs) == 200_001, "what is stored is read"


def test_the_schema_is_the_one_of_the_document() -> None:
    assert SCHEMA.roots == ("title", *SECTIONS)
