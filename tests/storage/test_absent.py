"""What an idea is not named in is not asked for, and the answer is the one the database gives."""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import UniqueConstraint

from bench.pages.measuring import statements
from server.views.idea import whole  # loads every query that a page asks
from storage import mutes, stages
from storage.abuse import slow
from storage.database import METADATA, Database
from storage.engine import absent
from storage.engine.absent import look_ahead
from tests.storage.making import a_person, an_idea

GIVEN: dict[str, Any] = {
    "limit": 5,
    "measure_stages": ["measure_decentral"],
    "person_id": uuid4(),
    "today": date(2026, 11, 27),
}
"""For queries that want more than the idea."""


async def test_v2_a_query_for_what_is_absent_has_the_answer_of_the_database(
    database: Database,
) -> None:
    assert whole.WHOLE_PAGE
    queries = absent.queries()
    assert len(queries) > 30
    async with database.read() as tx:
        for query, nothing in queries:
            wanted = list(inspect.signature(query).parameters.values())[2:]
            more = [GIVEN[each.name] for each in wanted if each.default is inspect.Parameter.empty]
            asked = await query(tx, uuid4(), *more)
            assert (asked, type(asked)) == (nothing(), type(nothing())), query


async def test_v2_only_tables_that_do_not_name_the_idea_are_not_asked(database: Database) -> None:
    full, empty, ada = await an_idea(database), await an_idea(database), await a_person(database)
    now = full.created_at
    async with database.write() as tx:
        await mutes.mute(tx, full.document_id, ada, by=ada, reason="Beispiel", now=now)
    for idea, muted in ((full, [ada]), (empty, [])):
        async with database.read() as tx:
            await look_ahead(tx, idea.id, idea.document_id)
            with statements() as heard:
                found = [each.person_id for each in await mutes.of_document(tx, idea.document_id)]
                assert await slow.of_idea(tx, idea.id) is None
                assert await stages.history(tx, idea.id) == []
        assert (found, len(heard.said)) == (muted, len(muted))


async def test_v2_of_others_than_were_looked_for_nothing_is_known(database: Database) -> None:
    one, other = await an_idea(database), await an_idea(database)
    async with database.read() as tx:
        await look_ahead(tx, one.id, one.document_id)
        with statements() as heard:
            assert await slow.of_idea(tx, other.id) is None
    assert len(heard.said) == 1


async def test_v2_a_writer_asks_each_time(database: Database) -> None:
    idea, ada = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        await look_ahead(tx, idea.id, idea.document_id)
        assert await mutes.of_document(tx, idea.document_id) == []
        await mutes.mute(tx, idea.document_id, ada, by=ada, reason="Beispiel", now=idea.created_at)
        assert len(await mutes.of_document(tx, idea.document_id)) == 1


@pytest.mark.parametrize("name", absent.columns())
def test_v2_looking_ahead_reads_no_table_as_a_whole(name: str) -> None:
    table, _, column = name.partition(".")
    found = METADATA.tables[table]
    leading = [next(iter(each.columns)).name for each in found.indexes]
    leading += [next(iter(found.primary_key.columns)).name]
    leading += [
        next(iter(each.columns)).name
        for each in found.constraints
        if isinstance(each, UniqueConstraint)
    ]
    unique = [each.name for each in found.columns if each.unique or each.index]
    assert column in (*leading, *unique)
