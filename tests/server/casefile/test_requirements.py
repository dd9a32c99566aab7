"""Requirements: raised by anybody active, answered by the team, told to who raised them."""

import asyncio
import base64
from typing import Any

import httpx2
import pytest

from collab.process.casefile import requirements as rules
from server.actions.casefile import requirements as actions
from server.mail import mails_about
from storage import people
from tests.server.casefile.records import call
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.pages.reading import Page

POSITION = base64.b64encode(b"here").decode()
ANCHOR = {
    "section": "situation",
    "start": POSITION,
    "end": POSITION,
    "quote": "Text zu situation",
    "prefix": "",
    "suffix": ".",
}


async def ask(arena: Everyone, ref: str, by: str = "participant", **more: Any) -> httpx2.Response:
    body = {"text": "Ohne Stufen erreichbar.", **more}
    return await call(arena, by, "POST", f"{ref}/requirements", **body)


async def answer(
    arena: Everyone, ref: str, number: int = 1, *, by: str = "author", seen: int = 0, **more: Any
) -> httpx2.Response:
    body = {"state": "partly", "because": "Nur am Haupteingang.", "expected_revision": seen}
    return await call(arena, by, "PUT", f"{ref}/requirements/{number}/answer", **(body | more))


async def with_address(arena: Everyone, handle: str, language: str = "de") -> str:
    """Give the person an address to write to."""
    email = f"{handle}@beispiel.test"
    async with arena.arena.services.database.write() as tx:
        person = await people.by_handle(tx, handle)
        assert person is not None
        await people.set_email(tx, person.id, email)
        await people.set_language(tx, person.id, language)
    return email


async def test_f7_anybody_active_asks_and_others_only_read(arena: Everyone) -> None:
    ref = await arena.idea("open")
    for number, by in enumerate(("participant", "expert", "author", "moderator"), 1):
        assert (await ask(arena, ref, by)).json()["number"] == number
    for by, status in (("guest", 401), ("observer", 403), ("auditor", 403)):
        assert (await ask(arena, ref, by)).status_code == status
    found = (await call(arena, "guest", "GET", f"{ref}/requirements")).json()["requirements"]
    assert [each["raised_by"]["handle"] for each in found] == [
        "participant",
        "expert",
        "author",
        "moderator",
    ]


async def test_f7_what_was_said_elsewhere_names_who_said_it(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await ask(arena, ref, recorded_for="Jugendrat Wedding", section="situation")
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    item = page.one("li", id="requirement-1").text
    assert "für Jugendrat Wedding, notiert von Participant" in item


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"text": " "}, {"text": "empty"}),
        ({"section": "weather"}, {"section": "unknown-choice"}),
        ({"anchor": ANCHOR | {"section": "weather"}}, {"anchor.section": "unknown"}),
        ({"anchor": ANCHOR | {"start": "?"}}, {"anchor.start": "malformed"}),
    ],
)
async def test_f7_a_faulty_requirement_names_the_field(
    arena: Everyone, more: dict[str, Any], fields: dict[str, str]
) -> None:
    refused = await ask(arena, await arena.idea("open"), **more)
    assert (refused.status_code, refused.json()["fields"]) == (422, fields)


async def test_f7_an_idea_holds_only_as_many_as_can_be_answered(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "REQUIREMENTS_MAX", 2)
    ref = await arena.idea("open")
    codes = [each.status_code for each in [await ask(arena, ref) for _ in range(3)]]
    assert codes == [201, 201, 409]
    assert rules.REQUIREMENTS_MAX == 500


async def test_f7_numbers_are_given_once_also_to_many_at_once(arena: Everyone) -> None:
    ref = await arena.idea("open")
    asked = await asyncio.gather(*(ask(arena, ref) for _ in range(8)))
    assert sorted(each.json()["number"] for each in asked) == list(range(1, 9))


async def test_ac_g9a_a_requirement_without_a_state_stands_in_the_way(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await ask(arena, ref)
    page = Page(await (await arena.client("author")).get(f"/ideas/{ref}"))
    (way,) = [
        each for each in page.all("a", class_="condition-way") if "#requirements" in each["href"]
    ]
    assert way.text == "Jetzt erledigen"
    await answer(arena, ref)
    page = Page(await (await arena.client("author")).get(f"/ideas/{ref}"))
    assert "#requirements" not in [
        each["href"][-13:] for each in page.all("a", class_="condition-way")
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("de", "zum Teil aufgenommen"), ("en", "taken up in part")]
)
async def test_f8_ac_g9b_who_raised_it_is_told_in_his_language(
    arena: Everyone, language: str, words: str
) -> None:
    email = await with_address(arena, "expert", language)
    ref = await arena.idea("open")
    await ask(arena, ref, "expert")
    done = await answer(arena, ref)
    assert done.json()["answer"]["state"] == "partly"
    await arena.arena.services.mail.close()
    outbox = arena.arena.services.settings.outbox
    (mail,) = [mail for mail in mails_about(outbox, email, "Expert") if ref in mail.subject]
    text = mail.path.read_text("utf-8", "replace")
    assert words in text
    assert "Nur am Haupteingang." in text
    assert f"/ideas/{ref}#requirement-1" in text.replace("=\n", "")


