"""What happened in stages that are not public stays with the team and the moderators (rule I4)."""

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from storage import ideas
from storage.database import METADATA
from tests.server.idea.arena_of_all import TEAM, Everyone
from tests.server.idea.test_stages import move

IDEA = METADATA.tables["idea"]
SECRET = "Der Personalrat ist dagegen."


async def internal(arena: Everyone, stage: str = "internal_review") -> str:
    """An idea of the administration's own process, in a stage of it; its reference."""
    ref = await arena.idea()
    async with arena.arena.services.database.write() as tx:
        values = {"process_id": "verwaltung", "process_version": 1, "stage": stage}
        await tx.run(update(IDEA).where(IDEA.c.ref == ref).values(values))
    return ref


async def put(arena: Everyone, ref: str, before: str, stage: str) -> None:
    """Put the idea into a stage without any act."""
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        now = arena.arena.services.clock()
        assert await ideas.advance(
            tx, idea.id, idea.revision, from_stage=before, to_stage=stage, now=now
        )


async def published(arena: Everyone) -> str:
    """A measure that was sent back, for a reason, while it was coordinated internally."""
    ref = await internal(arena)
    answer = await move(arena, ref, "draft", "moderator", reason=SECRET)
    assert answer.status_code == 200, answer.text
    await put(arena, ref, "draft", "measure_decentral")
    answer = await move(arena, ref, "withdrawn", "office", reason="Ruht vorerst.")
    assert answer.status_code == 200, answer.text
    return ref


@pytest.mark.parametrize("stage", ["draft", "internal_review", "dropped"])
async def test_i4_similar_titles_name_no_idea_that_is_not_public(
    arena: Everyone, stage: str
) -> None:
    ref = await internal(arena, stage)
    participant = await arena.client("participant")
    for path in ("/ideas/similar?title=Mehr+Schatten", "/ideas/new?kind=need&title=Mehr+Schatten"):
        answer = await participant.get(path)
        assert answer.status_code == 200
        assert ref not in answer.text
    await put(arena, ref, stage, "measure_decentral")
    assert ref in (await participant.get("/ideas/similar?title=Mehr+Schatten")).text


async def test_i4_the_history_tells_moves_between_private_stages_to_those_alone(
    arena: Everyone,
) -> None:
    ref = await published(arena)
    for handle, reasons in (
        ("guest", ["Ruht vorerst."]),
        ("participant", ["Ruht vorerst."]),
        ("cdo", ["Ruht vorerst."]),
        *((each, [SECRET, "Ruht vorerst."]) for each in ("moderator", *TEAM)),
    ):
        assert await told(arena, ref, handle) == reasons, handle
        page = await (await arena.client(handle)).get(f"/ideas/{ref}")
        assert (SECRET in page.text) is (SECRET in reasons), handle


async def told(arena: Everyone, ref: str, handle: str) -> Sequence[str]:
    answer = await (await arena.client(handle)).get(f"/api/v1/ideas/{ref}/stages")
    return [each["reason"] for each in answer.json()["changes"]]
