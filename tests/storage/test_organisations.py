"""Organisations: ended together, followed through all steps, and one successor at a time."""

import asyncio
from datetime import date
from uuid import UUID, uuid4

from storage import people
from storage.database import Database
from storage.process import organisations
from storage.process.organisations import NewOrganisation
from tests.storage.making import NOW, a_person

LAST = date(2026, 11, 22)


async def made(database: Database, parent: UUID | None = None) -> UUID:
    """A committed organisation."""
    new = NewOrganisation(
        id=uuid4(), name="Amt", actor_class="administration", kind="unit", parent_id=parent
    )
    async with database.write() as tx:
        await organisations.add_all(tx, [new])
    return new.id


async def test_everything_below_is_found_level_by_level(database: Database) -> None:
    top = await made(database)
    one, other = await made(database, top), await made(database, top)
    leaf = await made(database, one)
    async with database.read() as tx:
        found = [row.id for row in await organisations.below(tx, top)]
    assert set(found[:2]) == {one, other}
    assert found[2:] == [leaf]


async def test_k12_what_ended_earlier_keeps_its_last_day(database: Database) -> None:
    early, late = await made(database), await made(database)
    async with database.write() as tx:
        await organisations.end(tx, [early], date(2026, 1, 1), "Früher.")
        await organisations.end(tx, [early, late], LAST, "Danach.")
        rows = [await organisations.get(tx, each) for each in (early, late)]
    ended = [(row.valid_to, row.end_reason) for row in rows if row]
    assert ended == [(date(2026, 1, 1), "Früher."), (LAST, "Danach.")]


async def test_k13_people_belong_to_both_and_sign_for_the_old_one_only(database: Database) -> None:
    old, new, person = await made(database), await made(database), await a_person(database)
    guest = await a_person(database)
    async with database.write() as tx:
        await people.affiliate(tx, person, old, confirmed_at=NOW, may_sign=True)
        await people.affiliate(tx, guest, old)
        await organisations.replace(tx, old, new, LAST, "Neuer Zuschnitt.")
        assert await organisations.speak_for_successor(tx, old, new, NOW) == 1
        assert await organisations.speak_for_successor(tx, old, new, NOW) == 0
        found = await people.memberships(tx, [person, guest])
        current = await organisations.current(tx, old)
    assert [(each.organisation.id, each.may_sign) for each in found[person]] == [
        (new, False), (old, True),
    ]  # fmt: skip
    assert [each.organisation.id for each in found[guest]] == [old]
    assert current is not None
    assert current.id == new


async def test_k13_who_replaces_at_once_waits_and_sees_the_first(database: Database) -> None:
    old, *ways = [await made(database) for _ in range(4)]
    seen: list[UUID | None] = []

    async def replace(new: UUID) -> None:
        async with database.write() as tx:
            await organisations.lock(tx, [old, new])
            row = await organisations.get(tx, old)
            assert row is not None
            seen.append(row.successor_id)
            if row.successor_id is None:
                await organisations.replace(tx, old, new, LAST, "Zugleich.")

    await asyncio.gather(*map(replace, ways))
    async with database.read() as tx:
        row = await organisations.get(tx, old)
    assert row is not None
    assert seen == [None, row.successor_id, row.successor_id]


async def test_a_circle_in_the_rows_ends(database: Database) -> None:
    one = await made(database)
    other = await made(database, one)
    async with database.write() as tx:
        await organisations.replace(tx, one, other, LAST, "x")
        await organisations.replace(tx, other, one, LAST, "x")
        await tx.run(
            organisations.ORGANISATION.update()
            .where(organisations.ORGANISATION.c.id == one)
            .values(parent_id=other)
        )
        assert await organisations.current(tx, one) is not None
        assert len(await organisations.below(tx, one)) <= organisations.DEPTH_MAX
