"""Judging, rounds and changed texts the way honest clients do it."""

from datetime import timedelta
from typing import Any

import httpx2

from collab.process.calendar.berlin import berlin_date
from server.clock.runner import Runner
from storage import ideas, texts
from storage.following import notices
from storage.people import by_handle
from tests.harness.waiting import until_async
from tests.server.casefile.records import call
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write


async def judge(
    arena: Everyone, ref: str, by: str = "expert", dimension: str = "legal", **more: Any
) -> httpx2.Response:
    """Judge the text of now, but for what is given."""
    body = {
        "verdict": "with_conditions",
        "confidence": "medium",
        "reason": "Nur mit Genehmigung.",
        "text_version": (await arena.version(ref)).to_json(),
    }
    return await call(arena, by, "PUT", f"{ref}/judgements/{dimension}", **(body | more))


async def read(arena: Everyone, ref: str, by: str = "guest") -> dict[str, Any]:
    """The feasibility of the idea as somebody sees it."""
    answer = await call(arena, by, "GET", f"{ref}/judgements")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def tally(
    arena: Everyone, ref: str, by: str = "guest", dimension: str = "legal"
) -> dict[str, Any]:
    """The tally of one dimension as somebody sees it."""
    found: list[dict[str, Any]] = (await read(arena, ref, by))["tallies"]
    return next(each for each in found if each["dimension"] == dimension)


async def begin(
    arena: Everyone, ref: str, by: str = "lead", *, days: int = 3, **more: Any
) -> httpx2.Response:
    """Open a round on the text of now, but for what is given."""
    body = {
        "dimensions": ["legal", "technical"],
        "disclosure": "after_own_or_close",
        "ends_on": (berlin_date(arena.arena.clock()) + timedelta(days=days)).isoformat(),
        "text_version": (await arena.version(ref)).to_json(),
    }
    return await call(arena, by, "POST", f"{ref}/rounds", **(body | more))


async def close(
    arena: Everyone, ref: str, round_id: str, by: str = "lead", reason: str = "Alle waren da."
) -> httpx2.Response:
    """Close the round before its day."""
    return await call(arena, by, "POST", f"{ref}/rounds/{round_id}/close", reason=reason)


async def told(arena: Everyone, ref: str, handle: str, reason: str) -> int:
    """How often the person was told of the idea for that reason."""
    async with arena.arena.services.database.read() as tx:
        person, idea = await by_handle(tx, handle), await ideas.by_ref(tx, ref)
        assert person is not None
        assert idea is not None
        found = await notices.of_person(tx, person.id, 500)
    return sum((each.reason, each.idea_id) == (reason, idea.id) for each in found)


async def change(arena: Everyone, ref: str, text: str = "Das kostet 30 Euro mehr.") -> None:
    """Write a sentence into the text, and wait until lists show it as the clock sees it."""
    await write(arena, ref, "author", "situation", text)
    version = await arena.version(ref)

    async def is_shown() -> bool:
        async with arena.arena.services.database.read() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            shown = await texts.get(tx, idea.id)
        return shown is not None and shown.sha256 == version.sha256

    await until_async(is_shown, "the text is shown")


async def tick(arena: Everyone, **passed: float) -> None:
    """Let time pass and the clock look."""
    arena.arena.clock.pass_by(**passed)
    await Runner(arena.arena.services).tick()
