"""Hands, tables, names that are taken, forms that come twice."""

from __future__ import annotations

import asyncio

import pytest
from limits import parse

from collab.errors import Conflict, Invalid, Limited, NotAllowed, NotFound
from collab.process.actors import GUEST
from server.actions.access import Caller
from server.actions.workshop import seats
from server.actions.workshop.joining import Joined, join_as_guest, join_with_account, send_out
from server.actions.workshop.places import look_up
from server.auth import holders, limits
from storage import access, ideas, people
from storage.workshop import attendances, workshops
from tests.server.workshop.evening import Evening

CALLER = Caller("192.0.2.9")
KEY = "0123456789abcdef" * 2


async def test_ws11_hands_go_up_in_turn_and_down(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    people = [await kiez.guest(name) for name in ("Ana", "Bo", "Cem")]
    for _, actor in reversed(people):
        await seats.raise_hand(services, actor, kiez.code, up=True)
        kiez.everyone.arena.clock.pass_by(seconds=1)
    # Raising it again does not cost one's turn.
    await seats.raise_hand(services, people[2][1], kiez.code, up=True)
    assert await up(kiez) == ["Cem", "Bo", "Ana"]
    await seats.raise_hand(services, people[1][1], kiez.code, up=False)
    await seats.lower_hand(services, boss, kiez.code, people[2][0].person_id)
    assert await up(kiez) == ["Ana"]
    with pytest.raises(NotAllowed):
        await seats.lower_hand(services, people[1][1], kiez.code, people[0][0].person_id)
    with pytest.raises(NotFound):
        await seats.lower_hand(services, boss, kiez.code, kiez.workshop.id)


async def test_ws12_people_change_tables_and_their_rights_with_them(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    joined, actor = await kiez.guest("Ana", table=1)
    ref = await kiez.everyone.idea("draft")
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[1].id, {"idea_id": idea.id})
    await seats.sit_down(services, actor, kiez.code, 2)
    async with services.database.read() as tx:
        assert await attendances.roles_at(tx, idea.id, [joined.person_id], "table")
    await seats.move_person(services, boss, kiez.code, joined.person_id, 3)
    async with services.database.read() as tx:
        assert not await attendances.roles_at(tx, idea.id, [joined.person_id], "table")
    await seats.sit_down(services, actor, kiez.code, seats.NOWHERE)
    async with services.database.read() as tx:
        row = await attendances.get(tx, kiez.workshop.id, joined.person_id)
    assert row is not None
    assert row.table_id is None
    with pytest.raises(Invalid):
        await seats.sit_down(services, actor, kiez.code, 9)
    with pytest.raises(NotFound):
        await seats.sit_down(services, boss, kiez.code, 1)


async def test_ws13_tables_are_added_and_renamed_up_to_a_bound(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    monkeypatch.setattr(seats, "TABLES_MAX", 4)
    for number in (4, 5):
        added = await seats.open_table(services, boss, kiez.code, f" Tisch {number} ")
        assert (added.number, added.name) == (number, f"Tisch {number}")
    with pytest.raises(Conflict, match="too-many-tables"):
        await seats.open_table(services, boss, kiez.code, "Tisch 6")
    await seats.rename_table(services, boss, kiez.code, 5, "Am Fenster")
    async with services.database.read() as tx:
        there = await workshops.tables(tx, kiez.workshop.id)
    assert (there[4].name, len({each.code for each in there})) == ("Am Fenster", 5)
    for number, name in ((5, " "), (9, "x"), (seats.NOWHERE, "x")):
        with pytest.raises(Invalid):
            await seats.rename_table(services, boss, kiez.code, number, name)


async def test_jn10_a_name_that_is_taken_gets_a_number(kiez: Evening) -> None:
    came = [(await kiez.guest(name))[0].name for name in ("Ana", "ANA ", "Ana", "Moderator")]
    assert came == ["Ana", "ANA (2)", "Ana (3)", "Moderator (2)"]


async def test_jn11_a_form_that_comes_twice_is_one_guest(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    twice = await asyncio.gather(*(send(kiez, "Ana", KEY) for _ in range(3)))
    assert {each.person_id for each in twice} == {twice[0].person_id}
    assert {each.name for each in twice} == {"Ana"}
    # The next one at the same tablet has another name; without a key everybody is somebody new.
    others = [await send(kiez, name, key) for name, key in (("Bo", KEY), ("Ana", ""), ("Ana", "x"))]
    assert len({each.person_id for each in (*others, twice[0])}) == 4
    kiez.everyone.arena.clock.pass_by(minutes=11)
    with pytest.raises(NotAllowed, match="form-used-up"):
        await send(kiez, "Ana", KEY)
    async with services.database.read() as tx:
        assert await attendances.count(tx, kiez.workshop.id) == 4


async def test_jn12_a_guest_chooses_a_table_unless_the_code_was_a_tables(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    at_two = await join_as_guest(services, kiez.code, "Ana", CALLER, "de", table=2)
    code = kiez.tables[0].code
    at_one = await join_as_guest(services, code, "Bo", CALLER, "de", table=2)
    actor = await kiez.everyone.actor("participant")
    as_self = await join_with_account(services, actor, kiez.code, table=3)
    async with services.database.read() as tx:
        rows = await attendances.of_workshop(tx, kiez.workshop.id)
    seated = {row.person_id: row.table_id for row in rows}
    assert [seated[each.person_id] for each in (at_one, at_two, as_self)] == [
        each.id for each in kiez.tables
    ]
    with pytest.raises(Invalid):
        await join_as_guest(services, kiez.code, "Cem", CALLER, "de", table=4)


async def test_jn13_a_program_gets_a_token_that_ends_when_its_guest_is_sent_out(
    kiez: Evening,
) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    joined = await join_as_guest(services, kiez.code, "Ana", CALLER, "de", is_program=True)
    assert joined.signed_in is None
    assert joined.token is not None
    found = await holders.by_token(services, joined.token)
    assert found is not None
    assert found.actor.person_id == joined.person_id
    async with services.database.read() as tx:
        (token,) = await access.tokens(tx, joined.person_id)
    assert token.expires_at == kiez.workshop.expires_at
    await send_out(services, boss, kiez.code, joined.person_id)
    assert await holders.by_token(services, joined.token) is None


async def test_jn14_wrong_codes_are_counted_by_address(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    monkeypatch.setattr(limits, "WRONG_CODE_PER_ADDRESS", parse("3/10minutes"))
    for _ in range(3):
        with pytest.raises(NotFound):
            await look_up(services, boss, "ZZZZZZ", "192.0.2.1")
        assert (await look_up(services, boss, kiez.code, "192.0.2.2")).workshop == kiez.workshop
    for code in ("ZZZZZZ", kiez.code):
        with pytest.raises(Limited):
            await look_up(services, GUEST, code, "192.0.2.1")
    await look_up(services, GUEST, kiez.code, "192.0.2.2")
    await look_up(services, boss, kiez.code, "192.0.2.1")


async def send(kiez: Evening, name: str, key: str) -> Joined:
    """Send the form of the room."""
    services = kiez.everyone.arena.services
    return await join_as_guest(services, kiez.code, name, CALLER, "de", form_key=key)


async def up(kiez: Evening) -> list[str]:
    """Whose hands are up, in turn."""
    services = kiez.everyone.arena.services
    async with services.database.read() as tx:
        raised = [
            each
            for each in await attendances.of_workshop(tx, kiez.workshop.id)
            if each.hand_raised_at is not None
        ]
        raised.sort(key=lambda each: str(each.hand_raised_at))
        names = await people.named(tx, [each.person_id for each in raised])
        return [names[each.person_id].name for each in raised]
