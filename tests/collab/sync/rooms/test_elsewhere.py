"""Presence across processes: one truth everywhere, whatever becomes of messages (T9, T10)."""

from __future__ import annotations

import json
import random
from itertools import count

import pytest

from collab.sync.messages import Awareness, AwarenessEntry
from collab.sync.rooms import elsewhere, shown
from collab.sync.rooms.copies import Copy
from collab.sync.rooms.elsewhere import (
    COLOURS,
    STATE_BYTES_MAX,
    UNREPEATED_S,
    Elsewhere,
    Seats,
)
from tests.collab.sync.rooms.presences import GRACE_S, Client, Node, World

SEEDS = 100


def state(handle: str, colour: str = "c1", **more: object) -> str:
    return json.dumps({**more, "user": {"id": handle, "name": handle.title(), "colour": colour}})


def seats(
    serial: int, *entries: tuple[int, int, str | None], whole: set[int] | None = None
) -> Seats:
    found = tuple(AwarenessEntry(*entry) for entry in entries)
    return Seats(serial, found, None if whole is None else frozenset(whole))


def exchange(now: float, *nodes: Node) -> None:
    """Everybody tells everybody until there is nothing to tell."""
    for _ in range(4):
        for source in nodes:
            for said in source.turn(now):
                for target in nodes:
                    if target is not source:
                        target.shown.hear(source.name, said, now)
    assert not any(node.shown.has_changed for node in nodes)


def test_t9_every_process_shows_the_truth_after_losses_doubles_and_delays() -> None:
    for seed in range(SEEDS):
        luck = random.Random(seed)
        world = World(luck, nodes=luck.choice((2, 3)))
        for _ in range(luck.randrange(5, 60)):
            world.act()
            world.turn(is_quiet=False)
        world.settle()
        for node in world.nodes:
            assert node.peer.cursors() == world.truth(), (seed, node.name)
            newcomer = shown_to_a_newcomer(node)
            assert newcomer == world.truth(), (seed, node.name)


def shown_to_a_newcomer(node: Node) -> dict[int, tuple[str, object]]:
    fresh = type(node.peer)()
    fresh.hear(node.shown.everybody())
    return fresh.cursors()


def test_t9_who_comes_back_at_another_process_is_never_shown_as_gone() -> None:
    here, there, third = Node("a"), Node("b"), Node("c")
    ana = Client(7, "ana")
    ana.come(here, 1)
    exchange(0.0, here, there, third)
    ana.leave(now=1.0)
    ana.come(there, 2)  # with the clock it had
    for at in (1.0, 2.0, 1.0 + GRACE_S, 12.0):
        exchange(at, here, there, third)
        for node in (here, there, third):
            assert list(node.peer.cursors()) == [7]
    assert not here.shown.is_anybody_here
    ana.move()
    exchange(13.0, here, there, third)
    assert {str(node.peer.cursors()[7]) for node in (here, there, third)} == {
        "('ana', {'anchor': 1})"
    }


def test_t9_the_removal_of_an_old_seat_does_not_take_the_new_one_away() -> None:
    here, there, third = Node("a"), Node("b"), Node("c")
    ana = Client(7, "ana")
    ana.come(here, 1)
    exchange(0.0, here, there, third)
    ana.leave(now=0.0)
    ana.come(there, 2)
    seated = there.turn(0.1)  # under way for long
    (removed,) = here.turn(GRACE_S)
    assert removed.entries == (AwarenessEntry(7, 0, None),)
    for node in (there, third):
        node.shown.hear("a", removed, GRACE_S)
        node.turn(GRACE_S)
    assert list(there.peer.cursors()) == [7], "he sits there"
    for node in (here, third):
        node.shown.hear("b", seated[0], 5.0)
        node.turn(5.0)
        assert list(node.peer.cursors()) == [7], "shown again, though his clock is no newer"


def test_t9_nobody_speaks_for_somebody_who_sits_at_another_process() -> None:
    here, there = Node("a"), Node("b")
    Client(7, "ana").come(here, 1)
    exchange(0.0, here, there)
    Client(7, "bo", clock=9).come(there, 2)
    exchange(0.0, here, there)
    assert there.shown.is_anybody_here is False
    assert {each[0] for node in (here, there) for each in node.peer.cursors().values()} == {"ana"}


def test_t9_two_people_under_one_client_id_are_shown_alike_everywhere() -> None:
    here, there = Node("a"), Node("b")
    Client(7, "ana").come(here, 1)
    Client(7, "bo", clock=9).come(there, 2)
    exchange(0.0, here, there)
    for node in (here, there):
        for said in node.whole():
            (there if node is here else here).shown.hear(node.name, said, 1.0)
    exchange(1.0, here, there)
    assert here.peer.cursors() == there.peer.cursors()


