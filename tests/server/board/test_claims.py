"""Claims over the API: one wins, the other is told; they end by themselves."""

import asyncio

from collab.process.board.claims import CLAIM_FOR
from storage import events
from storage.process.board import claims
from tests.server.idea.arena_of_all import Everyone


async def test_b4_of_many_who_claim_at_once_one_gets_it_and_the_others_learn_whose_it_is(
    either: Everyone,
) -> None:
    ref = await either.idea("open")
    people = ("moderator", "moderator-2", "office", "cdo")
    answers = await asyncio.gather(
        *[(await either.client(each)).put(f"/api/v1/ideas/{ref}/claim") for each in people]
    )
    won = [answer.json()["name"] for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert len(won) == 1
    assert [each["winner"]["name"] for each in lost] == won * 3
    assert {each["code"] for each in lost} == {"already-claimed"}


async def test_b4_taking_over_leaves_a_word_and_only_from_whom_one_saw(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/claim"
    mod, other, office = [
        await arena.client(each) for each in ("moderator", "moderator-2", "office")
    ]
    assert (await mod.put(path)).status_code == 200
    silent = await other.post(f"{path}/takeover", json={"from_handle": "moderator", "note": " "})
    assert (silent.status_code, silent.json()["fields"]) == (422, {"note": "empty"})
    body = {"from_handle": "moderator", "note": "Du bist im Urlaub."}
    assert (await other.post(f"{path}/takeover", json=body)).status_code == 200
    late = await office.post(f"{path}/takeover", json=body)
    assert (late.status_code, late.json()["winner"]["name"]) == (409, "Moderator-2")
    services = arena.arena.services
    async with services.database.read() as tx:
        told = [each for each in await events.since(tx, 0) if each.kind == "idea_claimed"]
        assert told[0].idea_id is not None
        held = await claims.valid(tx, told[0].idea_id, services.clock())
    assert held is not None
    assert held.note == "Du bist im Urlaub."
    moderator = (await arena.actor("moderator")).person_id
    assert held.taken_from == moderator
    assert told[-1].payload == {"from_person": str(moderator), "reason": "Du bist im Urlaub."}
    assert not any(each.public for each in told)


async def test_b4_only_the_holder_lets_go_and_then_it_is_free(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/claim"
    mod, other = await arena.client("moderator"), await arena.client("moderator-2")
    await mod.put(path)
    assert (await other.delete(path)).status_code == 204
    assert (await other.put(path)).status_code == 409
    assert (await mod.delete(path)).status_code == 204
    assert (await other.put(path)).status_code == 200


async def test_b4_a_claim_ends_by_itself(arena: Everyone) -> None:
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}/claim"
    first, second = await arena.client("moderator"), await arena.client("moderator-2")
    assert (await first.put(path)).status_code == 200
    arena.arena.clock.pass_by(seconds=CLAIM_FOR.total_seconds() - 1)
    assert (await second.put(path)).status_code == 409
    arena.arena.clock.pass_by(seconds=1)
    assert (await second.put(path)).status_code == 200
