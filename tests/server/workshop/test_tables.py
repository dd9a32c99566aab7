"""What a table works on: opening, beginning, putting away; who may write there and when no more."""

from __future__ import annotations

import asyncio

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Role
from collab.process.permissions import Action
from server.actions.cases import open_case
from server.actions.workshop import tables
from server.actions.workshop.joining import join_with_account
from server.realtime.access import grants
from storage import documents, ideas
from storage.workshop import ideas as begun
from storage.workshop import workshops
from tests.server.workshop.evening import Evening


async def idea_at(kiez: Evening, number: int) -> str:
    """The reference of what lies on the table; empty if nothing does."""
    async with kiez.everyone.arena.services.database.read() as tx:
        found = await workshops.table(tx, kiez.tables[number - 1].id)
        assert found is not None
        idea = await ideas.get(tx, found.idea_id) if found.idea_id else None
    return idea.ref if idea else ""


@pytest.mark.parametrize("stage", ["draft", "open"])
async def test_tb2_a_guest_opens_only_what_came_about_here(kiez: Evening, stage: str) -> None:
    services = kiez.everyone.arena.services
    _, guest = await kiez.guest("Ana", table=1)
    ref = await kiez.everyone.idea(stage)
    with pytest.raises((NotAllowed, NotFound)):
        await tables.open_idea(services, guest, kiez.code, 1, ref=ref, seen="")
    assert await idea_at(kiez, 1) == ""
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        now = services.clock()
        await begun.add(tx, kiez.workshop.id, idea.id, None, now)
    await tables.open_idea(services, guest, kiez.code, 1, ref=ref, seen="")
    assert await idea_at(kiez, 1) == ref


