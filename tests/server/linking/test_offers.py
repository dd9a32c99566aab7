"""Later changes of an origin are offered to its replicas, never forced (AC-M10b)."""

import asyncio

from tests.server.idea.writing import write
from tests.server.linking.linked import log, move
from tests.server.linking.taking_over import (
    a_measure,
    a_replica,
    change_and_offer,
    decide,
    offers,
    text,
)
from tests.server.responsibility.organisations import MEMBER, Bodies


async def test_ac_m10b_a_change_is_offered_as_a_diff_and_changes_nothing(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    before = await text(bodies, replica)
    await change_and_offer(bodies, origin, "Mit Brunnen.")
    (offer,) = await offers(bodies, replica)
    assert (offer["section"], offer["state"]) == ("idea", "open")
    assert offer["hunks"] == [{"before": [], "after": ["Mit Brunnen."]}]
    assert await text(bodies, replica) == before
    assert (await log(bodies.arena, replica))[-1] == (
        "change_offered",
        {"change_id": offer["id"], "origin_ref": origin, "section": "idea"},
    )


async def test_ac_m10b_what_is_taken_is_written_in_the_name_of_who_took_it(
    bodies: Bodies,
) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await write(bodies.arena, replica, MEMBER, "idea", "Eigenes.")
    await change_and_offer(bodies, origin, "Mit Brunnen.")
    (offer,) = await offers(bodies, replica)
    taken = await decide(bodies, replica, offer, "take")
    assert taken.status_code == 200, taken.text
    assert taken.json()["offers"][0]["state"] == "taken"
    found = await text(bodies, replica)
    assert "Mit Brunnen." in found
    assert "Eigenes." in found
    held = await (await bodies.arena.client(MEMBER)).get("/api/v1/me/data")
    if held.status_code == 200:
        assert "Mit Brunnen." in held.text
    again = await decide(bodies, replica, offer, "take")
    assert (again.status_code, again.json()["code"]) == (409, "already-settled")
    assert (await text(bodies, replica)).count("Mit Brunnen.") == 1


async def test_f33_of_two_who_take_at_once_one_does(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await change_and_offer(bodies, origin, "Mit Brunnen.")
    (offer,) = await offers(bodies, replica)
    answers = await asyncio.gather(*(decide(bodies, replica, offer, "take") for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert (await text(bodies, replica)).count("Mit Brunnen.") == 1


async def test_f33_what_reads_otherwise_is_left_to_people(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await write(bodies.arena, origin, "lead", "benefit", "Erst.")
    await bodies.call("lead", "POST", f"{origin}/replicas/offers")
    (first,) = await offers(bodies, replica)
    await decide(bodies, replica, first, "decline")
    await write(bodies.arena, origin, "lead", "benefit", "Dann.")
    await bodies.call("lead", "POST", f"{origin}/replicas/offers")
    second = (await offers(bodies, replica))[0]
    assert second["hunks"] == [{"before": [], "after": ["Dann."]}]
    before = await text(bodies, replica)
    misfit = await decide(bodies, replica, second, "take")
    assert (misfit.status_code, misfit.json()["code"]) == (409, "change-misfit")
    assert await text(bodies, replica) == before
    noted = await decide(bodies, replica, second, "by_hand")
    settled = {one["id"]: (one["state"], one["by_hand"]) for one in noted.json()["offers"]}
    assert settled == {first["id"]: ("declined", False), second["id"]: ("taken", True)}


async def test_f35_a_change_of_stage_offers_what_changed_until_then(bodies: Bodies) -> None:
    origin = await a_measure(bodies, "permanent")
    replica = await a_replica(bodies, origin)
    await write(bodies.arena, origin, "lead", "idea", "Mit Brunnen.")
    assert await offers(bodies, replica) == []
    moved = await move(bodies.arena, origin, "implementation", "lead")
    assert moved.status_code == 200, moved.text
    assert [one["section"] for one in await offers(bodies, replica)] == ["idea"]


async def test_f35_an_open_offer_leads_to_the_newest_text(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await change_and_offer(bodies, origin, "Eins.")
    (seen,) = await offers(bodies, replica)
    await change_and_offer(bodies, origin, "Zwei.")
    (offer,) = await offers(bodies, replica)
    assert offer["id"] == seen["id"]
    assert offer["hunks"] == [{"before": [], "after": ["Eins.", "Zwei."]}]
    stale = await decide(bodies, replica, seen, "decline")
    assert (stale.status_code, stale.json()["code"]) == (409, "change-moved")


async def test_f35_sections_that_were_not_taken_over_are_not_offered(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin, sections=["situation", "idea"])
    await write(bodies.arena, origin, "lead", "benefit", "Neu.")
    nothing = await (await bodies.arena.client("lead")).post(
        f"/api/v1/ideas/{origin}/replicas/offers"
    )
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-to-offer")
    assert await offers(bodies, replica) == []


async def test_f33_only_the_team_decides_and_only_the_lead_offers(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await change_and_offer(bodies, origin)
    (offer,) = await offers(bodies, replica)
    for decision in ("take", "by_hand", "decline"):
        assert (await decide(bodies, replica, offer, decision, "support")).status_code == 403
    author = await bodies.arena.client("author")
    assert (await author.post(f"/api/v1/ideas/{origin}/replicas/offers")).status_code == 403


async def test_f33_a_muted_member_takes_nothing(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    await change_and_offer(bodies, origin)
    (offer,) = await offers(bodies, replica)
    moderator = await bodies.arena.client("moderator")
    await moderator.post(
        f"/ideas/{replica}/mute", data={"handle": MEMBER, "moderation_reason": "Stört."}
    )
    assert (await decide(bodies, replica, offer, "take")).status_code == 403


async def test_f33_the_forms_take_and_decline_without_a_script(bodies: Bodies) -> None:
    origin = await a_measure(bodies)
    replica = await a_replica(bodies, origin)
    person, lead = await bodies.arena.client(MEMBER), await bodies.arena.client("lead")
    assert "Noch nichts angeboten" in (await person.get(f"/ideas/{replica}/offers")).text
    await write(bodies.arena, origin, "lead", "idea", "Mit Brunnen.")
    await lead.post(f"/ideas/{origin}/replicas/offers", data={})
    assert f"/ideas/{replica}/offers" in (await person.get(f"/ideas/{replica}")).text
    assert "<ins>Mit Brunnen.</ins>" in (await person.get(f"/ideas/{replica}/offers")).text
    (offer,) = await offers(bodies, replica)
    form = {"change": offer["id"], "version": offer["version"], "decision": "take"}
    await person.post(f"/ideas/{replica}/offers", data=form)
    assert "Mit Brunnen." in await text(bodies, replica)
    late = await person.post(f"/ideas/{replica}/offers", data={**form, "decision": "decline"})
    assert late.status_code == 409
