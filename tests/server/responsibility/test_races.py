"""Fifty at once, on either database: one lead, and everybody else is told who it is."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.idea.arena_of_all import everyone
from tests.server.responsibility.organisations import MEMBER, OTHER, SIGNATORY, Bodies
from tests.server.responsibility.test_offers import NOBODY_YET

MANY = 50


@pytest.fixture
async def bodies(tmp_path: Path, database_url: str) -> AsyncIterator[Bodies]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as arena:
        yield await Bodies.founded(arena)


async def test_ac_m3a_fifty_signed_at_once_make_one_lead(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    async with bodies.arena.arena.services.database.write() as tx:
        for number in range(MANY):
            await bodies.make(tx, str(number), f"Amt {number:02}", "administration")
    offers = [await bodies.offer(ref, str(number)) for number in range(MANY)]
    client = await bodies.arena.client(SIGNATORY)
    answers = await asyncio.gather(
        *(
            client.post(f"/api/v1/ideas/{ref}/responsibilities/{offer}/confirmation", json={})
            for offer in offers
        )
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: MANY - 1}
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert {each["code"] for each in lost} == {"lead-taken"}
    assert {each["winner"]["organisation"] for each in lost} == {won["organisation"]}
    assert await bodies.leaders(ref) == [won["organisation"]]
    assert await bodies.team(ref) == {(MEMBER, "lead")}


async def test_ac_m3a_one_offer_signed_fifty_times_at_once_is_signed_once(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    offer = await bodies.offer(ref, "amt")
    path = f"/api/v1/ideas/{ref}/responsibilities/{offer}/confirmation"
    client = await bodies.arena.client(SIGNATORY)
    answers = await asyncio.gather(*(client.post(path, json={}) for _ in range(MANY)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: MANY - 1}
    log = (await bodies.call("guest", "GET", f"{ref}/events"))["events"]
    assert [each["kind"] for each in log].count("responsibility_confirmed") == 1


async def test_ac_m3a_hand_over_and_giving_back_at_once_leave_one_lead_or_none(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    path = f"/api/v1/ideas/{ref}/responsibilities"
    targets = {key: str(bodies.ids[key]) for key in ("land", "firma", "verein")}
    made = [
        await bodies.call(
            MEMBER,
            "POST",
            f"{ref}/responsibilities/{held}/hand-over",
            201,
            organisation_id=target,
            note="Bitte.",
        )
        for target in targets.values()
    ]
    signatory, lead = await bodies.arena.client(SIGNATORY), await bodies.arena.client(MEMBER)
    answers = await asyncio.gather(
        lead.post(f"{path}/{held}/release", json={"note": "Weg."}),
        *(signatory.post(f"{path}/{each['id']}/confirmation", json={}) for each in made),
    )
    signed = Counter(answer.status_code for answer in answers[1:])
    assert signed == {200: 1, 409: 2}
    assert len(await bodies.leaders(ref)) == 1
    states = Counter(each["state"] for each in await bodies.at(ref))
    assert states["active"] == 1
    assert states["released"] + states["handed_over"] == 1


async def test_r4_the_same_offer_twenty_times_at_once_is_one(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    body = {"organisation_id": str(bodies.ids["amt"])}
    clients = [await bodies.arena.client(handle) for handle in (MEMBER, OTHER)]
    answers = await asyncio.gather(
        *(
            clients[n % 2].post(f"/api/v1/ideas/{ref}/responsibilities", json=body)
            for n in range(20)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert len(await bodies.at(ref)) == 1