async def test_f8_nobody_gets_a_mail_about_what_he_wrote_himself(arena: Everyone) -> None:
    email = await with_address(arena, "author")
    ref = await arena.idea("open")
    await ask(arena, ref, "author")
    await answer(arena, ref, by="author")
    await arena.arena.services.mail.close()
    outbox = arena.arena.services.settings.outbox
    assert not [mail for mail in mails_about(outbox, email, "Author") if ref in mail.subject]


async def test_f8_only_the_team_answers_and_a_stale_page_overwrites_nothing(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    await ask(arena, ref)
    for by in ("participant", "moderator", "office"):
        assert (await answer(arena, ref, by=by)).status_code == 403
    assert (await answer(arena, ref, by="editor")).status_code == 200
    late = await answer(arena, ref, by="lead", state="not", because="Zu teuer.")
    assert (late.status_code, late.json()["code"]) == (409, "requirement-moved")
    assert late.json()["current"]["by"] == "Editor"
    early = await answer(arena, ref, seen=7)
    assert early.status_code == 409
    again = await answer(arena, ref, by="lead", seen=1, state="taken_up", because="Doch.")
    assert again.json()["answer"]["because"] == "Doch."
    assert (await answer(arena, ref, 9)).json()["code"] == "requirement-unknown"


async def test_ac_g9c_the_link_to_the_passage_survives_edits_of_the_text(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await ask(arena, ref, anchor=ANCHOR)
    await answer(arena, ref, anchor=ANCHOR | {"section": "idea", "quote": "Text zu idea"})
    await write(arena, ref, "author", "situation", "Und noch etwas.")
    (found,) = (await call(arena, "guest", "GET", f"{ref}/requirements")).json()["requirements"]
    assert found["anchor"] == ANCHOR
    assert found["answer"]["section"] == "idea"
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    item = page.one("li", id="requirement-1")
    assert "Text zu situation" in item["data-anchor"]
    assert "Text zu idea" in page.one("div", id="requirement-1-met")["data-anchor"]


async def test_the_forms_work_without_scripts_and_keep_what_was_typed(arena: Everyone) -> None:
    ref = await arena.idea("open")
    citizen, team = await arena.client("participant"), await arena.client("author")
    fields = {"requirement_text": "Leise.", "requirement_section": "idea"}
    done = await citizen.post(f"/ideas/{ref}/requirements", data=fields, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/ideas/{ref}#requirement-1")
    assert 'id="answer"' not in (await citizen.get(f"/ideas/{ref}?requirement=1")).text
    page = Page(await team.get(f"/ideas/{ref}?requirement=1"))
    path = next(each["action"] for each in page.all("form") if "/answer" in each["action"])
    wrong = {"expected_revision": "0", "requirement_because": "Weil.", "requirement_state": ""}
    refused = await team.post(path, data=wrong)
    assert (refused.status_code, "Weil." in refused.text) == (422, True)
    assert 'href="#f-requirement_state"' in refused.text
    right = wrong | {"requirement_state": "taken_up", "met_section": "idea"}
    assert (await team.post(path, data=right, follow_redirects=False)).status_code == 303


async def test_f8_who_may_not_read_the_idea_any_more_is_not_told_of_it(arena: Everyone) -> None:
    ref = await arena.idea()
    await with_address(arena, "editor")
    await with_address(arena, "moderator")
    for number, by in enumerate(("editor", "moderator"), 1):
        assert (await ask(arena, ref, by)).json()["number"] == number
    left = await call(arena, "author", "DELETE", f"{ref}/team/editor/editor")
    assert left.status_code == 204
    for number in (1, 2):
        assert (await answer(arena, ref, number)).status_code == 200
    services = arena.arena.services
    await services.mail.close()
    told = [
        mails_about(services.settings.outbox, f"{each}@beispiel.test", each.title())
        for each in ("editor", "moderator")
    ]
    assert [len(each) for each in told] == [0, 1]
