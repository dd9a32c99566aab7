"""Pages of tables: who sees what, the forms, the bar above an idea, presenting."""

from __future__ import annotations

import asyncio
import re

import httpx2

from server.actions.workshop import leading, tables
from server.actions.workshop.joining import join_with_account
from server.auth.cookie import cookie_name
from storage.workshop import workshops
from tests.server.workshop.evening import Evening


async def guest_client(kiez: Evening, name: str, table: int | None = None) -> httpx2.AsyncClient:
    """A guest's browser."""
    arena = kiez.everyone.arena
    joined, _ = await kiez.guest(name, table=table)
    assert joined.signed_in is not None
    client = arena.browser()
    client.cookies.set(cookie_name(arena.services.settings), joined.signed_in.secret)
    kiez.everyone.clients[name] = client
    return client


async def begin(client: httpx2.AsyncClient, kiez: Evening, number: int, **fields: str) -> str:
    """Begin an idea by the form; its reference."""
    form = {"kind": "need", "title": "Mehr Bänke", "seen": "", **fields}
    answer = await client.post(f"/w/{kiez.code}/tables/{number}/begin", data=form)
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address.removeprefix("/ideas/").partition("?")[0]


async def test_tb7_tables_are_seen_by_those_inside_and_by_nobody_else(kiez: Evening) -> None:
    ana, bo = await guest_client(kiez, "Ana", 1), await guest_client(kiez, "Bo", 2)
    stranger, lost = kiez.everyone.arena.client, await kiez.everyone.client("participant")
    ref = await begin(ana, kiez, 1)
    page = await bo.get(f"/w/{kiez.code}/tables")
    assert page.status_code == 200
    for shown in ("Ihr Tisch: Tisch 2", "Ana", "Mehr Bänke", "aus der Ferne"):
        assert shown in page.text
    # What lies on another table is read in the workshop, not at the draft's own address.
    assert (await bo.get(f"/w/{kiez.code}/tables/1")).status_code == 200
    assert (await bo.get(f"/ideas/{ref}")).status_code == 404
    assert (await bo.get(f"/w/{kiez.code}/tables/2")).headers["location"] == page.url.path
    for who in (stranger, lost):
        for path in ("tables", "tables/1"):
            answer = await who.get(f"/w/{kiez.code}/{path}")
            assert (answer.status_code, answer.headers["location"]) == (303, f"/w/{kiez.code}")
        for path in ("tables/live", "tables/1/text", f"bar/{ref}"):
            answer = await who.get(f"/w/{kiez.code}/{path}")
            assert answer.status_code in {303, 401, 403}, path
            assert "Mehr Bänke" not in answer.text
        api = await who.get(f"/api/v1/workshops/{kiez.code}/tables")
        assert api.status_code in {401, 403}


async def test_tb7_a_fragment_that_is_the_same_is_not_sent_again(kiez: Evening) -> None:
    ana = await guest_client(kiez, "Ana", 1)
    path = f"/w/{kiez.code}/tables/live"
    first = await ana.get(path)
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await ana.get(path, headers=tag)).status_code == 304
    await begin(ana, kiez, 1)
    fresh = await ana.get(path, headers=tag)
    assert fresh.status_code == 200
    assert "Mehr Bänke" in fresh.text


async def test_tb7_forms_say_what_is_wrong_and_keep_what_was_typed(kiez: Evening) -> None:
    ana = await guest_client(kiez, "Ana", 1)
    base = f"/w/{kiez.code}/tables"
    wrong = await ana.post(f"{base}/1/begin", data={"kind": "need", "title": " ", "seen": ""})
    assert wrong.status_code == 422
    assert 'href="#f-title"' in wrong.text
    for ref, word in (("2026-99999", "Diese Idee gibt es nicht"), ("", "f-ref")):
        answer = await ana.post(f"{base}/1/open", data={"ref": ref, "seen": ""})
        assert answer.status_code == 422
        assert word in answer.text
    elsewhere = await ana.post(f"{base}/2/begin", data={"kind": "need", "title": "X", "seen": ""})
    assert elsewhere.status_code == 403
    ref = await begin(ana, kiez, 1)
    moved = await ana.post(f"{base}/1/begin", data={"kind": "need", "title": "Zweite", "seen": ""})
    assert moved.status_code == 409
    assert "Am Tisch liegt inzwischen etwas anderes" in moved.text
    assert 'value="Zweite"' in moved.text
    away = await ana.post(f"{base}/1/away", data={"seen": ref})
    assert away.status_code == 303
    back = await ana.post(f"{base}/1/open", data={"chosen": ref, "ref": "", "seen": ""})
    assert back.headers["location"] == f"/ideas/{ref}?w={kiez.code}"


