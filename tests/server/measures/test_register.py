"""The public register and central measures over HTTP."""

import csv
import io

import pytest
from limits import parse

from server.api.measures import register
from server.auth import limits
from server.views.measures.register import Row, Search, rows
from storage import events
from tests.server.alignment.stating import LEARNING, state
from tests.server.measures.measuring import Measures
from tests.server.responsibility.organisations import MEMBER, SIGNATORY

CENTRAL = {"title": "Dashboard der Vorhaben", "text": "Zeigt, was läuft.", "status": "running"}


async def enter(
    arena: Measures, by: str = "office", expected: int = 201, /, **changes: object
) -> str:
    """A central measure; its number."""
    body = {**CENTRAL, "organisation_id": str(arena.ids["land"]), **changes}
    answer = await (await arena.arena.client(by)).post("/api/v1/central-measures", json=body)
    assert answer.status_code == expected, answer.text
    return str(answer.json().get("number", ""))


async def numbers(arena: Measures, query: str) -> list[str]:
    """The numbers that a search of the register finds."""
    answer = await arena.get(f"/api/v1/measures?limit=100&{query}")
    return [each["number"] for each in answer.json()["measures"]]


async def test_ac_a1_an_idea_that_became_a_measure_leaves_the_list_and_both_point_to_each_other(
    arena: Measures,
) -> None:
    ref = await arena.decided("amt", stage="decision")
    assert ref in (await arena.get("/")).text
    await arena.draft(ref)
    await arena.move(ref, "measure_decentral", "cdo")
    assert ref not in (await arena.get("/")).text
    assert ref in (await arena.get("/?stage=measure_decentral")).text
    page = await arena.get(f"/ideas/{ref}")
    number = await arena.number(ref)
    assert page.status_code == 200, "it keeps its address"
    assert f'href="/measures/{number}"' in page.text
    assert f'href="/ideas/{ref}"' in (await arena.get(f"/measures/{number}")).text
    assert (await arena.call("guest", "GET", ref))["measure"] == number
    assert (await arena.get(f"/api/v1/measures/{number}")).json()["ref"] == ref


async def test_m8_the_register_lists_all_kinds_and_narrows_by_each_filter(
    arena: Measures,
) -> None:
    decentral = await arena.decided("amt")
    await arena.draft(decentral)
    await arena.move(decentral, "measure_decentral", "cdo")
    await arena.move(decentral, "prototype", MEMBER)
    network = await arena.number(await arena.recognised())
    suspended_ref = await arena.recognised("firma")
    await arena.move(suspended_ref, "measure_network_pending", "office")
    local, suspended = await arena.number(decentral), await arena.number(suspended_ref)
    central = await enter(arena, title="Zentrales Verzeichnis", status="finished")
    expected = {
        "kind=decentral": {local},
        "kind=network": {network, suspended},
        "kind=central": {central},
        "progress=running": {local},
        "progress=planned": {network, suspended},
        "progress=finished": {central},
        "recognition=valid": {network},
        "recognition=suspended": {suspended},
        "q=VERZEICHNIS+zentral": {central},
        f"q={local.lower()}": {local},
        "kind=central&progress=planned": set(),
        "q=%25": set(),
    }
    everything = {local, network, suspended, central}
    for query, wanted in expected.items():
        assert set(await numbers(arena, query)) & everything == wanted, query
        page = (await arena.get(f"/measures?{query}")).text
        assert {each for each in everything if f'href="/measures/{each}"' in page} == wanted


async def test_m8_the_register_names_the_fields_of_action_that_a_measure_pays_into(
    arena: Measures,
) -> None:
    ref = await arena.decided("amt", stage="open")
    assert (await state(arena.arena, ref, LEARNING)).status_code == 200
    await arena.put(ref, "open", "decision")
    await arena.draft(ref)
    await arena.move(ref, "measure_decentral", "cdo")
    number = await arena.number(ref)
    found = (await arena.get(f"/api/v1/measures/{number}")).json()
    assert found["fields"] == ["learning_together"]
    central = await enter(arena, fields=["future_for_all"])
    listed = (await arena.get("/api/v1/measures?limit=100")).json()["measures"]
    assert {each["number"]: each["fields"] for each in listed}[central] == ["future_for_all"]
    for each in (number, central):
        assert "Handlungsfelder" in (await arena.get(f"/measures/{each}?lang=de")).text


