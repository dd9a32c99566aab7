"""What goes from one idea to the other, and comes back: nobody and nothing is lost.

Each test plays several random casts in one database; what is asserted names the seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from storage import ideas
from storage.database import Database
from storage.merging.joining import join, separate
from storage.merging.parts import Joined, Kind, counts
from storage.talk import comments
from tests.storage.merging.cast import (
    Cast,
    a_cast,
    everything,
    joined,
    of,
    separated,
    something,
)

CASTS = 4

Rows = dict[str, list[dict[str, Any]]]


async def merges(database: Database) -> AsyncIterator[tuple[int, Cast, Rows, Joined]]:
    """Casts with what was there before, and a merge that is on record but has moved nothing."""
    given = os.environ.get("ARENA_TEST_SEED")
    for number in range(CASTS):
        seed = int(given or random.SystemRandom().randrange(2**32)) + number
        print(f"ARENA_TEST_SEED={seed}")  # noqa: T201
        async with database.write() as tx:
            cast = await a_cast(tx, seed)
            before = await everything(tx)
        yield seed, cast, before, await joined(database, cast.source, cast.target, cast.people[0])


def contributors(rows: Rows, *ids: UUID) -> set[UUID]:
    """Everybody who has a part in one of these ideas; partners come for a time and one idea."""
    wrote = {
        row["person_id"]
        for each in ids
        for row in of(rows["idea_role"], each)
        if row["role"] != "partner"
    }
    spoke = {row["author_id"] for each in ids for row in of(rows["comment"], each)}
    judges = {person for each in ids for person, _ in judged(rows, each)}
    return wrote | spoke | judges


def standings(rows: Rows, idea_id: UUID) -> dict[UUID, str]:
    return {row["person_id"]: row["standing"] for row in of(rows["idea_follow"], idea_id)}


def judged(rows: Rows, idea_id: UUID) -> dict[tuple[UUID, str], str]:
    """Who judged what, and which text."""
    return {
        (row["person_id"], row["dimension"]): row["sha256"]
        for row in of(rows["judgement"], idea_id)
        if row["withdrawn_at"] is None
    }


async def test_ac_a12a_mg5_a_merge_loses_nobody_and_nothing(database: Database) -> None:
    async for seed, cast, before, merge in merges(database):
        async with database.write() as tx:
            await join(tx, merge)
            after, found = await everything(tx), await counts(tx, merge.merge_id)
        source, target = cast.source.id, cast.target.id
        assert contributors(before, source, target) <= contributors(after, target), seed
        for name in ("comment", "task", "requirement", "reaction", "resolution"):
            there = [*of(before[name], source), *of(before[name], target)]
            assert len(of(after[name], target)) == len(there), (seed, name)
            assert len(after[name]) == len(before[name]), (seed, name)
        wished = {**standings(before, source), **standings(before, target)}
        assert standings(after, target) == wished, seed
        assert found[Kind.COMMENT] == len(of(before["comment"], source)), seed
        assert {row["origin_id"] for row in of(after["comment"], target)} <= {None, source}, seed


async def test_ac_a12b_mg6_who_judged_both_counts_once(database: Database) -> None:
    async for seed, cast, before, merge in merges(database):
        async with database.write() as tx:
            await join(tx, merge)
            after = await everything(tx)
        source, target = cast.source.id, cast.target.id
        assert judged(after, target) == {**judged(before, source), **judged(before, target)}, seed
        assert judged(after, source) == judged(before, source), seed


async def test_ac_a12c_mg8_separating_restores_both_exactly(database: Database) -> None:
    async for seed, _, before, merge in merges(database):
        async with database.write() as tx:
            await join(tx, merge)
            await separate(tx, merge)
            assert await everything(tx) == before, seed
            assert not any((await counts(tx, merge.merge_id)).values()), seed


async def test_mg8_what_came_since_stays_and_what_was_there_comes_back(
    database: Database,
) -> None:
    async for seed, cast, before, merge in merges(database):
        async with database.write() as tx:
            await join(tx, merge)
            between = await everything(tx)
            await something(tx, cast, cast.target.id)
            since = await everything(tx)
            await separate(tx, merge)
            after = await everything(tx)
        source = cast.source.id
        came = [row for row in since["comment"] if row not in between["comment"]]
        stayed = [row for row in came if row["reply_to"] is None or row in after["comment"]]
        assert [row for row in after["comment"] if row in came] == stayed, seed
        for name in ("comment", "task", "requirement", "idea_role", "idea_follow", "judgement"):
            assert of(after[name], source) == of(before[name], source), (seed, name)


async def test_mg9_separating_one_of_two_leaves_what_the_other_brought(
    database: Database,
) -> None:
    async for seed, cast, _, first in merges(database):
        other, target = cast.others[0], cast.target.id
        async with database.write() as tx:
            await something(tx, cast, other.id)
            await join(tx, first)
        second = await joined(database, other, cast.target, cast.people[0])
        async with database.write() as tx:
            await join(tx, second)
            both = await everything(tx)
            await separated(tx, first, cast.people[0])
            await separate(tx, first)
            after = await everything(tx)
        brought = contributors(after, other.id) | {
            row["author_id"] for row in of(after["comment"], target)
        }
        assert contributors(after, target) >= brought & contributors(both, target), seed
        assert standings(after, target).keys() >= standings(after, other.id).keys(), seed
        assert judged(after, target).keys() >= judged(after, other.id).keys(), seed


async def test_mg8_an_answer_given_since_goes_with_its_thread(database: Database) -> None:
    async for seed, cast, before, merge in merges(database):
        source = cast.source.id
        async with database.write() as tx:
            await join(tx, merge)
            rows = of((await everything(tx))["comment"], source, "origin_id")
            roots = [row["id"] for row in rows if row["reply_to"] is None]
            for root in roots:
                await comments.add(
                    tx, comment_id=cast.id(), idea_id=cast.target.id, author_id=cast.people[0],
                    kind="note", text="Antwort", now=cast.now(), reply_to=root,
                )  # fmt: skip
            await separate(tx, merge)
            there = of((await everything(tx))["comment"], source)
        assert len(there) == len(of(before["comment"], source)) + len(roots), seed
        new = [row for row in there if row["origin_id"] is not None]
        assert sorted((row["reply_to"], row["origin_id"]) for row in new) == sorted(
            (root, cast.target.id) for root in roots
        ), seed


async def test_mg5_a_partner_of_the_target_who_wrote_the_source_is_of_its_team(
    database: Database,
) -> None:
    async for _, cast, _, merge in merges(database):
        writer = cast.people[0]
        async with database.write() as tx:
            await ideas.add_role(tx, cast.source.id, writer, "author")
            for role in ("author", "editor", "lead", "member"):
                await ideas.remove_role(tx, cast.target.id, writer, role)
            await ideas.add_role(tx, cast.target.id, writer, "partner")
            await join(tx, merge)
            rows = of((await everything(tx))["idea_role"], cast.target.id)
        assert {row["role"] for row in rows if row["person_id"] == writer} > {"partner"}
