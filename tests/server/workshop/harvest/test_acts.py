"""Writing the harvest down, handing it over, and who may do what."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from collab.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from collab.process.actors import GUEST, Actor
from collab.process.workshop.harvest import POINTS_MAX
from server.actions.erasure.people import CHOICES, erase_person
from server.actions.workshop.harvest import points
from server.actions.workshop.harvest.entering import read_harvest
from server.actions.workshop.harvest.handing import HandedOver, hand_over
from server.actions.workshop.harvest.leading import add_idea, publish, set_meeting
from server.actions.workshop.joining import join_with_account, send_out
from server.actions.workshop.tables import begin_idea, open_idea, put_away
from storage import ideas, people, texts
from storage.database import METADATA
from storage.talk import tasks
from storage.workshop import attendances, harvest, workshops
from storage.workshop.harvest import HarvestPoint
from tests.server.workshop.evening import Evening


async def add(kiez: Evening, actor: Actor, text: str, kind: str = "task", **said: str) -> int:
    """Write a point down; its number."""
    services = kiez.everyone.arena.services
    row = await points.add_point(services, actor, kiez.code, kind=kind, text=text, **said)
    return row.number


async def stored(kiez: Evening) -> list[HarvestPoint]:
    async with kiez.everyone.arena.services.database.read() as tx:
        return await harvest.points(tx, kiez.workshop.id)


async def open_at_table(kiez: Evening, ref: str, table: int = 1) -> None:
    """The table works on the idea."""
    async with kiez.everyone.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[table - 1].id, {"idea_id": idea.id})


async def tasks_of(kiez: Evening, ref: str) -> list[tuple[str, date | None, bool]]:
    """The open tasks of the idea: what, until when, and whether somebody has it."""
    async with kiez.everyone.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        found = await tasks.of_idea(tx, idea.id, is_open=True, limit=99)
    return sorted((row.text, row.due, row.owner_id is not None) for row in found)


async def change(kiez: Evening, **values: Any) -> None:
    """Change the workshop as those who lead it do."""
    async with kiez.everyone.arena.services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, values)


async def test_hv7_a_name_that_is_there_stands_for_the_person_and_others_are_recorded(
    kiez: Evening,
) -> None:
    ana, actor = await kiez.guest("Ana")
    for number in range(2):
        twin, _ = await kiez.guest(f"Bo {number}")
        async with kiez.everyone.arena.services.database.write() as tx:
            await people.rename(tx, twin.person_id, "Bo")
    for who in ("Ana", "Bo", "Frau Yilmaz vom Amt", ""):
        await add(kiez, actor, f"für {who}", who=who)
    assert [(row.number, row.person_id, row.recorded_for) for row in await stored(kiez)] == [
        (1, ana.person_id, ""),
        (2, None, "Bo"),
        (3, None, "Frau Yilmaz vom Amt"),
        (4, None, ""),
    ]


async def test_hv7_who_is_there_writes_down_and_changes_his_own_and_who_leads_everything(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    _, ana = await kiez.guest("Ana")
    _, bo = await kiez.guest("Bo")
    number = await add(kiez, ana, "Nachfragen", who="Bo")
    other = await add(kiez, moderator, "Saal buchen")

    async def done(actor: Actor, number: int) -> None:
        await points.settle_point(services, actor, kiez.code, number, is_done=True)

    for actor in (ana, bo, moderator):
        await done(actor, number)
    for actor in (ana, bo):
        with pytest.raises(NotAllowed, match="not-your-point"):
            await done(actor, other)
    with pytest.raises(NotFound, match="point-unknown"):
        await done(ana, 99)
    stranger = await kiez.everyone.actor("participant")
    for actor in (stranger, GUEST):
        with pytest.raises(Refusal):
            await add(kiez, actor, "Fremd")
    said = {"kind": "open_point", "text": "Bei wem?", "who": ""}
    await points.change_point(services, ana, kiez.code, number, **said)
    with pytest.raises(NotAllowed, match="not-your-point"):
        await points.change_point(services, bo, kiez.code, number, **said)
    await points.take_out_point(services, moderator, kiez.code, number)
    assert [row.text for row in await stored(kiez)] == ["Saal buchen"]
    # A number that was taken out is not given again.
    assert await add(kiez, ana, "Neu") == 3


async def test_hv7_hands_down_and_the_end_are_kept_and_who_was_sent_out_writes_nothing(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    ana, actor = await kiez.guest("Ana")
    await change(kiez, is_frozen=True)
    with pytest.raises(Conflict, match="hands-down"):
        await add(kiez, actor, "Jetzt nicht")
    await add(kiez, moderator, "Die Moderation schon")
    await change(kiez, is_frozen=False, ended_at=services.clock())
    await add(kiez, actor, "Nachgetragen")
    await send_out(services, moderator, kiez.code, ana.person_id)
    with pytest.raises(NotAllowed):
        await add(kiez, actor, "Hinausgeschickt")
    account = await kiez.everyone.actor("participant")
    await change(kiez, ended_at=None)
    await join_with_account(services, account, kiez.code)
    kiez.everyone.arena.clock.pass_by(days=30)
    with pytest.raises(Conflict, match="workshop-over"):
        await add(kiez, account, "Zu spät")


async def test_hv7_forty_people_write_down_at_once_and_there_is_an_end(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    there = [(await kiez.guest(f"P{number}"))[1] for number in range(10)]
    numbers = await asyncio.gather(*(add(kiez, actor, "Gleichzeitig") for actor in there * 4))
    assert sorted(numbers) == list(range(1, 41))
    async with services.database.write() as tx:
        first = (await harvest.points(tx, kiez.workshop.id))[0].model_dump()
        for number in range(41, POINTS_MAX + 1):
            await harvest.add_point(tx, HarvestPoint(**first | {"id": uuid4(), "number": number}))
    with pytest.raises(Conflict, match="harvest-full"):
        await add(kiez, there[0], "Eins zu viel")
    await points.take_out_point(
        services, await kiez.everyone.actor("moderator"), kiez.code, POINTS_MAX
    )
    assert await add(kiez, there[0], "Wieder Platz") == POINTS_MAX + 1


async def test_hv9_only_who_was_there_reads_until_who_leads_publishes(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    _, ana = await kiez.guest("Ana")
    stranger = await kiez.everyone.actor("participant")

    async def reads(actor: Actor) -> bool:
        async with services.database.read() as tx:
            try:
                await read_harvest(services, tx, actor, kiez.code)
            except NotAllowed:
                return False
        return True

    assert [await reads(each) for each in (moderator, ana, stranger, GUEST)] == [
        True, True, False, False,
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match="facilitators-only"):
        await publish(services, ana, kiez.code, is_public=True)
    for _ in range(2):
        await publish(services, moderator, kiez.code, is_public=True)
    assert await reads(stranger)
    assert await reads(GUEST)
    with pytest.raises(NotAllowed):
        await add(kiez, stranger, "Lesen heißt nicht schreiben")
    await publish(services, moderator, kiez.code, is_public=False)
    assert not await reads(GUEST)


async def test_hv8_the_next_date_counts_its_changes_and_can_be_taken_back(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    day = (services.clock() + timedelta(days=7)).date().isoformat()
    said = {"day": day, "begins": "18:00", "ends": "20:00", "place": "Rathaus"}
    for _ in range(2):
        await set_meeting(services, moderator, kiez.code, **said)
    await set_meeting(services, moderator, kiez.code, **{**said, "begins": "19:00"})
    _, ana = await kiez.guest("Ana")
    with pytest.raises(NotAllowed, match="facilitators-only"):
        await set_meeting(services, ana, kiez.code, **said)
    async with services.database.read() as tx:
        held = await harvest.get(tx, kiez.workshop.id)
    assert held is not None
    assert (held.meeting_change, held.meeting_place) == (2, "Rathaus")
    await set_meeting(services, moderator, kiez.code, day="", begins="", ends="", place="")
    async with services.database.read() as tx:
        held = await harvest.get(tx, kiez.workshop.id)
    assert held is not None
    assert (held.meets_at, held.meeting_place, held.meeting_change) == (None, "", 3)


async def test_hv10_tasks_become_tasks_of_their_ideas_once_however_often(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    moderator, author = [await kiez.everyone.actor(each) for each in ("moderator", "author")]
    await join_with_account(services, author, kiez.code)
    _, ana = await kiez.guest("Ana")
    ref = await kiez.everyone.idea("open")
    await open_at_table(kiez, ref)
    due = (services.clock() + timedelta(days=9)).date()
    await add(kiez, author, "Angebot holen", who=author.name, due=due.isoformat(), idea=ref)
    await add(kiez, ana, "Nachbarn fragen", who="Ana", idea=ref)
    await add(kiez, ana, "Ohne Idee")
    await add(kiez, ana, "Offen", kind="open_point", idea=ref)
    finished = await add(kiez, ana, "Schon getan", idea=ref)
    await points.settle_point(services, ana, kiez.code, finished, is_done=True)
    with pytest.raises(NotAllowed, match="facilitators-only"):
        await hand_over(services, ana, kiez.code)
    handed = await asyncio.gather(*(hand_over(services, moderator, kiez.code) for _ in range(3)))
    assert sorted(each.tasks for each in handed) == [0, 0, 2]
    wanted = [("Angebot holen", due, True), ("Nachbarn fragen (Ana)", None, False)]
    assert await tasks_of(kiez, ref) == wanted
    with pytest.raises(Conflict, match="point-handed-over"):
        await points.take_out_point(services, moderator, kiez.code, 1)
    await add(kiez, ana, "Später gefunden", idea=ref)
    assert (await hand_over(services, moderator, kiez.code)).tasks == 1
    assert len(await tasks_of(kiez, ref)) == 3


async def test_hv10_handing_over_keeps_the_text_of_the_evening_and_the_record_says_so(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    ref = await kiez.everyone.idea("open")
    await add_idea(services, moderator, kiez.code, ref)
    await add_idea(services, moderator, kiez.code, ref)
    before = await kiez.everyone.version(ref)
    for _ in range(2):
        assert await hand_over(services, moderator, kiez.code) == HandedOver(0, ())
    async with services.database.read() as tx:
        ((row, idea),) = await harvest.ideas_of(tx, kiez.workshop.id)
        assert (row.kept_epoch, row.kept_seq) == (before.epoch, before.seq)
        assert await texts.pinned(tx, idea.document_id, before.epoch, before.seq) is not None
        event = METADATA.tables["event"]
        query = select(event.c.payload, event.c.public).where(event.c.kind == "workshop_harvested")
        told = [tuple(each) for each in (await tx.run(query)).all()]
    fact = {"workshop_id": str(kiez.workshop.id), "title": kiez.workshop.title, "tasks": 0}
    assert told == [(fact, True)]


async def test_hv10_what_an_idea_cannot_take_stays_and_is_said(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    support = await kiez.everyone.actor("support")
    moderator = await kiez.everyone.actor("moderator")
    private, over = await kiez.everyone.idea("draft"), await kiez.everyone.idea("archived")
    fine = await kiez.everyone.idea("open")
    for ref in (private, over, fine):
        await add_idea(services, moderator, kiez.code, ref)
        await add(kiez, moderator, f"Bei {ref}", idea=ref)
    async with services.database.write() as tx:
        assert support.person_id is not None
        await attendances.add_facilitator(tx, kiez.workshop.id, support.person_id, services.clock())
    handed = await hand_over(services, support, kiez.code)
    assert handed.tasks == 1
    assert dict(handed.left) == {private: "not-readable", over: "no-tasks"}
    assert [row.task_number for row in await stored(kiez)] == [None, None, 1]


async def test_hv7_a_point_belongs_to_an_idea_of_the_evening_that_one_may_read(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    moderator = await kiez.everyone.actor("moderator")
    private, foreign = await kiez.everyone.idea("draft"), await kiez.everyone.idea("open")
    await open_at_table(kiez, private)
    _, at_table = await kiez.guest("Ana", table=1)
    _, elsewhere = await kiez.guest("Bo", table=2)
    await add(kiez, at_table, "Hier", idea=private)
    for actor, ref in ((elsewhere, private), (at_table, foreign), (moderator, "2026-99999")):
        with pytest.raises(Invalid) as refused:
            await add(kiez, actor, "Dort", idea=ref)
        assert refused.value.data["fields"] == {"idea": "unknown-idea"}
    with pytest.raises(Invalid):
        await add_idea(services, moderator, kiez.code, "2026-99999")


async def test_hv9_naming_a_draft_in_the_harvest_opens_it_to_no_table(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ref = await kiez.everyone.idea("draft")
    _, ana = await kiez.guest("Ana", table=1)
    moderator = await kiez.everyone.actor("moderator")
    await add_idea(services, moderator, kiez.code, ref)
    await hand_over(services, moderator, kiez.code)
    with pytest.raises(NotFound):
        await open_idea(services, ana, kiez.code, 1, ref=ref, seen="")


async def test_hv11_what_a_table_has_opened_stays_in_the_harvest(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ref = await kiez.everyone.idea("open")
    _, ana = await kiez.guest("Ana", table=1)
    moderator = await kiez.everyone.actor("moderator")
    await open_idea(services, moderator, kiez.code, 1, ref=ref, seen="")
    begun = await begin_idea(services, ana, kiez.code, 1, kind="need", title="Neu", seen=ref)
    await put_away(services, ana, kiez.code, 1, seen=begun.ref)
    async with services.database.read() as tx:
        found = await harvest.ideas_of(tx, kiez.workshop.id)
        assert [(idea.ref, row.way) for row, idea in found] == [
            (ref, "opened"),
            (begun.ref, "made"),
        ]
        assert [each.id for each in await harvest.workshops_of(tx, begun.id)] == [kiez.workshop.id]


async def test_x2_an_erasure_reaches_the_harvest(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    account = await kiez.everyone.actor("participant")
    moderator = await kiez.everyone.actor("moderator")
    await join_with_account(services, account, kiez.code)
    await add(kiez, account, "Kanarienpunkt", who=account.name)
    await add(kiez, moderator, "Fragen", who=f"{account.name} und Ana")
    await erase_person(services, "participant", CHOICES["erase"])
    mine, other = await stored(kiez)
    assert "Kanarien" not in mine.text
    assert account.name not in other.recorded_for
    assert "Ana" in other.recorded_for
