"""Bringing a version back over HTTP: as a change in one's name, with the text before kept."""

import asyncio
from typing import Any

import pytest

from collab.process.versions.names import RESTORES_MAX, RESTORES_S
from server.actions.erasure.people import CHOICES, erase_person
from server.actions.live import exact_text as reading
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import document_of, write
from tests.server.versions.asking import name, plain, restore, versions


async def test_h5_h6_a_restored_text_reads_as_the_version_and_what_was_there_is_kept(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Stand nach dem Workshop")).json()
    before = await arena.version(ref)
    await write(arena, ref, "participant", "idea", "Zwei Sätze, die niemand will.")
    answer = await restore(arena, ref, kept["version"], "participant")
    assert answer.status_code == 200, answer.text
    assert (await arena.version(ref)).sha256 == before.sha256
    replaced = answer.json()["replaced"]
    found = {each["name"]: each for each in await versions(arena, ref)}
    old = found[f"{replaced['epoch']}.{replaced['seq']}"]
    assert old["text_version"]["sha256"] == replaced["sha256"] != before.sha256
    assert old["names"][0]["is_before_restore"]
    again = await restore(arena, ref, old["name"], "editor", reason="Doch.")
    assert again.status_code == 200
    assert "niemand will" in await plain(arena, ref)
    timeline = (await (await arena.client("guest")).get(f"/ideas/{ref}/timeline")).text
    assert "wiederhergestellt" in timeline
    assert "Doch." in timeline


async def test_h5_single_sections_are_restored_and_unknown_ones_refused(arena: Everyone) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "author", "idea", "Neu hier.")
    await write(arena, ref, "author", "benefit", "Neu dort.")
    assert (await restore(arena, ref, kept, sections=["idea"])).status_code == 200
    assert "Neu hier." not in await plain(arena, ref)
    assert "Neu dort." in await plain(arena, ref)
    faulty = await restore(arena, ref, kept, sections=["nowhere"])
    assert faulty.status_code == 422
    assert faulty.json()["fields"].keys() == {"sections"}
    same = await restore(arena, ref, kept, sections=["idea"])
    assert (same.status_code, same.json()["code"]) == (409, "nothing-to-restore")


async def test_h6_what_is_typed_while_it_is_restored_is_in_the_text_or_in_the_kept_version(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "author", "idea", "Geht wieder.")
    flush, services = arena.arena.services.hub.flush, arena.arena.services
    calls = 0

    async def typing(document_id: Any) -> None:
        """Somebody types between the moment the text is kept and the change to it."""
        nonlocal calls
        calls += 1
        if calls == 2:
            await write(arena, ref, "participant", "resources", "Gerade getippt.")
        await flush(document_id)

    monkeypatch.setattr(services.hub, "flush", typing)
    answer = await restore(arena, ref, kept, sections=["idea"])
    assert answer.status_code == 200, answer.text
    assert calls >= 2
    assert "Geht wieder." not in await plain(arena, ref)
    assert "Gerade getippt." in await plain(arena, ref)
    replaced = answer.json()["replaced"]
    path = f"/ideas/{ref}/versions/{replaced['epoch']}.{replaced['seq']}"
    old = (await (await arena.client("author")).get(path)).text
    assert "Geht wieder." in old
    assert "Gerade getippt." in old


async def test_h7_nobody_restores_what_he_may_not_write_or_read(arena: Everyone) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "author", "idea", "Neu.")
    statuses = {}
    for by in ("guest", "observer", "auditor", "participant"):
        statuses[by] = (await restore(arena, ref, "9.9", by)).status_code
    assert statuses == {"guest": 401, "observer": 403, "auditor": 403, "participant": 404}
    client = await arena.client("moderator")
    form = {"handle": "participant", "moderation_reason": "Werbung."}
    await client.post(f"/ideas/{ref}/mute", data=form)
    assert (await restore(arena, ref, kept, "participant")).status_code == 403
    for path in ("x", "1", "1.1.1"):
        assert (await restore(arena, ref, path)).status_code == 404


async def test_h7_a_settled_text_is_not_restored_also_when_it_settles_meanwhile(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "author", "idea", "Bleibt stehen.")

    async def at_once(function: Any, *given: Any) -> bytes:
        update: bytes = function(*given)
        assert (await move(arena, ref, "declined", reason="Gibt es schon.")).status_code == 200
        return update

    monkeypatch.setattr(asyncio, "to_thread", at_once)
    answer = await restore(arena, ref, kept)
    assert answer.status_code == 403, answer.text
    monkeypatch.undo()
    assert "Bleibt stehen." in await plain(arena, ref)
    assert (await restore(arena, ref, kept)).status_code == 403


async def test_h6_how_often_a_text_is_restored_is_bounded(arena: Everyone) -> None:
    ref = await arena.idea("open")
    one = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "author", "idea", "Neu.")
    other = (await name(arena, ref, "Danach")).json()["version"]
    for count in range(RESTORES_MAX):
        done = await restore(arena, ref, (one, other)[count % 2])
        assert done.status_code == 200, done.text
    over = await restore(arena, ref, one)
    assert over.status_code == 429
    arena.arena.clock.pass_by(seconds=RESTORES_S + 1)
    assert (await restore(arena, ref, one)).status_code == 200
    exact = await reading.exact_text(arena.arena.services, await document_of(arena, ref))
    assert "Neu." not in str(exact.text.sections["idea"])


async def test_x5_erased_words_go_also_where_somebody_else_restored_them(arena: Everyone) -> None:
    ref = await arena.idea("open")
    empty = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "participant", "idea", "Geheimnisvolle Einzelheiten.")
    full = (await name(arena, ref, "Mit Einzelheiten")).json()["version"]
    for version in (empty, full):
        assert (await restore(arena, ref, version, "lead")).status_code == 200
    assert "Geheimnisvolle" in await plain(arena, ref)
    await erase_person(arena.arena.services, "participant", CHOICES["erase"])
    assert "Geheimnisvolle" not in await plain(arena, ref)
    client = await arena.client("author")
    for each in await versions(arena, ref):
        page = await client.get(f"/ideas/{ref}/versions/{each['name']}")
        assert "Geheimnisvolle" not in page.text
