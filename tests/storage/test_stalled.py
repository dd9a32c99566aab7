"""Stalled ideas: by the patience of their own stage, process and version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from collab.process.casefile.stalled import Patience, patience, stalled_for
from collab.process.processes import every_process, load_process
from storage.database import Database
from storage.process.stalled import count, stalled
from tests.storage.making import an_idea, later

NOW = later(days=400)
OPEN: dict[str, Any] = {"process_id": "kiez", "process_version": 1, "stage": "open"}


def rested(days: float) -> dict[str, Any]:
    """An open idea of the neighbourhood's process that nobody touched for so long."""
    return OPEN | {"now": NOW - timedelta(days=days)}


async def test_f15_ac_a4b_an_idea_is_stalled_to_the_day_its_stage_says(database: Database) -> None:
    await an_idea(database, **rested(59.9))
    due = await an_idea(database, **rested(60))
    older = await an_idea(database, **rested(90))
    await an_idea(database, **rested(300) | {"stage": "done"})
    await an_idea(database, **rested(300) | {"process_version": 99})
    allowed = patience(every_process())
    async with database.read() as tx:
        assert [idea.id for idea in await stalled(tx, allowed, NOW, 10)] == [older.id, due.id]
        assert [idea.id for idea in await stalled(tx, allowed, NOW, 1)] == [older.id]
        assert await count(tx, allowed, NOW) == 2
        assert await count(tx, [], NOW) == 0


async def test_f15_query_and_mark_say_the_same(database: Database) -> None:
    stage = load_process("kiez").stage("open")
    assert stage is not None
    for days in (59.9, 60, 90.5):
        idea = await an_idea(database, **rested(days))
        async with database.read() as tx:
            found = await stalled(tx, patience([load_process("kiez")]), NOW, 10)
        mark = stalled_for(stage, idea.active_at, NOW)
        assert (idea.id in {each.id for each in found}) is (mark is not None)
        assert mark in {None, int(days)}


def test_f15_stages_without_a_number_of_days_do_not_stall() -> None:
    done = load_process("kiez").stage("done")
    assert done is not None
    assert stalled_for(done, NOW - timedelta(days=4000), NOW) is None
    assert Patience("kiez", 1, "open", 60) in patience([load_process("kiez")])
    assert "done" not in {each.stage for each in patience([load_process("kiez")])}
