"""Merges at the same moment as others, as typing and as judging, on either database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from storage import ideas, texts
from tests.server.feasibility.acts import judge
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.idea.writing import write
from tests.server.merging.acts import (
    answer,
    carry_out,
    comment,
    comments,
    merges,
    pair,
    propose,
    separate,
)


@pytest.fixture
async def arena(tmp_path: Path, database_url: str) -> AsyncIterator[Everyone]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as arena:
        yield arena


async def ready(arena: Everyone, source: str, target: str) -> None:
    """A merge to which everybody has agreed."""
    made = await propose(arena, source, target, "moderator")
    assert made.status_code == 201, made.text
    for each in made.json()["asked"]:
        said = await answer(arena, source, made.json()["id"], each["handle"])
        assert said.status_code == 200, said.text


def codes(answers: list[httpx2.Response]) -> list[int]:
    return sorted(each.status_code for each in answers)


async def test_mg4_of_two_that_would_go_on_in_each_other_one_does(arena: Everyone) -> None:
    one, other = await pair(arena)
    await ready(arena, one, other)
    await ready(arena, other, one)
    said = [await comment(arena, ref, "expert", ref) for ref in (one, other)]
    answers = await asyncio.gather(carry_out(arena, one), carry_out(arena, other, "moderator-2"))
    assert codes(list(answers)) == [200, 422]
    (lost,) = [each.json() for each in answers if each.status_code == 422]
    assert [each["code"] for each in lost["unmet"]] == ["merge-target-closed"]
    left = other if answers[0].status_code == 200 else one
    assert sorted(await comments(arena, left)) == sorted(each["text"] for each in said)


async def test_mg4_in_a_chain_either_order_loses_nothing(arena: Everyone) -> None:
    first, second = await pair(arena)
    third, _ = await pair(arena)
    await ready(arena, first, second)
    await ready(arena, second, third)
    for ref in (first, second, third):
        await comment(arena, ref, "expert", ref)
    answers = await asyncio.gather(carry_out(arena, first), carry_out(arena, second, "moderator-2"))
    assert answers[1].status_code == 200, answers[1].text
    if answers[0].status_code == 200:
        assert sorted(await comments(arena, third)) == sorted([first, second, third])
    else:
        unmet = answers[0].json()["unmet"]
        assert [each["code"] for each in unmet] == ["merge-target-closed"]
        assert await comments(arena, first) == [first]
        assert sorted(await comments(arena, third)) == sorted([second, third])


async def test_mg4_carried_out_by_many_it_is_done_once(arena: Everyone) -> None:
    source, target = await pair(arena)
    await ready(arena, source, target)
    await comment(arena, source, "expert", "Einmal.")
    answers = await asyncio.gather(*(carry_out(arena, source) for _ in range(6)))
    assert codes(list(answers)).count(200) == 1
    assert await comments(arena, target) == ["Einmal."]
    undone = await asyncio.gather(*(separate(arena, source) for _ in range(6)))
    assert codes(list(undone)).count(200) == 1
    assert await comments(arena, source) == ["Einmal."]


async def test_mg7_what_is_typed_meanwhile_is_in_one_of_the_texts(arena: Everyone) -> None:
    source, target = await pair(arena)
    await ready(arena, source, target)
    words = [f"Wort{number}." for number in range(4)]
    typing = [write(arena, target, "participant", "situation", word) for word in words]
    done, _ = await asyncio.gather(carry_out(arena, source), asyncio.gather(*typing))
    assert done.status_code == 200, done.text
    guest = await arena.client("guest")
    text = (await guest.get(f"/api/v1/ideas/{target}/text")).text
    assert all(word in text for word in words)
    (found,) = await merges(arena, target)
    async with arena.arena.services.database.read() as tx:
        for ref in (source, target):
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            assert await texts.versions(tx, idea.document_id), ref
    assert found["state"] == "done"


async def test_mg6_a_judgement_at_the_same_moment_is_at_one_of_them(arena: Everyone) -> None:
    source, target = await pair(arena)
    await ready(arena, source, target)
    done, judged = await asyncio.gather(
        carry_out(arena, source), judge(arena, source, "expert", verdict="feasible")
    )
    assert done.status_code == 200, done.text
    guest = await arena.client("guest")
    found = (await guest.get(f"/api/v1/ideas/{target}/judgements")).json()["tallies"]
    n = {each["dimension"]: each["n"] for each in found}.get("legal", 0)
    assert n == (1 if judged.status_code == 200 else 0), judged.text


async def test_mg8_separating_meets_a_comment_at_the_same_moment(arena: Everyone) -> None:
    source, target = await pair(arena)
    await ready(arena, source, target)
    root = await comment(arena, source, "expert", "Wo?")
    assert (await carry_out(arena, source)).status_code == 200
    client = await arena.client("author")
    body = {"kind": "note", "text": "Hier.", "reply_to": root["id"]}
    undone, said = await asyncio.gather(
        separate(arena, source), client.post(f"/api/v1/ideas/{target}/comments", json=body)
    )
    assert undone.status_code == 200, undone.text
    there = ["Wo?", "Hier."] if said.status_code == 201 else ["Wo?"]
    assert sorted(await comments(arena, source)) == sorted(there)
    assert await comments(arena, target) == []
