"""One holder at a time, terms that only grow, and nothing written under an old one."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from storage.cluster import leases
from storage.cluster.leases import LASTS, Held, Superseded
from storage.database import METADATA, Database, Transaction
from tests.storage.making import NOW, later

WATERMARK = METADATA.tables["watermark"]
HOLDERS = ("left", "right")
STEPS = 60
MADE = ("heard", "published")


async def take(database: Database, holder: str, now: datetime) -> Held | None:
    async with database.write() as tx:
        return await leases.take(tx, "clock", holder, now)


async def give_back(database: Database, held: Held, now: datetime) -> None:
    async with database.write() as tx:
        await leases.give_back(tx, held, now)


def fenced(database: Database, held: Held) -> Database:
    async def fence(tx: Transaction) -> None:
        await leases.require(tx, held)

    return database.fenced(fence)


async def note(database: Database, held: Held, name: str) -> None:
    """Write something under the term."""
    async with fenced(database, held).write() as tx:
        await tx.run(insert(WATERMARK).values(name=name, event_id=held.term))


async def noted(database: Database) -> dict[str, int]:
    async with database.read() as tx:
        found = await tx.run(select(WATERMARK.c.name, WATERMARK.c.event_id))
        return {row[0]: row[1] for row in found if row[0] not in MADE}


async def test_t20_of_many_that_ask_at_once_one_gets_the_lease(database: Database) -> None:
    found = await asyncio.gather(*(take(database, str(each), NOW) for each in range(8)))
    assert [held.term for held in found if held] == [1]


async def test_t20_a_lease_is_kept_by_renewing_and_free_once_its_holder_is_silent(
    database: Database,
) -> None:
    assert await take(database, "left", NOW)
    assert await take(database, "right", NOW + LASTS - timedelta(seconds=1)) is None
    renewed = await take(database, "left", NOW + LASTS - timedelta(seconds=1))
    assert renewed == Held("clock", "left", 1)
    assert await take(database, "right", NOW + LASTS) is None
    assert await take(database, "right", NOW + 2 * LASTS) == Held("clock", "right", 2)


async def test_t20_what_is_given_back_is_free_at_once_and_its_term_stays_counted(
    database: Database,
) -> None:
    held = await take(database, "left", NOW)
    assert held
    await give_back(database, held, NOW)
    async with database.read() as tx:
        assert await leases.is_free(tx, "clock", NOW)
    assert await take(database, "right", NOW) == Held("clock", "right", 2)
    # Who gave it back long ago takes nothing from anybody.
    await give_back(database, held, NOW)
    async with database.read() as tx:
        assert not await leases.is_free(tx, "clock", NOW)


async def test_t20_an_end_that_a_clock_ahead_has_written_holds_up_nobody(
    database: Database,
) -> None:
    assert await take(database, "left", later(days=365))
    async with database.read() as tx:
        assert await leases.is_free(tx, "clock", NOW)
    assert await take(database, "right", NOW) == Held("clock", "right", 2)


async def test_t21_who_was_superseded_writes_nothing(database: Database) -> None:
    old = await take(database, "left", NOW)
    assert old
    await note(database, old, "before")
    new = await take(database, "right", NOW + LASTS)
    assert new
    with pytest.raises(Superseded):
        await note(database, old, "after")
    await note(database, new, "by-the-other")
    assert await noted(database) == {"before": 1, "by-the-other": 2}


async def test_t21_a_takeover_waits_for_what_is_being_written_under_the_old_term(
    database_url: str,
) -> None:
    mine, others = await Database.open(database_url), await Database.open(database_url)
    old = await take(mine, "left", NOW)
    assert old
    async with fenced(mine, old).write() as tx:
        taking = asyncio.create_task(take(others, "right", NOW + LASTS))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.shield(taking)
        await tx.run(insert(WATERMARK).values(name="in-time", event_id=1))
    assert await taking == Held("clock", "right", 2)
    assert await noted(mine) == {"in-time": 1}
    await mine.close()
    await others.close()


async def test_t21_the_shared_time_is_the_databases_where_clocks_differ(
    database: Database,
) -> None:
    wrong = later(days=-10_000)
    async with database.read() as tx:
        found = await leases.moment(tx, wrong)
    assert (found == wrong) == (database.dialect == "sqlite")


async def test_t22_however_two_holders_interleave_terms_grow_and_old_ones_write_nothing(
    database: Database,
) -> None:
    seed = random.randrange(2**32)
    rng = random.Random(seed)
    now = NOW
    # What each believes to hold; one that is stopped goes on believing it.
    believed: dict[str, Held | None] = dict.fromkeys(HOLDERS)
    owner, newest, until = "", 0, now
    allowed: dict[str, int] = {}
    for step in range(STEPS):
        holder = rng.choice(HOLDERS)
        held = believed[holder]
        act = rng.choice(["look", "look", "write", "write", "pass", "give back"])
        if act == "pass":
            now += timedelta(seconds=rng.choice([1, 5, 13]))
        elif act == "look":
            found = await take(database, holder, now)
            is_open = holder == owner or now >= until
            assert (found is not None) == is_open, (seed, step)
            if found:
                assert found.term == newest + (holder != owner), (seed, step)
                owner, newest, until = holder, found.term, now + LASTS
            believed[holder] = found
        elif act == "give back" and held:
            await give_back(database, held, now)
            until = now if (holder, held.term) == (owner, newest) else until
            believed[holder] = None if rng.random() < 0.5 else held
        elif act == "write" and held:
            if (holder, held.term) == (owner, newest):
                await note(database, held, str(step))
                allowed[str(step)] = newest
            else:
                with pytest.raises(Superseded):
                    await note(database, held, str(step))
    assert await noted(database) == allowed, seed
    terms = [allowed[name] for name in sorted(allowed, key=int)]
    assert terms == sorted(terms), seed
