"""A guest's receipt, and an account that takes over what he did."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import String, cast, insert, or_, select

from collab.errors import Limited, NotAllowed, NotFound
from collab.process.actors import Actor
from collab.process.permissions import Action
from server.actions.access import Caller
from server.actions.audit.verify import chains, verify
from server.actions.cases import open_case
from server.actions.feasibility.judgements import judge
from server.actions.talk.comments import add_comment
from server.actions.workshop.claiming import Claimed, claim, look, make_receipt
from server.actions.workshop.joining import Joined, join_with_account, send_out
from server.auth import holders
from storage import ideas, people
from storage.database import METADATA
from storage.feasibility import judgements
from storage.workshop import attendances, dots, workshops
from storage.workshop.passing_on import STAYS
from tests.server.workshop.evening import Evening

CALLER = Caller("192.0.2.9")
NOTES = ("note-aaaaaa", "note-bbbbbb", "note-cccccc")


async def at_idea(kiez: Evening, name: str = "Ana") -> tuple[Joined, Actor, str]:
    """A guest at table 1, which has opened an idea."""
    ref = await kiez.everyone.idea("open")
    joined, guest = await kiez.guest(name, table=1)
    async with kiez.everyone.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await workshops.change_table(tx, kiez.tables[0].id, {"idea_id": idea.id})
    return joined, guest, ref


async def judges(kiez: Evening, actor: Actor, ref: str, dimension: str) -> None:
    await judge(
        kiez.everyone.arena.services,
        actor,
        ref,
        dimension,
        verdict="with_conditions",
        confidence="medium",
        reason="Nur mit Genehmigung.",
        seen=await kiez.everyone.version(ref),
    )


async def claims(kiez: Evening, actor: Actor, receipt: str) -> Claimed:
    return await claim(kiez.everyone.arena.services, actor, receipt, CALLER)


async def naming(kiez: Evening, person_id: UUID) -> list[str]:
    """Every column in which a row names the person, but those in which that is meant to stay."""
    found: list[str] = []
    async with kiez.everyone.arena.services.database.read() as tx:
        for table in METADATA.tables.values():
            for column in table.columns:
                is_person = any(key.column.table.name == "person" for key in column.foreign_keys)
                if not is_person and column.name not in {"actor_id", "person_id"}:
                    continue
                rows = (await tx.run(select(column).where(column == person_id).limit(1))).all()
                if rows and column.name not in STAYS.get(table.name, ()):
                    found.append(f"{table.name}.{column.name}")
    return found


async def test_cl1_a_guest_gets_a_receipt_of_which_only_the_newest_counts(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, guest = await kiez.guest("Ana")
    first, second = await make_receipt(services, guest), await make_receipt(services, guest)
    assert len({first, second}) == 2
    async with services.database.read() as tx:
        row = await attendances.guest(tx, joined.person_id)
    assert row is not None
    assert row.claim_hash not in {None, first, second}, "what is kept is a hash"
    actor = await kiez.everyone.actor("participant")
    with pytest.raises(NotFound, match="claim-unknown"):
        await look(services, actor, first, CALLER)
    assert (await look(services, actor, second, CALLER)).guest.name == "Ana"
    with pytest.raises(NotAllowed, match="receipt-for-guests"):
        await make_receipt(services, actor)


async def test_cl3_an_account_that_shows_the_receipt_is_the_person_of_all_that_the_guest_did(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    joined, guest, ref = await at_idea(kiez)
    await add_comment(services, guest, ref, kind="question", text="Wer mäht das?")
    await judges(kiez, guest, ref, "legal")
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        client = {"document_id": idea.document_id, "epoch": 1, "client_id": 4711}
        await tx.run(
            insert(METADATA.tables["document_client"]).values(**client, actor_id=joined.person_id)
        )
        await dots.put(tx, kiez.workshop.id, NOTES[0], joined.person_id, 2, services.clock())
    receipt = await make_receipt(services, guest)
    actor = await kiez.everyone.actor("participant")
    offer = await look(services, actor, receipt.lower(), CALLER)
    assert (offer.guest.name, offer.workshop.id) == ("Ana", kiez.workshop.id)
    assert offer.counts == {"texts": 1, "comments": 1, "judgements": 1, "dots": 1}
    before = await verify(services.database, await chains(services.database))
    done = await claims(kiez, actor, receipt)
    assert done.outcome.moved["comment"] == done.outcome.moved["document_client"] == 1
    assert await naming(kiez, joined.person_id) == []
    async with services.database.read() as tx:
        assert actor.person_id is not None
        assert await judgements.get(tx, idea.id, "legal", actor.person_id) is not None
        assert await dots.of_person(tx, kiez.workshop.id, actor.person_id) == {NOTES[0]: 2}
        person = await people.get(tx, joined.person_id)
        assert person is not None
        assert "Ana" not in {person.name, person.handle}
        assert (await open_case(tx, actor, ref, Action.EDIT_TEXT)).idea.ref == ref
    after = await verify(services.database, await chains(services.database))
    assert (after.faults, after.entries) == (before.faults, before.entries + 1)


async def test_cl5_the_guest_is_out_at_once_and_the_receipt_is_used_up(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, guest = await kiez.guest("Ana")
    receipt = await make_receipt(services, guest)
    one, other = [await kiez.everyone.actor(each) for each in ("participant", "expert")]
    answers = await asyncio.gather(
        claims(kiez, one, receipt), claims(kiez, other, receipt), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in answers) == ["Claimed", "NotFound"]
    assert joined.signed_in is not None
    assert await holders.by_session(services, joined.signed_in.secret) is None
    async with services.database.read() as tx:
        row = await attendances.guest(tx, joined.person_id)
    assert row is not None
    winner = one if isinstance(answers[0], Claimed) else other
    assert (row.claimed_by, row.claim_hash) == (winner.person_id, None)
    with pytest.raises(NotFound):
        await make_receipt(services, guest)


async def test_cl6_what_one_person_has_once_is_not_had_twice_after_a_claim(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, guest, ref = await at_idea(kiez)
    actor = await kiez.everyone.actor("author")
    assert actor.person_id is not None
    await join_with_account(services, actor, kiez.code)
    for each in (guest, actor):
        await judges(kiez, each, ref, "legal")
    await judges(kiez, guest, ref, "technical")
    async with services.database.write() as tx:
        now = services.clock()
        for note, person_id, count in (
            (NOTES[0], actor.person_id, 3),
            (NOTES[0], joined.person_id, 1),
            (NOTES[1], joined.person_id, 4),
        ):
            await dots.put(tx, kiez.workshop.id, note, person_id, count, now)
    done = await claims(kiez, actor, await make_receipt(services, guest))
    assert done.outcome.withdrawn.judgements == (f"{ref} legal",)
    assert done.outcome.withdrawn.dots == 3, "five dots for one person"
    assert done.outcome.in_team == (ref,), "he is of the team, and gates count those outside"
    async with services.database.read() as tx:
        given = await dots.of_person(tx, kiez.workshop.id, actor.person_id)
        assert given == {NOTES[0]: 4, NOTES[1]: 1}
        rows = await judgements.of_person(tx, actor.person_id, 10)
        assert sorted(each.dimension for each in rows) == ["legal", "technical"]
        there = await attendances.of_workshop(tx, kiez.workshop.id)
        assert [each.person_id for each in there] == [actor.person_id]
    assert await naming(kiez, joined.person_id) == []


async def test_cl7_who_was_sent_out_or_is_no_account_or_comes_too_late_takes_over_nothing(
    kiez: Evening,
) -> None:
    services = kiez.everyone.arena.services
    actor = await kiez.everyone.actor("participant")
    vandal, acting = await kiez.guest("Vandal")
    receipt = await make_receipt(services, acting)
    await send_out(services, await kiez.everyone.actor("moderator"), kiez.code, vandal.person_id)
    _, ana = await kiez.guest("Ana")
    _, bo = await kiez.guest("Bo")
    of_ana = await make_receipt(services, ana)
    with pytest.raises(NotFound, match="claim-unknown"):
        await claims(kiez, actor, receipt)
    with pytest.raises(NotAllowed, match="claim-needs-account"):
        await claims(kiez, bo, of_ana)
    kiez.everyone.arena.clock.pass_by(days=15)
    with pytest.raises(NotFound, match="claim-unknown"):
        await claims(kiez, actor, of_ana)


async def test_cl8_wrong_receipts_are_answered_alike_and_soon_not_at_all(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    actor = await kiez.everyone.actor("participant")
    wrong = ["", "zu kurz", "A" * 24, "A" * 5_000, "ÄÖÜ", "B" * 24, "x", "y", "z", "Q" * 24]
    for each in wrong:
        with pytest.raises(NotFound, match="claim-unknown"):
            await look(services, actor, each, CALLER)
    _, guest = await kiez.guest("Ana")
    receipt = await make_receipt(services, guest)
    with pytest.raises(Limited):
        await look(services, actor, receipt, CALLER)
    other = await kiez.everyone.actor("expert")
    assert (await look(services, other, receipt, CALLER)).guest.name == "Ana"


async def test_cl3_events_of_the_guest_tell_of_the_account(kiez: Evening) -> None:
    services = kiez.everyone.arena.services
    joined, guest, ref = await at_idea(kiez)
    await add_comment(services, guest, ref, kind="question", text="Wer mäht das?")
    actor = await kiez.everyone.actor("participant")
    await claims(kiez, actor, await make_receipt(services, guest))
    event = METADATA.tables["event"]
    told = select(event.c.kind).where(event.c.actor_id == actor.person_id).order_by(event.c.id)
    whose = or_(
        event.c.actor_id == joined.person_id,
        cast(event.c.payload, String).contains("never a name: Ana"),
    )
    async with services.database.read() as tx:
        kinds = [row[0] for row in await tx.run(told)]
        assert (await tx.run(select(event.c.id).where(whose))).all() == []
    assert kinds[-1] == "guest_claimed"
    assert "comment_added" in kinds or "commented" in kinds
