"""Text that comes after it was settled, through the real server and both protocols."""

from __future__ import annotations

import pytest

from tests.harness.actor import Actor
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor, YWebsocketActor
from tests.harness.waiting import until_async

REASON = "Die Idee wird nicht weiterverfolgt."
PROTOCOLS = [YWebsocketActor, HocuspocusActor]


async def settle(arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea) -> None:
    """A moderator settles the text."""
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "archived", REASON)


async def reopen(arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "open", "Es geht weiter.")


async def contributions(
    arena: ArenaProcess, token: str | None, idea: TestIdea, status: int = 200
) -> list[dict[str, object]]:
    async with Api(arena.origin, token) as api:
        found = await api.call("GET", f"/ideas/{idea.ref}/late", status)
    return list(found.get("contributions", ()))


async def text_of(arena: ArenaProcess, token: str, idea: TestIdea) -> str:
    async with Api(arena.origin, token) as api:
        return str(await api.text(idea.ref))


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_l1_l4_l6_what_was_typed_offline_is_kept_shown_and_comes_in_later(
    arena: ArenaProcess, tokens: dict[str, str], protocol: type[Actor]
) -> None:
    idea = await open_idea(arena.origin, tokens["participant"])
    writer = protocol(arena.origin, idea.document, tokens["expert"])
    async with writer:
        await writer.type(FREE_SECTION, "Vorher.")
        await writer.until_saved()
    await writer.type(FREE_SECTION, " Unterwegs geschrieben.")
    await settle(arena, tokens, idea)
    settled = await text_of(arena, tokens["moderator"], idea)
    async with writer:
        await writer.until(lambda: bool(writer.refusals), "an answer")
        assert writer.refusals[-1] == "late"
        assert writer.is_connected
    assert await text_of(arena, tokens["moderator"], idea) == settled
    for handle in ("expert", "participant", "moderator"):
        (kept,) = await contributions(arena, tokens[handle], idea)
        assert (kept["handle"], kept["state"]) == ("expert", "waiting")
        assert kept["passages"] == [
            {
                "section": FREE_SECTION,
                "before": "Vorher.",
                "after": "Vorher. Unterwegs geschrieben.",
            }
        ]
    assert await contributions(arena, tokens["participant-2"], idea) == []
    await contributions(arena, None, idea, 401)
    await reopen(arena, tokens, idea)

    async def is_in() -> bool:
        return "Unterwegs geschrieben." in await text_of(arena, tokens["moderator"], idea)

    await until_async(is_in, "the late text in the text")
    async with writer:
        await writer.until_saved()
    (kept,) = await contributions(arena, tokens["moderator"], idea)
    assert kept["state"] == "applied"


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_l2_a_server_that_dies_before_it_has_answered_keeps_it_once(
    arena: ArenaProcess, tokens: dict[str, str], protocol: type[Actor]
) -> None:
    idea = await open_idea(arena.origin, tokens["participant"])
    writer = protocol(arena.origin, idea.document, tokens["expert"])
    async with writer:
        await writer.until(lambda: writer.is_synced, "the text")
    await writer.type(FREE_SECTION, "Im Tunnel geschrieben.")
    await settle(arena, tokens, idea)
    await writer.connect()
    arena.kill()
    await writer.until_closed()
    arena.start()
    writer.refusals.clear()
    async with writer:
        await writer.until(lambda: bool(writer.refusals), "an answer")
    assert writer.refusals == ["late"]
    assert len(await contributions(arena, tokens["moderator"], idea)) == 1
    assert "Im Tunnel" not in await text_of(arena, tokens["moderator"], idea)
