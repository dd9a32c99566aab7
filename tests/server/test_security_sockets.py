"""Open sockets end with what they were opened with: sessions, tokens, roles, persons."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from collab.process.actors import Role
from server.actions import access, people, programs
from server.actions.access import Caller
from server.actions.responsibility import terms
from server.auth.secrets import hash_of
from server.clock.runner import TICK_S, Runner
from server.realtime.hub import hub_of
from server.realtime.open_rooms import NotAdmitted
from server.realtime.polling.ended import close_ended
from storage import access as stored
from tests.harness import lib0
from tests.harness.transport import Peer
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.sockets import TurnedAway, close_code, document_of, frame, hear, socket

HERE = Caller("192.0.2.1", "Firefox")
PASSWORD = "ein gutes Passwort"


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        yield arena


async def cookie(arena: Everyone, handle: str) -> str:
    """A session of the person, as a browser shows it; its secret."""
    services = arena.arena.services
    await access.set_password(services, (await arena.actor(handle)).person_id, PASSWORD)  # type: ignore[arg-type]
    return (await access.sign_in(services, handle, PASSWORD, HERE)).secret


async def follow(peer: Peer, *topics: str) -> list[str]:
    peer.say(json.dumps({"subscribe": topics}))
    answer = await peer.until(lambda each: isinstance(each, str) and "subscribed" in each)
    assert isinstance(answer, str)
    return list(json.loads(answer)["subscribed"])


@pytest.mark.parametrize("path", ["/live", "/collab"])
async def test_signing_out_closes_every_socket_of_the_browser(arena: Everyone, path: str) -> None:
    secret = await cookie(arena, "participant")
    async with socket(arena, path, cookie=f"arena_session={secret}") as wire:
        await access.sign_out(arena.arena.services, hash_of(secret))
        assert await close_code(wire) == 4401


@pytest.mark.parametrize("path", ["/live", "/collab"])
async def test_signing_in_anew_leaves_no_socket_in_the_former_name(
    arena: Everyone, path: str
) -> None:
    services = arena.arena.services
    secret = await cookie(arena, "participant")
    async with socket(arena, path, cookie=f"arena_session={secret}") as wire:
        await cookie(arena, "expert")
        await access.sign_in(services, "expert", PASSWORD, HERE, replacing=hash_of(secret))
        assert await close_code(wire) == 4401


@pytest.mark.parametrize("path", ["/live", "/collab"])
async def test_suspending_a_person_closes_his_sockets(arena: Everyone, path: str) -> None:
    token = await programs.issue_token(arena.arena.services, "participant")
    async with socket(arena, path, authorization=f"Bearer {token}") as wire:
        await people.suspend(arena.arena.services, None, "participant", "Beleidigungen")
        assert await close_code(wire) == 4401


@pytest.mark.parametrize("path", ["/live", "/collab"])
async def test_a_token_that_ends_elsewhere_or_by_its_time_closes_its_sockets(
    arena: Everyone, path: str
) -> None:
    services = arena.arena.services
    token = await programs.issue_token(services, "expert", lasting=timedelta(hours=1))
    async with socket(arena, path, authorization=f"Bearer {token}") as wire:
        arena.arena.clock.pass_by(hours=2)
        await look_round(arena)
        assert await close_code(wire) == 4401


async def test_a_token_of_the_hocuspocus_protocol_ends_its_socket_too(arena: Everyone) -> None:
    services = arena.arena.services
    token = await programs.issue_token(services, "expert", lasting=timedelta(hours=1))
    document = await document_of(arena, await arena.idea("open"))
    async with socket(arena, "/collab") as wire:
        wire.say(frame(document, 2, lib0.uint(0) + lib0.string(token)))
        await hear(wire, b"read-write")
        arena.arena.clock.pass_by(hours=2)
        await look_round(arena)
        assert await close_code(wire) == 4401


async def test_a_session_that_another_process_ends_closes_its_sockets(arena: Everyone) -> None:
    services = arena.arena.services
    secret = await cookie(arena, "participant")
    async with (
        socket(arena, "/live", cookie=f"arena_session={secret}") as wire,
        socket(arena, "/live") as guest,
    ):
        await look_round(arena)
        assert await follow(wire, "arena") == ["arena"]
        async with services.database.write() as tx:
            await stored.revoke_session(tx, hash_of(secret), services.clock())
        await look_round(arena)
        assert await close_code(wire) == 4401
        assert await follow(guest, "arena") == ["arena"]


async def test_who_loses_a_role_loses_it_in_silent_sockets_as_well(arena: Everyone) -> None:
    document = await document_of(arena, await arena.idea("draft"))
    token = await programs.issue_token(arena.arena.services, "moderator")
    async with socket(arena, "/collab", authorization=f"Bearer {token}") as wire:
        wire.say(frame(document, 2, lib0.uint(0) + lib0.string("")))
        await hear(wire, b"readonly")
        await people.withdraw_role(arena.arena.services, None, "moderator", Role.MODERATOR)
        await hear(wire, b"forbidden")


async def test_topics_are_given_by_the_roles_of_now(arena: Everyone) -> None:
    topic = f"idea:{await arena.idea('draft')}:text"
    token = await programs.issue_token(arena.arena.services, "moderator")
    async with socket(arena, "/live", authorization=f"Bearer {token}") as wire:
        assert await follow(wire, topic) == [topic]
        await people.withdraw_role(arena.arena.services, None, "moderator", Role.MODERATOR)
        assert await close_code(wire) == 1013
    async with socket(arena, "/live", authorization=f"Bearer {token}") as wire:
        assert await follow(wire, topic) == []


async def test_ac_g5_a_partners_open_sockets_lose_the_case_with_the_end_of_his_term(
    arena: Everyone,
) -> None:
    services, ref = arena.arena.services, await arena.idea("draft")
    document, topic = await document_of(arena, ref), f"idea:{ref}:text"
    author, today = await arena.actor("author"), arena.arena.clock.now.date()
    await terms.grant_at_idea(services, author, ref, handle="expert", role=Role.PARTNER, last=today)
    token = await programs.issue_token(services, "expert")
    bearer = {"authorization": f"Bearer {token}"}
    async with socket(arena, "/collab", **bearer) as wire, socket(arena, "/live", **bearer) as live:
        wire.say(frame(document, 2, lib0.uint(0) + lib0.string("")))
        await hear(wire, b"read-write")
        assert await follow(live, topic) == [topic]
        arena.arena.clock.pass_by(days=1)
        await Runner(services).tick()
        await hear(wire, b"forbidden")
        assert await close_code(live) == 1013
    assert TICK_S < 60
    async with socket(arena, "/live", **bearer) as live:
        assert await follow(live, topic) == []


@pytest.mark.parametrize("ref", ["\x00", "\ud800", "2026-1", "2026-00001'", ""])
async def test_topics_of_no_idea_are_passed_over(arena: Everyone, ref: str) -> None:
    async with socket(arena, "/live") as wire:
        assert await follow(wire, f"idea:{ref}:text", "arena") == ["arena"]


@pytest.mark.parametrize("path", ["/live", "/collab"])
@pytest.mark.parametrize("origin", ["null", "http://[", "http://evil.example"])
async def test_no_foreign_page_opens_a_socket(arena: Everyone, path: str, origin: str) -> None:
    with pytest.raises(TurnedAway):
        async with socket(arena, path, origin=origin):
            pass


async def look_round(arena: Everyone) -> None:
    """What the hub does once a minute."""
    services = arena.arena.services
    connections = hub_of(services).sockets
    await close_ended(services.database, services.clock(), connections)


@pytest.mark.parametrize("reason", ["try-again", "unreadable-document"])
async def test_who_is_turned_away_for_a_moment_is_told_to_come_again(
    arena: Everyone, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hocuspocus provider gives up a document that is denied; a closed socket it opens again."""
    document = await document_of(arena, await arena.idea("open"))

    async def turn_away(*_: object) -> None:
        raise NotAdmitted(reason)

    monkeypatch.setattr(hub_of(arena.arena.services), "admit", turn_away)
    async with socket(arena, "/collab") as wire:
        wire.say(frame(document, 2, lib0.uint(0) + lib0.string("none")))
        assert await close_code(wire) == 1013


async def test_a_key_that_is_shown_while_others_are_asked_for_ends_nothing(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token of a hocuspocus client comes with a frame, at any moment."""
    closed: list[str] = []

    class Late:
        session_key: str | None = None
        token_key: str | None = None

        def close(self, _code: int, reason: str) -> None:
            closed.append(reason)

    late = Late()
    still_open = stored.open_tokens

    async def meanwhile(*given: Any) -> Any:
        found = await still_open(*given)
        late.token_key = "shown since"
        return found

    monkeypatch.setattr(stored, "open_tokens", meanwhile)
    services = arena.arena.services
    await close_ended(services.database, services.clock(), cast("Any", [late]))
    assert closed == []
    await close_ended(services.database, services.clock(), cast("Any", [late]))
    assert closed == ["signed-out"]
