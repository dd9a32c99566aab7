"""Internal notes: a document beside the idea's, for the board's people and nobody else."""

import asyncio
from typing import Any

import pytest

from collab.process.actors import Role
from collab.process.permissions import Action, allowed
from collab.sync.address import DocumentAddress
from server.actions import people
from server.actions.board.notes import open_notes
from server.actions.erasure import people as erasure
from server.actions.erasure.people import CHOICES, Choice
from server.realtime.holders import holder
from server.realtime.hub import hub_of
from server.realtime.open_rooms import NotAdmitted
from storage import events, texts
from tests.server.idea.arena_of_all import PEOPLE, TEAM, Everyone
from tests.server.idea.writing import write_in
from tests.server.sockets import close_code, socket

SECRET, SOUGHT = "nurfuersboard", "suchwort"
STAGES = ("draft", "open", "feasibility", "proposal", "declined", "archived")


async def notes(arena: Everyone, ref: str, by: str = "moderator") -> str:
    """Begin the notes on an idea; the address of their document."""
    answer = await (await arena.client(by)).put(f"/api/v1/ideas/{ref}/notes")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["document_id"])


async def note(arena: Everyone, ref: str, by: str, text: str) -> None:
    """Let the person write a paragraph into the notes."""
    opened = await open_notes(arena.arena.services, await arena.actor(by), ref)
    await write_in(arena, opened.document_id, by, "notes", text)


def roles_of(handle: str) -> frozenset[Role]:
    return frozenset({PEOPLE[handle], *([TEAM[handle]] if handle in TEAM else [])})


@pytest.mark.parametrize("stage", STAGES)
async def test_b10_who_may_reads_and_writes_notes_over_http_page_and_socket(
    arena: Everyone, stage: str
) -> None:
    ref = await arena.idea(stage)
    if stage == "draft":
        answer = await (await arena.client("moderator")).put(f"/api/v1/ideas/{ref}/notes")
        assert answer.status_code == 403
        return
    address = DocumentAddress.parse(await notes(arena, ref))
    hub, wrong = hub_of(arena.arena.services), []
    for handle in PEOPLE:
        roles = roles_of(handle)
        may_read = allowed(Action.READ_NOTES, roles, stage)
        client = await arena.client(handle)
        for path in (f"/api/v1/ideas/{ref}/notes", f"/ideas/{ref}/notes"):
            status = (await client.get(path)).status_code
            if status != (200 if may_read else 403):
                wrong.append(f"{handle} {path}: {status}")
        person_id = (await arena.actor(handle)).person_id
        try:
            grant = (await hub.admit(address, person_id)).grant
        except NotAdmitted as refusal:
            found = (False, refusal.reason)
        else:
            found = (grant.write, "")
        may_write = allowed(Action.WRITE_NOTES, roles, stage)
        if found != ((may_write, "") if may_read else (False, "forbidden")):
            wrong.append(f"{handle} at the socket: {found}")
    assert not wrong


async def test_b10_a_guest_and_an_author_are_turned_away_at_the_socket(arena: Everyone) -> None:
    ref = await arena.idea("open")
    address = await notes(arena, ref)
    async with socket(arena, f"/collab/{address}") as wire:
        assert await close_code(wire) == 4403
    token = {"authorization": str((await arena.client("author")).headers["Authorization"])}
    async with socket(arena, f"/collab/{address}", **token) as wire:
        assert await close_code(wire) == 4403
    ticket = await (await arena.client("author")).post(
        "/api/v1/collab/tickets", json={"document_id": address}
    )
    assert ticket.status_code == 404


async def test_b10_who_loses_the_role_is_out_of_the_notes(arena: Everyone) -> None:
    ref = await arena.idea("open")
    address = await notes(arena, ref)
    token = {"authorization": str((await arena.client("moderator-2")).headers["Authorization"])}
    async with socket(arena, f"/collab/{address}", **token) as wire:
        await wire.until(lambda each: isinstance(each, bytes))
        await people.withdraw_role(arena.arena.services, None, "moderator-2", Role.MODERATOR)
        assert await close_code(wire) == 4403


