"""Publishing a catalogue over API and pages: who may, what it would do, who was first."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from collab.errors import Conflict
from collab.process.actors import Role
from server.actions.catalogues import publishing
from storage.database import Transaction
from storage.process import usage
from storage.process.usage import Use
from tests.server.pages.reading import Page, actor, add, bring_in, get, post, signed_in
from tests.server.running import Arena, running

API = "/api/v1/catalogues"
TODAY = "2026-11-23"  # the standing clock's
PROPOSED = {
    "id": "new_one",
    "label": {"de": "Neues Prinzip", "en": "New principle"},
    "source": "example",
}


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Arena]:
    async with running(tmp_path) as arena:
        await add(arena, "ana", Role.PARTICIPANT)
        await add(arena, "mod", Role.MODERATOR)
        await add(arena, "office", Role.COORDINATION_OFFICE)
        yield arena


async def following(arena: Arena, catalogue: str = "principles", **more: Any) -> dict[str, Any]:
    """The data of a faultless next version with one entry more."""
    found = (await arena.client.get(f"{API}/{catalogue}")).json()
    entries = [
        {key: each[key] for key in ("id", "label", "source", "group") if each[key] is not None}
        for each in found["entries"]
    ]
    return {
        "id": catalogue, "version": found["version"] + 1, "label": found["label"],
        "complete": False, "valid_from": TODAY, "entries": [*entries, PROPOSED], **more,
    }  # fmt: skip


async def as_office(
    arena: Arena, path: str, status: int, handle: str = "office", **body: Any
) -> Any:
    async with signed_in(arena, handle) as client:
        answer = await client.post(API + path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()


async def test_everybody_reads_the_catalogues_without_signing_in(arena: Arena) -> None:
    listed = (await arena.client.get(API)).json()["catalogues"]
    assert [(each["id"], len(each["entries"])) for each in listed] == [
        ("guiding-ideas", 4), ("fields-of-action", 20), ("principles", 3), ("success-factors", 0),
        ("districts", 13),
    ]  # fmt: skip
    page = await get(arena.client, "/catalogues/principles")
    assert "Liste unvollständig" in page.text
    assert "Menschenzentriert und systemisch" in page.text
    assert page.all("form", action="/catalogues/principles/entry") == []
    assert (await get(arena.client, "/catalogues/colours")).status == 404
    assert (await get(arena.client, "/catalogues/principles?version=9")).status == 404


@pytest.mark.parametrize(("handle", "status"), [("ana", 403), ("mod", 403), (None, 401)])
async def test_k4_only_the_office_publishes(arena: Arena, handle: str | None, status: int) -> None:
    body = {"data": await following(arena), "reason": "Weil."}
    for path in ("", "/plan"):
        given = body if not path else {"data": body["data"]}
        if handle is None:
            answer = await arena.client.post(API + path, json=given)
            assert answer.status_code == status
        else:
            await as_office(arena, path, status, handle, **given)
    assert (await arena.client.get(f"{API}/principles")).json()["versions"] == [1]


async def test_k4_a_version_wants_a_reason_and_does_not_begin_in_the_past(arena: Arena) -> None:
    data = await following(arena)
    said = await as_office(arena, "", 422, data=data, reason="  ")
    assert said["fields"] == {"reason": "missing"}
    said = await as_office(arena, "", 422, data={**data, "valid_from": "2026-11-22"}, reason="x")
    assert "begins today (2026-11-23) or later" in said["fault"]


async def test_k1_a_faulty_version_is_refused_in_words(arena: Arena) -> None:
    said = await as_office(arena, "/plan", 422, data={**await following(arena), "entries": []})
    assert said["code"] == "faulty-catalogue"
    assert "lacks human_centred" in said["fault"]
    said = await as_office(arena, "/plan", 422, data={"id": "colours", "version": 1})
    assert "colours" in said["fault"]


async def test_ac_g2_a_change_is_versioned_with_reason_and_tells_how_many_cases_it_affects(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await bring_in(arena, "Mehr Bänke", is_public=False)
    other = await bring_in(arena, "Mehr Schatten", is_public=False)

    used = {Use(one.id, "human_centred"), Use(other.id, "human_centred")}
    used |= {Use(one.id, "open_and_trustworthy"), Use(one.id, "effective_and_adaptable")}

    async def usages(tx: Transaction, catalogue: str, entries: Collection[str]) -> set[Use]:
        return {each for each in used if each.entry_id in entries and catalogue == "principles"}

    monkeypatch.setattr(usage, "USAGES", (usages,))
    data = await following(arena)
    data["entries"][0] |= {"valid_to": "2026-11-30", "successor": "new_one"}
    data["entries"][1] |= {"label": {"de": "Offen und verlässlich", "en": "Open and reliable"}}
    plan = await as_office(arena, "/plan", 200, data=data)
    assert plan["affected"] == 2
    assert {each["entry"]: (each["kind"], each["cases"]) for each in plan["changes"]} == {
        "human_centred": ("ended", [one.ref, other.ref]),
        "open_and_trustworthy": ("changed", [one.ref]),
        "new_one": ("added", []),
    }
    assert (await arena.client.get(f"{API}/principles")).json()["versions"] == [1]

    done = await as_office(arena, "", 201, data=data, reason="Der Rahmen ist erneuert.")
    assert done == plan
    now = (await arena.client.get(f"{API}/principles")).json()
    assert (now["version"], now["versions"]) == (2, [1, 2])
    before = (await arena.client.get(f"{API}/principles?version=1")).json()
    assert before["entries"][1]["label"]["de"] == "Offen und vertrauenswürdig"
    told = arena.listener.announced[-1]
    assert told.kind == "catalogue_published"
    assert told.payload == {
        "catalogue": "principles", "version": "2", "reason": "Der Rahmen ist erneuert.",
    }  # fmt: skip
    page = await get(arena.client, "/catalogues/principles")
    assert "Der Rahmen ist erneuert." in page.text
    assert "gilt bis 30.11.2026" in page.text
    assert "danach: Neues Prinzip" in page.text


async def test_k2_a_version_counts_from_its_day_on(arena: Arena) -> None:
    data = await following(arena, valid_from="2026-11-25")
    await as_office(arena, "", 201, data=data, reason="Ab Mittwoch.")
    assert (await arena.client.get(f"{API}/principles")).json()["version"] == 1
    arena.clock.now += timedelta(days=1, hours=13, minutes=29)  # 23:59 in Berlin
    assert (await arena.client.get(f"{API}/principles")).json()["version"] == 1
    arena.clock.pass_by(minutes=1)
    assert (await arena.client.get(f"{API}/principles")).json()["version"] == 2


async def test_k5_of_two_at_once_one_wins(arena: Arena) -> None:
    data, office = await following(arena), await actor(arena, "office")
    results = await asyncio.gather(
        *(publishing.publish(arena.services, office, data, f"Grund {n}") for n in range(4)),
        return_exceptions=True,
    )
    lost = [each for each in results if isinstance(each, BaseException)]
    assert len(lost) == 3
    assert {type(each) for each in lost} == {Conflict}
    assert {each.code for each in lost if isinstance(each, Conflict)} == {"catalogue-moved"}


async def published_over_pages(client: httpx2.AsyncClient, plan: Page, reason: str) -> Any:
    data = plan.one("input", name="data")["value"]
    return await post(client, "/catalogues/principles/publish", data=data, reason=reason)


async def test_the_office_adds_changes_and_ends_entries_without_scripts(arena: Arena) -> None:
    async with signed_in(arena, "office") as client:
        form = {"entry": "kind", "label_de": "Freundlich", "label_en": "Kind"}
        plan = Page(await post(client, "/catalogues/principles/entry", **form))
        assert "Das berührt 0 Ideen." in plan.text
        refused = Page(await published_over_pages(client, plan, " "))
        assert set(refused.errors) == {"reason"}
        done = await published_over_pages(client, refused, "Ein Beispiel.")
        assert done.headers["location"] == "/catalogues/principles?done=published"

        edit = await get(client, "/catalogues/principles?edit=kind")
        assert edit.one("input", name="label_de")["value"] == "Freundlich"
        end = {"ended": "human_centred", "valid_to": "2026-11-23", "successor": "kind"}
        plan = Page(await post(client, "/catalogues/principles/end", **end))
        assert "endet, gilt bis 23.11.2026, danach: Freundlich" in plan.text
        await published_over_pages(client, plan, "Abgelöst.")

    arena.clock.pass_by(days=1)
    page = await get(arena.client, "/catalogues/principles")
    assert "Freundlich Beispiel" in page.one("section", **{"aria-labelledby": "entries-title"}).text
    assert "Menschenzentriert" in page.one("section", **{"aria-labelledby": "ended-title"}).text


async def test_k5_who_comes_second_gets_his_data_back(arena: Arena) -> None:
    async with signed_in(arena, "office") as client:
        form = {"entry": "kind", "label_de": "Freundlich", "label_en": "Kind"}
        plan = Page(await post(client, "/catalogues/principles/entry", **form))
        await published_over_pages(client, plan, "Zuerst.")
        late = Page(await published_over_pages(client, plan, "Danach."))
    assert late.status == 409
    assert json.loads(late.one("textarea", name="data").text)["entries"][-1]["id"] == "kind"
    assert "Jemand war schneller" in late.text


async def test_a_refused_entry_keeps_what_was_typed(arena: Arena) -> None:
    async with signed_in(arena, "office") as client:
        form = {"entry": "Größe", "label_de": "Groß", "label_en": "", "description_de": "x"}
        page = Page(await post(client, "/catalogues/principles/entry", **form))
        assert set(page.errors) == {"label_en", "description_en"}
        assert page.one("input", name="label_de")["value"] == "Groß"
        form |= {"label_en": "Big", "description_en": "x"}
        page = Page(await post(client, "/catalogues/principles/entry", **form))
        assert set(page.errors) == {"entry"}
        form |= {"entry": "kind", "parent": "unknown"}
        page = Page(await post(client, "/catalogues/principles/entry", **form))
        assert page.status == 422
        assert "kind has an unknown parent unknown" in page.text
        page = Page(await post(client, "/catalogues/principles/data", data="{"))
        assert set(page.errors) == {"data"}


@pytest.mark.parametrize("form", ["entry", "end", "data", "publish"])
async def test_k4_the_forms_are_the_offices(arena: Arena, form: str) -> None:
    data = json.dumps(await following(arena))
    sent = {"data": data, "reason": "x", "entry": "a", "label_de": "A", "label_en": "A"}
    async with signed_in(arena, "mod") as client:
        answer = await post(client, f"/catalogues/principles/{form}", **sent)
    assert answer.status_code == 403