async def test_tb7_two_tables_at_once_each_get_their_own(kiez: Evening) -> None:
    ana, bo = await guest_client(kiez, "Ana", 1), await guest_client(kiez, "Bo", 2)
    one, two = await asyncio.gather(
        begin(ana, kiez, 1, title="Eins"), begin(bo, kiez, 2, title="Zwei")
    )
    listed = (await ana.get(f"/api/v1/workshops/{kiez.code}/tables")).json()["tables"]
    assert [each["ref"] for each in listed] == [one, two, None]
    assert [each["people"] for each in listed][:2] == [
        [{"name": "Ana", "is_writing": False}],
        [{"name": "Bo", "is_writing": False}],
    ]


async def test_tb7_the_operations_open_begin_and_put_away(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    path = f"/api/v1/workshops/{kiez.code}/tables/1/idea"
    begun = await boss.post(path, json={"kind": "proposal", "title": "Schatten"})
    assert begun.status_code == 201
    ref = begun.json()["ref"]
    other = await kiez.everyone.idea("open")
    assert (await boss.put(path, json={"ref": other})).json()["code"] == "table-moved"
    opened = await boss.put(path, json={"ref": other, "seen": ref})
    assert (opened.status_code, opened.json()["ref"]) == (200, other)
    assert (await boss.delete(path)).status_code == 409
    assert (await boss.delete(f"{path}?seen={other}")).status_code == 204
    stranger = await kiez.everyone.client("participant")
    refused = await stranger.post(path, json={"kind": "proposal", "title": "Schatten"})
    assert (refused.status_code, refused.json()["code"]) == (403, "join-first")


async def test_tb8_an_idea_on_a_table_leads_back_and_shows_the_room(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ana, bo = await guest_client(kiez, "Ana", 1), await guest_client(kiez, "Bo", 2)
    boss = await kiez.everyone.actor("moderator")
    ref = await kiez.everyone.idea("open")
    await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")
    bar = 'id="workshop-bar"'
    assert bar in (await ana.get(f"/ideas/{ref}")).text
    assert bar not in (await bo.get(f"/ideas/{ref}")).text
    assert bar in (await bo.get(f"/ideas/{ref}?w={kiez.code}")).text
    assert bar not in (await kiez.everyone.arena.client.get(f"/ideas/{ref}?w={kiez.code}")).text
    assert bar not in (await bo.get(f"/ideas/{ref}?w=nonsense")).text
    async with services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, {"is_frozen": True})
    fragment = (await ana.get(f"/w/{kiez.code}/bar/{ref}")).text
    assert "data-rests" in fragment
    assert "Schritt 1 von 4" in fragment
    await tables.put_away(services, boss, kiez.code, 1, seen=ref)
    assert (await ana.get(f"/w/{kiez.code}/bar/{ref}")).text.strip() == ""


async def test_wl8_an_idea_is_presented_to_whoever_may_read_it(kiez: Evening) -> None:
    client = kiez.everyone.arena.client
    ref = await kiez.everyone.idea("open", words="Worum es geht:")
    page = await client.get(f"/ideas/{ref}/present")
    assert page.status_code == 200
    assert page.text.count('class="slide"') >= 3
    assert "Worum es geht:" in page.text
    text = await client.get(f"/ideas/{ref}/present/text")
    assert text.text.strip() in page.text
    tag = {"If-None-Match": text.headers["etag"]}
    assert (await client.get(f"/ideas/{ref}/present/text", headers=tag)).status_code == 304
    draft = await kiez.everyone.idea("draft")
    for path in ("present", "present/text"):
        assert (await client.get(f"/ideas/{draft}/{path}")).status_code == 404
    empty = await kiez.everyone.idea("open", sections=False)
    assert "Noch steht nichts da" in (await client.get(f"/ideas/{empty}/present")).text


FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]*)"', re.DOTALL)
ELSEWHERE = ("/sign-out", "/w/")


