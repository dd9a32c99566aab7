"""Organisations over API and pages: a reshuffle, a legal successor, and who may do it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from collab.process.actors import Role
from server.actions.catalogues import organisations as actions
from server.actions.catalogues.organisations import Replaced, import_units
from server.actions.catalogues.today import today
from server.actions.organisations import organisations, set_organisation
from server.faces import faces
from server.importing.organisations import parse_chart
from storage import people
from storage.process import organisations as stored
from tests.harness.charts import ADDRESS, chart
from tests.server.pages.reading import Page, actor, add, get, post, signed_in
from tests.server.running import Arena, running

API = "/api/v1/organisations"
YESTERDAY = "2026-11-22"  # by the standing clock


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        await add(arena, "ana", Role.PARTICIPANT)
        await add(arena, "mod", Role.MODERATOR)
        await add(arena, "office", Role.COORDINATION_OFFICE)
        services = arena.services
        await import_units(
            services.database,
            parse_chart(chart()).units,
            actor_class="administration",
            valid_from=None,
            on=today(services),
        )
        yield arena


async def known(arena: Arena, key: str) -> UUID:
    """The id of a unit of the chart."""
    async with arena.services.database.read() as tx:
        return (await stored.by_sources(tx, [ADDRESS + key]))[ADDRESS + key].id


async def as_office(
    arena: Arena, path: str, status: int, handle: str = "office", **body: Any
) -> Any:
    async with signed_in(arena, handle) as client:
        answer = await client.post(f"{API}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


async def new_department(arena: Arena, name: str = "Senatsverwaltung für Vorbilder") -> str:
    made = await as_office(
        arena, "", 201, name=name, actor_class="administration", kind="senate_department",
        reason="Neuer Senat.",
    )  # fmt: skip
    return str(made["id"])


async def speaks_for(arena: Arena, handle: str) -> str | None:
    async with arena.services.database.read() as tx:
        person = await people.by_handle(tx, handle)
        assert person is not None
        return (await faces(tx, [person.id]))[person.id].organisation


async def chosen(arena: Arena, handle: str, name: str) -> None:
    office = await actor(arena, "office")
    await set_organisation(arena.services, office, handle, name=name, actor_class="administration")


async def test_everybody_reads_the_tree_without_signing_in(arena: Arena) -> None:
    listed = (await arena.client.get(API)).json()["organisations"]
    assert len(listed) == 7
    assert sum(not each["can_be_chosen"] for each in listed) == 2
    some = (await arena.client.get(f"{API}?offset=5&limit=1")).json()
    assert (some["total"], len(some["organisations"]), some["after"]) == (7, 1, 6)
    assert (await arena.client.get(f"{API}?limit=501")).status_code == 422
    page = await get(arena.client, "/organisations")
    assert "5 Organisationen" in page.text
    assert page.all("form", action="/organisations") == []
    one = await get(arena.client, f"/organisations/{await known(arena, 'one')}")
    assert "Senatsverwaltung für Beispiele › Abteilung A" in one.one("dl").text
    for path in (f"/organisations/{uuid4()}", "/organisations/none"):
        assert (await get(arena.client, path)).status == 404
    assert (await arena.client.get(f"{API}/{uuid4()}")).status_code == 404


async def test_ac_g3b_after_a_reshuffle_old_names_stay_and_cannot_be_chosen(
    arena: Arena,
) -> None:
    await chosen(arena, "ana", "Abteilung A")
    top = await known(arena, "top")
    done = await as_office(
        arena, f"/{top}/end", 200, last_day=YESTERDAY, reason="Neuer Senat.", with_units=True
    )
    assert done == {"ended": 5}
    assert await speaks_for(arena, "ana") == "Abteilung A"
    page = await get(arena.client, f"/organisations/{top}")
    assert page.one("h1").text == "Senatsverwaltung für Beispiele"
    assert "kann nicht mehr gewählt werden" in page.text
    assert "gilt bis 22.11.2026" in page.text
    assert "Neuer Senat." in page.text
    offered = {each.name for each in await organisations(arena.services)}
    assert offered == {"Landesamt für Muster"}
    assert "Abteilung A" not in (await get(arena.client, "/organisations")).text
    assert "Abteilung A" in (await get(arena.client, "/organisations?show=all")).text
    # Whoever types the old name gets a new organisation, not the ended one.
    await chosen(arena, "mod", "Abteilung A")
    async with arena.services.database.read() as tx:
        named = [row for row in await stored.everything(tx) if row.name == "Abteilung A"]
    assert len(named) == 2


async def test_k12_until_the_last_day_is_over_it_can_be_chosen(arena: Arena) -> None:
    below = await known(arena, "below")
    await as_office(arena, f"/{below}/end", 200, last_day="2026-11-24", reason="Aufgelöst.")
    offered = [{each.name for each in await organisations(arena.services)}]
    arena.clock.now += timedelta(days=1, hours=13, minutes=29)  # 23:59 on the last day in Berlin
    offered.append({each.name for each in await organisations(arena.services)})
    arena.clock.pass_by(minutes=1)
    offered.append({each.name for each in await organisations(arena.services)})
    assert ["Landesamt für Muster" in each for each in offered] == [True, True, False]
    said = await as_office(arena, f"/{below}/end", 409, last_day="2026-11-30", reason="Noch mal.")
    assert said["code"] == "organisation-ended"


async def test_ac_m3b_a_legal_successor_takes_over_without_losing_history(arena: Arena) -> None:
    await chosen(arena, "ana", "Senatsverwaltung für Beispiele")
    top, new = await known(arena, "top"), await new_department(arena)
    done = await as_office(arena, f"/{top}/replace", 200, successor=new, reason="Neuer Zuschnitt.")
    assert done == {"people": 1, "cases": 0}
    assert await speaks_for(arena, "ana") == "Senatsverwaltung für Vorbilder"
    async with arena.services.database.read() as tx:
        person = await people.by_handle(tx, "ana")
        assert person is not None
        held = (await people.memberships(tx, [person.id]))[person.id]
        current = await stored.current(tx, top)
    assert {each.organisation.name for each in held} == {
        "Senatsverwaltung für Vorbilder", "Senatsverwaltung für Beispiele",
    }  # fmt: skip
    assert current is not None
    assert str(current.id) == new
    old = (await arena.client.get(f"{API}/{top}")).json()
    assert (old["name"], old["valid_to"], old["current"]["id"]) == (
        "Senatsverwaltung für Beispiele", YESTERDAY, new,
    )  # fmt: skip
    page = await get(arena.client, f"/organisations/{new}")
    assert "Früher Senatsverwaltung für Beispiele (gilt bis 22.11.2026)" in page.one("dl").text
    told = arena.listener.announced[-1]
    assert told.payload == {
        "organisation_id": str(top), "deed": "replaced", "successor_id": new,
        "reason": "Neuer Zuschnitt.",
    }  # fmt: skip
    said = await as_office(arena, f"/{top}/replace", 409, successor=new, reason="Noch mal.")
    assert said["code"] == "organisation-ended"


async def test_k13_successors_lead_on_and_never_back(arena: Arena) -> None:
    top, new = await known(arena, "top"), await new_department(arena)
    arena.clock.pass_by(days=1)
    newest = await new_department(arena, "Senatsverwaltung für Muster")
    await as_office(arena, f"/{top}/replace", 200, successor=new, reason="Erst.")
    said = await as_office(arena, f"/{new}/replace", 422, successor=str(top), reason="Zurück.")
    assert said["fields"] == {"successor": "circle"}
    await as_office(arena, f"/{new}/replace", 200, successor=newest, reason="Dann.")
    old = (await arena.client.get(f"{API}/{top}")).json()
    assert (old["successor"], old["current"]["id"]) == (new, newest)
    said = await as_office(arena, f"/{newest}/replace", 422, successor=str(uuid4()), reason="x")
    assert said["fields"] == {"successor": "unknown-choice"}


async def test_faulty_organisations_are_refused_with_the_field(arena: Arena) -> None:
    given = {"name": "Amt", "actor_class": "administration", "kind": "unit", "reason": "Neu."}
    for changed, fields in (
        ({"name": " "}, {"name": "missing"}),
        ({"name": "landesamt FÜR muster"}, {"name": "taken"}),
        ({"kind": "layout"}, {"kind": "unknown-choice"}),
        ({"actor_class": "resident"}, {"actor_class": "unknown-choice"}),
        ({"parent": str(uuid4())}, {"parent": "unknown-choice"}),
        ({"reason": ""}, {"reason": "missing"}),
    ):
        said = await as_office(arena, "", 422, **{**given, **changed})
        assert said["fields"] == fields


@pytest.mark.parametrize(("handle", "status"), [("ana", 403), ("mod", 403)])
async def test_k12_only_the_office_changes_organisations(
    arena: Arena, handle: str, status: int
) -> None:
    top, below = await known(arena, "top"), await known(arena, "below")
    bodies: dict[str, dict[str, Any]] = {
        "": {"name": "A", "actor_class": "science", "kind": "institute", "reason": "x"},
        f"/{top}/end": {"last_day": YESTERDAY, "reason": "x"},
        f"/{top}/replace": {"successor": str(below), "reason": "x"},
    }
    for path, body in bodies.items():
        await as_office(arena, path, status, handle, **body)
        assert (await arena.client.post(API + path, json=body)).status_code == 401
    async with signed_in(arena, handle) as client:
        form = {"last_day": YESTERDAY, "end_reason": "x"}
        answer = await post(client, f"/organisations/{top}/end", **form)
        assert answer.status_code == status
        assert "Für die Stabsstelle" not in (await get(client, f"/organisations/{top}")).text


async def test_the_office_adds_replaces_and_ends_without_scripts(arena: Arena) -> None:
    below = await known(arena, "below")
    async with signed_in(arena, "office") as client:
        form = {
            "name": "Landesamt für Vorlagen", "actor_class": "administration",
            "kind": "subordinate_authority", "valid_from": "2026-13-01", "add_reason": "Neu.",
        }  # fmt: skip
        refused = Page(await post(client, "/organisations", **form))
        assert set(refused.errors) == {"valid_from"}
        assert refused.one("input", name="name")["value"] == "Landesamt für Vorlagen"
        form["valid_from"] = ""
        added = await post(client, "/organisations", **form)
        successor = added.headers["location"].rpartition("/")[2].partition("?")[0]
        assert "ist hinzugefügt" in (await get(client, added.headers["location"])).text

        path = f"/organisations/{below}"
        page = await get(client, path)
        assert successor in {each.attributes.get("value") for each in page.all("option")}
        refused = Page(await post(client, f"{path}/replace", successor="", replace_reason="Weil."))
        assert set(refused.errors) == {"successor"}
        assert refused.one("textarea", name="replace_reason").text == "Weil."
        refused = Page(await post(client, f"{path}/replace", successor=successor))
        assert set(refused.errors) == {"replace_reason"}
        form = {"successor": successor, "replace_reason": "Umbenannt."}
        done = await post(client, f"{path}/replace", **form)
        page = await get(client, done.headers["location"])
        assert "Heute Landesamt für Vorlagen" in page.one("dl").text
        assert page.all("form", action=f"{path}/replace") == []

        path = f"/organisations/{await known(arena, 'a')}"
        refused = Page(await post(client, f"{path}/end", end_reason="Weil."))
        assert set(refused.errors) == {"last_day"}
        form = {"last_day": YESTERDAY, "end_reason": "Aufgelöst.", "with_units": "yes"}
        done = await post(client, f"{path}/end", **form)
        assert (
            "Der letzte Tag ist festgehalten" in (await get(client, done.headers["location"])).text
        )
    assert "Referat 1" not in {each.name for each in await organisations(arena.services)}


async def test_a_large_tree_says_what_it_leaves_out(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.catalogues.organisations.TREE_MAX", 3)
    assert "4 weitere stehen hier nicht" in (await get(arena.client, "/organisations")).text


async def test_k13_at_once_one_successor_is_noted(arena: Arena) -> None:
    top = await known(arena, "top")
    ways = [await new_department(arena, f"Verwaltung {number}") for number in range(4)]
    office = await actor(arena, "office")
    results = await asyncio.gather(
        *(
            actions.replace_organisation(
                arena.services, office, top, successor_id=UUID(each), reason="Zugleich."
            )
            for each in ways
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Replaced) for each in results) == 1
