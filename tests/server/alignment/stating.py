"""Saying what an idea pays into and reviewing it, as honest clients do."""

from typing import Any

import httpx2

from collab.process.gates.facts import CaseFacts
from collab.process.processes import load_process
from collab.sync.text import DossierText
from server.actions.cases import open_case
from server.actions.facts.case import case_facts
from storage import texts
from tests.server.idea.arena_of_all import Everyone

RESILIENT = "guiding-ideas/resilient"
LEARNING = "fields-of-action/learning_together"
LONG = (
    "Schatten kühlt die Schulhöfe im Sommer, spart Wasser und macht das Viertel widerstandsfähiger."
)


async def state(
    arena: Everyone, ref: str, goal: str = RESILIENT, by: str = "author", **body: Any
) -> httpx2.Response:
    """A statement of the team; the first one on its entry unless told."""
    given = {"contribution": LONG, "expected_revision": 0, **body}
    return await (await arena.client(by)).put(f"/api/v1/ideas/{ref}/alignment/{goal}", json=given)


async def review(
    arena: Everyone, ref: str, goal: str = RESILIENT, by: str = "expert", **body: Any
) -> httpx2.Response:
    """A review of the first revision by somebody who agrees, unless told."""
    given = {"verdict": "agree", "revision": 1, **body}
    path = f"/api/v1/ideas/{ref}/alignment/{goal}/review"
    return await (await arena.client(by)).put(path, json=given)


async def statements(arena: Everyone, ref: str) -> list[dict[str, Any]]:
    """All statements of the idea as guests read them."""
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/alignment")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["statements"]
    return found


async def facts(arena: Everyone, ref: str, handle: str = "qualifier") -> CaseFacts:
    """What gates see of the idea now."""
    async with arena.arena.services.database.read() as tx:
        case = await open_case(tx, await arena.actor(handle), ref)
        text = await texts.get(tx, case.idea.id)
        assert text is not None
        return await case_facts(tx, case, DossierText(text.title, {}), now=arena.arena.clock())


def qualify_gate() -> Any:
    """The way to the qualified proposal in the full process."""
    return next(way for way in load_process().transitions if way.id == "qualify")
