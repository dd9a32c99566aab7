"""Expertise on pages: without scripts, with what was typed kept, harmless whatever is in it."""

from typing import Any

import httpx2
import pytest

from tests.server.experts.asking import declare, invite
from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import Page, get, post

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


async def get_posted(client: httpx2.AsyncClient, path: str, **form: Any) -> Page:
    """The page that a refused form comes back on."""
    return Page(await post(client, path, **form))


async def test_w6_a_profile_is_declared_and_removed_without_a_script(arena: Everyone) -> None:
    client = await arena.client("participant")
    sent = await post(
        client,
        "/account/expertise",
        ground="lived",
        dimensions=["accessibility", "social"],
        keywords="Aufzug, Rampe,\nAufzug",
        about=HOSTILE,
        is_listed="yes",
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/account/expertise?done=declared")
    page = await get(client, "/account/expertise")
    checked = {each["value"] for each in page.all("input", checked="")}
    assert checked == {"lived", "accessibility", "social", "yes"}
    assert page.one("textarea", id="f-keywords").text == "Aufzug, Rampe"
    listed = await get(await arena.client("guest"), "/experts?dimension=social")
    assert "Möchte nicht gefragt werden." in listed.text
    assert "<script>alert" not in listed.source
    assert "<img" not in listed.source
    assert HOSTILE in listed.text
    removed = await post(client, "/account/expertise/remove")
    assert removed.headers["location"] == "/account/expertise?done=removed"
    assert "Niemand gefunden" in (await get(await arena.client("guest"), "/experts")).text


async def test_w6_a_refused_profile_keeps_what_was_typed_and_names_the_fault(
    arena: Everyone,
) -> None:
    client = await arena.client("participant")
    refused = await get_posted(
        client,
        "/account/expertise",
        ground="nobody",
        dimensions=["social", "moon"],
        keywords="x" * 70,
        about="Bleibt stehen.",
    )
    assert refused.status == 422
    assert refused.one("textarea", id="f-about").text == "Bleibt stehen."
    faulty = {each["href"] for each in refused.all("a") if each["href"].startswith("#f-")}
    assert faulty == {"#f-ground", "#f-dimensions", "#f-keywords"}
    assert "social" in {each["value"] for each in refused.all("input", checked="")}


async def test_w5_asking_and_answering_without_a_script(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    author, expert = await arena.client("author"), await arena.client("expert")
    page = await get(author, f"/ideas/{ref}/experts?handle=expert")
    assert "Gibt Fachkunde an: Datenschutz. Dazu hat hier noch niemand geurteilt." in page.text
    assert page.one("input", id="f-handle")["value"] == "expert"
    refused = await get_posted(author, f"/ideas/{ref}/experts", handle="expert", question="Wie?")
    assert (refused.status, set(refused.errors)) == (422, {"note"})
    sent = await post(author, f"/ideas/{ref}/experts", handle="expert", note=HOSTILE)
    assert sent.headers["location"] == f"/ideas/{ref}/experts?done=invited#invited"
    mine = await get(expert, "/account/invitations")
    assert (HOSTILE in mine.text, "<script>alert" in mine.source) == (True, False)
    assert "gefragt von Author" in mine.text
    action = mine.one("form", method="post", action=mine.all("form")[-1]["action"])["action"]
    said = await post(expert, action, act="accept", answer="Gern.")
    assert said.status_code == 303
    mine = await get(expert, "/account/invitations")
    assert [each.text for each in mine.all("a", href=f"/ideas/{ref}#judge")] == ["Jetzt urteilen"]
    guest = await get(await arena.client("guest"), f"/ideas/{ref}/experts")
    assert "Expert" in guest.text
    assert HOSTILE not in guest.text
    whole = await get(await arena.client("guest"), f"/ideas/{ref}")
    assert "1 Person hat zugesagt." in whole.text


async def test_w5_only_who_may_invite_sees_whom_to_ask(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await declare(arena, "expert")
    await invite(arena, ref, "expert", note="Nur für Sie.")
    for handle in ("guest", "participant", "support"):
        page = await get(await arena.client(handle), f"/ideas/{ref}/experts")
        assert "Nur für Sie." not in page.text
        assert not page.all("form", action=f"/ideas/{ref}/experts")


@pytest.mark.parametrize("place", ["/experts", "/account/expertise", "/account/invitations"])
async def test_pages_of_expertise_survive_hostile_addresses(arena: Everyone, place: str) -> None:
    client = await arena.client("participant")
    for query in ("?after=%27%3B--&dimension=<b>", "?field=" + "x" * 3000, "?done=<script>"):
        page = await get(client, place + query)
        assert page.status == 200
        assert "<b>" not in page.source
