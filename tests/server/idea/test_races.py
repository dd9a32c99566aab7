"""Acts at the same moment, on either database: one winner, one row, one exact text."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from collab.sync.text import from_json
from storage import documents, ideas, stages, texts
from storage.feasibility.judgements import JUDGEMENT
from storage.stages import StageChange
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.writing import write


@pytest.fixture
async def arena(tmp_path: Path, database_url: str) -> AsyncIterator[Everyone]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as arena:
        yield arena


async def test_g6_of_two_changes_at_once_one_wins_and_the_other_is_told_who(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    revision, version = await arena.state(ref)
    body = {"expected_revision": revision, "text_version": version}
    one, other = await arena.client("moderator"), await arena.client("moderator-2")
    path = f"/api/v1/ideas/{ref}/stage"
    answers = await asyncio.gather(
        one.post(path, json={**body, "to": "declined", "reason": "Gibt es schon."}),
        other.post(path, json={**body, "to": "returned", "reason": "Zu früh."}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert lost["code"] == "stage-moved"
    assert lost["winner"]["name"] == won["actor"]
    assert lost["winner"]["to"] == won["stage"] == lost["current"]["stage"]
    history = (await one.get(f"/api/v1/ideas/{ref}/stages")).json()["changes"]
    assert [change["to_stage"] for change in history] == [won["stage"]]


async def test_g6_sixteen_at_once_make_one_change(arena: Everyone) -> None:
    ref = await arena.idea("open")
    revision, version = await arena.state(ref)
    body = {
        "to": "declined",
        "expected_revision": revision,
        "text_version": version,
        "reason": "Nein.",
    }
    client = await arena.client("moderator")
    answers = await asyncio.gather(
        *(client.post(f"/api/v1/ideas/{ref}/stage", json=body) for _ in range(16))
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 15]


async def test_g5_typing_lands_in_the_decided_text_or_after_it(arena: Everyone) -> None:
    """Whoever types meanwhile: the pinned text is the one at its seq, byte by byte."""
    ref = await arena.idea("open")
    revision, version = await arena.state(ref)
    client = await arena.client("moderator")
    body = {"to": "returned", "expected_revision": revision, "reason": "Stopp."}
    typing = [write(arena, ref, "author", "situation", f"Nr. {n}.") for n in range(5)]
    answer, _ = await asyncio.gather(
        client.post(f"/api/v1/ideas/{ref}/stage", json={**body, "text_version": version}),
        asyncio.gather(*typing),
    )
    if answer.status_code == 409:
        assert answer.json()["code"] == "text-moved"
        return
    assert answer.status_code == 200
    change = await _last_change(arena, ref)
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        kept = await texts.pinned(tx, idea.document_id, change.epoch, change.seq)
        rows = await documents.log(tx, idea.document_id, change.epoch)
    assert kept is not None
    before = [row for row in rows if row.seq <= change.seq]
    shown = str(from_json(kept.sections).sections["situation"])
    assert all(
        (f"Nr. {n}.".encode() in row.update) <= (f"Nr. {n}." in shown)
        for n in range(5)
        for row in before
    )


async def test_j1_twenty_judgements_of_one_person_at_once_are_one(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    version = (await arena.version(ref)).to_json()
    client = await arena.client("expert")
    verdicts = ["feasible", "with_conditions", "open", "not_feasible"] * 5
    answers = await asyncio.gather(
        *(
            client.put(
                f"/api/v1/ideas/{ref}/judgements/legal",
                json={
                    "verdict": verdict,
                    "confidence": "low",
                    "reason": "Darum.",
                    "text_version": version,
                },
            )
            for verdict in verdicts
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    async with arena.arena.services.database.read() as tx:
        count = (await tx.run(select(func.count()).select_from(JUDGEMENT))).scalar()
    assert count == 1


async def test_a_judgement_is_not_taken_once_the_stage_is_over(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    revision, version = await arena.state(ref)
    moderator, expert = await arena.client("moderator"), await arena.client("expert")
    moved, judged = await asyncio.gather(
        moderator.post(
            f"/api/v1/ideas/{ref}/stage",
            json={
                "to": "returned",
                "expected_revision": revision,
                "text_version": version,
                "reason": "Zurück.",
            },
        ),
        expert.put(
            f"/api/v1/ideas/{ref}/judgements/legal",
            json={"verdict": "feasible", "confidence": "low", "text_version": version},
        ),
    )
    assert moved.status_code == 200
    assert judged.status_code in {200, 403}
    log = (await moderator.get(f"/api/v1/ideas/{ref}/events")).json()["events"]
    kinds = [each["kind"] for each in log if each["kind"] != "idea_created"]
    expected = ["judgement_given", "stage_changed"] if judged.is_success else ["stage_changed"]
    assert kinds == expected


async def _last_change(arena: Everyone, ref: str) -> StageChange:
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        change = await stages.latest(tx, idea.id)
    assert change is not None
    return change
