"""Leading the evening: steps, clock, hands down, the end; two who lead at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from server.actions.workshop import crew, doors, leading
from server.actions.workshop.board.silent import show_notes
from server.auth import holders
from server.clock.jobs import JOBS
from storage import documents, events, ideas
from storage.workshop import workshops
from tests.server.workshop.evening import Evening


async def test_ws4_everybody_goes_to_a_step_and_its_clock_begins(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    kiez.everyone.arena.clock.pass_by(minutes=7)
    now = services.clock()
    after = await leading.go_to_step(services, boss, kiez.code, 2, starts_timer=True)
    # What was written in silence stays hidden until somebody reveals it.
    assert (after.step, after.step_began_at, after.is_silent) == (2, now, True)
    assert after.timer_ends_at == now + timedelta(minutes=5)
    await show_notes(services, boss, kiez.code)
    after = await leading.go_to_step(services, boss, kiez.code, 1)
    assert after.is_silent is False
    # A step that is written in silence begins silent; without a wish no clock runs.
    after = await leading.go_to_step(services, boss, kiez.code, 0)
    assert (after.is_silent, after.timer_ends_at) == (True, None)
    for wrong in (-1, 4):
        with pytest.raises(Invalid):
            await leading.go_to_step(services, boss, kiez.code, wrong)


async def test_ws4_only_who_leads_leads(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    _, guest = await kiez.guest("Ana")
    stranger = await kiez.everyone.actor("participant")
    for act in (
        lambda who: leading.go_to_step(services, who, kiez.code, 1),
        lambda who: leading.start_timer(services, who, kiez.code, 5),
        lambda who: leading.freeze(services, who, kiez.code, on=True),
        lambda who: leading.show_names(services, who, kiez.code, on=True),
        lambda who: doors.close_joining(services, who, kiez.code),
        lambda who: doors.prolong_codes(services, who, kiez.code, 2),
        lambda who: doors.end_workshop(services, who, kiez.code),
        lambda who: crew.add_facilitator(services, who, kiez.code, "observer"),
    ):
        with pytest.raises(NotAllowed):
            await act(guest)
        with pytest.raises(NotFound):
            await act(stranger)


async def test_ws5_two_who_lead_at_once_do_not_skip_a_step(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss, office = [await kiez.everyone.actor(each) for each in ("moderator", "office")]
    seen = (await kiez.now()).revision
    # Both press "on to the next": one act. Guests who come meanwhile are no change.
    await kiez.guest("Ana")
    await asyncio.gather(
        leading.go_to_step(services, boss, kiez.code, 1, revision=seen),
        leading.go_to_step(services, office, kiez.code, 1, revision=seen),
    )
    assert ((await kiez.now()).step, (await kiez.now()).revision) == (1, seen + 1)
    # Who saw the step before is told where the others are now.
    with pytest.raises(Conflict) as refusal:
        await leading.go_to_step(services, office, kiez.code, 2, revision=seen)
    assert (refusal.value.code, refusal.value.data) == (
        "workshop-changed",
        {"current": seen + 1, "step": 2},
    )
    with pytest.raises(Conflict):
        await leading.start_timer(services, office, kiez.code, 5, revision=seen)
    await leading.go_to_step(services, office, kiez.code, 2, revision=seen + 1)


async def test_ws6_the_clock_runs_on_the_server_and_has_a_bound(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    now = services.clock()
    await leading.start_timer(services, boss, kiez.code, 480)
    with pytest.raises(Invalid):
        await leading.extend_timer(services, boss, kiez.code, 1)
    await leading.start_timer(services, boss, kiez.code, 5)
    after = await leading.extend_timer(services, boss, kiez.code, 3)
    assert after.timer_ends_at == now + timedelta(minutes=8)
    # One that has run out runs again from now on.
    kiez.everyone.arena.clock.pass_by(minutes=20)
    after = await leading.extend_timer(services, boss, kiez.code, 2)
    assert after.timer_ends_at == services.clock() + timedelta(minutes=2)
    assert (await leading.stop_timer(services, boss, kiez.code)).timer_ends_at is None
    for wrong in (0, 481):
        with pytest.raises(Invalid):
            await leading.start_timer(services, boss, kiez.code, wrong)


async def test_ws7_what_is_done_already_is_told_to_nobody(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    assert (await leading.freeze(services, boss, kiez.code, on=True)).is_frozen
    async with services.database.read() as tx:
        told = await events.last_id(tx)
    before = await kiez.now()
    await leading.freeze(services, boss, kiez.code, on=True)
    await leading.show_names(services, boss, kiez.code, on=False)
    await leading.stop_timer(services, boss, kiez.code)
    async with services.database.read() as tx:
        assert await events.last_id(tx) == told
    assert await kiez.now() == before
    assert not (await leading.freeze(services, boss, kiez.code, on=False)).is_frozen


async def test_ws8_several_lead_and_the_last_one_stays(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    boss, helper = [await kiez.everyone.actor(each) for each in ("moderator", "participant")]
    await crew.add_facilitator(services, boss, kiez.code, " Participant ")
    await leading.go_to_step(services, helper, kiez.code, 1)
    # A closed laptop: the evening goes on, led by the other one, without whoever opened it.
    await crew.remove_facilitator(services, helper, kiez.code, "moderator")
    with pytest.raises(Conflict, match="last-facilitator"):
        await crew.remove_facilitator(services, helper, kiez.code, "participant")
    _, guest = await kiez.guest("Ana")
    for wrong in ("nobody", guest.handle):
        with pytest.raises(Invalid):
            await crew.add_facilitator(services, helper, kiez.code, wrong)
    # A moderator takes over any evening.
    await leading.go_to_step(services, boss, kiez.code, 2)


async def test_ws9_an_evening_ends_and_goes_on_if_that_was_too_early(kiez: Evening) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    await leading.freeze(services, boss, kiez.code, on=True)
    await doors.end_workshop(services, boss, kiez.code)
    assert not (await kiez.now()).is_frozen
    with pytest.raises(Conflict, match="workshop-over"):
        await leading.go_to_step(services, boss, kiez.code, 1)
    with pytest.raises(Conflict, match="workshop-over"):
        await doors.end_workshop(services, boss, kiez.code)
    with pytest.raises(Conflict, match="joining-over"):
        await kiez.guest("Ana")
    await doors.resume_workshop(services, boss, kiez.code)
    await kiez.guest("Ana")
    kiez.everyone.arena.clock.pass_by(days=20)
    await doors.end_workshop(services, boss, kiez.code)
    with pytest.raises(Conflict, match="workshop-over"):
        await doors.resume_workshop(services, boss, kiez.code)


async def test_ws10_when_a_workshop_expires_its_tables_leave_their_ideas(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    ref = await kiez.everyone.idea("draft")
    job = next(each for each in JOBS if each.name == "workshop-expires")
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[0].id, {"idea_id": idea.id})
        before = (await documents.heads(tx, [idea.document_id]))[idea.document_id].access_version
    end = (await kiez.now()).expires_at
    async with services.database.read() as tx:
        assert await job.due(tx, end - timedelta(seconds=1), 10) == []
        assert await job.due(tx, end, 10) == [kiez.workshop.id]
    await job.do(services, kiez.workshop.id)
    async with services.database.read() as tx:
        kept = await workshops.table(tx, kiez.tables[0].id)
        assert kept is not None
        assert kept.idea_id == idea.id, "it is not over yet"
    kiez.everyone.arena.clock.now = end
    await job.do(services, kiez.workshop.id)
    async with services.database.read() as tx:
        left = await workshops.table(tx, kiez.tables[0].id)
        after = (await documents.heads(tx, [idea.document_id]))[idea.document_id].access_version
        assert await job.due(tx, end, 10) == []
    assert left is not None
    assert (left.idea_id, after) == (None, before + 1)


async def test_jn7_codes_are_closed_opened_and_prolonged_with_what_hangs_on_them(
    kiez: Evening,
) -> None:
    services, boss = kiez.everyone.arena.services, await kiez.everyone.actor("moderator")
    clock = kiez.everyone.arena.clock
    joined, _ = await kiez.guest("Ana")
    assert joined.signed_in is not None
    await doors.close_joining(services, boss, kiez.code)
    with pytest.raises(Conflict, match="joining-over"):
        await kiez.guest("Bo")
    await doors.open_joining(services, boss, kiez.code)
    await kiez.guest("Bo")
    clock.pass_by(hours=12)
    with pytest.raises(Conflict, match="joining-over"):
        await doors.open_joining(services, boss, kiez.code)
    for wrong in (0, 73):
        with pytest.raises(Invalid):
            await doors.prolong_codes(services, boss, kiez.code, wrong)
    await doors.prolong_codes(services, boss, kiez.code, 72)
    await kiez.guest("Cem")
    for _ in range(3):
        clock.pass_by(days=5, hours=15)
        # Past the first end his sign-in still holds, as long as he comes back now and then.
        assert await holders.by_session(services, joined.signed_in.secret) is not None
    assert clock.now > kiez.workshop.expires_at
    assert clock.now < (await kiez.now()).expires_at
