"""A suggestion leaves its state once, on both engines, however many want it to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.erasure.topics.suggestions import erase_suggestions
from storage.suggestions import suggestions
from storage.suggestions.suggestions import Suggestion
from tests.storage.making import NOW, a_person, make_idea


async def suggested(database: Database, **given: Any) -> Suggestion:
    """An open suggestion."""
    async with database.write() as tx:
        idea = await make_idea(tx)
        values: dict[str, Any] = {
            "id": uuid4(),
            "idea_id": idea.id,
            "author_id": idea.created_by,
            "section": "idea",
            "kind": "insert",
            "passage": {},
            "text": "neu",
            "epoch": 1,
            "seq": 1,
            "created_at": NOW,
            **given,
        }
        return await suggestions.add(tx, **values)


async def claim(database: Database, row: Suggestion, by: UUID, client: int, **at: Any) -> bool:
    moment = {"now": NOW, "stale_before": NOW - timedelta(seconds=60), **at}
    async with database.write() as tx:
        return await suggestions.claim(tx, row.id, revision=1, by=by, client=client, **moment)


async def test_q6_of_many_claims_at_once_one_holds(database: Database) -> None:
    row = await suggested(database)
    people = [await a_person(database) for _ in range(4)]
    claims = [claim(database, row, each, at + 2) for at, each in enumerate(people)]
    assert sorted(await asyncio.gather(*claims)) == [False, False, False, True]
    async with database.write() as tx:
        found = await suggestions.get(tx, row.id)
        assert found is not None
        winner = found.client or 0
        foreign: dict[str, Any] = {"client": winner + 1, "epoch": 1, "seq": 2, "now": NOW}
        assert not await suggestions.accepted(tx, row.id, **foreign)
        assert not await suggestions.release(tx, row.id, client=winner + 1)
        assert await suggestions.accepted(tx, row.id, **{**foreign, "client": winner})
        assert not await suggestions.settle(
            tx, row.id, state="declined", by=people[0], now=NOW, decision="Nein."
        )
        assert await suggestions.count_open(tx, row.idea_id) == 0


async def test_q6_a_claim_ends_and_one_that_was_released_is_open(database: Database) -> None:
    row, person = await suggested(database), await a_person(database)
    assert await claim(database, row, person, 2)
    assert not await claim(database, row, person, 3)
    late = NOW + timedelta(seconds=61)
    assert await claim(database, row, person, 3, now=late, stale_before=NOW + timedelta(seconds=1))
    async with database.write() as tx:
        assert await suggestions.release(tx, row.id, client=3)
        assert [each.state for each in await suggestions.open_of(tx, row.idea_id)] == ["open"]
        assert await suggestions.change(tx, row.id, revision=1, text="anders")
        assert not await suggestions.change(tx, row.id, revision=1, text="noch anders")
    assert not await claim(database, row, person, 4)


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "move"), ("reason", "x" * 1_001), ("state", "gone"), ("text", "x" * 5_001)],
)
async def test_q1_the_tables_keep_nothing_faulty(database: Database, name: str, value: str) -> None:
    with pytest.raises(IntegrityError):
        await suggested(database, **{name: value})


async def test_x3_a_persons_words_go_and_what_was_open_is_taken_back(database: Database) -> None:
    row, other = await suggested(database, reason="Mein Grund."), await suggested(database)
    person = await a_person(database)
    async with database.write() as tx:
        assert await suggestions.settle(
            tx, other.id, state="declined", by=row.author_id, now=NOW, decision="Mein Nein."
        )
        assert await erase_suggestions(tx, person, None, "[weg]", NOW) == 0
        assert await erase_suggestions(tx, row.author_id, None, "[weg]", NOW) == 1
        mine, theirs = await suggestions.get(tx, row.id), await suggestions.get(tx, other.id)
    assert mine is not None
    assert theirs is not None
    assert (mine.state, mine.text, mine.reason, mine.history) == ("withdrawn", "[weg]", "", [])
    assert (theirs.state, theirs.text, theirs.decision) == ("declined", "neu", "[weg]")
