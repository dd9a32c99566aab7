"""Offering to answer for an idea, signing, and everything that is refused."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.actions import people as accounts
from storage import ideas
from storage.tables.ideas import Idea
from storage.tables.people import Organisation
from tests.server.responsibility.organisations import MEMBER, OTHER, SIGNATORY, Bodies

NOBODY_YET: dict[str, Any] = {"team": {}}


async def test_ac_a7a_an_offer_leads_nowhere_until_it_is_signed(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    offer = await bodies.offer(ref, "amt")
    assert await bodies.leaders(ref) == []
    assert await bodies.team(ref) == set()
    signed = await bodies.sign(ref, offer)
    assert (signed["state"], signed["confirmed_by"]["handle"]) == ("active", SIGNATORY)
    assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
    assert await bodies.team(ref) == {(MEMBER, "lead")}


async def test_r6_the_role_of_the_lead_comes_with_the_responsibility_and_goes_with_it(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    for role in ("lead", "member"):
        for handle, method in (("author", "PUT"), ("moderator", "PUT"), ("author", "DELETE")):
            refused = await bodies.call(handle, method, f"{ref}/team/{OTHER}/{role}", 422)
            assert refused["fields"] == {"role": "role-by-responsibility"}
    held = await bodies.lead(ref, "amt")
    path = f"{ref}/responsibilities/{held}/release"
    await bodies.call(MEMBER, "POST", path, note="Keine Stelle mehr.")
    assert await bodies.team(ref) == set()


async def test_r7_only_who_may_sign_for_exactly_this_organisation_signs(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await bodies.found("neu", "Bezirksamt Pankow", "administration")
    offer = await bodies.offer(ref, "neu")
    path = f"{ref}/responsibilities/{offer}/confirmation"
    for handle in ("guest", MEMBER, "author", "moderator", "office", "cdo", "observer"):
        await bodies.call(handle, "POST", path, 401 if handle == "guest" else 403)
    await bodies.join(SIGNATORY, "neu", may_sign=False)
    refused = await bodies.call(SIGNATORY, "POST", path, 403)
    assert refused["code"] == "not-entitled-to-sign"
    await bodies.join(SIGNATORY, "neu", is_confirmed=False, may_sign=True)
    assert (await bodies.call(SIGNATORY, "POST", path, 403))["code"] == "not-entitled-to-sign"
    await bodies.join(SIGNATORY, "neu", may_sign=True)
    await bodies.sign(ref, offer)


async def test_ac_a5b_an_unconfirmed_affiliation_offers_nothing(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await bodies.found("neu", "Bezirksamt Pankow", "administration")
    await bodies.join(MEMBER, "neu", is_confirmed=False)
    body = {"organisation_id": str(bodies.ids["neu"])}
    refused = await bodies.call(MEMBER, "POST", f"{ref}/responsibilities", 403, **body)
    assert refused["code"] == "not-of-organisation"
    body = {"organisation_id": str(uuid4())}
    await bodies.call(MEMBER, "POST", f"{ref}/responsibilities", 403, **body)


async def test_ac_g3b_an_organisation_that_ended_is_not_chosen_and_keeps_its_old_name(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await bodies.found("alt", "Bezirksamt Tiergarten", "administration")
    await bodies.lead(ref, "alt")
    await _reform(bodies, "alt", "Amt, alt", valid_to=date(2026, 11, 22))
    assert await bodies.leaders(ref) == ["Bezirksamt Tiergarten"]
    other = await bodies.arena.idea("open", **NOBODY_YET)
    body = {"organisation_id": str(bodies.ids["alt"])}
    refused = await bodies.call(MEMBER, "POST", f"{other}/responsibilities", 422, **body)
    assert [each["code"] for each in refused["unmet"]] == ["organisation-ended"]


async def test_ac_g3b_an_offer_of_an_organisation_that_ended_meanwhile_is_not_signed(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await bodies.found("alt", "Bezirksamt Tiergarten", "administration")
    offer = await bodies.offer(ref, "alt")
    await _reform(bodies, "alt", "Amt, alt", valid_to=date(2026, 11, 22))
    path = f"{ref}/responsibilities/{offer}/confirmation"
    refused = await bodies.call(SIGNATORY, "POST", path, 422)
    assert refused["unmet"][0]["code"] == "organisation-ended"
    assert await bodies.leaders(ref) == []


@pytest.mark.parametrize(
    ("measure_type", "key", "is_taken"),
    [
        ("decentral", "amt", True),
        ("decentral", "firma", False),
        ("decentral", "verein", False),
        ("network", "amt", False),
        ("network", "firma", True),
        ("network", "institut", True),
        ("network", "verein", True),
    ],
)
async def test_ac_m2_and_m4_the_class_of_the_lead_fits_the_type(
    bodies: Bodies, measure_type: str, key: str, is_taken: bool
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await become(bodies, ref, measure_type)
    body = {"organisation_id": str(bodies.ids[key])}
    path = f"{ref}/responsibilities"
    answer = await bodies.call(MEMBER, "POST", path, 201 if is_taken else 422, **body)
    if not is_taken:
        (broken,) = answer["unmet"]
        assert broken["code"] == "lead-class-unfit"
        assert broken["measure_type"] == measure_type
    taking_part = await bodies.offer(ref, key, part="partner")
    assert (await bodies.sign(ref, taking_part))["state"] == "active"


async def test_ac_m2_an_offer_made_before_the_decision_is_not_signed_against_it(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    offer = await bodies.offer(ref, "firma")
    await become(bodies, ref, "decentral")
    path = f"{ref}/responsibilities/{offer}/confirmation"
    refused = await bodies.call(SIGNATORY, "POST", path, 422)
    assert refused["unmet"][0]["code"] == "lead-class-unfit"


async def test_ac_a7a_who_comes_second_is_told_who_leads(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    late = await bodies.offer(ref, "firma")
    await bodies.lead(ref, "verein")
    path = f"{ref}/responsibilities"
    body = {"organisation_id": str(bodies.ids["institut"])}
    for refused in (
        await bodies.call(MEMBER, "POST", path, 409, **body),
        await bodies.call(SIGNATORY, "POST", f"{path}/{late}/confirmation", 409),
    ):
        assert refused["code"] == "lead-taken"
        assert refused["winner"]["organisation"] == "Kiezverein e. V."


async def test_r5_a_need_takes_no_lead(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", kind="need", **NOBODY_YET)
    body = {"organisation_id": str(bodies.ids["amt"])}
    refused = await bodies.call(MEMBER, "POST", f"{ref}/responsibilities", 409, **body)
    assert refused["code"] == "need-takes-no-lead"


async def test_r4_one_offer_per_organisation_and_part(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    first = await bodies.offer(ref, "amt")
    path, body = f"{ref}/responsibilities", {"organisation_id": str(bodies.ids["amt"])}
    refused = await bodies.call(OTHER, "POST", path, 409, **body)
    assert refused["code"] == "already-offered"
    await bodies.sign(ref, first)
    refused = await bodies.call(OTHER, "POST", path, 409, **body)
    assert refused["code"] == "already-responsible"


async def test_r4_a_consortium_has_any_partners_and_one_lead(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    await bodies.lead(ref, "amt")
    by_other = [
        await bodies.lead(ref, key, by=OTHER, part="partner") for key in ("firma", "institut")
    ]
    partner = await bodies.lead(ref, "verein", by=MEMBER, part="partner")
    assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
    assert await bodies.team(ref) == {(MEMBER, "lead"), (MEMBER, "member"), (OTHER, "member")}
    path = f"{ref}/responsibilities"
    await bodies.call(MEMBER, "POST", f"{path}/{partner}/release", note="Wir gehen.")
    assert await bodies.team(ref) == {(MEMBER, "lead"), (OTHER, "member")}
    await bodies.call(OTHER, "POST", f"{path}/{by_other[0]}/release", note="Wir auch.")
    # He stands for another partner still.
    assert (OTHER, "member") in await bodies.team(ref)


async def test_r4_an_offer_is_declined_or_withdrawn_once(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    path = f"{ref}/responsibilities"
    offer = await bodies.offer(ref, "amt")
    await bodies.call(SIGNATORY, "POST", f"{path}/{offer}/refusal", 422, reason=" ")
    await bodies.call(SIGNATORY, "POST", f"{path}/{offer}/refusal", reason="Zu wenig Personal.")
    (row,) = await bodies.at(ref)
    assert (row["state"], row["ended_reason"]) == ("declined", "Zu wenig Personal.")
    refused = await bodies.call(SIGNATORY, "POST", f"{path}/{offer}/confirmation", 409)
    assert refused["code"] == "responsibility-moved"
    again = await bodies.offer(ref, "amt")
    assert (await bodies.call("author", "POST", f"{path}/{again}/withdrawal", 403))["code"] == (
        "not-your-offer"
    )
    await bodies.call(MEMBER, "POST", f"{path}/{again}/withdrawal")
    refused = await bodies.call(SIGNATORY, "POST", f"{path}/{again}/withdrawal", 409)
    assert refused["current"] == "withdrawn"


async def test_r6_the_signatory_may_name_who_stands_for_the_organisation(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    offer = await bodies.offer(ref, "amt")
    path = f"{ref}/responsibilities/{offer}"
    for handle, code in (("author", "not-of-organisation"), ("nobody", "unknown-person")):
        refused = await bodies.call(SIGNATORY, "POST", f"{path}/confirmation", 422, handle=handle)
        assert refused["fields"] == {"handle": code}
    await bodies.sign(ref, offer, handle=OTHER)
    assert await bodies.team(ref) == {(OTHER, "lead")}
    await bodies.call("author", "PUT", f"{path}/person", 403, handle=MEMBER)
    named = await bodies.call(SIGNATORY, "PUT", f"{path}/person", handle=MEMBER)
    assert named["person"]["handle"] == MEMBER
    assert await bodies.team(ref) == {(MEMBER, "lead")}


async def test_r7_nobody_learns_of_offers_at_a_draft_or_uses_ids_of_another_idea(
    bodies: Bodies,
) -> None:
    draft = await bodies.arena.idea(**NOBODY_YET)
    body = {"organisation_id": str(bodies.ids["amt"])}
    await bodies.call(MEMBER, "POST", f"{draft}/responsibilities", 404, **body)
    await bodies.call("author", "POST", f"{draft}/responsibilities", 403, **body)
    ref, other = [await bodies.arena.idea("open", **NOBODY_YET) for _ in range(2)]
    offer = await bodies.offer(ref, "amt")
    path = f"{other}/responsibilities/{offer}/confirmation"
    refused = await bodies.call(SIGNATORY, "POST", path, 404)
    assert refused["code"] == "responsibility-not-found"


async def become(bodies: Bodies, ref: str, measure_type: str) -> None:
    """Let the idea be a measure of that type."""
    async with bodies.arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        table = Idea.metadata.tables["idea"]
        values = {"measure_type": measure_type}
        await tx.run(table.update().where(table.c.id == idea.id).values(values))


async def _reform(bodies: Bodies, key: str, name: str, *, valid_to: date) -> None:
    """Give the organisation another name and a last day, as a reshuffle does."""
    organisation_id: UUID = bodies.ids[key]
    async with bodies.arena.arena.services.database.write() as tx:
        table = Organisation.metadata.tables["organisation"]
        values = {"name": name, "valid_to": valid_to}
        await tx.run(table.update().where(table.c.id == organisation_id).values(values))


async def test_r6_who_is_suspended_does_not_stand_for_his_organisation(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    offer = await bodies.offer(ref, "amt")
    services = bodies.arena.arena.services
    await accounts.suspend(services, None, MEMBER, "Beleidigungen")
    await bodies.sign(ref, offer)
    assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
    assert await bodies.team(ref) == {(SIGNATORY, "lead")}