def test_t10_a_person_has_one_colour_everywhere_and_neighbours_differ() -> None:
    here, there = Node("a"), Node("b")
    people = [Client(10 + number, name) for number, name in enumerate(("ana", "bo", "cleo", "dan"))]
    for number, client in enumerate(people):
        client.come((here, there)[number % 2], number)
        exchange(0.0, here, there)
    Client(20, "ana").come(there, 9)
    exchange(0.0, here, there)
    for node in (here, there):
        users = [json.loads(text)["user"] for text in node.peer.states.values()]
        assert len({(each["id"], each["colour"]) for each in users}) == len(people)
        assert len({each["colour"] for each in users}) == len(people) <= COLOURS


def test_t9_who_went_with_his_process_is_shown_no_more() -> None:
    here, there = Node("a"), Node("b")
    Client(7, "ana").come(here, 1)
    exchange(0.0, here, there)
    there.shown.forget("a")
    there.turn(0.0)
    assert there.peer.cursors() == {}


def test_t9_what_is_not_repeated_is_over() -> None:
    node = Node("a")
    node.shown.hear("b", seats(1, (7, 1, state("ana"))), now=0.0)
    node.turn(0.0)
    assert node.shown.next_expiry() == UNREPEATED_S
    node.shown.hear("b", seats(2, whole={7}), now=10.0)
    node.turn(UNREPEATED_S)
    assert list(node.peer.cursors()) == [7]
    node.turn(10.0 + UNREPEATED_S)
    assert node.peer.cursors() == {}
    assert node.shown.next_expiry() is None


@pytest.mark.parametrize(
    "entry",
    [
        (7, 1, "{}"),
        (7, 1, "[]"),
        (7, 1, "{"),
        (7, 1, '{"user": {"id": 1, "name": "x", "colour": "c1"}}'),
        (7, 1, state("ana", cursor="x" * STATE_BYTES_MAX)),
        (7, 2**31 + 1, state("ana")),
        (2**53 + 1, 1, state("ana")),
        (-1, 1, state("ana")),
        (7, 1, "[" * 5_000),
    ],
    ids=["empty", "list", "broken", "number", "long", "clock", "client", "negative", "deep"],
)
def test_t11_what_no_process_says_is_passed_over(entry: tuple[int, int, str]) -> None:
    others = Elsewhere()
    assert others.hear("b", seats(1, entry, (8, 1, state("bo"))), 0.0) == {8}


def test_t11_so_many_processes_are_heard_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "NODES_MAX", 2)
    others = Elsewhere()
    found = [others.hear(node, seats(1, (7, 1, state("ana"))), 0.0) for node in ("b", "c", "d")]
    assert found == [{7}, {7}, set()]
    others.forget("b")
    assert others.hear("d", seats(1, (8, 1, state("bo"))), 0.0) == {8}


def test_t11_what_is_kept_of_another_process_is_bounded() -> None:
    copy: Copy[int, str] = Copy(size_max=2)
    assert copy.take(1, {1: "a", 2: "b", 3: "c"}) == {1, 2}
    assert copy.take(2, {1: None}) == {1}
    assert copy.take(3, {3: "c"}) == {3}
    assert copy.take(4, dict.fromkeys(range(10, 20))) == set()
    assert len(copy._serials) <= 4
    assert copy.take(5, {}, whole=[3]) == {2}
    assert list(copy) == [3]


def test_t11_a_message_that_comes_late_or_twice_changes_nothing() -> None:
    copy: Copy[str, int] = Copy(size_max=9)
    copy.take(5, {"a": 5})
    assert copy.take(4, {"a": 4}) == set()
    assert copy.take(5, {"a": 5}) == set()
    assert copy.take(3, {"b": 3}, whole=["b"]) == {"b"}, "a is newer than that"
    assert sorted(copy) == ["a", "b"]
    assert copy.take(2, {"c": 2}) == set()
    assert copy.take(7, {}, whole=[]) == {"a", "b"}


def test_t11_a_crowd_is_told_in_pieces_and_the_first_says_who_there_is() -> None:
    node = Node("a")
    for number in range(shown.PARCEL_ENTRIES + 1):
        Client(100 + number, "ana").come(node, number)
    first, second = node.whole()
    assert first.whole is not None
    assert (len(first.entries), len(first.whole)) == (64, 65)
    assert (len(second.entries), second.whole) == (1, None)


def test_t11_of_those_who_have_gone_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "GONE_MAX", 2)
    node, serials = Node("a"), count(1)
    for client_id in (7, 8, 9):
        node.shown.hear("b", seats(next(serials), (client_id, 1, state("ana"))), 0.0)
        node.turn(0.0)
        node.shown.hear("b", seats(next(serials), (client_id, 1, None)), 0.0)
        node.turn(0.0)
    assert list(node.shown._gone) == [8, 9]


def test_t9_a_renewal_is_told_though_nothing_has_moved() -> None:
    node = Node("a")
    ana = Client(7, "ana")
    ana.come(node, 1)
    node.turn(0.0)
    ana.say()
    told = node.shown.spread()
    assert isinstance(told, Awareness)
    assert [entry.clock for entry in told.entries] == [1]