async def test_tb2_whoever_writes_in_an_idea_himself_brings_it_to_his_table(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    author = await kiez.everyone.actor("author")
    participant = await kiez.everyone.actor("participant")
    draft = await kiez.everyone.idea("draft")
    for actor in (author, participant):
        await join_with_account(services, actor, kiez.tables[0].code)
    with pytest.raises(NotFound):
        await tables.open_idea(services, participant, kiez.code, 1, ref=draft, seen="")
    await tables.open_idea(services, author, kiez.code, 1, ref=draft, seen="")
    # What the table has given him he cannot hand on to the next one.
    await join_with_account(services, participant, kiez.tables[1].code)
    await tables.open_idea(services, author, kiez.code, 1, ref=draft, seen=draft)
    with pytest.raises(NotFound):
        await tables.open_idea(services, participant, kiez.code, 2, ref=draft, seen="")
    # Whoever leads reads drafts of others, and does not put them before strangers.
    boss = await kiez.everyone.actor("moderator")
    with pytest.raises(NotAllowed, match="not-yours-to-open"):
        await tables.open_idea(services, boss, kiez.code, 2, ref=draft, seen="")
    await tables.open_idea(
        services, boss, kiez.code, 2, ref=await kiez.everyone.idea("open"), seen=""
    )


async def test_tb2_nothing_is_opened_that_nobody_drafts_any_more(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    for stage in ("feasibility", "declined"):
        ref = await kiez.everyone.idea(stage)
        with pytest.raises(Conflict, match="not-for-tables"):
            await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")


async def test_tb3_an_idea_begun_at_a_table_belongs_to_all_who_sit_there(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ana, actor = await kiez.guest("Ana", table=1)
    bo, _ = await kiez.guest("Bo", table=1)
    await kiez.guest("Cem", table=2)
    idea = await tables.begin_idea(
        services, actor, kiez.code, 1, kind="need", title="Mehr Bänke", seen=""
    )
    assert await idea_at(kiez, 1) == idea.ref
    async with services.database.read() as tx:
        team = (await ideas.team(tx, [idea.id]))[idea.id]
        here = await begun.of_workshop(tx, kiez.workshop.id)
        case = await open_case(tx, actor, idea.ref, Action.EDIT_TEXT)
    assert {(row.person_id, row.role) for row in team} == {
        (ana.person_id, Role.AUTHOR),
        (bo.person_id, Role.AUTHOR),
    }
    assert [each.ref for each in here] == [idea.ref]
    assert case.idea.stage == "draft"
    for kind, title in (("wish", "Mehr Bänke"), ("need", " ")):
        with pytest.raises(Invalid):
            await tables.begin_idea(
                services, actor, kiez.code, 1, kind=kind, title=title, seen=idea.ref
            )


async def test_tb3_at_an_empty_table_the_one_who_leads_is_the_author(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    await kiez.guest("Ana", table=1)
    empty = await tables.begin_idea(
        services, boss, kiez.code, 2, kind="proposal", title="Schatten", seen=""
    )
    full = await tables.begin_idea(
        services, boss, kiez.code, 1, kind="proposal", title="Licht", seen=""
    )
    async with services.database.read() as tx:
        team = await ideas.team(tx, [empty.id, full.id])
    assert [row.person_id for row in team[empty.id]] == [boss.person_id]
    assert boss.person_id not in [row.person_id for row in team[full.id]]


async def test_tb4_what_is_put_away_is_written_by_its_own_people_only(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    ana, actor = await kiez.guest("Ana", table=1)
    ref = await kiez.everyone.idea("open")
    await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")
    async with services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        assert (await grants(tx, idea.document_id, [ana.person_id]))[ana.person_id].write
        before = (await documents.heads(tx, [idea.document_id]))[idea.document_id]
    await tables.put_away(services, actor, kiez.code, 1, seen=ref)
    await tables.put_away(services, actor, kiez.code, 1, seen=ref)
    async with services.database.read() as tx:
        assert not (await grants(tx, idea.document_id, [ana.person_id]))[ana.person_id].write
        after = (await documents.heads(tx, [idea.document_id]))[idea.document_id]
    assert after.access_version > before.access_version


async def test_tb5_two_who_act_at_one_table_at_once_make_one_idea(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, ana = await kiez.guest("Ana", table=1)
    _, bo = await kiez.guest("Bo", table=1)
    answers = await asyncio.gather(
        *(
            tables.begin_idea(
                services, actor, kiez.code, 1, kind="need", title=f"Idee von {actor.name}", seen=""
            )
            for actor in (ana, bo)
        ),
        return_exceptions=True,
    )
    refused = [each for each in answers if isinstance(each, BaseException)]
    assert [getattr(each, "code", each) for each in refused] == ["table-moved"]
    assert await idea_at(kiez, 1) != ""


async def test_tb5_one_idea_may_lie_on_two_tables_and_both_write(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    one, ana = await kiez.guest("Ana", table=1)
    two, bo = await kiez.guest("Bo", table=2)
    idea = await tables.begin_idea(
        services, ana, kiez.code, 1, kind="need", title="Mehr Bänke", seen=""
    )
    await tables.open_idea(services, bo, kiez.code, 2, ref=idea.ref, seen="")
    async with services.database.read() as tx:
        found = await grants(tx, idea.document_id, [one.person_id, two.person_id])
    assert [found[each].write for each in (one.person_id, two.person_id)] == [True, True]


async def test_tb6_hands_down_and_the_end_hold_for_tables_too(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    _, actor = await kiez.guest("Ana", table=1)
    _, elsewhere = await kiez.guest("Bo", table=2)
    stranger = await kiez.everyone.actor("participant")
    new = {"kind": "need", "title": "Mehr Bänke", "seen": ""}
    for nobody, number, why in (
        (elsewhere, 1, "not-at-this-table"),
        (stranger, 1, "join-first"),
    ):
        with pytest.raises(NotAllowed, match=why):
            await tables.begin_idea(services, nobody, kiez.code, number, **new)
    with pytest.raises(NotFound, match="no-such-table"):
        await tables.begin_idea(services, boss, kiez.code, 9, **new)
    async with services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, {"is_frozen": True})
    with pytest.raises(Conflict, match="hands-down"):
        await tables.begin_idea(services, actor, kiez.code, 1, **new)
    await tables.begin_idea(services, boss, kiez.code, 1, **new)
    async with services.database.write() as tx:
        await workshops.change(tx, kiez.workshop.id, {"ended_at": services.clock()})
    with pytest.raises(Conflict, match="workshop-over"):
        await tables.begin_idea(services, boss, kiez.code, 2, **new)
