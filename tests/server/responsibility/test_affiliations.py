"""For whom people speak: what they ask for, who confirms it, and what ends with it."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from limits import parse

from collab.process.actors import Role
from server.actions.responsibility import affiliations
from server.actions.responsibility.affiliations import AFFILIATIONS_MAX
from server.auth import limits
from storage import people
from storage.database import Transaction
from tests.server.responsibility.organisations import MEMBER, SIGNATORY, Bodies
from tests.server.responsibility.test_offers import NOBODY_YET


async def call(
    bodies: Bodies, handle: str, method: str, path: str, /, **body: Any
) -> httpx2.Response:
    client = await bodies.arena.client(handle)
    return await client.request(method, f"/api/v1{path}", json=body)


async def test_ac_a5b_who_asks_has_no_rights_until_he_is_confirmed(bodies: Bodies) -> None:
    ref, body = await bodies.arena.idea("open", **NOBODY_YET), str(bodies.ids["verein"])
    path = f"/me/affiliations/{body}"
    assert (await call(bodies, "qualifier", "PUT", path)).status_code == 204
    again = await call(bodies, "qualifier", "PUT", path)
    assert (again.status_code, again.json()["code"]) == (409, "already-affiliated")
    offer = f"/ideas/{ref}/responsibilities"
    refused = await call(bodies, "qualifier", "POST", offer, organisation_id=body)
    assert refused.json()["code"] == "not-of-organisation"
    person = (await call(bodies, "moderator", "GET", "/people/qualifier")).json()
    assert (person["organisation"], person["actor_class"]) == (None, "resident")
    theirs = f"/people/qualifier/affiliations/{body}"
    for stranger in ("participant", "moderator", "qualifier"):
        assert (await call(bodies, stranger, "PUT", theirs)).status_code == 403
    assert (await call(bodies, SIGNATORY, "PUT", theirs)).status_code == 204
    made = await call(bodies, "qualifier", "POST", offer, organisation_id=body)
    assert made.status_code == 201
    person = (await call(bodies, "moderator", "GET", "/people/qualifier")).json()
    assert person["organisation"] == "Kiezverein e. V."


async def test_r11_only_the_office_says_who_may_sign_and_the_role_follows(bodies: Bodies) -> None:
    body = str(bodies.ids["firma"])
    await call(bodies, "support", "PUT", f"/me/affiliations/{body}")
    theirs = f"/people/support/affiliations/{body}"
    for handle in (SIGNATORY, "cdo", "moderator"):
        assert (await call(bodies, handle, "PUT", theirs, may_sign=True)).status_code == 403
    assert (await call(bodies, "office", "PUT", theirs, may_sign=True)).status_code == 204
    assert Role.SIGNATORY in (await bodies.arena.actor("support")).roles
    mine = (await call(bodies, "support", "GET", "/me/affiliations")).json()["affiliations"]
    assert [each["may_sign"] for each in mine] == [True]
    # A signatory who confirms again takes nothing away.
    assert (await call(bodies, SIGNATORY, "PUT", theirs)).status_code == 204
    assert Role.SIGNATORY in (await bodies.arena.actor("support")).roles
    assert (await call(bodies, "office", "PUT", theirs, may_sign=False)).status_code == 204
    assert Role.SIGNATORY not in (await bodies.arena.actor("support")).roles


async def test_r11_nobody_signs_himself_in(bodies: Bodies) -> None:
    body = str(bodies.ids["firma"])
    await call(bodies, "office", "PUT", f"/me/affiliations/{body}")
    refused = await call(bodies, "office", "PUT", f"/people/office/affiliations/{body}")
    assert (refused.status_code, refused.json()["code"]) == (403, "own-account")
    assert (await call(bodies, "office", "DELETE", f"/me/affiliations/{body}")).status_code == 204


async def test_r11_an_organisation_stays_responsible_when_its_person_leaves(
    bodies: Bodies,
) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    key = str(await bodies.found("neu", "Bezirksamt Spandau", "administration"))
    held = await bodies.lead(ref, "neu")
    assert (await call(bodies, MEMBER, "DELETE", f"/me/affiliations/{key}")).status_code == 204
    assert await bodies.leaders(ref) == ["Bezirksamt Spandau"]
    assert await bodies.team(ref) == set()
    path = f"/ideas/{ref}/responsibilities/{held}"
    assert (await call(bodies, MEMBER, "POST", f"{path}/release", note="Ich.")).status_code == 403
    named = await call(bodies, SIGNATORY, "PUT", f"{path}/person", handle="expert")
    assert named.status_code == 200
    assert await bodies.team(ref) == {("expert", "lead")}


async def test_r11_what_one_can_say_is_bounded_and_checked(bodies: Bodies) -> None:
    nothing = await call(bodies, "editor", "PUT", f"/me/affiliations/{uuid4()}")
    assert (nothing.status_code, nothing.json()["fields"]) == (
        422, {"organisation": "unknown-choice"}
    )  # fmt: skip
    answers = []
    for number in range(AFFILIATIONS_MAX + 1):
        body = await bodies.found(f"viele-{number}", f"Verein {number}", "civil_society")
        answers.append(
            (await call(bodies, "editor", "PUT", f"/me/affiliations/{body}")).status_code
        )
    assert answers == [204] * AFFILIATIONS_MAX + [422]
    assert (await call(bodies, "guest", "GET", "/me/affiliations")).status_code == 401


async def test_who_speaks_for_whom_is_asked_and_confirmed_by_forms(bodies: Bodies) -> None:
    lead, signatory = await bodies.arena.client("lead"), await bodies.arena.client(SIGNATORY)
    body, page = str(bodies.ids["verein"]), "/account/organisations"
    assert "Sie sprechen für sich selbst." in (await lead.get(page)).text
    empty = await lead.post(page, data={"organisation": ""})
    assert (empty.status_code, "Diese Angabe fehlt." in empty.text) == (422, True)
    await lead.post(page, data={"organisation": body})
    assert "noch nicht bestätigt" in (await lead.get(page)).text
    assert "Wartet auf Ihre Bestätigung" in (await signatory.get(page)).text
    await signatory.post(f"{page}/confirm", data={"handle": "lead", "organisation": body})
    assert "noch nicht bestätigt" not in (await lead.get(page)).text
    office = await bodies.arena.client("office")
    form = {"handle": "lead", "organisation": body, "may_sign": "yes", "back": "lead"}
    await office.post(f"{page}/confirm", data=form)
    assert "Zeichnungsrecht entziehen" in (await office.get("/people/lead")).text


async def test_the_pages_of_terms_give_and_end_them(bodies: Bodies) -> None:
    office, author = await bodies.arena.client("office"), await bodies.arena.client("author")
    form = {"role": "deputy", "first": "", "last": "2026-11-01"}
    late = await office.post("/people/lead/terms", data=form)
    assert (late.status_code, "Dieser Tag ist schon vorbei." in late.text) == (422, True)
    await office.post("/people/lead/terms", data={**form, "last": "2026-12-01"})
    assert "23.11.2026 – 01.12.2026" in (await office.get("/people/lead")).text
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    wrong = {"partner_handle": "nobody", "partner_last": "2026-12-01"}
    refused = await author.post(f"/ideas/{ref}/terms", data=wrong)
    assert (refused.status_code, 'href="#f-partner_handle"' in refused.text) == (422, True)
    await author.post(f"/ideas/{ref}/terms", data={**wrong, "partner_handle": "lead"})
    assert "bis 01.12.2026" in (await author.get(f"/ideas/{ref}/fragments/people")).text


async def test_r11_a_confirmation_does_not_bring_back_who_left_at_the_same_moment(
    bodies: Bodies, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = bodies.ids["firma"]
    await call(bodies, "support", "PUT", f"/me/affiliations/{body}")
    entitled = affiliations._require_entitled

    async def meanwhile(tx: Transaction, *given: Any, **named: Any) -> None:
        await entitled(tx, *given, **named)
        person = await people.by_handle(tx, "support")
        assert person is not None
        await people.leave(tx, person.id, body)

    monkeypatch.setattr(affiliations, "_require_entitled", meanwhile)
    theirs = f"/people/support/affiliations/{body}"
    answer = await call(bodies, "office", "PUT", theirs, may_sign=True)
    assert (answer.status_code, answer.json()["code"]) == (404, "affiliation-not-found")
    assert Role.SIGNATORY not in (await bodies.arena.actor("support")).roles


async def test_r11_asking_and_leaving_again_is_bounded(
    bodies: Bodies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OFFER_PER_PERSON", parse("2/hour"))
    path = f"/me/affiliations/{bodies.ids['institut']}"
    for method, status in (("PUT", 204), ("DELETE", 204), ("PUT", 429), ("DELETE", 429)):
        assert (await call(bodies, "auditor", method, path)).status_code == status