async def test_b10_notes_are_in_no_text_search_list_feed_or_projection(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await note(arena, ref, "moderator", f"{SOUGHT} {SECRET}")
    read = await (await arena.client("office")).get(f"/api/v1/ideas/{ref}/notes")
    assert SECRET in read.json()["markdown"]
    services = arena.arena.services
    async with services.database.read() as tx:
        found = await holder(tx, (await open_notes_id(arena, ref)))
        assert found is not None
        assert found.idea is not None
        shown = await texts.get(tx, found.idea.id)
        told = await events.since(tx, 0, idea_id=found.idea.id, public_only=True)
    assert shown is not None
    assert SECRET not in f"{shown.plain} {shown.sections} {shown.stems}"
    assert [each.kind for each in told if each.kind.startswith("notes")] == []
    for handle in ("guest", "author", "moderator"):
        client = await arena.client(handle)
        for path in (
            f"/?q={SOUGHT}",
            f"/api/v1/ideas?q={SOUGHT}",
            f"/ideas/{ref}",
            f"/api/v1/ideas/{ref}",
            f"/api/v1/ideas/{ref}/text",
            f"/api/v1/ideas/{ref}/events",
        ):
            assert SECRET not in (await client.get(path)).text, (handle, path)


async def open_notes_id(arena: Everyone, ref: str) -> Any:
    opened = await open_notes(arena.arena.services, await arena.actor("moderator"), ref)
    return opened.document_id


async def test_b11_two_who_open_the_notes_at_once_find_one_document(either: Everyone) -> None:
    ref = await either.idea("open")
    found = await asyncio.gather(
        *(notes(either, ref, by) for by in ("moderator", "moderator-2", "office", "cdo"))
    )
    assert len(set(found)) == 1
    assert (
        found[0]
        != (await (await either.client("guest")).get(f"/api/v1/ideas/{ref}")).json()["document_id"]
    )


async def test_b11_notes_and_text_are_two_rooms_and_both_are_durable(either: Everyone) -> None:
    ref = await either.idea("open")
    await note(either, ref, "moderator", "Bitte bis Freitag.")
    await note(either, ref, "office", "Mache ich.")
    read = await (await either.client("moderator")).get(f"/api/v1/ideas/{ref}/notes")
    assert "Bitte bis Freitag." in read.json()["markdown"]
    assert "Mache ich." in read.json()["markdown"]
    text = await (await either.client("guest")).get(f"/api/v1/ideas/{ref}/text?format=markdown")
    assert "Freitag" not in text.text


@pytest.mark.parametrize("is_named", [False, True])
async def test_b12_an_erasure_reaches_the_notes(either: Everyone, is_named: bool) -> None:
    ref = await either.idea("open")
    await note(either, ref, "moderator-2", "wegdamit")
    await note(either, ref, "moderator", "bleibtda")
    choice = Choice(frozenset({ref})) if is_named else CHOICES["erase"]
    plan = await erasure.plan(either.arena.services, "moderator-2", choice)
    assert [removal.ref for removal in plan.removals] == [f"{ref}/notes"]
    outcome = await erasure.erase_person(either.arena.services, "moderator-2", choice)
    assert outcome.texts == 1
    read = (await (await either.client("moderator")).get(f"/api/v1/ideas/{ref}/notes")).json()
    assert "bleibtda" in read["markdown"]
    assert "wegdamit" not in read["markdown"]
    assert read["version"]["epoch"] == 2
    public = await (await either.client("guest")).get(f"/api/v1/ideas/{ref}/events")
    assert "erased" not in public.text


async def test_b12_what_stays_is_handed_out_and_stays_under_the_pseudonym(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await note(arena, ref, "moderator-2", "meinenotiz")
    held = (await (await arena.client("moderator-2")).get("/api/v1/me/data")).json()
    (text,) = held["texts"]
    assert (text["ref"], text["document"]) == (ref, "notes")
    assert "meinenotiz" in str(text["passages"])
    assert [row["ref"] for row in held["notes_opened"]] == [ref]
    await erasure.erase_person(arena.arena.services, "moderator-2", CHOICES["keep"])
    read = await (await arena.client("moderator")).get(f"/api/v1/ideas/{ref}/notes")
    assert "meinenotiz" in read.json()["markdown"]
