"""Threads page by page, and what hangs on comments."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from collab.process.talk.reactions import Cast, Reaction
from storage import ideas
from storage.database import Database, Transaction
from storage.talk import beside, comments, reactions, threads
from storage.talk.beside import Became
from storage.talk.threads import Span, Wanted
from tests.storage.making import a_person, an_idea, later, make_person
from tests.storage.talk.test_comments import comment

QUESTION = Wanted(kind="question")
ANCHOR = {"section": "situation", "start": "AA==", "end": "AA==", "quote": "Bänke"}


async def talk(
    tx: Transaction, idea: ideas.Idea, at: Span = threads.ANYWHERE, wanted: Wanted = threads.ALL
) -> threads.Threads:
    return await threads.page(tx, idea.id, threads_max=3, replies_max=2, at=at, wanted=wanted)


async def test_c4_threads_are_read_page_by_page_in_both_directions(database: Database) -> None:
    idea, other = await an_idea(database), await an_idea(database)
    async with database.write() as tx:
        roots = [await comment(tx, idea, now=later(minutes=each // 2)) for each in range(8)]
        answers = [
            await comment(tx, idea, now=later(hours=1, minutes=each), reply_to=roots[0])
            for each in range(4)
        ]
        await comment(tx, other)
    async with database.read() as tx:
        rows = {row.id: row for row in await comments.of_idea(tx, idea.id)}
        order = sorted(roots, key=lambda each: (rows[each].created_at, each))
        newest = await talk(tx, idea)
        assert [row.id for row in newest.roots] == order[5:]
        assert (newest.has_earlier, newest.has_later, newest.readable) == (True, False, 12)
        middle = await talk(tx, idea, Span(before=newest.roots[0]))
        assert [row.id for row in middle.roots] == order[2:5]
        assert (middle.has_earlier, middle.has_later) == (True, True)
        oldest = await talk(tx, idea, Span(before=middle.roots[0]))
        assert [row.id for row in oldest.roots] == order[:2]
        assert (oldest.has_earlier, oldest.has_later) == (False, True)
        assert [row.id for row in oldest.replies[roots[0]]] == answers[2:]
        assert oldest.reply_counts == {roots[0]: 4}
        forward = await talk(tx, idea, Span(after=oldest.roots[-1]))
        assert [row.id for row in forward.roots] == order[2:5]
        assert (forward.has_earlier, forward.has_later) == (True, True)
        since = await talk(tx, idea, Span(since=rows[order[6]]))
        assert [row.id for row in since.roots] == order[6:]
        assert since.has_earlier
        assert not (await talk(tx, idea, Span(since=rows[order[0]]))).roots[3:]
        assert [row.id for row in await threads.replies_of(tx, roots[0], limit=2, offset=1)] == (
            answers[1:3]
        )
        assert await threads.place_of(tx, rows[answers[3]]) == (7 - order.index(roots[0]), 3)
        assert await threads.place_of(tx, rows[order[7]]) == (0, 0)


async def test_c4_a_deleted_thread_counts_only_with_an_answer_that_stands(
    database: Database,
) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        gone, kept = await comment(tx, idea), await comment(tx, idea, now=later(minutes=1))
        answers = [await comment(tx, idea, reply_to=each) for each in (gone, kept)]
        for each in (gone, kept, answers[0]):
            await comments.delete(tx, each, later(hours=1))
    async with database.read() as tx:
        found = await talk(tx, idea)
    assert [row.id for row in found.roots] == [kept]
    assert [row.id for row in found.replies[kept]] == [answers[1]]


async def test_c4_threads_are_asked_for_by_kind_place_and_state(database: Database) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        plain = await comment(tx, idea, kind="question")
        placed = await comment(tx, idea, now=later(minutes=1), anchor=ANCHOR)
        settled = await comment(tx, idea, now=later(minutes=2), anchor=ANCHOR, kind="question")
        await comments.resolve(tx, settled, idea.created_by, later(hours=1))
    cases = [
        (Wanted(kind="question"), [plain, settled]),
        (Wanted(resolved=False), [plain, placed]),
        (Wanted(resolved=True), [settled]),
        (Wanted(anchored=False), [plain]),
        (Wanted(section="situation", resolved=False), [placed]),
        (Wanted(section="benefit"), []),
    ]
    async with database.read() as tx:
        for wanted, expected in cases:
            assert [row.id for row in (await talk(tx, idea, wanted=wanted)).roots] == expected
            listed = await threads.listed(tx, idea.id, limit=9, wanted=wanted)
            assert [row.id for row in reversed(listed)] == expected
        assert (await talk(tx, idea, wanted=Wanted(section="benefit"))).readable == 3
        assert await threads.anchored(tx, idea.id) == [(placed, "note", ANCHOR)]


async def test_c9_the_latest_reaction_counts_and_is_taken_back(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        one = await comment(tx, idea)
        for minute, word in enumerate((Reaction.AGREE, Reaction.UNSURE, Reaction.UNSURE)):
            await reactions.put(tx, idea.id, Cast(one, ben, word), later(minutes=minute))
        mine = Cast(one, idea.created_by, Reaction.AGREE)
        await reactions.put(tx, idea.id, mine, later(minutes=1))
    async with database.write() as tx:
        mood = (await beside.beside(tx, [one], ben))[one].mood
        assert (dict(mood.counts), mood.mine, mood.n) == (
            {Reaction.AGREE: 1, Reaction.DISAGREE: 0, Reaction.UNSURE: 1},
            Reaction.UNSURE,
            2,
        )
        assert (await beside.beside(tx, [one], None))[one].mood.mine is None
        assert await reactions.take_back(tx, one, ben)
        assert not await reactions.take_back(tx, one, ben)
        assert await reactions.of_idea(tx, idea.id) == [mine]


async def test_c18_many_reactions_at_once_count_as_one_by_one(database: Database) -> None:
    idea, other = await an_idea(database), await an_idea(database)
    async with database.write() as tx:
        people = sorted([await make_person(tx) for _ in range(60)])
        said = [await comment(tx, idea, now=later(seconds=each)) for each in range(50)]
        foreign = await comment(tx, other)
        words = list(Reaction)
        votes = [
            (Cast(each, person, words[(i + j) % 3]), later(minutes=i + j))
            for i, each in enumerate(said)
            for j, person in enumerate(people)
        ]
        earlier = [(Cast(v.comment_id, v.person_id, Reaction.AGREE), later()) for v, _ in votes]
        await reactions.put_many(tx, idea.id, [*votes[::-1], *earlier[:500]])
        await reactions.put_many(tx, idea.id, earlier)
    async with database.read() as tx:
        found = await reactions.of_idea(tx, idea.id)
        assert set(found) == {cast for cast, _ in votes}
        assert len(found) == 3_000
        assert (await beside.beside(tx, said[:1], people[0]))[said[0]].mood.n == 60
    stray = [(Cast(foreign, people[0], Reaction.AGREE), later())]
    async with database.write() as tx:
        with pytest.raises(IntegrityError):
            await reactions.put_many(tx, idea.id, stray)
        await tx.rollback()


async def test_what_hangs_on_a_comment_comes_together(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database, "ben")
    async with database.write() as tx:
        one, two = await comment(tx, idea), await comment(tx, idea)
        assert await beside.mention(tx, one, [ben, idea.created_by]) == {ben, idea.created_by}
        assert await beside.mention(tx, one, [ben]) == set()
        for number in (10, 9, 9):
            became = Became("task", str(number))
            await beside.note_outcome(tx, idea.id, one, became, by=ben, now=later())
        for minute, change in enumerate((("1.2", "1.9"), None)):
            await beside.settle(
                tx,
                idea.id,
                one,
                resolution_id=ben if change else idea.created_by,
                by=ben,
                note="Steht jetzt da.",
                change=change,
                now=later(minutes=minute),
            )
            if change:
                await beside.reopen(tx, one, by=ben, now=later(seconds=30))
    async with database.read() as tx:
        found = await beside.beside(tx, [one, two], ben)
    assert found[one].handles == ["ben"]
    assert found[one].became == [Became("task", "9"), Became("task", "10")]
    first, second = found[one].settled
    assert (first.change, first.reopened_at, first.by) == (("1.2", "1.9"), later(seconds=30), ben)
    assert (second.change, second.reopened_at, second.note) == (None, None, "Steht jetzt da.")
    assert (found[two].handles, found[two].became, found[two].settled, found[two].mood.n) == (
        [],
        [],
        [],
        0,
    )


async def test_c8_a_comment_names_each_person_for_the_first_time_once(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database, "ben")
    async with database.write() as tx:
        one = await comment(tx, idea)
        for named, new in (([ben], {ben}), ([], set()), ([ben], set())):
            assert await beside.mention(tx, one, named) == new
            found = await beside.beside(tx, [one], None)
            assert found[one].handles == (["ben"] if named else [])
        await beside.forget_mentions(tx, one)
        assert await beside.mention(tx, one, [ben]) == {ben}
