"""A legal successor takes over what an organisation answered for, and nothing is lost."""

from uuid import uuid4

from server.actions.catalogues.organisations import Replaced, replace_organisation
from tests.server.responsibility.organisations import MEMBER, Bodies


async def replaced(bodies: Bodies, old: str, new: str) -> Replaced:
    """The office puts one organisation in the place of another."""
    return await replace_organisation(
        bodies.arena.arena.services,
        await bodies.arena.actor("office"),
        bodies.ids[old],
        successor_id=bodies.ids[new],
        reason="Neuer Zuschnitt.",
    )


async def a_pair(bodies: Bodies) -> tuple[str, str]:
    """An organisation and the one that is to follow it, nobody else's."""
    mark = uuid4().hex[:8]
    for key in (f"alt-{mark}", f"neu-{mark}"):
        await bodies.found(key, f"Amt {key}", "administration")
    return f"alt-{mark}", f"neu-{mark}"


async def test_ac_m3b_a_successor_answers_for_what_the_old_one_answered_for(
    bodies: Bodies,
) -> None:
    old, new = await a_pair(bodies)
    ref = await bodies.arena.idea("elaboration")
    await bodies.lead(ref, old)
    bodies.arena.arena.clock.pass_by(minutes=1)
    assert await replaced(bodies, old, new) == Replaced(people=0, cases=1)
    now, before = await bodies.at(ref)
    assert (now["organisation"], now["state"]) == (f"Amt {new}", "active")
    assert (before["organisation"], before["state"]) == (f"Amt {old}", "handed_over")
    assert await bodies.leaders(ref) == [f"Amt {new}"]
    assert (MEMBER, "lead") in await bodies.team(ref)
    log = await bodies.call("guest", "GET", f"{ref}/events")
    told = [each["kind"] for each in log["events"] if each["kind"].startswith("responsibility")]
    assert told[-2:] == ["responsibility_ended", "responsibility_confirmed"]


async def test_k13_an_offer_that_the_successor_had_made_is_taken(bodies: Bodies) -> None:
    old, new = await a_pair(bodies)
    ref = await bodies.arena.idea("elaboration")
    await bodies.lead(ref, old)
    waiting = await bodies.at(ref)
    path = f"{ref}/responsibilities/{waiting[0]['id']}/hand-over"
    body = {"organisation_id": str(bodies.ids[new]), "note": "Bitte übernehmen."}
    await bodies.call(MEMBER, "POST", path, 201, **body)
    await replaced(bodies, old, new)
    assert await bodies.leaders(ref) == [f"Amt {new}"]
    assert len(await bodies.at(ref)) == 2


async def test_k13_who_takes_part_already_takes_part_once(bodies: Bodies) -> None:
    old, new = await a_pair(bodies)
    ref = await bodies.arena.idea("elaboration")
    for key in (old, new):
        await bodies.lead(ref, key, part="partner")
    await replaced(bodies, old, new)
    active = [each["organisation"] for each in await bodies.at(ref) if each["state"] == "active"]
    assert active == [f"Amt {new}"]


async def test_ac_g3b_nobody_offers_for_what_was_replaced(bodies: Bodies) -> None:
    old, new = await a_pair(bodies)
    await replaced(bodies, old, new)
    ref = await bodies.arena.idea("elaboration")
    body = {"organisation_id": str(bodies.ids[old]), "part": "lead"}
    said = await bodies.call(MEMBER, "POST", f"{ref}/responsibilities", 422, **body)
    assert [each["code"] for each in said["unmet"]] == ["organisation-ended"]
