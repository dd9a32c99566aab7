"""The pages of an evening without scripts: the way in, the evening, its codes, opening one."""

from __future__ import annotations

import asyncio
import re

import pytest

from server.actions.workshop import doors, leading, seats
from server.actions.workshop.joining import send_out
from storage import people
from storage.workshop import attendances, workshops
from tests.server.workshop.evening import Evening

KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')


async def test_jn15_a_stranger_sees_a_title_a_name_a_table_and_one_button(kiez: Evening) -> None:
    browser = kiez.everyone.arena.browser()
    page = (await browser.get(f"/w/{kiez.code}")).text
    main = page[page.index("<main") : page.index("</main>")]
    assert "Kiezabend" in main
    assert len(re.findall("<button", main)) == 1
    assert re.findall(r'name="(\w+)"', main) == ["key", "name", "table"]
    assert [each.name in main for each in kiez.tables] == [True, True, True]
    # The code of a table asks for no table, and however it is typed leads to one address.
    code = kiez.tables[1].code
    moved = await browser.get(f"/w/{code[:3].lower()}-{code[3:]}")
    assert (moved.status_code, moved.headers["location"]) == (303, f"/w/{code}")
    page = (await browser.get(f"/w/{code}")).text
    assert 'name="table"' not in page
    assert "Tisch: Tisch 2" in page
    await browser.aclose()


async def test_jn15_a_name_and_a_press_and_one_is_in(kiez: Evening) -> None:
    browser = kiez.everyone.arena.browser()
    code = kiez.tables[0].code
    key = found(KEY, (await browser.get(f"/w/{code}")).text)
    answers = await asyncio.gather(
        *(browser.post(f"/w/{code}", data={"name": "Ana", "key": key}) for _ in range(2))
    )
    assert {each.headers["location"] for each in answers} == {f"/w/{kiez.code}"}
    page = (await browser.get(f"/w/{kiez.code}")).text
    for words in ("Schritt 1 von 4", "Sammeln", "Sie sitzen an: Tisch 1", "Hand heben"):
        assert words in page
    for way in ("board", "minutes", "harvest"):
        assert f'href="/w/{kiez.code}/{way}"' in page
    assert 'id="l-agenda"' not in page, "nothing of leading"
    assert await names(kiez) == ["Ana"]
    # The code of another table, read while being in, offers to sit there and changes nothing.
    other = kiez.tables[1].code
    assert "An diesen Tisch setzen" in (await browser.get(f"/w/{other}")).text
    assert "Sie sitzen an: Tisch 1" in (await browser.get(f"/w/{kiez.code}")).text
    await browser.post(f"/w/{other}")
    assert "Sie sitzen an: Tisch 2" in (await browser.get(f"/w/{kiez.code}")).text
    await browser.aclose()


async def test_jn15_what_is_wrong_stands_at_the_field(kiez: Evening) -> None:
    browser = kiez.everyone.arena.browser()
    for data, words in (
        ({"name": " "}, "Diese Angabe fehlt."),
        ({"name": "x" * 61}, "Das ist zu lang."),
        ({"name": "Ana", "table": "9"}, "Bitte wählen Sie eine der Möglichkeiten."),
    ):
        answer = await browser.post(f"/w/{kiez.code}", data=data)
        assert answer.status_code == 422
        assert words in answer.text, answer.text
    for code, status in (("ZZZZZZ", 404), ("ABC", 422)):
        for path in (f"/w/{code}", f"/w?code={code}"):
            answer = await browser.get(path)
            assert (answer.status_code, 'name="code"' in answer.text) == (status, True)
            assert ("Ein Code hat sechs Zeichen" in answer.text) == (status == 422)
    assert (await browser.get(f"/w?code={kiez.code.lower()}")).headers["location"] == (
        f"/w/{kiez.code}"
    )
    boss = await kiez.everyone.actor("moderator")
    await doors.close_joining(kiez.everyone.arena.services, boss, kiez.code)
    page = (await browser.get(f"/w/{kiez.code}")).text
    assert "niemand mehr neu hineinkommen" in page
    assert "<form" not in page
    assert (await browser.post(f"/w/{kiez.code}", data={"name": "Bo"})).status_code == 409
    assert await names(kiez) == []
    await browser.aclose()


async def test_jn9_an_account_comes_in_with_one_press_and_a_guest_of_another_evening_as_new(
    kiez: Evening,
) -> None:
    participant = await kiez.everyone.client("participant")
    page = (await participant.get(f"/w/{kiez.code}")).text
    assert "Sie sind dabei als Participant." in page
    assert 'name="name"' not in page
    await participant.post(f"/w/{kiez.code}", data={"table": "2"})
    assert "Sie sitzen an: Tisch 2" in (await participant.get(f"/w/{kiez.code}")).text
    other = await open_by_form(kiez, title="Zweiter Abend", tables="1", template="check-in")
    browser = kiez.everyone.arena.browser()
    await browser.post(f"/w/{kiez.code}", data={"name": "Ana"})
    assert 'name="name"' in (await browser.get(f"/w/{other}")).text
    await browser.post(f"/w/{other}", data={"name": "Ana"})
    assert "Zweiter Abend" in (await browser.get(f"/w/{other}")).text
    assert sorted(await names(kiez)) == ["Ana", "Participant"]
    await browser.aclose()


