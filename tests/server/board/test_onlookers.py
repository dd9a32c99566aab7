"""Who is at the board: told to its people, kept in memory, gone with the page."""

import json
from uuid import UUID

from server.realtime.onlookers import Onlooker, Onlookers
from tests.harness.transport import Peer
from tests.server.idea.arena_of_all import Everyone
from tests.server.sockets import close_code, socket

ANA = Onlooker(UUID(int=1), "ana", "Ana", "c1")
BEN = Onlooker(UUID(int=2), "ben", "Ben", "c2")


def test_b14_a_person_with_two_pages_is_one_and_goes_with_the_last() -> None:
    onlookers = Onlookers()
    assert onlookers.come("page 1", BEN)
    assert onlookers.come("page 2", ANA)
    assert onlookers.come("page 3", ANA)
    assert not onlookers.come("page 3", ANA)
    assert onlookers.here() == [ANA, BEN]
    assert onlookers.look("page 2", "2026-00001")
    assert onlookers.look("page 3", "2026-00001")
    assert not onlookers.look("page 3", "2026-00001")
    assert onlookers.at() == {"2026-00001": [ANA]}
    assert onlookers.leave("page 2")
    assert (onlookers.here(), onlookers.at()) == ([ANA, BEN], {"2026-00001": [ANA]})
    assert onlookers.look("page 3", None)
    assert onlookers.at() == {}
    assert onlookers.leave("page 3")
    assert not onlookers.leave("page 3")
    assert onlookers.here() == [BEN]


def test_b14_a_page_that_does_not_show_the_board_looks_at_nothing() -> None:
    onlookers = Onlookers()
    assert not onlookers.look("page", "2026-00001")
    assert onlookers.at() == {}


async def token(arena: Everyone, handle: str) -> dict[str, str]:
    return {"authorization": str((await arena.client(handle)).headers["Authorization"])}


async def follow(peer: Peer, topic: str) -> list[str]:
    peer.say(json.dumps({"subscribe": [topic]}))
    answer = await peer.until(lambda each: isinstance(each, str) and "subscribed" in each)
    assert isinstance(answer, str)
    return list(json.loads(answer)["subscribed"])


async def test_b14_only_the_boards_people_follow_it_and_are_seen(arena: Everyone) -> None:
    live = arena.arena.services.live
    for handle, expected in (("participant", []), ("observer", []), ("auditor", ["board"])):
        async with socket(arena, "/live", **await token(arena, handle)) as wire:
            assert await follow(wire, "board") == expected
            wire.say(json.dumps({"looking": "2026-00001"}))
            assert await follow(wire, "board") == expected
            assert len(live.onlookers.here()) == len(expected)
            assert list(live.onlookers.at()) == ["2026-00001"][: len(expected)]
    async with socket(arena, "/live", **await token(arena, "moderator")) as wire:
        await follow(wire, "board")
        assert [each.handle for each in live.onlookers.here()] == ["moderator"]


async def test_b14_what_is_no_reference_closes_the_page(arena: Everyone) -> None:
    for nonsense in ({"looking": "x" * 50}, {"looking": 5}, {"subscribe": "board"}, {}):
        async with socket(arena, "/live", **await token(arena, "moderator")) as wire:
            wire.say(json.dumps(nonsense))
            assert await close_code(wire) == 1007
