"""Every table has a period or a reason, and what has served goes in bounded pieces."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from storage.database import METADATA, Database
from storage.retention import clearing
from storage.retention.clearing import BY_ID
from storage.retention.periods import KEPT, PERIODS, Period
from tests.sources import ROOT
from tests.storage.making import NOW, later, make_person

LINK = METADATA.tables["one_time_link"]
SESSION = METADATA.tables["session"]
LINKS = next(each for each in PERIODS if each.table == "one_time_link")


async def count(database: Database, table: str) -> int:
    async with database.read() as tx:
        query = select(func.count()).select_from(METADATA.tables[table])
        return int((await tx.run(query)).scalar_one())


async def clear(database: Database, period: Period, **after: float) -> int:
    async with database.write() as tx:
        return await clearing.clear(tx, period, later(**after))


async def add_links(database: Database, number: int) -> None:
    """Links that run out a second after one another."""
    async with database.write() as tx:
        for each in range(number):
            values = {
                "secret_hash": uuid4().hex,
                "purpose": "sign_in",
                "data": {},
                "created_at": NOW - timedelta(days=1),
                "expires_at": NOW + timedelta(seconds=each),
            }
            await tx.run(insert(LINK).values(values))


def test_t23_every_table_has_a_period_or_a_reason() -> None:
    cleared = {each.table for each in PERIODS}
    assert cleared | set(KEPT) == set(METADATA.tables)
    assert not cleared & set(KEPT)


def test_t23_what_operators_read_is_what_is_done() -> None:
    document = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8")
    periods = [f"| `{each.table}` | {each.name} | {each.days} days |" for each in PERIODS]
    kept = [f"| `{table}` | {reason} |" for table, reason in sorted(KEPT.items())]
    shown = [line for line in document.splitlines() if re.match(r"\| `\w+` \|", line)]
    assert shown == [*periods, *kept]


async def test_t23_every_period_can_be_gone_through_and_is_due_again_after_an_hour(
    database: Database,
) -> None:
    async with database.read() as tx:
        assert set(await clearing.due(tx, NOW, 100)) == set(BY_ID)
    for period in PERIODS:
        assert await clear(database, period) == 0
    async with database.read() as tx:
        assert await clearing.due(tx, later(minutes=59), 100) == []
        assert len(await clearing.due(tx, later(hours=1), 3)) == 3


async def test_t23_what_has_served_goes_after_its_period_and_not_before(
    database: Database,
) -> None:
    async with database.write() as tx:
        person_id = await make_person(tx)
        for name, expires, revoked in (
            ("open", 40, None), ("over", 0, None), ("ended", 40, 1)
        ):  # fmt: skip
            values: dict[str, Any] = {
                "id_hash": name,
                "person_id": person_id,
                "created_at": NOW - timedelta(days=1),
                "last_seen_at": NOW,
                "expires_at": later(days=expires),
                "device": "",
                "revoked_at": None if revoked is None else later(days=revoked),
            }
            await tx.run(insert(SESSION).values(values))
    over, ended = (each for each in PERIODS if each.table == "session")
    assert (over.days, ended.days) == (30, 30)
    assert await clear(database, over, days=30) == 0
    assert await clear(database, over, days=30, seconds=1) == 1
    assert await clear(database, ended, days=31) == 0
    assert await clear(database, ended, days=31, seconds=1) == 1
    assert await count(database, "session") == 1


async def test_t24_clearing_goes_on_in_pieces_whoever_does_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ROWS_MAX", 3)
    await add_links(database, 7)
    gone = []
    for _ in range(3):
        async with database.read() as tx:
            due = [BY_ID[each] for each in await clearing.due(tx, later(days=8), 100)]
        assert LINKS in due
        gone.append(await clear(database, LINKS, days=8))
    assert gone == [3, 3, 1]
    async with database.read() as tx:
        due = [BY_ID[each] for each in await clearing.due(tx, later(days=8), 100)]
    assert LINKS not in due
