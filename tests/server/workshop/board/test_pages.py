"""The board over HTTP: without scripts, and for programs."""

from __future__ import annotations

import re

import httpx2

from server.actions.access import Caller
from server.actions.workshop.joining import join_as_guest
from tests.server.workshop.board.table import board, lead, texts
from tests.server.workshop.evening import Evening

SECRET = "BD-GEHEIM"


async def browser(kiez: Evening, name: str) -> httpx2.AsyncClient:
    """A guest's browser."""
    arena = kiez.everyone.arena
    joined = await join_as_guest(arena.services, kiez.code, name, Caller("192.0.2.7"), "de")
    assert joined.signed_in is not None
    client = arena.browser()
    client.cookies.set("arena_session", joined.signed_in.secret)
    return client


def value_of(page: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


async def test_bd16_a_board_is_read_and_written_without_scripts(kiez: Evening) -> None:
    await lead(kiez, is_silent=False)
    path = f"/w/{kiez.code}/board"
    client = await browser(kiez, "Ana")
    page = (await client.get(path)).text
    assert "Hier liegt noch kein Zettel." in page
    form = {"id": value_of(page, "id"), "text": "Mehr <b>Bänke</b>", "colour": "green"}
    for _ in range(2):
        answer = await client.post(path + "/notes", data=form)
        assert answer.status_code in (200, 303)
    await client.post(path + "/groups", data={"title": "Park"})
    (note,), (group,) = (await board(kiez)).notes, (await board(kiez)).groups
    assert (note.text, group.title) == ("Mehr <b>Bänke</b>", "Park")
    one = f"{path}/notes/{note.id}"
    await client.post(one, data={"deed": "group", "group": group.id})
    await client.post(one, data={"deed": "dots", "count": "2"})
    page = (await client.get(path)).text
    assert "Mehr &lt;b&gt;Bänke&lt;/b&gt;" in page
    assert "2 Punkte von mir" in page
    assert "von mir" in (await client.get(path)).text
    page = (await client.get(one)).text
    assert f'value="{group.id}" selected' in page
    refused = await client.post(one, data={"deed": "dots", "count": "99"})
    assert refused.status_code == 422
    spent = await client.post(one, data={"deed": "dots", "count": "9"})
    assert spent.status_code == 409
    assert "Es sind noch" in spent.text
    empty = await client.post(path + "/notes", data={"id": "note-9", "text": " "})
    assert empty.status_code == 422
    await client.post(one, data={"deed": "remove"})
    assert (await client.get(one)).status_code == 404
    await client.aclose()


async def test_bd16_an_idea_is_made_without_scripts(kiez: Evening) -> None:
    await lead(kiez, is_silent=False)
    path = f"/w/{kiez.code}/board"
    client = await browser(kiez, "Ana")
    await client.post(path + "/notes", data={"id": "note-1", "text": "Mehr Bänke"})
    one = f"{path}/notes/note-1/idea"
    page = (await client.get(one)).text
    assert 'value="Mehr Bänke"' in page
    refused = await client.post(one, data={"kind": "need", "title": ""})
    assert refused.status_code == 422
    made = await client.post(one, data={"kind": "need", "title": "Mehr Bänke"})
    location = str(made.url) if made.status_code == 200 else made.headers["location"]
    ref = location.rsplit("/", 1)[-1]
    idea = await client.get(f"/ideas/{ref}")
    assert idea.status_code == 200
    assert f'<a href="{path}">Kiezabend</a>' in idea.text
    assert f"Idee {ref}" in (await client.get(path)).text
    assert ref in (await client.get(one)).text
    await client.aclose()


async def test_bd7_nothing_of_what_is_hidden_is_in_any_answer(kiez: Evening) -> None:
    api, path = f"/api/v1/workshops/{kiez.code}/board", f"/w/{kiez.code}/board"
    ana, bo = await browser(kiez, "Ana"), await browser(kiez, "Bo")
    boss = await kiez.everyone.client("moderator")
    note = {"id": "note-1", "text": SECRET, "colour": "rose"}
    answer = await ana.post(api + "/notes", json=note)
    assert (answer.status_code, answer.json()) == (201, {"hidden": True})
    assert SECRET in (await ana.get(path + "/fragments/hidden")).text
    assert [each["id"] for each in (await ana.get(api)).json()["hidden"]] == ["note-1"]
    everything = (api, api + "/marks", path, path + "/fragments/state", path + "/fragments/hidden")
    for client in (bo, boss):
        for address in everything:
            found = await client.get(address)
            assert found.status_code == 200, address
            assert SECRET not in found.text
            assert "note-1" not in found.text
    events = (await boss.get("/api/v1/events")).text
    assert SECRET not in events
    changed = await ana.put(f"{api}/silent/note-1", json={"text": f"{SECRET} neu"})
    assert changed.status_code == 204
    assert (await bo.delete(f"{api}/silent/note-1")).status_code == 404
    assert (await bo.post(api + "/show")).status_code == 403
    assert (await boss.post(api + "/show")).status_code == 204
    assert await texts(kiez) == [f"{SECRET} neu"]
    for client in (ana, bo):
        await client.aclose()


async def test_bd12_nobody_elses_dots_are_in_any_answer(kiez: Evening) -> None:
    await lead(kiez, is_silent=False)
    api, path = f"/api/v1/workshops/{kiez.code}/board", f"/w/{kiez.code}/board"
    ana, bo = await browser(kiez, "Ana"), await browser(kiez, "Bo")
    boss = await kiez.everyone.client("moderator")
    await ana.post(api + "/notes", json={"id": "note-1", "text": "Bänke"})
    before = [(await client.get(each)).text for client in (bo, boss) for each in (api, path)]
    mine = await ana.put(f"{api}/dots/note-1", json={"count": 3})
    assert (mine.json()["left"], mine.json()["marks"]["note-1"]["given"]) == (2, 3)
    after = [(await client.get(each)).text for client in (bo, boss) for each in (api, path)]
    assert [plain(each) for each in after] == [plain(each) for each in before]
    assert (await bo.post(api + "/dots", json={"shown": True})).status_code == 403
    assert (await boss.post(api + "/dots", json={"shown": True})).status_code == 204
    shown = (await bo.get(api)).json()
    assert (shown["people"], shown["marks"]["note-1"]["result"]) == (1, {"dots": 3, "people": 1})
    page = (await bo.get(path)).text
    assert "Stimmungsbild, keine Entscheidung." in page
    assert "1 Person hat Punkte vergeben." in page
    for client in (ana, bo):
        await client.aclose()


def plain(page: str) -> str:
    """A page without what is new in every answer."""
    return re.sub(r'(name="id" value|data-last|data-event)="[^"]*"', "", page)


async def test_bd10_outsiders_are_led_to_the_door_and_hands_down_has_a_sentence(
    kiez: Evening,
) -> None:
    path = f"/w/{kiez.code}/board"
    for handle in ("guest", "participant"):
        client = await kiez.everyone.client(handle)
        answer = await client.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (303, f"/w/{kiez.code}")
        assert (await client.get(f"/api/v1/workshops/{kiez.code}/board")).status_code in (401, 403)
    await lead(kiez, is_silent=False, is_frozen=True)
    ana = await browser(kiez, "Ana")
    page = (await ana.get(path)).text
    assert 'data-frozen="yes"' in page
    assert 'action="/w/' not in page
    refused = await ana.post(path + "/notes", data={"id": "note-1", "text": "doch"})
    assert refused.status_code == 409
    assert "Gerade ruhen alle Hände." in refused.text
    assert await texts(kiez) == []
    await ana.aclose()
