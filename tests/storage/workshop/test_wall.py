"""What walls and tables ask of the tables, on both engines."""

from __future__ import annotations

from uuid import uuid4

from storage.database import Database
from storage.workshop import attendances, dots, ideas, seats, silent, workshops
from storage.workshop.wall import silent_by_table
from storage.workshop.workshops import WorkshopTable
from tests.storage.making import NOW, make_idea, make_person
from tests.storage.workshop.test_harvest import make_workshop


async def test_wl2_silent_notes_are_counted_by_the_tables_of_their_authors(
    database: Database,
) -> None:
    async with database.write() as tx:
        ana, bo, cem = [await make_person(tx) for _ in range(3)]
        workshop_id, other = await make_workshop(tx, ana), await make_workshop(tx, bo, "ABC235")
        table = WorkshopTable(
            id=uuid4(), workshop_id=workshop_id, number=1, name="Tisch 1", code="TTTTT2"
        )
        await workshops.add_table(tx, table)
        await attendances.attend(tx, workshop_id, ana, table.id, NOW)
        await attendances.attend(tx, workshop_id, bo, None, NOW)
        for number, (where, who) in enumerate(
            [(workshop_id, ana), (workshop_id, ana), (workshop_id, bo), (workshop_id, cem),
             (other, ana)]
        ):  # fmt: skip
            name = f"note-{number}"
            await silent.add(tx, where, name, who, text="x", colour="blue", now=NOW)
        assert await silent_by_table(tx, workshop_id) == {table.id: 2, None: 2}
        await silent.brought(tx, workshop_id, ["note-0"], NOW)
        assert await silent_by_table(tx, workshop_id) == {table.id: 1, None: 2}


async def test_tb2_what_came_about_at_a_workshop_was_begun_there_or_made_of_a_note(
    database: Database,
) -> None:
    async with database.write() as tx:
        ana = await make_person(tx)
        workshop_id, other = await make_workshop(tx, ana), await make_workshop(tx, ana, "ABC235")
        begun, of_note, added = [(await make_idea(tx, author=ana)).id for _ in range(3)]
        for _ in range(2):
            await ideas.add(tx, workshop_id, begun, None, NOW)
        for idea, is_beginning in ((of_note, True), (added, False)):
            await dots.link_idea(
                tx, workshop_id, f"note-{idea}"[:20], idea, is_beginning=is_beginning, by=ana,
                now=NOW,
            )  # fmt: skip
        found = {each.id for each in await ideas.of_workshop(tx, workshop_id)}
        assert found == {begun, of_note}
        assert [await ideas.is_of(tx, workshop_id, each) for each in (begun, of_note, added)] == [
            True,
            True,
            False,
        ]
        assert not await ideas.is_of(tx, other, begun)


async def test_tb8_a_seat_is_found_by_the_idea_on_its_table(database: Database) -> None:
    async with database.write() as tx:
        ana = await make_person(tx)
        workshop_id, idea = await make_workshop(tx, ana), (await make_idea(tx, author=ana)).id
        table = WorkshopTable(
            id=uuid4(), workshop_id=workshop_id, number=1, name="Tisch 1", code="TTTTT3"
        )
        await workshops.add_table(tx, table)
        await attendances.attend(tx, workshop_id, ana, table.id, NOW)
        assert await seats.seat(tx, idea, ana) is None
        await workshops.change_table(tx, table.id, {"idea_id": idea})
        assert await seats.seat(tx, idea, ana) == workshop_id
        await attendances.remove(tx, workshop_id, ana, ana, NOW)
        assert await seats.seat(tx, idea, ana) is None
