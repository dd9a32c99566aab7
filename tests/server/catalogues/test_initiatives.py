"""Ideas and what exists already: relations over API and pages, and who may say them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from collab.process.gates.checks import unmet
from collab.process.initiatives import initiative as rules
from collab.process.initiatives.initiative import NOTE_CHARS_MAX, RELATIONS_MAX, Initiative
from server.actions.cases import open_case
from server.actions.catalogues import initiatives as actions
from server.actions.catalogues.initiatives import import_initiatives
from server.actions.facts.case import case_facts
from server.importing.initiatives import read_folder
from storage.process import initiatives
from tests.harness.existing import INITIATIVES, write_initiatives
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.pages.reading import Page, get


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path) as arena:
        services = arena.arena.services
        found = read_folder(write_initiatives(tmp_path / "portal"), "portal").found
        await import_initiatives(services.database, found, services.clock())
        yield arena


async def known(arena: Everyone, key: str) -> UUID:
    """The id of one of the invented initiatives."""
    source = f"import:portal:{key}"
    async with arena.arena.services.database.read() as tx:
        return (await initiatives.by_sources(tx, [source]))[source].id


async def call(
    arena: Everyone, handle: str, method: str, path: str, status: int, **body: Any
) -> Any:
    client = await arena.client(handle)
    answer = await client.request(method, f"/api/v1{path}", json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_everybody_reads_and_searches_what_exists(arena: Everyone) -> None:
    listed = await call(arena, "guest", "GET", "/initiatives?limit=5", 200)
    assert (listed["total"], len(listed["initiatives"]), listed["after"]) == (12, 5, 5)
    rest = await call(arena, "guest", "GET", "/initiatives?offset=10", 200)
    assert (len(rest["initiatives"]), rest["after"]) == (2, None)
    found = await call(arena, "guest", "GET", "/initiatives/search?q=Rollstuhl", 200)
    assert found["found"][0]["initiative"]["name"] == "Rampen-Melder"
    one = found["found"][0]["initiative"]["id"]
    whole = await call(arena, "guest", "GET", f"/initiatives/{one}", 200)
    assert "Ordnungsamt" in whole["text"]
    await call(arena, "guest", "GET", f"/initiatives/{uuid4()}", 404)
    await call(arena, "guest", "GET", f"/initiatives/search?q={'x' * 501}", 422)


async def test_k9_a_relation_is_said_changed_and_taken_back(arena: Everyone) -> None:
    ref, trees = await arena.idea("open"), await known(arena, "baumpaten")
    path = f"/ideas/{ref}/initiatives/{trees}"
    await call(arena, "participant", "PUT", path, 204, kind="builds_on", note="Wir nutzen sie.")
    await call(arena, "participant", "PUT", path, 204, kind="builds_on", note="Wir nutzen sie.")
    await call(arena, "moderator", "PUT", path, 204, kind="complements")
    (said,) = (await call(arena, "guest", "GET", f"/ideas/{ref}/initiatives", 200))["relations"]
    assert (said["kind"], said["note"], said["by"]["handle"]) == ("complements", "", "moderator")
    await call(arena, "participant", "DELETE", path, 204)
    await call(arena, "participant", "DELETE", path, 404)
    log = await call(arena, "guest", "GET", f"/ideas/{ref}/events", 200)
    told = [each["kind"] for each in log["events"] if "initiative" in each["kind"]]
    assert told == ["initiative_related"] * 2 + ["initiative_unrelated"]


async def test_k9_faulty_relations_are_refused_with_the_field(arena: Everyone) -> None:
    ref, trees = await arena.idea("open"), await known(arena, "baumpaten")
    path = f"/ideas/{ref}/initiatives/{trees}"
    said = await call(arena, "participant", "PUT", path, 422, kind="likes")
    assert said["fields"] == {"kind": "unknown-choice"}
    long = "x" * (NOTE_CHARS_MAX + 1)
    said = await call(arena, "participant", "PUT", path, 422, kind="builds_on", note=long)
    assert said["fields"] == {"note": "too-long"}
    await call(arena, "participant", "PUT", path, 204, kind="builds_on", note=long[:-1])
    said = await call(
        arena, "participant", "PUT", f"/ideas/{ref}/initiatives/{uuid4()}", 404, kind="builds_on"
    )
    assert said["code"] == "initiative-unknown"


async def test_k9_an_idea_has_only_so_many_relations(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "RELATIONS_MAX", 2)
    ref = await arena.idea("open")
    paths = [f"/ideas/{ref}/initiatives/{await known(arena, key)}" for key in list(INITIATIVES)[:3]]
    for path in paths[:2]:
        await call(arena, "participant", "PUT", path, 204, kind="builds_on")
    said = await call(arena, "participant", "PUT", paths[2], 409, kind="builds_on")
    assert said["code"] == "too-many-relations"
    await call(arena, "participant", "PUT", paths[0], 204, kind="replaces")
    assert RELATIONS_MAX == 50


async def test_k9_said_by_many_at_once_it_is_one_relation(arena: Everyone) -> None:
    ref, trees = await arena.idea("open"), await known(arena, "baumpaten")
    services, kinds = arena.arena.services, list(rules.Relation) * 2
    actor = await arena.actor("participant")
    await asyncio.gather(*(actions.relate(services, actor, ref, trees, kind=k) for k in kinds))
    said = (await call(arena, "guest", "GET", f"/ideas/{ref}/initiatives", 200))["relations"]
    assert len(said) == 1


async def test_the_ideas_own_words_are_looked_for_unless_others_are_given(arena: Everyone) -> None:
    ref = await arena.idea("open")  # "Mehr Schatten"
    own = await call(arena, "participant", "GET", f"/ideas/{ref}/initiatives/search", 200)
    assert own["found"][0]["initiative"]["name"] == "Kühle Wege"
    path = f"/ideas/{ref}/initiatives/search?q=Glasfaser"
    other = await call(arena, "participant", "GET", path, 200)
    assert other["found"][0]["initiative"]["name"] == "Netzbedarf melden"


async def test_i4_what_a_draft_has_to_do_with_stays_with_its_team(arena: Everyone) -> None:
    draft, trees = await arena.idea("draft"), await known(arena, "baumpaten")
    await call(arena, "author", "PUT", f"/ideas/{draft}/initiatives/{trees}", 204, kind="builds_on")
    for path in ("", "/search"):
        await call(arena, "participant", "GET", f"/ideas/{draft}/initiatives{path}", 404)
    for handle, is_shown in (("participant", False), ("author", True), ("moderator", True)):
        page = await get(await arena.client(handle), f"/initiatives/{trees}")
        assert (draft in page.text) is is_shown, handle


async def still_missing(arena: Everyone, ref: str) -> list[str]:
    """The codes of what the idea lacks to be qualified."""
    services = arena.arena.services
    async with services.database.read() as tx:
        case = await open_case(tx, await arena.actor("qualifier"), ref)
        text, _ = await services.hub.text(case.idea.document_id)
        facts = await case_facts(tx, case, text, now=services.clock())
    way = next(each for each in case.process.transitions if each.id == "qualify")
    return [each.code for each in unmet(way, facts)]


async def test_ac_g8a_the_gate_asks_for_a_relation(arena: Everyone) -> None:
    ref, trees = await arena.idea("feasibility"), await known(arena, "baumpaten")
    assert "initiatives-missing" in await still_missing(arena, ref)
    path = f"/ideas/{ref}/initiatives/{trees}"
    await call(arena, "author", "PUT", path, 204, kind="builds_on")
    assert "initiatives-missing" not in await still_missing(arena, ref)
    await call(arena, "author", "DELETE", path, 204)
    assert "initiatives-missing" in await still_missing(arena, ref)


async def test_ac_g8a_or_for_a_dated_search_that_found_nothing(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    client = await arena.client("author")
    refused = Page(await client.post(f"/ideas/{ref}/initiatives/none", data={"terms": " "}))
    assert set(refused.errors) == {"terms"}
    form = {"terms": "Sonnensegel, Schatten;\n im Open-Source-Portal"}
    answer = await client.post(f"/ideas/{ref}/initiatives/none", data=form)
    assert answer.headers["location"] == f"/ideas/{ref}#initiatives"
    assert "initiatives-missing" not in await still_missing(arena, ref)
    part = (await get(await arena.client("guest"), f"/ideas/{ref}")).one(
        "section", id="initiatives"
    )
    assert "Sonnensegel, Schatten; im Open-Source-Portal" in part.text
    assert "23.11.2026" in part.text
    assert "Noch hat niemand" not in part.text
    assert "nothing-found" not in (await get(await arena.client("guest"), f"/ideas/{ref}")).source
    stranger = await (await arena.client("expert")).post(
        f"/ideas/{ref}/initiatives/none", data=form
    )
    assert stranger.status_code == 403


async def test_the_page_of_the_idea_shows_finds_and_takes_a_relation(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client = await arena.client("participant")
    page = await get(client, f"/ideas/{ref}?exists=Glasfaser")
    part = page.one("section", id="initiatives")
    assert "Noch hat niemand festgehalten" in part.text
    assert "Netzbedarf melden" in part.text
    assert "Gemeinsam: Glasfaser" in part.text
    (find,) = [each for each in page.all("input", name="initiative") if each["type"] == "radio"]
    form = {"initiative": find["value"], "relation": "", "note": "Bleibt stehen."}
    refused = Page(await client.post(f"/ideas/{ref}/initiatives", data=form))
    assert refused.status == 422
    assert refused.one("textarea", name="note").text == "Bleibt stehen."
    form["relation"] = "builds_on"
    answer = await client.post(f"/ideas/{ref}/initiatives", data=form)
    assert answer.headers["location"] == f"/ideas/{ref}#initiatives"
    part = (await get(client, f"/ideas/{ref}?exists=Glasfaser")).one("section", id="initiatives")
    assert "baut darauf auf Netzbedarf melden" in part.text
    assert "Nichts Ähnliches gefunden" in part.text
    await client.post(f"/ideas/{ref}/initiatives/remove", data={"initiative": find["value"]})
    part = (await get(client, f"/ideas/{ref}")).one("section", id="initiatives")
    assert "Noch hat niemand festgehalten" in part.text


async def test_a_form_without_an_initiative_is_refused(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client = await arena.client("participant")
    form = {"relation": "builds_on"}
    refused = Page(await client.post(f"/ideas/{ref}/initiatives", data=form))
    assert refused.status == 422
    assert "f-initiative" in refused.source
    form["initiative"] = "none"
    assert (await client.post(f"/ideas/{ref}/initiatives", data=form)).status_code == 404


async def test_guests_see_relations_and_no_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    page = await get(await arena.client("guest"), f"/ideas/{ref}?exists=Glasfaser")
    assert page.all("input", name="initiative") == []
    assert "Netzbedarf" not in page.text


async def test_the_list_is_searched_and_read_page_by_page(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.catalogues.initiatives.PAGE_SIZE", 5)
    client = await arena.client("guest")
    first = await get(client, "/initiatives")
    assert len(first.all("li", class_="card")) == 5
    (more,) = first.all("a", rel="next")
    second = await get(client, more["href"])
    assert len(second.all("li", class_="card")) == 5
    assert (await get(client, "/initiatives?after=x")).all("a", rel="next")
    found = await get(client, "/initiatives?q=Kulissen")
    assert "Fundus für Bühnen" in found.one("ul", class_="catalogues").text
    assert "Nichts Ähnliches gefunden" in (await get(client, "/initiatives?q=zzz")).text
    assert (await get(client, "/initiatives/none")).status == 404


async def test_an_initiative_may_say_no_more_than_its_name(arena: Everyone) -> None:
    services = arena.arena.services
    bare = Initiative(source="import:x:1", name="<b>Karg</b>", abstract="&lt;Karte&gt;")
    async with services.database.write() as tx:
        bare_id = uuid4()
        await initiatives.put(tx, bare_id, bare, services.clock())
    page = await get(await arena.client("guest"), f"/initiatives/{bare_id}")
    assert page.one("h1").text == "<b>Karg</b>"
    assert page.all("a", rel="noopener noreferrer nofollow") == []
