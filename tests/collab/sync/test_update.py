"""Reading updates and state vectors without pycrdt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.content import Format, NewType, halves
from collab.sync.yjs.update import Struct, Update, parse_state_vector, parse_update
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, Pen, seeded


def only_struct(encoded: bytes) -> Struct:
    ((_, _, _, (struct,)),) = parse_update(wire.update((ADA, 0, [encoded]))).blocks
    return struct


def test_the_empty_update_holds_nothing() -> None:
    assert parse_update(b"\x00\x00") == Update([], [], b"\x00\x00")


def test_everything_that_places_a_struct_is_read() -> None:
    assert only_struct(wire.text("aé😀", origin=(1, 2), right=(3, 400))) == Struct(
        kind=4, length=4, origin=(1, 2), right=(3, 400), parent=None, key=None, content="aé😀"
    )
    heading = only_struct(wire.element("heading", parent="idea"))
    assert (heading.parent, heading.content) == ("idea", NewType(3, "heading"))
    level = only_struct(wire.values(b"\x7d\x03", parent=(ADA, 9), key="level"))
    assert (level.parent, level.key, level.content) == ((ADA, 9), "level", (3,))
    link = only_struct(wire.mark("link", '{"href":"x"}', origin=(1, 2)))
    assert link.content == Format("link", {"href": "x"})
    assert only_struct(wire.gc(7)).length == only_struct(wire.deleted(7, origin=(1, 2))).length


def test_deletes_are_ranges_of_clocks() -> None:
    assert parse_update(wire.update(deletes=[(1, 3, 2), (2, 0, 1)])).deletes == [
        (1, 3, 5),
        (2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        (b"\x7f", None),
        (b"\x7e", None),
        (b"\x78", True),
        (b"\x79", False),
        (b"\x7d\x05", 5),
        (b"\x7d\x45", -5),
        (b"\x7d\x80\x01", 64),
        (b"\x7c\x40\x20\x00\x00", 2.5),
        (b"\x7b\x40\x04\x00\x00\x00\x00\x00\x00", 2.5),
        (b"\x7a\x00\x00\x00\x00\x00\x00\x00\x09", 9),
        (b"\x77\x02\xc3\xa9", "é"),
        (b"\x74\x01\x00", b"\x00"),
        (b"\x75\x02\x78\x75\x00", [True, []]),
        (b"\x76\x01\x01a\x7e", {"a": None}),
    ],
)
def test_values_are_read_as_lib0_writes_them(encoded: bytes, value: object) -> None:
    assert only_struct(wire.values(encoded, parent=(ADA, 9), key="x")).content == (value,)


@pytest.mark.parametrize(
    "encoded",
    [b"\x00", b"\x73", b"\x7c\x40", b"\x7b", b"\x75\xff\xff\x03\x7e", b"\x77\x09a", b"\x7d\x80"],
)
def test_values_that_are_none_are_refused(encoded: bytes) -> None:
    with pytest.raises(FrameRefused) as refusal:
        only_struct(wire.values(encoded, parent=(ADA, 9), key="x"))
    assert refusal.value.reason is RefusalReason.MALFORMED


@pytest.mark.parametrize(
    "value", ["", "[", "NaN", "Infinity", "1e999", '"\\ud800"', "{'a':1}", "[" * 5_000, "9" * 400]
)
def test_marks_that_pycrdt_could_not_read_are_refused(value: str) -> None:
    with pytest.raises(FrameRefused):
        only_struct(wire.mark("em", value, origin=(1, 2)))


def test_flags_on_what_is_collected_are_refused() -> None:
    with pytest.raises(FrameRefused):
        only_struct(b"\x20\x01")


@given(st.data())
def test_a_part_of_an_update_is_refused_or_read_but_never_fails(data: st.DataObject) -> None:
    document, seed = seeded()
    update = Pen(ADA, seed).type("Wörter 😀")
    whole = data.draw(st.sampled_from([seed, update, document.state()]))
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    for _ in range(data.draw(st.integers(0, 3))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for parse in (parse_update, parse_state_vector):
        try:
            parse(bytes(damaged))
        except FrameRefused:
            continue


@pytest.mark.parametrize(
    "encoded", ["", "01", "0101", "0101800000", "020101", "0201010102", "0101010100", "80"]
)
def test_state_vectors_that_do_not_add_up_are_refused(encoded: str) -> None:
    with pytest.raises(FrameRefused):
        parse_state_vector(bytes.fromhex(encoded))


def test_state_vectors_are_clocks_by_client() -> None:
    assert parse_state_vector(b"\x00") == {}
    assert parse_state_vector(b"\x02\x01\x05\x81\x01\x06") == {1: 5, 129: 6}


@pytest.mark.parametrize(("text", "cuts"), [("aé", []), ("😀", [1]), ("a😀é𝔘", [2, 5])])
def test_halves_are_where_a_cut_would_split_a_character(text: str, cuts: list[int]) -> None:
    assert halves(text) == cuts
