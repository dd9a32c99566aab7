"""The pages of responsibility: what they show to whom, and forms that work without scripts."""

import re

import httpx2

from tests.server.responsibility.organisations import MEMBER, SIGNATORY, Bodies
from tests.server.responsibility.test_offers import NOBODY_YET

GAP = "Noch niemand verantwortlich"


async def page(bodies: Bodies, handle: str, path: str, status: int = 200) -> str:
    client = await bodies.arena.client(handle)
    answer = await client.get(f"/ideas/{path}")
    assert answer.status_code == status, path
    return answer.text


async def post(bodies: Bodies, handle: str, path: str, **form: str) -> httpx2.Response:
    client = await bodies.arena.client(handle)
    return await client.post(f"/ideas/{path}", data=form, follow_redirects=False)


async def test_ac_a7b_the_gap_shows_on_the_page_on_cards_and_as_a_filter(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    assert GAP in await page(bodies, "guest", f"{ref}/fragments/responsibility")
    assert await listed(bodies, "lead=none", ref)
    held = await bodies.lead(ref, "amt")
    shown = await page(bodies, "guest", f"{ref}/fragments/responsibility")
    assert GAP not in shown
    assert "Bezirksamt Mitte" in shown
    assert not await listed(bodies, "lead=none", ref)
    assert "Bezirksamt Mitte" in (await (await bodies.arena.client("guest")).get("/")).text
    await post(bodies, MEMBER, f"{ref}/responsibilities/{held}/release", release_note="Schade.")
    assert GAP in await page(bodies, "guest", f"{ref}/fragments/responsibility")
    assert await listed(bodies, "lead=none", ref)


async def test_needs_and_ended_ideas_show_no_gap(bodies: Bodies) -> None:
    for stage, kind in (("open", "need"), ("declined", "proposal"), ("archived", "proposal")):
        ref = await bodies.arena.idea(stage, kind=kind, **NOBODY_YET)
        assert GAP not in await page(bodies, MEMBER, f"{ref}/fragments/responsibility")
        assert not await listed(bodies, "lead=none", ref)
    for stage in ("decision", "prototype", "permanent"):
        ref = await bodies.arena.idea(stage, **NOBODY_YET)
        assert GAP in await page(bodies, MEMBER, f"{ref}/fragments/responsibility")


async def test_an_offer_is_made_signed_and_given_back_by_forms(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    form = await page(bodies, MEMBER, f"{ref}/responsibilities/offer")
    assert "Kiezverein e. V." in form
    offer = {"organisation": str(bodies.ids["amt"]), "part": "lead", "note": "Gern."}
    answer = await post(bodies, MEMBER, f"{ref}/responsibilities/offer", **offer)
    assert answer.headers["location"] == f"/ideas/{ref}#responsibility"
    shown = await page(bodies, SIGNATORY, f"{ref}/fragments/responsibility")
    (item,) = re.findall(rf"/ideas/({ref}/responsibilities/[0-9a-f-]{{36}})", shown)
    assert "Prüfen und zeichnen" in shown
    assert "Prüfen und zeichnen" not in await page(
        bodies, "author", f"{ref}/fragments/responsibility"
    )
    assert "Angebot zurücknehmen" in await page(bodies, MEMBER, item)
    for handle in ("guest", "author"):
        assert "<form" not in (await page(bodies, handle, item)).partition("<main")[2]
    assert (await post(bodies, SIGNATORY, f"{item}/confirm")).status_code == 303
    assert await bodies.leaders(ref) == ["Bezirksamt Mitte"]
    refused = await post(bodies, MEMBER, f"{item}/release", release_note="")
    assert refused.status_code == 422
    assert 'href="#f-release_note"' in refused.text
    assert (await post(bodies, MEMBER, f"{item}/release", release_note="Aus.")).status_code == 303
    assert await bodies.leaders(ref) == []


async def test_r5_a_refused_form_keeps_what_was_typed_and_says_why(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    path = f"{ref}/responsibilities/offer"
    answer = await post(bodies, MEMBER, path, organisation="", part="lead", note="Mein Text")
    assert answer.status_code == 422
    assert "Mein Text" in answer.text
    await bodies.lead(ref, "verein")
    offer = {"organisation": str(bodies.ids["amt"]), "part": "lead", "note": "Mein Text"}
    answer = await post(bodies, MEMBER, path, **offer)
    assert answer.status_code == 409
    assert "Die Federführung hat „Kiezverein e. V.“" in answer.text


async def test_a_page_of_no_responsibility_is_not_found(bodies: Bodies) -> None:
    ref = await bodies.arena.idea("open", **NOBODY_YET)
    nothing = "00000000-0000-4000-8000-000000000000"
    await page(bodies, MEMBER, f"{ref}/responsibilities/{nothing}", 404)
    await page(bodies, MEMBER, f"{ref}/responsibilities/nothing", 404)
    assert (await post(bodies, MEMBER, f"{ref}/responsibilities/{nothing}/eat")).status_code == 404
    draft = await bodies.arena.idea(**NOBODY_YET)
    await page(bodies, MEMBER, f"{draft}/responsibilities/offer", 404)


async def listed(bodies: Bodies, query: str, ref: str) -> bool:
    """Whether the arena lists the idea, and the API just as well."""
    client = await bodies.arena.client("guest")
    on_page = f"/ideas/{ref}" in (await client.get(f"/?{query}")).text
    found = (await client.get("/api/v1/ideas?seeks_lead=true&limit=100")).json()["ideas"]
    assert (ref in {each["ref"] for each in found}) is on_page
    return on_page
