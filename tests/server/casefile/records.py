"""Putting things on record the way honest clients do."""

from typing import Any

import httpx2

from tests.server.idea.arena_of_all import Everyone

AGENDA = {"date": "2027-02-01", "conflicts": "Keine."}
RESUBMISSION = {"date": "2027-05-03"}
TRIAL_PLAN = {
    "hypothesis": "Schatten hält Menschen auf dem Platz.",
    "success_criterion": "Doppelt so viele Menschen wie vorher.",
    "test_group": "Alle auf dem Leopoldplatz.",
    "data_protection": "none",
    "begins": "2027-05-01",
    "ends": "2027-09-30",
}
LEARNINGS = {"worked": "Der Schatten.", "did_not_work": "Das Wasser.", "dependants": "Niemand."}


async def call(arena: Everyone, by: str, method: str, path: str, **body: object) -> httpx2.Response:
    """An operation at an idea, with JSON if anything is sent."""
    client = await arena.client(by)
    return await client.request(method, f"/api/v1/ideas/{path}", json=body or None)


async def put(
    arena: Everyone,
    ref: str,
    kind: str,
    data: dict[str, str],
    *,
    by: str = "editor",
    seen: int = 0,
    reason: str = "",
) -> httpx2.Response:
    """Put evidence on record as who saw revision ``seen``."""
    body = {"data": data, "expected_revision": seen, "reason": reason}
    return await call(arena, by, "PUT", f"{ref}/logbook/{kind}", **body)


async def read(arena: Everyone, ref: str, kind: str) -> dict[str, Any]:
    """One kind of evidence as everybody sees it."""
    answer = await call(arena, "guest", "GET", f"{ref}/logbook/{kind}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def move(
    arena: Everyone, ref: str, to: str, by: str, reason: str = "Weil es Zeit ist."
) -> httpx2.Response:
    """Move the idea on as who has just looked at it."""
    revision, version = await arena.state(ref, by)
    body = {"to": to, "expected_revision": revision, "text_version": version, "reason": reason}
    return await call(arena, by, "POST", f"{ref}/stage", **body)
