"""Silent writing: hidden from everybody else, shown together, in the authors' names, once."""

from __future__ import annotations

import asyncio

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import GUEST
from collab.process.workshop.notes import SILENT_NOTES_MAX
from server.actions.workshop.board import silent as acts
from server.actions.workshop.board.writing import (
    add_group,
    edit_note,
    group_note,
    remove_note,
    write_note,
)
from server.services import Services
from storage.workshop import silent
from tests.server.workshop.board.table import board, lead, shown, texts, write
from tests.server.workshop.evening import Evening


async def test_bd7_a_silent_note_is_nobody_elses_until_all_are_shown(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    (ana, one), (bo, other) = await kiez.guest("Ana"), await kiez.guest("Bo")
    assert await write(kiez, one, "note-1", "von Ana") is True
    assert await write(kiez, other, "note-2", "von Bo 😀") is True
    assert await texts(kiez) == []
    async with services.database.read() as tx:
        mine = await silent.own(tx, kiez.workshop.id, ana.person_id)
    assert [row.text for row in mine] == ["von Ana"]
    await acts.change_silent(services, one, kiez.code, "note-1", text="Ana, besser", colour="blue")
    for act in (
        acts.change_silent(services, one, kiez.code, "note-2", text="x", colour="blue"),
        acts.remove_silent(services, one, kiez.code, "note-2"),
    ):
        with pytest.raises(NotFound):
            await act
    boss = await kiez.everyone.actor("moderator")
    await acts.show_notes(services, boss, kiez.code)
    found = await shown(kiez)
    assert {note.text: found.author(note) for note in found.board.notes} == {
        "Ana, besser": ana.person_id,
        "von Bo 😀": bo.person_id,
    }
    assert (await kiez.now()).is_silent is False
    assert await write(kiez, one, "note-3", "offen") is False
    assert "offen" in await texts(kiez)


async def test_bd8_what_a_bad_network_sends_twice_is_there_once(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, ana = await kiez.guest("Ana")
    answers = await asyncio.gather(*(write(kiez, ana, "note-1", "eins") for _ in range(5)))
    assert answers == [True] * 5
    await acts.show_notes(services, await kiez.everyone.actor("moderator"), kiez.code)
    # Its acknowledgement was lost, and silence is over by now.
    assert await write(kiez, ana, "note-1", "eins") is False
    assert await write(kiez, ana, "note-2", "zwei") is False
    assert await write(kiez, ana, "note-2", "zwei") is False
    assert sorted(await texts(kiez)) == ["eins", "zwei"]


@pytest.mark.parametrize("dies_after", [0, 2])
async def test_bd9_showing_goes_on_after_a_crash_and_writes_nothing_twice(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch, dies_after: int
) -> None:
    services = kiez.everyone.arena.services
    for number in range(3):
        _, actor = await kiez.guest(f"Gast {number}")
        await write(kiez, actor, f"note-{number}", str(number))
        await write(kiez, actor, f"more-{number}", f"{number} noch")
    boss = await kiez.everyone.actor("moderator")
    real, marked = silent.brought, 0

    async def dying(*arguments: object) -> None:
        nonlocal marked
        marked += 1
        if marked > dies_after:
            raise ConnectionError("the process died")
        await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(silent, "brought", dying)
    with pytest.raises(ConnectionError):
        await acts.show_notes(services, boss, kiez.code)
    monkeypatch.setattr(silent, "brought", real)
    async with services.database.read() as tx:
        due = await silent.left_over(tx, services.clock(), 10)
    assert due == [kiez.workshop.id]
    await asyncio.gather(*(acts.bring_silent(services, due[0]) for _ in range(3)))
    wanted = [f"{number}{more}" for number in range(3) for more in ("", " noch")]
    assert sorted(await texts(kiez)) == wanted
    async with services.database.read() as tx:
        assert await silent.left_over(tx, services.clock(), 10) == []
        assert await silent.waiting(tx, kiez.workshop.id) == []


async def test_bd7_what_is_hidden_ends_at_a_bound_and_is_not_for_outsiders(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, ana = await kiez.guest("Ana")
    for number in range(SILENT_NOTES_MAX):
        await write(kiez, ana, f"note-{number}")
    with pytest.raises(Conflict, match="too-many-silent"):
        await write(kiez, ana, "one-more")
    await acts.remove_silent(services, ana, kiez.code, "note-0")
    assert await write(kiez, ana, "one-more") is True
    with pytest.raises(NotAllowed):
        await write(kiez, await kiez.everyone.actor("participant"), "note-x")
    with pytest.raises(NotAllowed):
        await write(kiez, GUEST, "note-x")
    with pytest.raises(NotAllowed):
        await acts.show_notes(services, ana, kiez.code)
    for faulty in (
        {"note_id": "?", "text": "x", "colour": "blue"},
        {"note_id": "note-y", "text": " ", "colour": "blue"},
        {"note_id": "note-y", "text": "x" * 501, "colour": "blue"},
        {"note_id": "note-y", "text": "x", "colour": "lila"},
    ):
        with pytest.raises(Invalid):
            await acts.add_note(services, ana, kiez.code, **faulty)


async def test_bd10_while_hands_are_down_only_who_leads_does_anything(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, ana = await kiez.guest("Ana")
    await write(kiez, ana, "note-1")
    await lead(kiez, is_frozen=True)
    for act in (
        write(kiez, ana, "note-2"),
        acts.change_silent(services, ana, kiez.code, "note-1", text="x", colour="blue"),
        acts.remove_silent(services, ana, kiez.code, "note-1"),
        add_group(services, ana, kiez.code, "group-1", title="x"),
        remove_note(services, ana, kiez.code, "note-1"),
    ):
        with pytest.raises(Conflict, match="hands-down"):
            await act
    await acts.show_notes(services, await kiez.everyone.actor("moderator"), kiez.code)
    assert await texts(kiez) == ["Zettel"]


async def test_bd3_forms_write_on_the_board_in_a_persons_name(kiez: Evening) -> None:
    services: Services = kiez.everyone.arena.services
    (joined, ana), (_, bo) = await kiez.guest("Ana"), await kiez.guest("Bo")
    await lead(kiez, is_silent=False)
    await write_note(services, ana, kiez.code, "note-1", text="Radweg", colour="green")
    await add_group(services, bo, kiez.code, "group-1", title=" Wege ")
    await group_note(services, bo, kiez.code, "note-1", "group-1")
    await edit_note(services, bo, kiez.code, "note-1", "Radweg 😀")
    found = await shown(kiez)
    (note,) = found.board.notes
    assert (note.text, note.group, note.colour) == ("Radweg 😀", "group-1", "green")
    assert found.author(note) == joined.person_id
    await remove_note(services, ana, kiez.code, "note-1")
    assert (await board(kiez)).notes == ()
    with pytest.raises(NotFound):
        await edit_note(services, ana, kiez.code, "note-1", "x")
    await lead(kiez, expires_at=services.clock(), joining_until=services.clock())
    with pytest.raises(Conflict, match="workshop-over"):
        await add_group(services, ana, kiez.code, "group-2", title="spät")
