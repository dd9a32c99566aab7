"""An account takes over a guest: every column that names a person has its answer."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select

from storage.database import METADATA, Database
from storage.workshop import claiming
from storage.workshop.passing_on import GOES, JOINS, MOVES, STAYS, WEIGHED
from tests.storage.making import make_document, make_person

# Named through the judgement that a condition belongs to.
THROUGH_ANOTHER = {"condition.person_id"}
# The person of a profile, which goes as a whole.
WITH_ITS_PROFILE = {"expert_topic.person_id"}


def answered() -> list[str]:
    """Every column that a claim has an answer for, as often as it has one."""
    found = [
        f"{name}.{each}"
        for part in (MOVES, GOES, WEIGHED, STAYS)
        for name in part
        for each in part[name]
    ]
    return found + [f"{name}.{column}" for name, (column, _) in JOINS.items()]


def test_cl4_every_column_that_names_a_person_has_one_answer() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
        or column.name in {"actor_id", "person_id", "author_id"}
    }
    found = answered()
    assert sorted(found) == sorted(set(found)), "no column has two answers"
    assert named - WITH_ITS_PROFILE == set(found)
    assert set(found) >= THROUGH_ANOTHER


def test_cl4_what_one_person_has_once_joins_by_the_key_that_says_so() -> None:
    for name, (column, keys) in JOINS.items():
        columns = METADATA.tables[name].columns
        assert {column, *keys} <= set(columns.keys()), name


async def test_cl4_where_both_have_a_row_the_accounts_own_stands(database: Database) -> None:
    table = METADATA.tables["mute"]
    now = datetime(2026, 11, 26, 20, tzinfo=UTC)
    async with database.write() as tx:
        guest, account, moderator = [await make_person(tx) for _ in range(3)]
        both, only = await make_document(tx), await make_document(tx)
        for document_id, person_id, reason in (
            (both, account, "own"),
            (both, guest, "of the guest"),
            (only, guest, "of the guest"),
        ):
            row = {"document_id": document_id, "person_id": person_id, "by": moderator}
            await tx.run(insert(table).values(**row, reason=reason, at=now))
        # The statements for every table run on both engines, whatever is in them.
        assert await claiming.pass_judgements(tx, guest, account) == (0, [])
        assert await claiming.pass_on(tx, guest, account) == {"mute": 1}
        found = select(table.c.document_id, table.c.person_id, table.c.reason)
        rows = {tuple(row) for row in await tx.run(found)}
    assert rows == {(both, account, "own"), (only, account, "of the guest")}
