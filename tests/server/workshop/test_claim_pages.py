"""The receipt and the claim as pages and over the API, without scripts."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from collab.errors import Invalid
from server.actions.access import Caller, begin_session
from server.actions.people import check_handle
from server.actions.talk.comments import add_comment
from server.actions.workshop import tables
from server.actions.workshop.board.silent import show_notes
from server.actions.workshop.doors import end_workshop
from storage import ideas
from storage.workshop import workshops
from tests.server.idea.writing import document_of, write_in
from tests.server.pages.reading import Page
from tests.server.workshop.board.table import write
from tests.server.workshop.evening import Evening

SPELLED = re.compile(r"(?:[A-Z2-9]{4}-){5}[A-Z2-9]{4}")


async def test_cl1_cl3_a_guest_takes_the_receipt_along_and_an_account_enters_it(
    kiez: Evening,
) -> None:
    arena = kiez.everyone.arena
    ref = await kiez.everyone.idea("open")
    joined, guest = await kiez.guest("Ana", table=1)
    async with arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[0].id, {"idea_id": idea.id})
    await add_comment(arena.services, guest, ref, kind="question", text="Wer mäht das?")
    page = (await arena.client.get(f"/ideas/{ref}")).text
    assert "Ana" in page
    assert "als Gast festgehalten" in page, "cl9"
    assert joined.signed_in is not None
    async with arena.browser() as tablet:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        assert SPELLED.search((await tablet.get("/receipt")).text) is None
        made = await tablet.post("/receipt")
        receipt = SPELLED.findall(made.text)[0]
        assert "data:image/svg+xml" in made.text
        assert made.headers["cache-control"] == "no-store"
        again = await tablet.get("/receipt")
        assert receipt not in again.text
    client = await kiez.everyone.client("participant")
    look = await client.post("/api/v1/me/claims/look", json={"receipt": receipt.lower()})
    assert look.json() == {"workshop": "Kiezabend", "name": "Ana", "counts": {"comments": 1}}
    done = await client.post("/api/v1/me/claims", json={"receipt": receipt})
    assert done.status_code == 200, done.text
    assert done.json()["moved"]["comment"] == 1
    for path in ("/api/v1/me/claims/look", "/api/v1/me/claims"):
        twice = await client.post(path, json={"receipt": receipt})
        assert (twice.status_code, twice.json()["code"]) == (404, "claim-unknown")
    page = (await arena.client.get(f"/ideas/{ref}")).text
    assert "als Gast festgehalten" not in page


async def test_cl3_the_account_sees_first_what_it_would_take_over(kiez: Evening) -> None:
    arena = kiez.everyone.arena
    joined, _ = await kiez.guest("Ana")
    assert joined.signed_in is not None
    async with arena.browser() as tablet, arena.browser() as home:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        receipt = SPELLED.findall((await tablet.post("/receipt")).text)[0]
        away = await home.get(f"/account/claim?code={receipt}", follow_redirects=False)
        onward = parse_qs(urlsplit(away.headers["location"]).query)["next"]
        assert onward == [f"/account/claim?code={receipt}"], "the picture is scanned once"
        home.cookies.set("arena_session", await secret_of(kiez, "participant"))
        form = Page(await home.get(f"/account/claim?code={receipt}"))
        assert form.one("input", name="code")["value"] == receipt
        wrong = await home.post("/account/claim", data={"code": "ABC"})
        assert wrong.status_code == 404
        assert "lässt sich nichts übernehmen" in wrong.text
        offer = await home.post("/account/claim", data={"code": receipt})
        assert offer.status_code == 200
        assert "Ana" in offer.text
        assert "Kiezabend" in offer.text
        done = await home.post("/account/claim/confirm", data={"code": receipt})
        assert "gehört jetzt zu Ihrem Konto" in done.text
        # The tablet is nobody's from now on.
        assert (await tablet.get("/receipt", follow_redirects=False)).status_code == 303


async def test_cl9_a_guest_is_said_to_be_one_wherever_his_name_stands(kiez: Evening) -> None:
    arena, everyone = kiez.everyone.arena, kiez.everyone
    ref = await everyone.idea("open")
    joined, ana = await kiez.guest("Ana", table=1)
    boss = await everyone.actor("moderator")
    await tables.open_idea(arena.services, boss, kiez.code, 1, ref=ref, seen="")
    assert joined.signed_in is not None
    async with arena.browser() as tablet:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        seen = (await tablet.get(f"/api/v1/ideas/{ref}/judgements")).json()["text_version"]
        judged = {"verdict": "open", "confidence": "low", "reason": "Warum?", "text_version": seen}
        said = await tablet.put(f"/api/v1/ideas/{ref}/judgements/legal", json=judged)
        assert said.is_success, said.text
        note = {"point_kind": "task", "point_text": "Bänke zählen", "point_who": "Ana"}
        assert (await tablet.post(f"/w/{kiez.code}/harvest/points", data=note)).status_code == 303
    await write_in(everyone, await document_of(everyone, ref), ana.handle, "situation", "Von Ana.")
    boss_client = await everyone.client("moderator")
    page = (await arena.client.get(f"/ideas/{ref}")).text
    assert page.count("als Gast festgehalten") == 1, "beside the judgement"
    for path, words in (
        (f"/ideas/{ref}/versions/now/authors?names=1", "Ana (als Gast festgehalten)"),
        (f"/w/{kiez.code}/harvest", "Ana</bdi> (als Gast festgehalten)"),
        (f"/w/{kiez.code}/harvest.md", "Ana (als Gast festgehalten)"),
    ):
        answer = await boss_client.get(path)
        assert words in answer.text.replace("\\", ""), path


async def test_cl3_what_was_shown_is_no_hidden_note_and_a_guest_is_led_back(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, ana = await kiez.guest("Ana")
    boss = await kiez.everyone.actor("moderator")
    await write(kiez, ana, "note-1", "Bänke")
    assert joined.signed_in is not None
    async with kiez.everyone.arena.browser() as tablet:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        made = Page(await tablet.post("/receipt"))
        receipt = SPELLED.findall(made.source)[0]
        assert made.one("a", href=f"/w/{kiez.code}").text == "Kiezabend"
        own = Page(await tablet.get("/account/claim"))
        assert own.all("input", name="code") == [], "a guest claims nobody"
        assert "nur mit einem Konto" in own.source
    boss_client = await kiez.everyone.client("participant")
    for shown, counts in ((False, {"notes": 1}), (True, {"texts": 1})):
        if shown:
            await show_notes(services, boss, kiez.code)
        look = await boss_client.post("/api/v1/me/claims/look", json={"receipt": receipt})
        assert look.json()["counts"] == counts
    await end_workshop(services, boss, kiez.code)
    async with kiez.everyone.arena.browser() as tablet:
        tablet.cookies.set("arena_session", joined.signed_in.secret)
        over = Page(await tablet.get(f"/w/{kiez.code}"))
        assert len(over.all("a", href="/receipt")) == 2, "no longer only at the foot"


async def secret_of(kiez: Evening, handle: str) -> str:
    """The secret of a sign-in of the person."""
    services, actor = kiez.everyone.arena.services, await kiez.everyone.actor(handle)
    assert actor.person_id is not None
    async with services.database.write() as tx:
        begun = await begin_session(services, tx, actor.person_id, Caller("192.0.2.8"))
    return begun.secret


def test_cl9_no_account_can_look_like_a_guest() -> None:
    assert check_handle("gast-ana") == "gast-ana"
    with pytest.raises(Invalid):
        check_handle("guest-ana")
