"""Linking ideas and moving them, as honest clients do."""

from typing import Any
from uuid import uuid4

import httpx2

from collab.process.stages import MeasureType
from storage import ideas, stages
from storage.tables.ideas import Idea
from tests.server.idea.arena_of_all import Everyone


async def link(
    arena: Everyone, ref: str, to: str, kind: str = "answers", by: str = "author"
) -> httpx2.Response:
    """Link one idea to another."""
    client = await arena.client(by)
    return await client.post(f"/api/v1/ideas/{ref}/links", json={"kind": kind, "to": to})


async def links(arena: Everyone, ref: str, by: str = "guest") -> list[dict[str, Any]]:
    """The links of the idea as the person sees them."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/links")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["links"]
    return found


async def log(arena: Everyone, ref: str, by: str = "guest") -> list[tuple[str, dict[str, Any]]]:
    """What happened at the idea, without its beginning: (kind, payload)."""
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/events")
    return [(each["kind"], each["payload"]) for each in answer.json()["events"]]


async def move(
    arena: Everyone, ref: str, to: str, by: str = "moderator", reason: str = "Darum."
) -> httpx2.Response:
    """An official act as somebody does it who has read the page."""
    revision, version = await arena.state(ref)
    body = {"to": to, "expected_revision": revision, "text_version": version, "reason": reason}
    return await (await arena.client(by)).post(f"/api/v1/ideas/{ref}/stage", json=body)


async def idea_of(arena: Everyone, ref: str) -> Idea:
    """The stored idea."""
    async with arena.arena.services.database.read() as tx:
        found = await ideas.by_ref(tx, ref)
    assert found is not None
    return found


async def make_measure(arena: Everyone, ref: str, *, stage: str | None = None) -> None:
    """Let an idea be a decentral measure in ``stage``, or where it is, as an act would."""
    idea, version, actor = (
        await idea_of(arena, ref),
        await arena.version(ref),
        await arena.actor("cdo"),
    )
    assert actor.person_id is not None
    now, to_stage = arena.arena.services.clock(), stage or idea.stage
    async with arena.arena.services.database.write() as tx:
        moved = await ideas.advance(
            tx, idea.id, idea.revision, from_stage=idea.stage, to_stage=to_stage, now=now
        )
        assert moved
        await ideas.set_measure_type(tx, idea.id, MeasureType.DECENTRAL)
        await stages.append(
            tx,
            change_id=uuid4(),
            idea_id=idea.id,
            transition="accept_decentral",
            from_stage="decision",
            to_stage="measure_decentral",
            reason="Beschlossen.",
            actor_id=actor.person_id,
            actor_name=actor.name,
            revision=idea.revision + 1,
            version=version,
            now=now,
        )
