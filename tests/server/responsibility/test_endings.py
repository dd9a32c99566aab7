"""Handing over, giving back, and what a running measure keeps of rule 2."""

from storage import events, ideas
from tests.server.responsibility.organisations import MEMBER, OTHER, SIGNATORY, Bodies
from tests.server.responsibility.test_offers import NOBODY_YET, become


async def test_ac_a7b_giving_back_keeps_the_case_and_says_so(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("elaboration", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    before = await bodies.call("author", "GET", ref)
    path = f"{ref}/responsibilities/{held}/release"
    assert (await bodies.call(MEMBER, "POST", path, 422, note=" "))["fields"] == {"note": "missing"}
    await bodies.call(MEMBER, "POST", path, note="Die Stelle ist gestrichen; Akten liegen bei uns.")
    found = await bodies.call("guest", "GET", f"{ref}/responsibilities")
    assert found["is_looking_for_lead"]
    (row,) = found["responsibilities"]
    assert (row["state"], row["ended_by"]["handle"]) == ("released", MEMBER)
    after = await bodies.call("author", "GET", ref)
    assert after["text_version"] == before["text_version"]
    assert after["document_id"] == before["document_id"]
    log = (await bodies.call("guest", "GET", f"{ref}/events"))["events"]
    assert log[-1]["kind"] == "responsibility_ended"
    assert log[-1]["payload"]["reason"].startswith("Die Stelle ist gestrichen")
    # Whoever comes next begins where it was left.
    await bodies.lead(ref, "land", by=OTHER)
    assert await bodies.leaders(ref) == ["Senatsverwaltung"]


async def test_ac_a7b_open_pages_and_lists_hear_of_it(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    services = bodies.arena.arena.services
    await bodies.call(MEMBER, "POST", f"{ref}/responsibilities/{held}/release", note="Schade.")
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        told = await events.since(tx, 0, idea_id=idea.id)
    assert [each.kind for each in told[-3:]] == [
        "responsibility_offered",
        "responsibility_confirmed",
        "responsibility_ended",
    ]
    assert all(each.public for each in told[-3:])


async def test_r7_giving_back_is_for_who_stands_there_who_signs_and_the_office(
    bodies: Bodies,
) -> None:
    for handle in (MEMBER, SIGNATORY, "office"):
        ref = await bodies.arena.idea("open", **NOBODY_YET)
        held = await bodies.lead(ref, "amt")
        path = f"{ref}/responsibilities/{held}/release"
        for stranger in ("guest", "author", OTHER, "moderator", "cdo"):
            status = 401 if stranger == "guest" else 403
            await bodies.call(stranger, "POST", path, status, note="Nein.")
        await bodies.call(handle, "POST", path, note="Geht nicht mehr.")
        assert await bodies.leaders(ref) == []


async def test_r8_the_old_lead_stays_until_the_new_one_has_signed(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("elaboration", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    body = {"organisation_id": str(bodies.ids["land"]), "note": "Passt besser zu Ihnen."}
    made = await bodies.call(
        MEMBER, "POST", f"{ref}/responsibilities/{held}/hand-over", 201, **body
    )
    assert made["hands_over"] == held
    assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
    assert await bodies.team(ref) == {(MEMBER, "lead")}
    await bodies.sign(ref, made["id"], handle=OTHER)
    assert await bodies.leaders(ref) == ["Senatsverwaltung"]
    assert await bodies.team(ref) == {(OTHER, "lead")}
    states = {each["organisation"]: each["state"] for each in await bodies.at(ref)}
    assert states == {"Senatsverwaltung": "active", "Bezirksamt Mitte": "handed_over"}


async def test_r8_without_a_named_person_the_signatory_stands_for_the_new_lead(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("elaboration", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    body = {"organisation_id": str(bodies.ids["land"]), "note": "Bitte."}
    made = await bodies.call(
        MEMBER, "POST", f"{ref}/responsibilities/{held}/hand-over", 201, **body
    )
    await bodies.sign(ref, made["id"])
    assert await bodies.team(ref) == {(SIGNATORY, "lead")}


async def test_r8_a_hand_over_that_is_declined_or_withdrawn_changes_nothing(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("elaboration", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    path = f"{ref}/responsibilities"
    body = {"organisation_id": str(bodies.ids["land"]), "note": "Bitte."}
    for act in ("refusal", "withdrawal"):
        made = await bodies.call(MEMBER, "POST", f"{path}/{held}/hand-over", 201, **body)
        await bodies.call(SIGNATORY, "POST", f"{path}/{made['id']}/{act}", reason="Nein.")
        assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
        assert await bodies.team(ref) == {(MEMBER, "lead")}


async def test_ac_m2_rule_2_holds_when_a_running_measure_is_handed_over(bodies: Bodies) -> None:
    for measure_type, leads, fits, unfit in (
        ("decentral", "amt", "land", "verein"),
        ("network", "firma", "verein", "amt"),
    ):
        ref = await bodies.arena.idea("open", **NOBODY_YET)
        held = await bodies.lead(ref, leads)
        await become(bodies, ref, measure_type)
        path = f"{ref}/responsibilities/{held}/hand-over"
        body = {"organisation_id": str(bodies.ids[unfit]), "note": "Bitte."}
        refused = await bodies.call(MEMBER, "POST", path, 422, **body)
        assert refused["unmet"][0]["code"] == "lead-class-unfit"
        body = {"organisation_id": str(bodies.ids[fits]), "note": "Bitte."}
        made = await bodies.call(MEMBER, "POST", path, 201, **body)
        await bodies.sign(ref, made["id"])
        assert len(await bodies.leaders(ref)) == 1


async def test_r8_a_partner_hands_nothing_over_and_a_lead_nothing_to_itself(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    partner = await bodies.lead(ref, "firma", part="partner")
    path = f"{ref}/responsibilities"
    body = {"organisation_id": str(bodies.ids["amt"]), "note": "Bitte."}
    refused = await bodies.call(MEMBER, "POST", f"{path}/{held}/hand-over", 409, **body)
    assert refused["code"] == "already-responsible"
    await bodies.call(MEMBER, "POST", f"{path}/{partner}/hand-over", 409, **body)


async def test_r8_who_gave_back_meanwhile_does_not_stop_the_new_lead(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    path = f"{ref}/responsibilities"
    body = {"organisation_id": str(bodies.ids["land"]), "note": "Bitte."}
    made = await bodies.call(MEMBER, "POST", f"{path}/{held}/hand-over", 201, **body)
    await bodies.call(MEMBER, "POST", f"{path}/{held}/release", note="Sofort.")
    await bodies.sign(ref, made["id"])
    assert await bodies.leaders(ref) == ["Senatsverwaltung"]
    states = {each["organisation"]: each["state"] for each in await bodies.at(ref)}
    assert states["Bezirksamt Mitte"] == "released"


async def test_r8_a_third_who_signed_meanwhile_keeps_the_lead(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    held = await bodies.lead(ref, "amt")
    path = f"{ref}/responsibilities"
    body = {"organisation_id": str(bodies.ids["land"]), "note": "Bitte."}
    made = await bodies.call(MEMBER, "POST", f"{path}/{held}/hand-over", 201, **body)
    await bodies.call(MEMBER, "POST", f"{path}/{held}/release", note="Sofort.")
    await bodies.lead(ref, "verein")
    refused = await bodies.call(SIGNATORY, "POST", f"{path}/{made['id']}/confirmation", 409)
    assert refused["winner"]["organisation"] == "Kiezverein e. V."