async def test_m8_the_register_is_read_page_by_page_and_as_a_table(
    arena: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in range(3):
        await enter(arena, title=f"=SUMME({nth})")
    whole = await numbers(arena, "")
    found, cursor = list[str](), ""
    while True:
        answer = (await arena.get(f"/api/v1/measures?limit=2&cursor={cursor}")).json()
        found += [each["number"] for each in answer["measures"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert found == whole == sorted(whole, reverse=True)
    table = await arena.get("/api/v1/measures?format=csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    read = list(csv.DictReader(io.StringIO(table.text)))
    assert [each["number"] for each in read] == whole
    assert read[0]["title"] == "'=SUMME(2)", "no cell is a formula"
    monkeypatch.setattr(register, "EXPORT_MAX", 2)
    cut = await arena.get("/api/v1/measures?format=csv")
    assert len(list(csv.DictReader(io.StringIO(cut.text)))) == 2
    assert cut.headers["link"] == f'</api/v1/measures?format=csv&cursor={whole[1]}>; rel="next"'
    for cursor in ("nonsense", "A-2026-0001"):
        refused = await arena.get(f"/api/v1/measures?cursor={cursor}")
        assert refused.json()["fields"] == {"cursor": "malformed"}


@pytest.mark.parametrize(
    "handle",
    ["observer", "participant", "expert", SIGNATORY, "moderator", "cdo", "qualifier", "auditor"],
)
async def test_ac_m1a_whoever_is_not_of_the_office_enters_nothing_and_that_is_on_record(
    arena: Measures, handle: str
) -> None:
    database = arena.arena.arena.services.database
    async with database.read() as tx:
        before = await events.last_id(tx)
    await enter(arena, handle, 403)
    form = {"title": "Heimlich", "text": "Nein.", "status": "planned"}
    form["organisation_id"] = str(arena.ids["land"])
    client = await arena.arena.client(handle)
    answer = await client.post("/central-measures/new", data=form)
    assert answer.status_code == 403
    async with database.read() as tx:
        told = await events.since(tx, before)
    assert [(each.kind, each.public) for each in told] == [("central_measure_refused", False)] * 2
    assert {each.actor_id for each in told} == {(await arena.arena.actor(handle)).person_id}


async def test_ac_m1a_guests_are_asked_to_sign_in_and_attempts_are_bounded(
    arena: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter(arena, "guest", 401)
    monkeypatch.setattr(limits, "REFUSED_PER_PERSON", parse("2/hour"))
    for status in (403, 403, 429):
        await enter(arena, "deputy", status)


async def test_ac_m1c_a_central_measure_lists_everything_that_builds_on_it(
    arena: Measures,
) -> None:
    number = await enter(arena)
    refs = [await arena.arena.idea("open") for _ in range(2)]
    for ref in refs:
        path = f"{ref}/central-measures/{number}/builds_on"
        await arena.call(MEMBER, "PUT", path, 403)
        await arena.call("author", "PUT", path, note="Nutzt es.")
        again = await arena.call("author", "PUT", path, 409, note="Nutzt es.")
        assert again["code"] == "already-linked"
    links = (await arena.get(f"/api/v1/measures/{number}")).json()["links"]
    assert [(each["ref"], each["kind"], each["note"]) for each in links] == [
        (ref, "builds_on", "Nutzt es.") for ref in refs
    ]
    page = (await arena.get(f"/measures/{number}")).text
    assert all(f'href="/ideas/{ref}"' in page for ref in refs)
    assert f'href="/measures/{number}"' in (await arena.get(f"/ideas/{refs[0]}")).text
    path = f"{refs[0]}/central-measures/{number}/builds_on"
    await arena.call("author", "DELETE", path)
    await arena.call("author", "DELETE", path, 404)
    links = (await arena.get(f"/api/v1/measures/{number}")).json()["links"]
    assert [each["ref"] for each in links] == refs[1:]


async def test_m9_an_idea_is_referred_only_to_a_central_measure_that_there_is_and_by_the_office(
    arena: Measures,
) -> None:
    number = await enter(arena)
    ref = await arena.arena.idea("open")
    refused = await arena.move(ref, "referred_central", "office", 422)
    assert refused["unmet"] == [{"code": "central-measure-missing"}]
    await arena.call("author", "PUT", f"{ref}/central-measures/{number}/builds_on", note="")
    await arena.move(ref, "referred_central", "office", 422)
    path = f"{ref}/central-measures/{number}/referred"
    await arena.call("author", "PUT", path, 403, note="")
    await arena.call("office", "PUT", f"{ref}/central-measures/M-1999-0001/referred", 404, note="")
    await arena.call("office", "PUT", path, note="Gehört dorthin.")
    await arena.move(ref, "referred_central", "office")
    seen = await arena.call("guest", "GET", f"{ref}/central-measures")
    assert {each["kind"] for each in seen["links"]} == {"builds_on", "referred"}


async def test_m9_the_office_changes_a_central_measure_for_a_reason_and_only_what_it_saw(
    arena: Measures,
) -> None:
    number = await enter(arena)
    client = await arena.arena.client("office")
    path = f"/api/v1/central-measures/{number}"
    body = {**CENTRAL, "organisation_id": str(arena.ids["amt"]), "expected_revision": 1}
    refused = await client.put(path, json={**body, "reason": " "})
    assert refused.json()["fields"] == {"reason": "missing"}
    changed = await client.put(path, json={**body, "status": "finished", "reason": "Fertig."})
    seen = changed.json()
    assert (seen["progress"], seen["organisation"], seen["revision"]) == (
        "finished",
        "Bezirksamt Mitte",
        2,
    )
    late = await client.put(path, json={**body, "reason": "Zu spät."})
    assert (late.status_code, late.json()["current"]) == (409, {"revision": 2})


async def test_m9_every_fault_of_a_central_measure_is_named(arena: Measures) -> None:
    client = await arena.arena.client("office")
    body = {"title": " ", "text": "x" * 5001, "fields": ["nonsense"], "status": "planned"}
    body["organisation_id"] = str(arena.ids["land"])
    answer = await client.post("/api/v1/central-measures", json=body)
    assert answer.json()["fields"] == {
        "title": "missing",
        "text": "too-long",
        "fields": "unknown-choice",
    }
    await enter(arena, title="x" * 200, text="y" * 5000)


@pytest.mark.parametrize("number", ["M-2026-9999", "A-2026-9999", "nonsense"])
async def test_m8_an_unknown_number_is_not_found(arena: Measures, number: str) -> None:
    for path in (f"/measures/{number}", f"/api/v1/measures/{number}"):
        assert (await arena.get(path, Accept="application/json")).status_code == 404


@pytest.mark.parametrize("title", ["＝SUMME(1)", " =SUMME(1)", "＠SUMME(1)", "+1+1", "@cmd"])
async def test_m8_no_cell_of_the_table_is_a_formula_however_it_is_written(
    arena: Measures, title: str
) -> None:
    await enter(arena, title="Davor " + title)
    row = register.MeasureOut.of((await _rows(arena))[0])
    (read,) = csv.DictReader(
        io.StringIO(register.to_csv([row.model_copy(update={"title": title})]))
    )
    assert read["title"] == f"'{title}"


async def _rows(arena: Measures) -> list[Row]:
    async with arena.arena.arena.services.database.read() as tx:
        found, _ = await rows(tx, Search(), None, 1)
    return found


async def test_n20_the_register_is_narrowed_to_a_district(arena: Measures) -> None:
    ref = await arena.decided("amt")
    await arena.draft(ref)
    await arena.move(ref, "measure_decentral", "cdo")
    author, body = await arena.arena.client("author"), {"districts": ["spandau", "pankow"]}
    assert (await author.put(f"/api/v1/ideas/{ref}/districts", json=body)).status_code == 200
    number = await arena.number(ref)
    assert await numbers(arena, "district=spandau") == [number]
    assert await numbers(arena, "district=city_wide") == []
    page = (await arena.get("/measures?district=spandau&progress=planned")).text
    assert "Ort: Pankow, Spandau" in page
    assert '<option value="spandau" selected>' in page
    table = (await arena.get("/api/v1/measures?format=csv&district=spandau")).text
    assert "pankow spandau" in table
