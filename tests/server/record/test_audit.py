"""The audit log over HTTP, and that every act of people is in it."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collab.process.events.kinds import EVENTS
from server.actions.audit import export
from server.actions.audit.verify import chains, verify
from server.actions.erasure.people import CHOICES, erase_person
from storage import events
from storage.database import Database
from tests.server.erasure.traces import leave_traces
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.sources import ROOT


async def entries(
    arena: Everyone, ref: str, by: str = "guest", **query: Any
) -> list[dict[str, Any]]:
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/audit", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


async def test_u1_a_decision_is_entered_with_office_revision_and_text(arena: Everyone) -> None:
    ref = await arena.idea()
    moved = (await move(arena, ref, "open", "author")).json()
    *_, entry = await entries(arena, ref)
    facts = entry["facts"]
    assert facts["office"] == "author"
    assert facts["revision"] == moved["revision"]
    assert facts["version"] == moved["text_version"]
    assert (facts["from_stage"], facts["to_stage"]) == ("draft", "open")
    assert entry["sealed"].keys() == {"actor", "reason"}


async def test_u8_what_a_reader_may_not_know_is_closed(arena: Everyone) -> None:
    ref = await arena.idea()
    guest = await arena.client("guest")
    assert (await guest.get(f"/api/v1/ideas/{ref}/audit")).status_code == 404
    await move(arena, ref, "open", "author")
    form = {"handle": "participant", "moderation_reason": "Werbung."}
    await (await arena.client("moderator")).post(f"/ideas/{ref}/mute", data=form)
    acts = {
        handle: [each.get("act") for each in await entries(arena, ref, handle)]
        for handle in ("guest", "author", "moderator", "auditor")
    }
    assert acts["guest"] == [None, "stage_changed", None]
    assert acts["author"] == ["idea_created", "stage_changed", None]
    assert acts["moderator"] == ["idea_created", "stage_changed", "person_muted"]
    assert acts["auditor"] == acts["moderator"]
    assert len(await entries(arena, ref, after=1, limit=1)) == 1
    assert (await guest.get(f"/api/v1/ideas/{ref}/audit?limit=501")).status_code == 422


async def test_u5_what_the_page_offers_is_checked_without_arena(
    arena: Everyone, tmp_path: Path
) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    guest = await arena.client("guest")
    page = (await guest.get(f"/ideas/{ref}/timeline")).text
    path = f"/api/v1/ideas/{ref}/audit?format=jsonl"
    assert f'href="{path}"' in page
    answer = await guest.get(path)
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert "2 entries (1 closed), 0 faults" in await checked(answer.text, tmp_path)


async def checked(export: str, folder: Path) -> str:
    """What the checker says of an export that is in order."""
    file = folder / "audit.jsonl"
    file.write_text(export, "utf-8")
    command = [sys.executable, "-I", str(ROOT / "docs" / "audit" / "verify.py"), str(file)]
    said = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 0, said.stdout
    return said.stdout


async def test_u16_an_export_is_read_page_by_page_and_ends_where_it_began_to(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(export, "ENTRIES_PER_READ", 2)
    database = arena.arena.services.database
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    muting = {"handle": "participant", "moderation_reason": "Werbung."}
    moderator = await arena.client("moderator")
    await moderator.post(f"/ideas/{ref}/mute", data=muting)
    found = await chains(database, [ref])
    assert found[0].entries == found[0].last == 3
    lines: list[str] = []
    own = await Database.open(arena.arena.services.settings.database_url)
    async for line in export.lines(own, found):
        assert own.load.open["read"] == 0, "who reads slowly holds no connection"
        if not lines:
            await moderator.post(f"/ideas/{ref}/unmute", data=muting)
        lines.append(line)
    await own.close()
    assert (await chains(database, [ref]))[0].last == 4, "it has grown meanwhile"
    assert "3 entries (0 closed), 0 faults" in await checked("\n".join(lines), tmp_path)


async def test_u1_u3_everything_a_person_did_is_entered_and_after_an_erasure_nothing_says_who(
    arena: Everyone,
) -> None:
    database = arena.arena.services.database
    traces = await leave_traces(arena)
    async with database.read() as tx:
        told = await events.since(tx, 0)
    before = await verify(database, await chains(database))
    assert before.entries == sum(EVENTS[each.kind].official for each in told)
    # The idea was put into its stage past the acts.
    assert {fault.kind for fault in before.faults} <= {"contradicted"}
    assert {fault.detail for fault in before.faults} <= {"revision", "stage"}
    everything = str(await entries(arena, traces.ref, "moderator"))
    assert [word for word in (*traces.words, *traces.kept) if word in everything] == []
    assert str(traces.person_id) not in everything
    await erase_person(arena.arena.services, traces.handle, CHOICES["erase"])
    after = await verify(database, await chains(database))
    assert after.faults == before.faults
    for name, head in before.heads.items():
        assert after.heads[name]["number"] >= head["number"]
