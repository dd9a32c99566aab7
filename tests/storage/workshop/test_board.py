"""Silent notes, dots and what notes become, on both engines: also when many come at once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.workshop import dots, silent, workshops
from tests.storage.making import NOW, make_idea, make_person
from tests.storage.workshop.test_harvest import make_workshop


async def test_bd8_a_silent_note_is_stored_once_and_is_its_authors_own(database: Database) -> None:
    async with database.write() as tx:
        ana, bo = await make_person(tx), await make_person(tx)
        workshop_id = await make_workshop(tx, ana)
        given: dict[str, Any] = {"text": "eins", "colour": "blue", "now": NOW}
        assert await silent.add(tx, workshop_id, "note-1", ana, **given)
        assert not await silent.add(tx, workshop_id, "note-1", bo, **given)
        other = {"text": "zwei", "colour": "rose"}
        assert not await silent.change(tx, workshop_id, "note-1", bo, **other)
        assert not await silent.remove(tx, workshop_id, "note-1", bo)
        assert await silent.change(tx, workshop_id, "note-1", ana, **other)
        assert [row.text for row in await silent.own(tx, workshop_id, ana)] == ["zwei"]
        assert await silent.own(tx, workshop_id, bo) == []
        assert await silent.count(tx, workshop_id) == 1


async def test_bd9_what_is_being_shown_is_not_changed_and_keeps_its_client_id(
    database: Database,
) -> None:
    big = (1 << 53) - 1
    async with database.write() as tx:
        ana = await make_person(tx)
        workshop_id = await make_workshop(tx, ana)
        for name in ("note-1", "note-2"):
            await silent.add(tx, workshop_id, name, ana, text="x", colour="blue", now=NOW)
        await workshops.change(tx, workshop_id, {"is_silent": True})
        assert await silent.left_over(tx, NOW, 10) == []
        await workshops.change(tx, workshop_id, {"is_silent": False})
        assert await silent.left_over(tx, NOW, 10) == [workshop_id]
        for client in (big, 5):
            await silent.assign(tx, workshop_id, ana, client)
        assert {row.client for row in await silent.waiting(tx, workshop_id)} == {big}
        assert not await silent.remove(tx, workshop_id, "note-1", ana)
        await silent.brought(tx, workshop_id, ["note-1", "note-2"], NOW)
        assert await silent.left_over(tx, NOW, 10) == []
        row = await silent.get(tx, workshop_id, "note-1")
    assert row is not None
    assert (row.text, row.brought_at) == ("", NOW)


async def test_bd11_dots_are_counted_under_the_lock_of_their_person(database: Database) -> None:
    async with database.write() as tx:
        ana, bo = await make_person(tx), await make_person(tx)
        workshop_id = await make_workshop(tx, ana)

    async def spend(number: int) -> bool:
        async with database.write() as tx:
            await dots.lock_purse(tx, ana)
            if sum((await dots.of_person(tx, workshop_id, ana)).values()) >= 5:
                return False
            await dots.put(tx, workshop_id, f"note-{number}", ana, 1, NOW)
            return True

    spent = await asyncio.gather(*(spend(number) for number in range(12)))
    assert sum(spent) == 5
    async with database.write() as tx:
        given = await dots.of_person(tx, workshop_id, ana)
        first, *others = sorted(given)
        await dots.put(tx, workshop_id, first, bo, 3, NOW)
        await dots.put(tx, workshop_id, first, ana, 2, NOW)
        await dots.take_back(tx, workshop_id, ana, others)
        assert await dots.results(tx, workshop_id) == {first: (5, 2)}
        await dots.put(tx, workshop_id, first, ana, 0, NOW)
        assert await dots.results(tx, workshop_id) == {first: (3, 1)}
        assert await dots.people(tx, workshop_id) == 1


async def test_bd11_no_row_holds_more_dots_than_there_can_be(database: Database) -> None:
    async with database.write() as tx:
        ana = await make_person(tx)
        workshop_id = await make_workshop(tx, ana)
        await dots.put(tx, workshop_id, "note-1", ana, 50, NOW)
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await dots.put(tx, workshop_id, "note-2", ana, 51, NOW)


async def test_bd14_a_note_is_in_one_idea_however_many_press_at_once(database: Database) -> None:
    async with database.write() as tx:
        ana = await make_person(tx)
        workshop_id = await make_workshop(tx, ana)
        document_id = (await make_idea(tx)).document_id
        await workshops.add_document(tx, workshop_id, "board", document_id)
        made = [(await make_idea(tx)).id for _ in range(6)]

    async def press(idea_id: UUID) -> bool:
        async with database.write() as tx:
            await dots.lock_ideas(tx, workshop_id)
            if "note-1" in await dots.ideas_of(tx, workshop_id):
                return False
            return await dots.link_idea(
                tx, workshop_id, "note-1", idea_id, is_beginning=True, by=ana, now=NOW
            )

    assert sum(await asyncio.gather(*(press(each) for each in made))) == 1
    async with database.write() as tx:
        (row,) = (await dots.ideas_of(tx, workshop_id)).values()
        assert [each.note_id for each in await dots.notes_in(tx, row.idea_id)] == ["note-1"]
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await dots.link_idea(
                tx, workshop_id, "note-2", uuid4(), is_beginning=True, by=ana, now=NOW
            )
