"""Moderating a live text: muting, unmuting, taking back what one person wrote."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from server.actions.live import moderation
from storage import documents
from storage.log import quarantine
from storage.log.quarantine import Accusation
from tests.server.crash.killers import dying, hanging
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of, write


async def form(arena: Everyone, path: str, by: str, **fields: str) -> httpx2.Response:
    """Send a form of the page."""
    return await (await arena.client(by)).post(path, data=fields, follow_redirects=False)


async def access(arena: Everyone, ref: str, handle: str) -> str:
    """What the page lets the person do with the text."""
    html = (await (await arena.client(handle)).get(f"/ideas/{ref}")).text
    return "write" if 'data-access="write"' in html else "read"


async def events(arena: Everyone, ref: str, by: str) -> list[tuple[str, dict[str, Any]]]:
    """What the log says to the person."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/events")
    return [(each["kind"], each["payload"]) for each in answer.json()["events"]]


async def text(arena: Everyone, ref: str) -> str:
    """The text as everybody reads it."""
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/text?format=markdown")
    return answer.text


async def test_p6_a_muted_person_reads_on_and_knows_why(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/ideas/{ref}/mute"
    done = await form(
        arena, path, "moderator", handle="participant", moderation_reason="Bitte Pause."
    )
    assert done.status_code == 303
    assert await access(arena, ref, "participant") == "read"
    assert await access(arena, ref, "expert") == "write"
    html = (await (await arena.client("participant")).get(f"/ideas/{ref}")).text
    assert "Bitte Pause." in html
    assert "Bitte Pause." not in (await (await arena.client("expert")).get(f"/ideas/{ref}")).text


async def test_p6_muting_is_for_the_moderators_log_only(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await form(arena, f"/ideas/{ref}/mute", "moderator", handle="expert", moderation_reason="Laut.")
    assert await events(arena, ref, "participant") == []
    *_, (kind, payload) = await events(arena, ref, "moderator-2")
    assert (kind, payload["reason"]) == ("person_muted", "Laut.")


async def test_a_muted_person_may_write_again_when_unmuted(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await form(arena, f"/ideas/{ref}/mute", "moderator", handle="expert", moderation_reason="Laut.")
    assert "Laut." in (await (await arena.client("moderator")).get(f"/ideas/{ref}")).text
    done = await form(arena, f"/ideas/{ref}/unmute", "moderator", handle="expert")
    assert done.status_code == 303
    assert await access(arena, ref, "expert") == "write"
    again = await form(arena, f"/ideas/{ref}/unmute", "moderator", handle="expert")
    assert again.status_code == 404


@pytest.mark.parametrize(
    ("handle", "reason", "status"),
    [("nobody", "Grund.", 422), ("moderator", "Grund.", 422), ("expert", " ", 422)],
)
async def test_a_faulty_muting_comes_back_with_what_was_typed(
    arena: Everyone, handle: str, reason: str, status: int
) -> None:
    ref = await arena.idea("open")
    answer = await form(
        arena, f"/ideas/{ref}/mute", "moderator", handle=handle, moderation_reason=reason
    )
    assert answer.status_code == status
    assert 'role="alert"' in answer.text


async def test_muting_twice_keeps_the_first_reason(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/ideas/{ref}/mute"
    await form(arena, path, "moderator", handle="expert", moderation_reason="Erstens.")
    again = await form(arena, path, "moderator-2", handle="expert", moderation_reason="Zweitens.")
    assert again.status_code == 409
    assert "Zweitens." in again.text
    *_, (_, payload) = await events(arena, ref, "moderator")
    assert payload["reason"] == "Erstens."


async def test_s10_reverting_takes_back_one_persons_text_and_no_other(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "situation", "Das bleibt.")
    await write(arena, ref, "expert", "situation", "Das geht.")
    await write(arena, ref, "expert", "benefit", "Das auch.")
    given = {"handle": "expert", "revert_reason": "Werbung."}
    done = await form(arena, f"/ideas/{ref}/revert", "moderator", **given)
    assert done.status_code == 303
    left = await text(arena, ref)
    assert "Das bleibt" in left
    assert "Text zu situation" in left
    assert "Das geht" not in left
    assert "Das auch" not in left
    *_, (kind, payload) = await events(arena, ref, "moderator")
    assert (kind, payload["version"]) == ("text_reverted", (await arena.version(ref)).to_json())
    assert payload["reason"] == "Werbung."
    assert await events(arena, ref, "participant") == []


async def test_s10_there_may_be_nothing_to_take_back(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "expert", "situation", "Das geht.")
    path, why = f"/ideas/{ref}/revert", {"revert_reason": "Werbung."}
    assert (await form(arena, path, "moderator", handle="participant", **why)).status_code == 409
    assert (await form(arena, path, "moderator", handle="expert")).status_code == 422
    assert (await form(arena, path, "moderator", handle="expert", **why)).status_code == 303
    assert (await form(arena, path, "moderator", handle="expert", **why)).status_code == 409


@pytest.mark.parametrize("function", [dying, hanging])
async def test_s38_a_revert_that_dies_or_hangs_changes_nothing(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch, function: Callable[..., bytes]
) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "expert", "situation", "Das bleibt.")
    monkeypatch.setattr(moderation, "revert_update", function)
    monkeypatch.setattr(moderation, "REVERT_S", 1.0 if function is hanging else 60.0)
    before, told = await arena.version(ref), await events(arena, ref, "moderator")
    given = {"handle": "expert", "revert_reason": "Werbung."}
    answer = await form(arena, f"/ideas/{ref}/revert", "moderator", **given)
    assert answer.status_code == 409
    assert "der Text ist unverändert" in answer.text
    assert "Werbung." in answer.text
    assert await arena.version(ref) == before
    assert await events(arena, ref, "moderator") == told
    await write(arena, ref, "participant", "situation", "Es geht weiter.")
    assert "Das bleibt" in await text(arena, ref)


async def test_who_wrote_is_offered_to_the_moderator_only(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "expert", "situation", "Hallo.")
    moderators = (await (await arena.client("moderator")).get(f"/ideas/{ref}")).text
    assert '<option value="expert">' in moderators
    assert "/revert" not in (await (await arena.client("author")).get(f"/ideas/{ref}")).text
    assert await document_of(arena, ref)


async def test_s26_who_is_held_back_reads_on_and_knows_why(arena: Everyone) -> None:
    ref = await arena.idea("open")
    document = await document_of(arena, ref)
    expert = await arena.actor("expert")
    async with arena.arena.services.database.write() as tx:
        head = (await documents.lock_heads(tx, [document]))[document]
        accused = Accusation(expert.person_id, "0" * 64, None, 2)
        await quarantine.accuse(tx, head, [accused], "apply", arena.arena.services.clock())
        (row,) = await quarantine.suspects(tx, document)
        await quarantine.condemn(tx, row.id, [])
        await quarantine.acquit(tx, document)
    assert await access(arena, ref, "expert") == "read"
    assert await access(arena, ref, "participant") == "write"
    html = (await (await arena.client("expert")).get(f"/ideas/{ref}")).text
    assert "Eine Ihrer Änderungen hat den Server gestört" in html