async def test_tb9_every_form_that_a_guest_at_a_table_sees_is_his_to_send(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ana, bo = await guest_client(kiez, "Ana", 1), await guest_client(kiez, "Bo", 2)
    boss = await kiez.everyone.actor("moderator")
    ref = await kiez.everyone.idea("open", words="Ein Satz zu")
    await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")
    own = await begin(bo, kiez, 2)
    for client, idea, least in ((ana, ref, 4), (bo, own, 5)):
        page = (await client.get(f"/ideas/{idea}")).text
        assert 'data-access="write"' in page
        shown = {each for each in FORM.findall(page) if not each.startswith(ELSEWHERE)}
        assert len(shown) >= least
        for action in sorted(shown):
            answer = await client.post(action, data={})
            assert answer.status_code in {200, 303, 409, 422}, (action, answer.status_code)
    version = (await ana.get(f"/api/v1/ideas/{ref}/text")).json()["version"]
    said = await ana.post(f"/ideas/{ref}/comments", data={"text": "Gut so.", "kind": "praise"})
    assert said.status_code == 303
    judged = await ana.put(
        f"/api/v1/ideas/{ref}/judgements/technical",
        json={
            "verdict": "feasible",
            "confidence": "medium",
            "reason": "Das gibt es nebenan schon.",
            "text_version": version,
        },
    )
    assert judged.status_code in {200, 201}, judged.text
    wished = await ana.post(
        f"/api/v1/ideas/{ref}/suggestions",
        json={"section": "idea", "passage": {"quote": "Ein Satz"}, "text": "Zwei Sätze"},
    )
    assert wished.status_code == 201, wished.text
    page = (await ana.get(f"/ideas/{ref}")).text
    assert "Gut so." in page
    # At no table any more, he reads what anybody reads, and sends nothing.
    await tables.put_away(services, boss, kiez.code, 1, seen=ref)
    page = (await ana.get(f"/ideas/{ref}")).text
    assert 'data-access="write"' not in page
    assert f"/ideas/{ref}/comments" not in FORM.findall(page)


async def test_tb10_who_is_there_by_his_table_waits_while_hands_are_down(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    ref = await kiez.everyone.idea("open")
    ana = await guest_client(kiez, "Ana", 1)
    await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")
    path, words = f"/ideas/{ref}", "Wer gießt die Bäume im August?"
    said = await ana.post(f"/api/v1{path}/comments", json={"kind": "note", "text": "Ja."})
    assert said.status_code == 201, said.text
    await leading.freeze(services, boss, kiez.code, on=True)

    page = await ana.post(f"{path}/comments", data={"kind": "question", "text": words})
    assert page.status_code == 409
    assert "Gerade ruhen alle Hände." in page.text
    assert words in page.text, "nothing typed is lost"
    own = f"{path}/comments/{said.json()['id']}/edit"
    page = await ana.post(own, data={"text": words})
    assert (page.status_code, words in page.text) == (409, True)
    assert "Gerade ruhen alle Hände." in page.text
    seen = (await ana.get(f"/api/v1{path}/judgements")).json()["text_version"]
    judged = {"verdict": "open", "confidence": "low", "reason": words, "text_version": seen}
    for method, at, body in (
        ("POST", "comments", {"kind": "note", "text": words}),
        ("PUT", "judgements/legal", judged),
        ("POST", "requirements", {"text": words}),
    ):
        refused = await ana.request(method, f"/api/v1{path}/{at}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "hands-down"), at

    # Whoever may do so himself is not held, at whichever table he sits.
    participant = await kiez.everyone.actor("participant")
    await join_with_account(services, participant, kiez.tables[0].code)
    client = await kiez.everyone.client("participant")
    free = await client.post(f"/api/v1{path}/comments", json={"kind": "note", "text": words})
    assert free.status_code == 201, free.text
    # And when hands are up again, so does she.
    await leading.freeze(services, boss, kiez.code, on=False)
    again = await ana.post(f"/api/v1{path}/comments", json={"kind": "note", "text": words})
    assert again.status_code == 201, again.text
