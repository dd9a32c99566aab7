"""Coming in by a code, being at a table, being sent out."""

from __future__ import annotations

import asyncio

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import GUEST
from collab.process.permissions import Action
from collab.process.workshop.standing import Standing
from server.actions import ideas as idea_actions
from server.actions.access import Caller
from server.actions.cases import open_case
from server.actions.workshop import joining
from server.actions.workshop.joining import join_as_guest, join_with_account, send_out
from server.actions.workshop.opening import Opening, open_workshop
from server.actions.workshop.places import enter_workshop, find_place
from server.auth import holders
from server.realtime.access import grants
from storage import ideas, people
from storage.workshop import attendances, workshops
from tests.server.workshop.evening import STEPS, Evening

CALLER = Caller("192.0.2.9")


async def test_jn3_a_guest_comes_in_with_nothing_but_a_name(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, actor = await kiez.guest("  Ana  ")
    assert (actor.name, actor.roles, joined.workshop.id) == ("Ana", frozenset(), kiez.workshop.id)
    async with services.database.read() as tx:
        place = await enter_workshop(tx, actor, kiez.code.lower())
        assert place.standing is Standing.ATTENDING
        person = await people.get(tx, joined.person_id)
        assert person is not None
        assert (person.email, person.password_hash) == (None, None)
        # A guest is no account: nobody finds him in the list of people.
        assert joined.person_id not in {each.id for each in await people.everyone(tx)}
        with pytest.raises(NotFound):
            await find_place(tx, actor, "ZZZZZZ")
        with pytest.raises(NotAllowed):
            await enter_workshop(tx, GUEST, kiez.code)


async def test_jn4_a_guest_may_elsewhere_what_anybody_may(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    open_ref = await kiez.everyone.idea("open")
    draft_ref = await kiez.everyone.idea("draft")
    _, actor = await kiez.guest("Ana", table=1)
    with pytest.raises(NotAllowed):
        await idea_actions.create_idea(
            services, actor, idea_actions.NewIdea(kind="need", title="x", sections={})
        )
    async with services.database.read() as tx:
        assert (await open_case(tx, actor, open_ref)).idea.ref == open_ref
        with pytest.raises(NotFound):
            await open_case(tx, actor, draft_ref)
        with pytest.raises(NotAllowed):
            await open_case(tx, actor, open_ref, Action.COMMENT)


@pytest.mark.parametrize("stage", ["draft", "open"])
async def test_tb1_who_sits_at_a_table_writes_in_the_idea_it_has_opened(
    kiez: Evening, stage: str
) -> None:
    services = kiez.everyone.arena.services
    ref = await kiez.everyone.idea(stage)
    here, at_table = await kiez.guest("Ana", table=1)
    there, elsewhere = await kiez.guest("Bo", table=2)
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[0].id, {"idea_id": idea.id})
    async with services.database.read() as tx:
        found = await grants(tx, idea.document_id, [here.person_id, there.person_id])
        assert (found[here.person_id].read, found[here.person_id].write) == (True, True)
        assert found[there.person_id].write is False
        assert (await open_case(tx, at_table, ref, Action.EDIT_TEXT)).idea.ref == ref
        with pytest.raises((NotAllowed, NotFound)):
            await open_case(tx, elsewhere, ref, Action.EDIT_TEXT)


async def test_jn5_documents_of_a_workshop_are_for_those_inside(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, _ = await kiez.guest("Ana")
    outsider = (await kiez.everyone.actor("participant")).person_id
    leader = (await kiez.everyone.actor("moderator")).person_id
    for kind in ("board", "minutes"):
        document_id = await kiez.document(kind)
        async with services.database.read() as tx:
            found = await grants(tx, document_id, [joined.person_id, outsider, leader, None])
        assert [found[each].write for each in (joined.person_id, leader)] == [True, True]
        assert [found[each].read for each in (outsider, None)] == [False, False]


async def test_jn6_who_is_sent_out_is_out_at_once_and_for_good(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, actor = await kiez.guest("Vandal", table=1)
    assert joined.signed_in is not None
    boss = await kiez.everyone.actor("moderator")
    await send_out(services, boss, kiez.code, joined.person_id)
    assert await holders.by_session(services, joined.signed_in.secret) is None
    async with services.database.read() as tx:
        found = await grants(tx, await kiez.document("board"), [joined.person_id])
        assert found[joined.person_id].read is False
        assert (await find_place(tx, actor, kiez.code)).standing is Standing.REMOVED
    await send_out(services, boss, kiez.code, joined.person_id)
    with pytest.raises(NotAllowed):
        await join_with_account(services, actor, kiez.code)


async def test_jn6_only_who_leads_sends_out_and_nobody_who_leads(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    victim, actor = await kiez.guest("Ana")
    boss = await kiez.everyone.actor("moderator")
    with pytest.raises(NotAllowed):
        await send_out(services, actor, kiez.code, victim.person_id)
    stranger = await kiez.everyone.actor("participant")
    with pytest.raises(NotFound):
        await send_out(services, stranger, kiez.code, victim.person_id)
    assert boss.person_id is not None
    with pytest.raises(Conflict):
        await send_out(services, boss, kiez.code, boss.person_id)


async def test_jn7_codes_run_out_and_can_be_closed(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, _ = await kiez.guest("Ana")
    async with services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, {"closed_at": services.clock()})
    with pytest.raises(Conflict, match="joining-over"):
        await kiez.guest("Bo")
    async with services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, {"closed_at": None})
    kiez.everyone.arena.clock.pass_by(hours=12)
    with pytest.raises(Conflict, match="joining-over"):
        await kiez.guest("Bo")
    # Who is in stays in, until what was typed offline has had its time to arrive.
    assert joined.signed_in is not None
    assert await holders.by_session(services, joined.signed_in.secret) is not None
    kiez.everyone.arena.clock.pass_by(days=14)
    assert await holders.by_session(services, joined.signed_in.secret) is None


async def test_jn8_forty_people_come_in_at_once_and_a_full_workshop_says_so(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "PEOPLE_MAX", 40)
    services = kiez.everyone.arena.services
    answers = await asyncio.gather(
        *(
            join_as_guest(services, kiez.tables[n % 2].code, f"Gast {n}", CALLER, "de")
            for n in range(41)
        ),
        return_exceptions=True,
    )
    refused = [each for each in answers if isinstance(each, BaseException)]
    assert [str(each)[:200] for each in refused if "workshop-full" not in str(each)] == []
    assert len(refused) == 1
    async with services.database.read() as tx:
        there = await attendances.of_workshop(tx, kiez.workshop.id)
    assert [sum(row.table_id == table.id for row in there) for table in kiez.tables[:2]] in (
        [20, 20],
        [21, 19],
    )


async def test_jn9_an_account_comes_in_as_itself_and_changes_tables(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    actor = await kiez.everyone.actor("participant")
    joined = await join_with_account(services, actor, kiez.code)
    assert (joined.signed_in, joined.person_id) == (None, actor.person_id)
    await join_with_account(services, actor, kiez.tables[1].code)
    async with services.database.read() as tx:
        row = await attendances.get(tx, kiez.workshop.id, joined.person_id)
    assert row is not None
    assert row.table_id == kiez.tables[1].id


async def test_ws2_who_may_opens_a_workshop_with_its_tables_and_documents(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    assert [(each.number, each.name, each.is_remote) for each in kiez.tables] == [
        (1, "Tisch 1", False),
        (2, "Tisch 2", False),
        (3, "Fern", True),
    ]
    assert len({kiez.code, *(each.code for each in kiez.tables)}) == 4
    assert (kiez.workshop.is_silent, kiez.workshop.step) == (True, 0)
    opening = Opening("Abend", STEPS, ("A",), "evening", 1)
    with pytest.raises(NotAllowed):
        await open_workshop(services, await kiez.everyone.actor("participant"), opening, "Fern")
    boss = await kiez.everyone.actor("moderator")
    for faulty in (
        Opening("", STEPS, ("A",), "evening", 1),
        Opening("Abend", STEPS, (), "evening", 1),
        Opening("Abend", STEPS, ("A",) * 41, "evening", 1),
        Opening("Abend", STEPS, ("A",), "evening", 1, hours=73),
        Opening("Abend", (), ("A",), "evening", 1),
    ):
        with pytest.raises(Invalid):
            await open_workshop(services, boss, faulty, "Fern")
