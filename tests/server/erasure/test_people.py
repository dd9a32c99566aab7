"""A person asks what Arena holds about him, and that it holds no more: pages and API."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from collab.errors import NotFound
from collab.process.actors import Role
from collab.sync.removal.erase import MARK
from server.actions import links, people
from server.actions.access import Caller, begin_session
from server.actions.erasure import people as erasure
from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES, Choice
from server.actions.organisations import set_organisation
from server.auth.cookie import cookie_name
from storage import events
from storage import people as stored
from storage.process import late
from tests.server.erasure.traces import PASSWORD, leave_traces, newcomer, type_out
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import document_of


async def signed_in(arena: Everyone, handle: str) -> httpx2.AsyncClient:
    """A browser in which the person has signed in with the password."""
    browser = arena.arena.browser()
    answer = await browser.post(
        "/sign-in", data={"name": handle, "password": PASSWORD}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    return browser


async def signed_in_by_link(arena: Everyone, handle: str) -> httpx2.AsyncClient:
    """A browser with a session of the person, who has no password."""
    services, browser = arena.arena.services, arena.arena.browser()
    async with services.database.write() as tx:
        person = await stored.by_handle(tx, handle)
        assert person is not None
        session = await begin_session(services, tx, person.id, Caller("192.0.2.1"))
    browser.cookies.set(cookie_name(services.settings), session.secret)
    return browser


async def erase(browser: httpx2.AsyncClient, **fields: Any) -> httpx2.Response:
    """Send the form that erases the own account."""
    given = {"text": "erase", "password": PASSWORD, "confirmed": "yes"} | fields
    return await browser.post("/account/data/erase", data=given, follow_redirects=False)


async def page(arena: Everyone, path: str, by: str = "guest") -> str:
    return (await (await arena.client(by)).get(path)).text


async def test_x1_the_export_holds_everything_of_the_person_and_no_secret(arena: Everyone) -> None:
    traces = await leave_traces(arena)
    browser = await signed_in(arena, traces.handle)
    answer = await browser.get("/api/v1/me/data")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    held, plain = answer.json(), json.dumps(answer.json(), ensure_ascii=False)
    assert [word for word in traces.words if word not in plain and "sperr" not in word] == []
    assert [word for word in traces.kept[:2] if word in plain] == []
    assert held["account"]["email"] == traces.email
    (text,) = held["texts"]
    assert set(text["passages"]) >= {"title", "situation", "idea"}
    assert [pin["version"] for pin in text["pinned"]]
    for secret in ("hash", "$argon2"):
        assert secret not in plain.replace("has_password", "")
    shown = (await browser.get("/account/data")).text
    assert [word for word in traces.words[5:8] if word not in shown] == []
    other = await (await arena.client("participant")).get("/api/v1/me/data")
    assert [word for word in (traces.name, *traces.words[4:]) if word in other.text] == []
    guest = await (await arena.client("guest")).get("/api/v1/me/data")
    assert guest.status_code == 401


async def test_x2_x5_a_former_person_decided_and_judged_and_is_nobody(arena: Everyone) -> None:
    traces = await leave_traces(arena)
    browser, token = await signed_in(arena, traces.handle), await arena.client(traces.handle)
    before = await _stage_change(arena, traces.ref)
    done = await erase(browser)
    assert (done.status_code, done.headers["location"]) == (303, "/account/erased")
    assert "ist gelöscht" in (await browser.get("/account/erased")).text

    assert (await browser.get("/account", follow_redirects=False)).status_code in {303, 401}
    assert (await token.get("/api/v1/me")).status_code == 401
    again = await arena.arena.browser().post(
        "/sign-in", data={"name": traces.handle, "password": PASSWORD}, follow_redirects=False
    )
    assert again.status_code != 303
    after = await _stage_change(arena, traces.ref)
    version, reason = after["payload"]["version"], after["payload"]["reason"]
    assert version == before["payload"]["version"]
    assert reason.startswith(traces.kept[2])
    shown = await page(arena, f"/ideas/{traces.ref}")
    assert "Ehemalige Person" in shown
    assert "Dieser Beitrag wurde gelöscht." in shown
    assert [word for word in traces.kept if word not in shown] == []
    everywhere = [
        shown,
        await page(arena, "/"),
        await page(arena, "/people", "office"),
        await page(arena, f"/ideas/{traces.ref}", "moderator"),
        await page(arena, f"/api/v1/ideas/{traces.ref}/events", "moderator"),
        await page(arena, f"/api/v1/ideas/{traces.ref}/text"),
        await page(arena, f"/ideas/{traces.ref}/versions/{version['epoch']}.{version['seq']}"),
    ]
    assert [word for word in traces.words for html in everywhere if word in html] == []


async def test_x5_a_kept_version_has_marks_and_the_hash_of_what_was_decided_on(
    arena: Everyone,
) -> None:
    traces = await leave_traces(arena)
    version = (await _stage_change(arena, traces.ref))["payload"]["version"]
    place = f"{version['epoch']}.{version['seq']}"
    path = f"/api/v1/ideas/{traces.ref}/text?version={place}"
    guest = await arena.client("guest")
    whole = (await guest.get(path)).json()
    assert whole["redacted_at"] is None
    await erasure.erase_person(arena.arena.services, traces.handle, CHOICES["erase"])
    redacted = (await guest.get(path)).json()
    assert redacted["redacted_at"]
    assert redacted["version"] == whole["version"] == version
    assert MARK in json.dumps(redacted, ensure_ascii=False)
    assert traces.kept[0] in json.dumps(redacted)
    html = await page(arena, f"/ideas/{traces.ref}/versions/{place}")
    assert "Seitdem wurden Stellen gelöscht" in html


async def test_x2_text_may_stay_under_the_pseudonym(arena: Everyone) -> None:
    handle, ref = await newcomer(arena)
    browser = await signed_in(arena, handle)
    alone = {"kind": "need", "title": "Ein einsamer Entwurf", "sections": {}}
    draft = (await browser.post("/api/v1/ideas", json=alone)).json()["ref"]
    assert (await erase(browser, text="keep")).status_code == 303
    shown = await page(arena, f"/ideas/{ref}")
    assert "nurvonnele" in shown
    assert "Nele Neu" not in shown
    assert "Ehemalige Person" in shown
    assert "Ein einsamer Entwurf" not in await page(arena, f"/ideas/{draft}", "moderator")
    async with arena.arena.services.database.read() as tx:
        public = await events.since(tx, 0, public_only=True)
    assert draft not in {each.ref for each in public}


async def test_x3_text_may_go_at_some_ideas_only(arena: Everyone) -> None:
    handle, ref = await newcomer(arena)
    other = await arena.idea("open")
    await type_out(arena, other, handle, "situation", "bleibtstehen")
    browser = await signed_in(arena, handle)
    assert (await erase(browser, text="some")).status_code == 422
    assert (await erase(browser, text="some", refs=[ref])).status_code == 303
    assert "bleibtstehen" in await page(arena, f"/ideas/{other}")
    assert "nurvonnele" not in await page(arena, f"/ideas/{ref}")


async def test_l7_late_text_of_others_stays_without_what_was_erased_around_it(
    arena: Everyone,
) -> None:
    traces = await leave_traces(arena)
    document_id = await document_of(arena, traces.ref)
    async with arena.arena.services.database.read() as tx:
        his, others = await late.of_document(tx, document_id)
    assert [row.state for row in (his, others)] == ["waiting", "waiting"]
    assert "saat" in others.passages[0][2], "the paragraph around it is the person's"
    export = json.dumps((await exported(arena, traces.handle))["late_text"])
    assert his.passages[0][2] in json.loads(export)[0]["passages"][0][2]
    await erasure.erase_person(arena.arena.services, traces.handle, CHOICES["erase"])
    async with arena.arena.services.database.read() as tx:
        his, others = await late.of_document(tx, document_id)
    assert (his.state, his.reason, his.passages) == ("set_aside", "erased", [])
    assert (others.state, others.reason, others.update) == ("set_aside", "stale-document", None)
    read = " ".join(text for passage in others.passages for text in passage)
    assert f"{MARK}fremdspaet" in read
    assert "saat" not in read


async def exported(arena: Everyone, handle: str) -> dict[str, Any]:
    """What the person gets who asks for everything."""
    services = arena.arena.services
    async with services.database.read() as tx:
        person = await stored.by_handle(tx, handle)
    assert person is not None
    return await holdings_of(services, person)


async def test_x8_an_unconfirmed_erasure_changes_nothing(arena: Everyone) -> None:
    handle, ref = await newcomer(arena)
    browser = await signed_in(arena, handle)
    refused: list[tuple[dict[str, Any], str]] = [
        ({"password": "falsch"}, "password"),
        ({"confirmed": ""}, "confirmed"),
        ({"text": ""}, "text"),
        ({"text": "some", "refs": ["2026-99999"]}, "refs"),
    ]
    for fields, field in refused:
        answer = await erase(browser, **fields)
        assert answer.status_code == 422
        assert f'href="#f-{field}"' in answer.text
    assert (await browser.get("/api/v1/me")).json()["name"] == "Nele Neu"
    assert "nurvonnele" in await page(arena, f"/ideas/{ref}")


async def test_x8_a_token_erases_nobody(arena: Everyone) -> None:
    handle, _ = await newcomer(arena)
    program = await arena.client(handle)
    body = {"text": "erase", "confirmed": True, "password": PASSWORD}
    assert (await program.post("/api/v1/me/erasure", json=body)).status_code == 403
    assert (await erase(program)).status_code == 403
    browser = await signed_in(arena, handle)
    assert (await browser.post("/api/v1/me/erasure", json=body)).status_code == 204
    assert (await program.get("/api/v1/me")).status_code == 401


async def test_x8_who_has_no_password_must_have_signed_in_just_now(arena: Everyone) -> None:
    browser = await signed_in_by_link(arena, "expert")
    arena.arena.clock.pass_by(minutes=16)
    late = await erase(browser, password="")
    assert late.status_code == 422
    assert "ab und neu an" in late.text
    fresh = await signed_in_by_link(arena, "expert")
    assert (await erase(fresh, password="")).status_code == 303


async def test_x2_a_former_person_cannot_be_brought_back(arena: Everyone) -> None:
    services = arena.arena.services
    handle, _ = await newcomer(arena)
    person_id = (await arena.actor(handle)).person_id
    assert person_id is not None
    await erasure.erase_person(services, handle, CHOICES["keep"])
    async with services.database.read() as tx:
        row = await stored.get(tx, person_id)
    assert row is not None
    assert row.handle.startswith("former-")
    with pytest.raises(NotFound):
        await people.restore(services, None, row.handle)
    with pytest.raises(NotFound):
        await people.grant_role(services, None, row.handle, Role.CDO)
    with pytest.raises(NotFound):
        await links.make_reset_link(services, None, row.handle)
    with pytest.raises(NotFound):
        await erasure.erase_person(services, row.handle, CHOICES["keep"])
    with pytest.raises(NotFound):
        await erasure.plan(services, row.handle, Choice())


async def test_x5_who_decided_keeps_the_office_and_who_judged_the_part_of_society(
    arena: Everyone,
) -> None:
    services, office = arena.arena.services, await arena.actor("office")
    traces = await leave_traces(arena)
    for handle in (traces.handle, "expert"):
        await set_organisation(
            services, office, handle, name="Bezirksamt Mitte", actor_class="administration"
        )
    expert = await arena.actor("expert")
    await erasure.erase_person(services, traces.handle, CHOICES["erase"])
    await erasure.erase_person(services, "expert", CHOICES["erase"])
    assert expert.person_id is not None
    async with services.database.read() as tx:
        members = await stored.memberships(tx, [traces.person_id, expert.person_id])
        offered = await stored.organisations(tx, on=services.clock().date())
    (decided,), (judged,) = members[traces.person_id], members[expert.person_id]
    assert decided.organisation.name == "Bezirksamt Mitte"
    assert (judged.organisation.actor_class, judged.organisation.name) == ("administration", "–")
    assert [each.name for each in offered] == ["Bezirksamt Mitte"]


async def test_x2_x4_sockets_and_rooms_learn_it_by_the_events(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = arena.arena.services
    handle, ref = await newcomer(arena)
    person_id, document_id = (await arena.actor(handle)).person_id, await document_of(arena, ref)
    told: list[Any] = []

    async def note(subject: Any) -> None:
        told.append(subject)

    monkeypatch.setattr(services.hub, "send_away", told.append)
    monkeypatch.setattr(services.hub, "access_changed", note)
    await erasure.erase_person(services, handle, CHOICES["erase"])
    assert told == [person_id, document_id]


async def _stage_change(arena: Everyone, ref: str) -> dict[str, Any]:
    """The event of the one official act at the idea."""
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")
    (found,) = [each for each in answer.json()["events"] if each["kind"] == "stage_changed"]
    event: dict[str, Any] = found
    return event
