"""The demonstration has an evening that is going on."""

from storage import people
from storage.database import Database
from storage.workshop import attendances, silent, workshops


async def test_ws18_the_demonstration_has_an_evening_that_is_going_on(filled: Database) -> None:
    async with filled.read() as tx:
        found = await workshops.by_code(tx, "ABEND2")
        assert found is not None
        held, _ = found
        assert (held.step, held.is_silent, held.ended_at) == (1, True, None)
        assert held.timer_ends_at is not None
        tables = await workshops.tables(tx, held.id)
        rows = await attendances.of_workshop(tx, held.id)
        waiting = await silent.waiting(tx, held.id)
        listed = {each.id for each in await people.everyone(tx)}
    assert [each.is_remote for each in tables] == [False, False, True]
    assert {row.table_id for row in rows} == {each.id for each in tables}
    assert [row.hand_raised_at is not None for row in rows].count(True) == 1
    assert {each.author_id for each in waiting} == {row.person_id for row in rows}
    assert listed.isdisjoint(row.person_id for row in rows), "guests are no demonstration people"
