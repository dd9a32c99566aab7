"""Judging feasibility: one per person and dimension, bound to the text that was seen."""

from typing import Any

import pytest

from storage import ideas, texts
from tests.server.feasibility.acts import judge, tally
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write


async def test_j1_a_second_judgement_replaces_the_first(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    first = (await judge(arena, ref)).json()
    arena.arena.clock.pass_by(hours=1)
    second = (await judge(arena, ref, verdict="feasible", reason="")).json()
    assert second["created_at"] == first["created_at"] < second["updated_at"]
    assert (await tally(arena, ref))["by_verdict"]["feasible"] == 1


async def test_the_same_judgement_again_changes_nothing(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    first = (await judge(arena, ref)).json()
    arena.arena.clock.pass_by(hours=1)
    assert (await judge(arena, ref)).json() == first


async def test_j2_a_tally_shows_numbers_spread_and_mix(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, "expert", verdict="feasible")
    await judge(arena, ref, "signatory", verdict="not_feasible")
    found = await tally(arena, ref)
    assert (found["n"], found["spread"], found["by_class"]["resident"]) == (2, 1.0, 2)


async def test_j3_a_judgement_keeps_the_text_it_saw(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    version = await arena.version(ref)
    assert (await judge(arena, ref)).json()["text_version"] == version.to_json()
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        kept = await texts.pinned(tx, idea.document_id, version.epoch, version.seq)
    assert kept is not None
    assert kept.sha256 == version.sha256


async def test_j3_a_judgement_is_outdated_once_the_text_differs(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    assert (await tally(arena, ref))["outdated"] == 0
    await write(arena, ref, "author", "situation", "Neu.")
    assert (await tally(arena, ref))["outdated"] == 1


async def test_j3_an_earlier_text_can_be_judged_by_who_saw_it(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    seen = (await arena.version(ref)).to_json()
    await write(arena, ref, "author", "situation", "Neu.")
    answer = await judge(arena, ref, text_version=seen)
    assert (answer.status_code, answer.json()["text_version"]) == (200, seen)
    assert (await tally(arena, ref))["outdated"] == 1


@pytest.mark.parametrize("changes", [{"seq": 77}, {"epoch": 9}, {"sha256": "0" * 64}])
async def test_j3_a_text_nobody_saw_cannot_be_judged(
    arena: Everyone, changes: dict[str, Any]
) -> None:
    ref = await arena.idea("feasibility")
    seen = {**(await arena.version(ref)).to_json(), **changes}
    answer = await judge(arena, ref, text_version=seen)
    assert (answer.status_code, answer.json()["code"]) == (409, "text-version-unknown")


async def test_j4_a_judgement_from_the_team_is_marked(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, "author")
    assert (await tally(arena, ref))["by_authors"] == 1


async def test_j5_a_doubt_needs_a_reason_and_every_fault_is_named(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    answer = await judge(arena, ref, dimension="weather", reason="")
    assert answer.status_code == 422
    assert answer.json()["fields"] == {"dimension": "unknown", "reason": "empty"}
