"""What tests of moderation say and ask."""

from typing import Any

import httpx2

from server.clock.jobs import JOBS, MAIL_JOBS
from server.clock.runner import Runner
from storage.following import notices
from storage.people import by_handle
from tests.server.idea.arena_of_all import Everyone

CASES = "/api/v1/moderation/reports"


async def call(arena: Everyone, by: str, method: str, path: str, /, **body: Any) -> httpx2.Response:
    """An operation, a second after whatever was before."""
    arena.arena.clock.pass_by(seconds=1)
    client = await arena.client(by)
    return await client.request(method, path, json=body or None)


async def comment(arena: Everyone, ref: str, by: str = "participant", text: str = "Idiot!") -> str:
    """A comment's id."""
    answer = await call(arena, by, "POST", f"/api/v1/ideas/{ref}/comments", text=text)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def report(
    arena: Everyone, ref: str, target_id: str, by: str = "guest", **given: Any
) -> httpx2.Response:
    """Report something; a comment unless said otherwise."""
    body = {"idea": ref, "target": "comment", "id": target_id, "ground": "insult"}
    body |= {"words": "Das beleidigt.", **given}
    return await call(arena, by, "POST", "/api/v1/reports", **body)


async def cases(arena: Everyone, by: str = "moderator") -> list[dict[str, Any]]:
    """What waits for a decision."""
    answer = await call(arena, by, "GET", CASES)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["cases"]
    return found


async def decide(
    arena: Everyone, case_id: str, outcome: str, by: str = "moderator", **given: Any
) -> httpx2.Response:
    body = {"outcome": outcome, "reason": "So nicht.", "ground": "insult", **given}
    return await call(arena, by, "POST", f"{CASES}/{case_id}/decision", **body)


async def hide(
    arena: Everyone, ref: str, comment_id: str, by: str = "moderator", reason: str = "Beleidigt."
) -> httpx2.Response:
    path = f"/api/v1/ideas/{ref}/comments/{comment_id}/hide"
    return await call(arena, by, "POST", path, reason=reason, ground="insult")


async def text_of(arena: Everyone, ref: str, comment_id: str, by: str = "guest") -> str | None:
    """The comment as the person reads it."""
    answer = await call(arena, by, "GET", f"/api/v1/ideas/{ref}/comments/{comment_id}")
    found: str | None = answer.json()["text"]
    return found


async def told(arena: Everyone, handle: str) -> list[str]:
    """For what reasons something is addressed to the person, the newest first."""
    async with arena.arena.services.database.read() as tx:
        person = await by_handle(tx, handle)
        assert person is not None
        return [row.reason for row in await notices.of_person(tx, person.id, 20)]


async def log(arena: Everyone, ref: str, by: str) -> list[tuple[str, dict[str, Any]]]:
    """What the log says to the person."""
    answer = await call(arena, by, "GET", f"/api/v1/ideas/{ref}/events")
    return [(each["kind"], each["payload"]) for each in answer.json()["events"]]


async def tick(arena: Everyone) -> None:
    """What is due is done, and mailed."""
    await Runner(arena.arena.services, (*JOBS, *MAIL_JOBS)).tick()
