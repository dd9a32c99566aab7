"""Judging at the same moment as something else, on either database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.clock.runner import Runner
from tests.server.casefile.records import call
from tests.server.feasibility.acts import begin, change, close, judge, read, told
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.writing import write


@pytest.fixture
async def arena(tmp_path: Path, database_url: str) -> AsyncIterator[Everyone]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as arena:
        yield arena


async def test_j9_of_judging_and_closing_at_once_either_is_first(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()
    people = ("expert", "signatory", "participant", "qualifier", "moderator")
    version = asked["text_version"]
    *given, closed, again = await asyncio.gather(
        *(judge(arena, ref, by, round_id=asked["id"], text_version=version) for by in people),
        close(arena, ref, asked["id"]),
        close(arena, ref, asked["id"], "moderator"),
    )
    assert sorted([closed.status_code, again.status_code]) == [200, 409]
    log = (await call(arena, "guest", "GET", f"{ref}/events?limit=500")).json()["events"]
    kinds = [each["kind"] for each in log]
    assert kinds.count("judgement_round_closed") == 1
    in_time = [each.status_code for each in given].count(200)
    assert {each.json()["code"] for each in given if each.status_code != 200} <= {"round-closed"}
    end = kinds.index("judgement_round_closed")
    assert kinds[:end].count("judgement_given") == in_time == log[end]["payload"]["people"]
    assert "judgement_given" not in kinds[end:]


async def test_j9_of_two_rounds_opened_at_once_one_is_there(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    answers = await asyncio.gather(*(begin(arena, ref, by) for by in ("lead", "moderator")))
    assert sorted(each.status_code for each in answers) == [201, 409]


async def test_j13_keeping_while_the_text_changes_binds_to_what_was_seen(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    seen = (await arena.version(ref)).to_json()
    path = f"{ref}/judgements/legal/keep"
    kept, _ = await asyncio.gather(
        call(arena, "expert", "POST", path, text_version=seen),
        write(arena, ref, "author", "situation", "Nein, 40 Euro."),
    )
    assert (kept.status_code, kept.json()["text_version"]) == (200, seen)
    (mine,) = (await read(arena, ref, "expert"))["mine"]
    assert mine["text_version"] == seen


async def test_j15_two_clocks_at_once_tell_once(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    for dimension in ("legal", "social"):
        await judge(arena, ref, dimension=dimension)
    assert (await call(arena, "expert", "DELETE", f"{ref}/judgements/social")).status_code == 204
    await change(arena, ref)
    arena.arena.clock.pass_by(minutes=11)
    await asyncio.gather(*(Runner(arena.arena.services).tick() for _ in range(2)))
    assert await told(arena, ref, "expert", "judged_text_changed") == 1
