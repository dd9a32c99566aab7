"""Sets of ids: compared with plain sets, one clock at a time."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pycrdt import IdSet

from collab.sync.yjs.ranges import IdRanges

RANGES = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 40), st.integers(0, 9)))
Ranges = list[tuple[int, int, int]]


def ranges_of(added: Ranges) -> tuple[IdRanges, set[tuple[int, int]]]:
    ranges, plain = IdRanges(), set()
    for client, start, length in added:
        ranges.add(client, start, start + length)
        plain |= {(client, clock) for clock in range(start, start + length)}
    return ranges, plain


@given(RANGES)
def test_ranges_hold_what_was_added_merged_and_sorted(added: Ranges) -> None:
    ranges, plain = ranges_of(added)
    held = list(ranges)
    assert {(client, at) for client, first, last in held for at in range(first, last)} == plain
    for (client, _, end), (other, start, _) in pairwise(held):
        assert client != other or end < start
    assert len(ranges) == len(held)
    assert bool(ranges) == bool(plain)


@given(RANGES, st.integers(1, 4), st.integers(0, 50), st.integers(1, 12))
def test_covers_and_missing_agree_with_a_plain_set(
    added: Ranges, client: int, start: int, length: int
) -> None:
    ranges, plain = ranges_of(added)
    wanted = {(client, at) for at in range(start, start + length)}
    assert ranges.covers(client, start, start + length) == (wanted <= plain)
    assert ranges.has_edge(client, start) == (
        ((client, start) in plain) != ((client, start - 1) in plain)
    )
    assert ranges.count(client, start, start + length) == sum(
        each == client and first < start + length and last > start for each, first, last in ranges
    )
    assert ranges.count(client, start) == sum(
        each == client and last > start for each, _, last in ranges
    )
    missing = ranges.missing(client, start, start + length)
    assert {(client, at) for first, last in missing for at in range(first, last)} == wanted - plain


@given(RANGES, RANGES)
def test_without_is_the_difference(added: Ranges, taken: Ranges) -> None:
    (ranges, plain), (others, other_plain) = ranges_of(added), ranges_of(taken)
    rest = ranges.without(others)
    left = {(client, at) for client, first, last in rest for at in range(first, last)}
    assert left == plain - other_plain


@given(RANGES)
def test_pycrdt_reads_the_encoded_set(added: Ranges) -> None:
    ranges, _ = ranges_of(added)
    encoded = ranges.encode()
    assert len(IdSet.decode(encoded).encode()) == len(encoded)
