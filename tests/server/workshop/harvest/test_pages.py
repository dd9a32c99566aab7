"""The harvest over HTTP: what each sees, what forms say, what the files hold."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from docx import Document
from icalendar import Calendar

from collab.process.calendar.berlin import BERLIN
from server.actions.workshop.harvest.leading import publish
from server.auth.cookie import cookie_name
from storage import ideas
from storage.workshop import dots
from tests.server.exporting.files.papers import HOSTILE, ReadPdf
from tests.server.idea.writing import write_in
from tests.server.workshop.evening import Evening
from tests.server.workshop.harvest.test_acts import add, change, open_at_table

FILES = (".pdf", ".docx", ".md", "/points.csv", "/ideas.csv", ".ics")


class Harvest:
    """An evening with one of everything, and the people who look at it."""

    def __init__(self, kiez: Evening, guest: httpx2.AsyncClient) -> None:
        self.kiez = kiez
        self.guest = guest
        self.path = f"/w/{kiez.code}/harvest"

    async def client(self, who: str) -> httpx2.AsyncClient:
        return self.guest if who == "ana" else await self.kiez.everyone.client(who)

    async def get(self, who: str, path: str = "") -> httpx2.Response:
        return await (await self.client(who)).get(self.path + path)

    async def post(self, who: str, path: str, **form: str) -> httpx2.Response:
        return await (await self.client(who)).post(self.path + path, data=form)


@pytest.fixture
async def harvest(kiez: Evening) -> Harvest:
    arena = kiez.everyone.arena
    joined, _ = await kiez.guest("Ana")
    assert joined.signed_in is not None
    guest = arena.browser(
        Cookie=f"{cookie_name(arena.services.settings)}={joined.signed_in.secret}"
    )
    return Harvest(kiez, guest)


async def test_hv7_a_guest_writes_down_changes_and_takes_out_by_forms(harvest: Harvest) -> None:
    form = {"point_kind": "task", "point_text": "Kabel <b>leihen</b>", "point_who": "Ana"}
    done = await harvest.post("ana", "/points", **form)
    assert (done.status_code, done.headers["location"]) == (303, f"{harvest.path}#point-1")
    page = (await harvest.get("ana")).text
    assert "Kabel &lt;b&gt;leihen&lt;/b&gt;" in page
    refused = await harvest.post("ana", "/points", **{**form, "point_text": " ", "point_due": "x"})
    assert refused.status_code == 422
    assert 'href="#f-point_text"' in refused.text
    assert 'href="#f-point_due"' in refused.text
    assert 'value="Ana"' in refused.text
    assert (await harvest.get("ana", "/points")).status_code == 303
    edit = await harvest.get("ana", "/points/1")
    assert "Kabel &lt;b&gt;leihen&lt;/b&gt;" in edit.text
    changed = await harvest.post("ana", "/points/1", **{**form, "point_text": "Kabel besorgen"})
    assert changed.status_code == 303
    assert "Kabel besorgen" in (await harvest.get("ana", "/fragments/found")).text
    await harvest.post("ana", "/points/1/state", state="done")
    assert "is-done" in (await harvest.get("ana")).text
    await harvest.post("ana", "/points/1/state", state="gone")
    assert "Kabel" not in (await harvest.get("ana")).text
    assert (await harvest.get("ana", "/points/1")).status_code == 404
    assert (await harvest.get("ana", "/points/x")).status_code == 404


async def test_hv9_what_each_may_see_and_do(harvest: Harvest) -> None:
    kiez = harvest.kiez
    moderator = await kiez.everyone.actor("moderator")
    await add(kiez, moderator, "Nur für uns")
    for who, status in (("moderator", 200), ("ana", 200), ("participant", 403), ("guest", 403)):
        for path in ("", "/fragments/found", ".pdf", ".md", "/points.csv", "/ideas.csv"):
            assert (await harvest.get(who, path)).status_code == status, (who, path)
    lead = {"meeting": {}, "ideas": {"idea": "x"}, "publication": {"public": "yes"}, "handover": {}}
    for path, form in lead.items():
        assert (await harvest.post("ana", f"/{path}", **form)).status_code == 403, path
        assert (await harvest.post("participant", f"/{path}", **form)).status_code == 404, path
    assert "Für die Moderation des Abends" not in (await harvest.get("ana")).text
    assert "Für die Moderation des Abends" in (await harvest.get("moderator")).text
    assert (await harvest.post("moderator", "/publication", public="yes")).status_code == 303
    public = await harvest.get("guest")
    assert "Nur für uns" in public.text
    assert "<form" not in public.text.partition("<main")[2].partition("</main>")[0]
    assert (await harvest.get("guest", ".ics")).status_code == 404
    missing = await kiez.everyone.client("guest")
    assert (await missing.get("/w/ZZZZZZ/harvest")).status_code == 404
    assert (await missing.get(f"/w/{kiez.code}/minutes")).status_code == 403


async def test_hv9_drafts_are_counted_and_shown_to_their_teams_alone(harvest: Harvest) -> None:
    kiez = harvest.kiez
    moderator = await kiez.everyone.actor("moderator")
    open_ref = await kiez.everyone.idea("open", title="Offene Idee")
    private = await kiez.everyone.idea("draft", title="Geheimer Entwurf")
    await open_at_table(kiez, open_ref, 1)
    await open_at_table(kiez, private, 2)
    await add(kiez, moderator, "Dort nachfragen", idea=private)
    await publish(kiez.everyone.arena.services, moderator, kiez.code, is_public=True)
    for who in ("guest", "ana"):
        for path in ("", ".md", "/points.csv", "/ideas.csv"):
            text = (await harvest.get(who, path)).text.replace("\\", "")
            assert "Geheim" not in text, path
            assert private not in text, path
            assert ("Dort nachfragen" in text) == (path != "/ideas.csv")
        page = (await harvest.get(who)).text
        assert "Offene Idee" in page
        assert "Dazu 1 Entwurf, den nur sein Team liest." in page
    assert "Geheimer Entwurf" in (await harvest.get("moderator")).text


async def test_hv9_a_harvest_of_drafts_alone_is_not_called_empty(harvest: Harvest) -> None:
    private = await harvest.kiez.everyone.idea("draft", title="Geheimer Entwurf")
    assert "Noch keine." in (await harvest.get("ana")).text
    await open_at_table(harvest.kiez, private, 2)
    page = (await harvest.get("ana")).text
    assert "1 Entwurf, den nur sein Team liest." in page
    assert "Noch keine." not in page


async def full(harvest: Harvest) -> str:
    """An evening with one of everything, hostile where people write; the reference of the idea."""
    kiez = harvest.kiez
    moderator = await kiez.everyone.actor("moderator")
    ref = await kiez.everyone.idea("open", title=f"Idee {HOSTILE[:60]}")
    await open_at_table(kiez, ref)
    await add(kiez, moderator, f"=1+1 {HOSTILE}", who="Ana", idea=ref, due=day_of(harvest, 9))
    for kind, who in (("volunteer", "@Bo"), ("open_point", ""), ("decision_hint", "-Frau Y.")):
        await add(kiez, moderator, f"{kind}: {HOSTILE}", kind, who=who)
    date = {"day": day_of(harvest, 7), "begins": "18:00", "ends": "20:30"}
    place = "Rathaus;\r\nATTENDEE:mailto:x@example.org"
    answer = await harvest.post("moderator", "/meeting", **date, place=place)
    assert answer.status_code == 303, answer.text
    await write_in(
        kiez.everyone, await kiez.document("minutes"), "moderator", "minutes", "Wir waren viele."
    )
    return ref


def day_of(harvest: Harvest, days: int) -> str:
    now = harvest.kiez.everyone.arena.services.clock()
    return (now + timedelta(days=days)).astimezone(BERLIN).date().isoformat()


async def test_hv12_the_whole_harvest_can_be_taken_along(harvest: Harvest) -> None:
    ref = await full(harvest)
    read = ReadPdf((await harvest.get("ana", ".pdf")).content)
    assert read.is_universal
    assert read.title == f"Ernte: {harvest.kiez.workshop.title}"
    document = Document(io.BytesIO((await harvest.get("ana", ".docx")).content))
    cells = [c.text for table in document.tables for row in table.rows for c in row.cells]
    word = "\n".join([*(each.text for each in document.paragraphs), *cells])
    markdown = (await harvest.get("ana", ".md")).text.replace("\\", "")
    for said in (read.text, word, markdown):
        flat = "".join(said.split())
        for part in ("Wirwarenviele.", "Ana", "@Bo", "-FrauY.", ref, "Rathaus", "Author"):
            assert part in flat, part
        assert "root:" not in flat
    # The minutes come with the harvest, and no address is in it but those that people typed.
    assert "mailto:" not in "".join(read.links())
    for form in (".pdf", ".docx", ".md"):
        first, again = [(await harvest.get("ana", form)).content for _ in range(2)]
        assert first == again
    english = await (await harvest.client("ana")).get(f"{harvest.path}.md?lang=en")
    assert "## Minutes" in english.text


async def test_hv12_sheets_have_a_row_for_each_and_no_formula(harvest: Harvest) -> None:
    ref = await full(harvest)
    rows = {}
    for name in ("points", "ideas"):
        answer = await harvest.get("ana", f"/{name}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        code = harvest.kiez.code
        assert f'filename="harvest-{code}-{name}.csv"' in answer.headers["content-disposition"]
        text = answer.content.decode("utf-8-sig")
        rows[name] = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in rows["points"]] == ["Nr.", "1", "2", "3", "4"]
    assert rows["points"][1][1:4] == ["Aufgaben", f"'=1+1 {HOSTILE}", "Ana"]
    assert rows["points"][1][5:] == [ref, "nein"]
    assert [row[3] for row in rows["points"][2:]] == ["'@Bo", "", "'-Frau Y."]
    assert rows["ideas"][1][0] == ref
    assert rows["ideas"][1][5].endswith(f"/ideas/{ref}")


async def test_hv12_the_next_date_is_a_calendar_file(harvest: Harvest) -> None:
    await full(harvest)
    answer = await harvest.get("ana", ".ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    event: Any
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    starts_at = event.start.astimezone(BERLIN)
    assert (starts_at.date().isoformat(), starts_at.hour) == (day_of(harvest, 7), 18)
    assert event["SEQUENCE"] == 1
    assert "ATTENDEE" not in event
    uid = str(event["UID"])
    await harvest.post(
        "moderator", "/meeting", day=day_of(harvest, 8), begins="18:00", ends="20:00"
    )
    (event,) = Calendar.from_ical((await harvest.get("ana", ".ics")).content).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"]) == (uid, 2)


async def test_hv8_a_refused_date_keeps_what_was_typed_and_names_the_fields(
    harvest: Harvest,
) -> None:
    refused = await harvest.post("moderator", "/meeting", day="morgen", place="Saal <3>")
    assert refused.status_code == 422
    for field in ("day", "begins", "ends"):
        assert f'href="#f-{field}"' in refused.text
    assert "Saal &lt;3&gt;" in refused.text
    unknown = await harvest.post("moderator", "/ideas", idea="2026-99999")
    assert 'href="#f-idea"' in unknown.text


async def test_hv10_hv11_one_button_hands_over_and_the_idea_says_where_it_was(
    harvest: Harvest,
) -> None:
    ref = await full(harvest)
    done = await harvest.post("moderator", "/handover")
    assert done.headers["location"] == f"{harvest.path}?handed=1&left=0#handover"
    page = (await harvest.get("moderator", "?handed=1&left=0")).text
    assert "1 Aufgabe steht jetzt bei ihrer Idee." in page
    assert "Text am Ende des Abends" in page
    assert f'/ideas/{ref}/tasks#task-1"' in page
    title = harvest.kiez.workshop.title
    guest = await harvest.client("guest")
    timeline = (await guest.get(f"/ideas/{ref}/timeline")).text
    assert f"Bei der Werkstatt „{title}“ bearbeitet und mit 1 Aufgabe übergeben" in timeline
    at = f'href="{harvest.path}"'
    for who, links in (("guest", False), ("ana", True), ("moderator", True)):
        idea = (await (await harvest.client(who)).get(f"/ideas/{ref}")).text
        assert title in idea
        assert (at in idea) == links, who
    await harvest.post("moderator", "/publication", public="yes")
    assert at not in (await guest.get(f"/ideas/{ref}")).text
    await change(harvest.kiez, ended_at=harvest.kiez.everyone.arena.services.clock())
    assert at in (await guest.get(f"/ideas/{ref}")).text


async def test_hv9_the_minutes_are_written_by_who_is_there_while_hands_are_up(
    harvest: Harvest,
) -> None:
    path = f"/w/{harvest.kiez.code}/minutes"
    ana, moderator = [await harvest.client(each) for each in ("ana", "moderator")]
    page = (await ana.get(path)).text
    assert 'data-section="minutes"' in page
    assert 'data-access="write"' in page
    await change(harvest.kiez, is_frozen=True)
    assert 'data-access="read"' in (await ana.get(path)).text
    assert 'data-access="write"' in (await moderator.get(path)).text
    answer = await (await harvest.client("participant")).get(path)
    assert answer.status_code == 403


async def test_hv7_hv10_programs_write_the_harvest_as_people_do(harvest: Harvest) -> None:
    kiez = harvest.kiez
    ref = await kiez.everyone.idea("open")
    await open_at_table(kiez, ref)
    moderator = await harvest.client("moderator")
    path = f"/api/v1/workshops/{kiez.code}/harvest"
    body = {"kind": "task", "text": "Angebot holen", "who": "Ana", "idea": ref}
    made = await moderator.post(f"{path}/points", json=body)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"{path}/points/1"
    point = made.json()
    assert (point["who"], point["idea"], point["task"]) == ("Ana", ref, None)
    changed = await moderator.put(f"{path}/points/1", json={**body, "due": day_of(harvest, 3)})
    assert changed.json()["due"] == day_of(harvest, 3)
    faulty = await moderator.post(f"{path}/points", json={**body, "text": " ", "idea": "x"})
    assert (faulty.status_code, faulty.json()["fields"]) == (422, {"text": "empty"})
    assert (await moderator.post(f"{path}/handover")).json() == {"tasks": 1, "left": {}}
    assert (await moderator.post(f"{path}/handover")).json() == {"tasks": 0, "left": {}}
    assert (await moderator.delete(f"{path}/points/1")).status_code == 409
    extra = await moderator.post(f"{path}/points", json={**body, "kind": "volunteer"})
    number = extra.json()["number"]
    done = await moderator.put(f"{path}/points/{number}/state", json={"is_done": True})
    assert done.json()["is_done"] is True
    assert (await moderator.delete(f"{path}/points/{number}")).status_code == 204
    meeting = {"day": day_of(harvest, 7), "begins": "18:00", "ends": "20:00", "place": "Rathaus"}
    said = (await moderator.put(f"{path}/meeting", json=meeting)).json()["meeting"]
    assert (said["place"], said["change"]) == ("Rathaus", 1)
    assert (await moderator.put(f"{path}/meeting", json={})).json()["meeting"] is None
    assert (await moderator.post(f"{path}/ideas", json={"idea": ref})).status_code == 200
    stranger = await harvest.client("guest")
    assert (await stranger.get(path)).status_code == 403
    await moderator.put(f"{path}/publication", json={"is_public": True})
    whole = (await stranger.get(path)).json()
    assert (whole["is_public"], whole["minutes"], whole["hidden_ideas"]) == (True, "", 0)
    assert [(each["idea"], each["is_kept"]) for each in whole["ideas"]] == [(ref, True)]
    assert [(each["number"], each["task"]) for each in whole["points"]] == [(1, 1)]
    assert "email" not in str(whole)


async def test_hv11_what_notes_became_belongs_to_the_workshop(harvest: Harvest) -> None:
    kiez = harvest.kiez
    ref, other = await kiez.everyone.idea("open"), await kiez.everyone.idea("open", title="Anders")
    author = await kiez.everyone.actor("author")
    assert author.person_id is not None
    services = kiez.everyone.arena.services
    async with services.database.write() as tx:
        for note, each, begins in (("note-01", ref, True), ("note-02", other, False)):
            idea = await ideas.by_ref(tx, each)
            assert idea is not None
            await dots.link_idea(
                tx,
                kiez.workshop.id,
                note,
                idea.id,
                is_beginning=begins,
                by=author.person_id,
                now=services.clock(),
            )
    path = f"/api/v1/workshops/{kiez.code}/harvest"
    found = (await (await harvest.client("moderator")).get(path)).json()["ideas"]
    assert [(each["idea"], each["way"]) for each in found] == [(ref, "made"), (other, "added")]
    page = (await (await harvest.client("guest")).get(f"/ideas/{ref}")).text
    assert kiez.workshop.title in page