async def test_jn6_the_page_of_who_was_sent_out_says_so(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    browser = kiez.everyone.arena.browser()
    await browser.post(f"/w/{kiez.code}", data={"name": "Vandal"})
    async with services.database.read() as tx:
        (row,) = await attendances.of_workshop(tx, kiez.workshop.id)
    await send_out(services, boss, kiez.code, row.person_id)
    for part in ("step", "room", "lead"):
        answer = await browser.get(f"/w/{kiez.code}/fragments/{part}")
        assert "nicht mehr dabei" in answer.text
        assert "Sammeln" not in answer.text
    assert (await browser.get(f"/w/{kiez.code}/fragments/other")).status_code == 404
    member = await kiez.everyone.client("participant")
    await member.post(f"/w/{kiez.code}")
    actor = await kiez.everyone.actor("participant")
    assert actor.person_id is not None
    await send_out(services, boss, kiez.code, actor.person_id)
    page = (await member.get(f"/w/{kiez.code}")).text
    assert "herausgenommen" in page
    assert "<form" not in page
    await browser.aclose()


async def test_ws14_who_leads_does_so_by_forms_on_the_same_page(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    guest, actor = await kiez.guest("Ana")
    await seats.raise_hand(kiez.everyone.arena.services, actor, kiez.code, up=True)
    page = (await boss.get(f"/w/{kiez.code}")).text
    for words in ("Alle zu Schritt 2", "1 Hand oben", "1 Person ist da", "Moderiert auch"):
        assert words in page
    seen = (await kiez.now()).revision
    for name, data in (
        ("step", {"step": "2", "timer": "yes", "revision": str(seen)}),
        ("timer", {"deed": "more-5"}),
        ("hands", {"deed": "rest"}),
        ("hands", {"lower": str(guest.person_id)}),
        ("wall", {"names": "yes"}),
        ("door", {"deed": "prolong", "hours": "24"}),
        ("door", {"deed": "close"}),
        ("table", {"number": "1", "name": "Am Fenster"}),
        ("table", {"name": "Balkon", "remote": "yes"}),
        ("people", {"person": str(guest.person_id), "deed": "seat", "table": "4"}),
        ("facilitators", {"handle": "office"}),
        ("facilitators", {"remove": "office"}),
    ):
        answer = await boss.post(f"/w/{kiez.code}/{name}", data=data)
        assert answer.headers["location"] == f"/w/{kiez.code}", answer.text
    held = await kiez.now()
    assert (held.step, held.is_frozen, held.shows_names) == (1, True, True)
    assert held.timer_ends_at is not None
    assert (held.timer_ends_at - kiez.everyone.arena.services.clock()).seconds == 15 * 60
    page = (await boss.get(f"/w/{kiez.code}")).text
    for words in ("Alle Hände ruhen.", "0 Hände oben", "Am Fenster", "Balkon", "15:00"):
        assert words in page
    # Who saw the step before is told, and nothing happens.
    late = await boss.post(f"/w/{kiez.code}/step", data={"step": "3", "revision": str(seen)})
    assert late.status_code == 409
    assert "Jetzt läuft Schritt 2." in late.text
    await boss.post(f"/w/{kiez.code}/people", data={"person": str(guest.person_id), "deed": "out"})
    await boss.post(f"/w/{kiez.code}/door", data={"deed": "end"})
    assert "Doch weitermachen" in (await boss.get(f"/w/{kiez.code}")).text


@pytest.mark.parametrize(
    "name", ["step", "timer", "hands", "wall", "door", "table", "people", "facilitators"]
)
async def test_ws4_forms_of_those_who_lead_are_refused_to_others(kiez: Evening, name: str) -> None:
    somebody = "00000000-0000-4000-8000-000000000000"
    data = {"step": "2", "deed": "stop", "person": somebody, "lower": somebody, "handle": "x"}
    data |= {"name": "x", "table": "1"}
    if name in {"door", "hands"}:
        data["deed"] = {"door": "end", "hands": "rest"}[name]
    member = kiez.everyone.arena.browser()
    await member.post(f"/w/{kiez.code}", data={"name": "Ana"})
    stranger = await kiez.everyone.client("expert")
    nobody = await kiez.everyone.client("guest")
    before = await kiez.now()
    for client, status in ((member, 403), (stranger, 404), (nobody, 401)):
        answer = await client.post(f"/w/{kiez.code}/{name}", data=data)
        assert answer.status_code == status, answer.text
    assert await kiez.now() == before
    assert (await member.get(f"/w/{kiez.code}/codes")).status_code == 403
    await member.aclose()


async def test_ws15_codes_are_printed_with_their_address_as_text(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    page = (await boss.get(f"/w/{kiez.code}/codes")).text
    assert page.count('class="qr"') == 4
    for code in (kiez.code, *(each.code for each in kiez.tables)):
        assert f"http://arena.test/w/{code}" in page
        assert f"{code[:3]} {code[3:]}" in page


async def test_ws3_an_evening_is_opened_by_a_form_and_another_one_like_it(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    page = (await boss.get("/workshops")).text
    assert "Kiezabend" in page
    assert page.count('name="template"') == 3
    code = await open_by_form(
        kiez,
        title="Ideen für den Park",
        template="idea-evening",
        tables="3",
        names="Wiese\n\nSpielplatz\n",
        dots="7",
    )
    page = (await boss.get(f"/workshops?like={code}")).text
    assert "Der Ablauf ist der von" in page
    again = await open_by_form(
        kiez, title="Und noch einer", tables="3", names="Wiese", like=code, remote=""
    )
    async with kiez.everyone.arena.services.database.read() as tx:
        (first, _), (second, _) = [
            found
            for each in (code, again)
            if (found := await workshops.by_code(tx, each)) is not None
        ]
        names = [
            [each.name for each in await workshops.tables(tx, held.id)] for held in (first, second)
        ]
    assert names == [
        ["Wiese", "Spielplatz", "Tisch 3", "Von anderswo"],
        ["Wiese", "Tisch 2", "Tisch 3"],
    ]
    assert (second.agenda, second.template_id) == (first.agenda, "idea-evening")
    assert (first.dots_per_person, len(first.agenda)) == (7, 6)
    for faulty, field in (
        ({"title": ""}, "f-title"),
        ({"tables": "41"}, "f-tables"),
        ({"tables": "x"}, "f-tables"),
        ({"hours": "73"}, "f-hours"),
        ({"dots": "51"}, "f-dots"),
        ({"template": "none"}, "f-template"),
    ):
        answer = await boss.post("/workshops", data={**FORM, **faulty})
        assert answer.status_code == 422, faulty
        assert f'href="#{field}"' in answer.text, faulty
    member = await kiez.everyone.client("participant")
    page = (await member.get("/workshops")).text
    assert 'action="/workshops"' not in page
    assert (await member.post("/workshops", data=FORM)).status_code == 403
    assert (await member.get(f"/workshops?like={code}")).status_code == 404


async def test_ws16_the_state_survives_everybodys_reload(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    browser = kiez.everyone.arena.browser()
    await browser.post(f"/w/{kiez.code}", data={"name": "Ana"})
    await leading.go_to_step(services, boss, kiez.code, 2, starts_timer=True)
    kiez.everyone.arena.clock.pass_by(seconds=61)
    page = (await browser.get(f"/w/{kiez.code}")).text
    step = (await browser.get(f"/w/{kiez.code}/fragments/step")).text
    assert "3:59" in step
    assert step in page
    kiez.everyone.arena.clock.pass_by(minutes=10)
    assert "0:00" in (await browser.get(f"/w/{kiez.code}/fragments/step")).text
    english = (await browser.get(f"/w/{kiez.code}?lang=en")).text
    assert "Vote" in english
    assert "Punkten" not in english
    await browser.aclose()


async def test_o2_no_page_of_an_evening_takes_words_for_markup(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    markup = "<script>x</script>"
    code = await open_by_form(kiez, title=markup, names=f"{markup}\n<b>2")
    browser, leader = kiez.everyone.arena.browser(), await kiez.everyone.client("moderator")
    async with services.database.read() as tx:
        held = await workshops.by_code(tx, code)
        assert held is not None
        (table, *_) = await workshops.tables(tx, held[0].id)
    pages = [await browser.get(f"/w/{each}") for each in (code, table.code)]
    await browser.post(f"/w/{code}", data={"name": markup, "table": "1"})
    guest = (await browser.get("/")).text
    assert "&lt;script&gt;" in guest
    await browser.post(f"/w/{code}/hand", data={"up": "yes"})
    await leading.go_to_step(services, boss, code, 1)
    pages.append(await browser.get(f"/w/{code}"))
    pages += [
        await leader.get(path)
        for path in (f"/w/{code}", f"/w/{code}/codes", "/workshops", f"/workshops?like={code}")
    ]
    pages.append(await browser.get("/w", params={"code": markup}))
    for page in pages:
        assert markup not in page.text, page.url
        assert "<b>2" not in page.text, page.url
    assert sum("&lt;script&gt;" in page.text for page in pages) == len(pages)
    await browser.aclose()


FORM = {"title": "Abend", "template": "check-in", "tables": "1", "hours": "12", "dots": "5"}


async def open_by_form(kiez: Evening, **fields: str) -> str:
    """A new workshop of the moderator; its code."""
    boss = await kiez.everyone.client("moderator")
    answer = await boss.post("/workshops", data={**FORM, "remote": "yes", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/w/")


async def names(kiez: Evening) -> list[str]:
    """Who is there."""
    async with kiez.everyone.arena.services.database.read() as tx:
        rows = await attendances.of_workshop(tx, kiez.workshop.id)
        persons = await people.named(tx, [each.person_id for each in rows])
        return [persons[each.person_id].name for each in rows]


def found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    assert match is not None, text
    return match[1]
