"""Following on both engines: who hears, what is new, what was taken on by whom."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from collab.process.events.talk import CommentAdded
from collab.process.following.mailing import Addressed, Choice, Followed
from collab.process.following.notices import NoticeReason
from collab.process.following.visits import Point, Visit
from storage import events
from storage.database import Database, Transaction
from storage.events import StoredEvent
from storage.following import follows, mailing, marks, news, notices, searches, stalls
from storage.following.marks import Coming
from storage.following.news import Reader
from storage.ideas import Idea
from tests.storage.making import NOW, a_person, an_idea, later, version

SPANS = {
    "older_than": NOW,
    "newer_than": later(days=-7),
    "apart_since": later(hours=-1),
}


async def said(tx: Transaction, idea: Idea, by: UUID, *, public: bool = True) -> StoredEvent:
    """Somebody commented."""
    fact = CommentAdded(UUID(int=1), "note", None)
    return await events.append(
        tx, fact, idea_id=idea.id, actor_id=by, public=public, now=later(minutes=1)
    )


async def test_n3_followers_are_the_team_who_spoke_and_who_chose(database: Database) -> None:
    author, speaker, chooser, left = [await a_person(database, email=f"{n}@x.org") for n in "abcd"]
    idea = await an_idea(database, author)
    async with database.write() as tx:
        await follows.join(tx, speaker, idea.id, NOW)
        await follows.put(tx, chooser, idea.id, follows=True, now=NOW)
        await follows.join(tx, left, idea.id, NOW)
        await follows.put(tx, left, idea.id, follows=False, now=NOW)
        await follows.join(tx, left, idea.id, NOW)
        event = await said(tx, idea, speaker)
        await notices.add_for_followers(tx, event, NoticeReason.STALLED, NOW)
        await notices.add_for_followers(tx, event, NoticeReason.STALLED, NOW)
    async with database.read() as tx:
        assert await notices.addressed(tx, [event.id]) == {author, chooser}
        assert await follows.followed(tx, speaker, 10) == [idea.id]
        assert await follows.count_followed(tx, left) == 0
        assert await notices.count_unread(tx, author) == 1
    async with database.write() as tx:
        for person_id in (author, speaker):
            await mailing.choose(tx, person_id, Choice(follows_own=False))
    async with database.read() as tx:
        assert await follows.followed(tx, author, 10) == []
        assert await follows.followed(tx, speaker, 10) == []


async def test_n2_news_are_what_others_did_after_the_read_mark(database: Database) -> None:
    author, reader = await a_person(database), await a_person(database)
    idea = await an_idea(database, author)
    async with database.write() as tx:
        await follows.put(tx, reader, idea.id, follows=True, now=NOW)
        first = await said(tx, idea, author)
        point = Point(first.id, version(1), NOW)
        await marks.note(tx, reader, idea.id, Visit(point))
        older = Point(first.id - 1, version(1), NOW)
        await marks.note(tx, reader, idea.id, Visit(older))
        second = await said(tx, idea, author)
        await said(tx, idea, reader)
        await said(tx, idea, author, public=False)
    async with database.read() as tx:
        assert await marks.coming(tx, reader, idea.id) == Coming(Visit(point), True)
        assert await marks.coming(tx, author, idea.id) == Coming(None, True)
        floors = {idea.id: first.id}
        (found,) = await news.counted(tx, Reader(reader), floors)
        assert (found.kind, found.count, found.last) == ("comment_added", 1, second.id)
        (all_of_it,) = await news.counted(tx, Reader(reader, frozenset({idea.id})), floors)
        assert all_of_it.count == 2
        ideas, cursor = await news.moved_since(tx, reader, hidden={"draft"})
        assert (ideas, cursor) == ([], None), "nothing was done at it since NOW"


async def test_n7_what_is_to_be_mailed_is_taken_on_once(database: Database) -> None:
    author, reader = await a_person(database), await a_person(database, email="r@x.org")
    idea = await an_idea(database, author)
    async with database.write() as tx:
        event = await said(tx, idea, author)
        await notices.add(
            tx, event.id, [reader], NoticeReason.MENTIONED, idea_id=idea.id, now=later(minutes=-6)
        )
    async with database.read() as tx:
        waiting = await mailing.awaiting(tx, **SPANS, at_night=False, limit=10)
        assert waiting == [reader]
        assert await mailing.awaiting(tx, **SPANS, at_night=True, limit=10) == []

    async def take() -> list[UUID | None]:
        async with database.write() as tx:
            return await mailing.take(tx, reader, **SPANS, now=NOW)

    assert sorted(await asyncio.gather(take(), take()), key=len) == [[], [idea.id]]

    async def claim() -> object:
        async with database.write() as tx:
            return await mailing.claim_digest(tx, reader, due=NOW, last_event=9, now=NOW)

    assert sorted(await asyncio.gather(claim(), claim()), key=str) == [(0, None), None]
    async with database.write() as tx:
        mail_id = await mailing.add(tx, reader, "instant", since=NOW, now=NOW, idea_id=idea.id)
    async with database.read() as tx:
        mail = await mailing.get(tx, mail_id)
        told = await notices.mailed(tx, reader, NOW, idea.id, of_idea=True)
    assert mail is not None
    assert [each.event.id for each in told] == [event.id]

    async def attempt() -> bool:
        async with database.write() as tx:
            return await mailing.try_now(tx, mail, later(minutes=5))

    assert sorted(await asyncio.gather(attempt(), attempt())) == [False, True]


async def test_n8_only_who_wants_and_can_be_reached_gets_a_digest(database: Database) -> None:
    chose = {
        "nothing": None,
        "daily": Choice(followed=Followed.DAILY),
        "never": Choice(followed=Followed.NEVER),
        "collected": Choice(Addressed.DIGEST, Followed.NEVER),
    }
    ids = {name: await a_person(database, email=f"{name}@x.org") for name in chose}
    await a_person(database)
    async with database.write() as tx:
        for name, wanted in chose.items():
            if wanted is not None:
                await mailing.choose(tx, ids[name], wanted)
    async with database.read() as tx:
        found = {
            (daily, weekly): set(
                await mailing.wanting_digest(
                    tx,
                    daily_due=later(days=daily),
                    weekly_due=later(days=weekly),
                    at_night=False,
                    limit=10,
                )
            )
            for daily, weekly in ((1, -1), (-1, 1))
        }
    assert found == {(1, -1): {ids["daily"], ids["collected"]}, (-1, 1): {ids["nothing"]}}


async def test_n15_a_search_looks_at_each_publication_once(database: Database) -> None:
    person_id = await a_person(database)
    idea = await an_idea(database)
    async with database.write() as tx:
        await searches.save(tx, person_id, "q=rad", alert=True, now=NOW)
        event = await said(tx, idea, person_id)
        assert await searches.due(tx, NOW, 10) == []
        assert await marks.move_watermark(tx, searches.PUBLISHED, 0, event.id)
        assert not await marks.move_watermark(tx, searches.PUBLISHED, 0, event.id)
        (search_id,) = await searches.due(tx, NOW, 10)
        assert await searches.looked(tx, search_id, 0, event.id)
        assert not await searches.looked(tx, search_id, 0, event.id)
        assert await searches.due(tx, NOW, 10) == []


async def test_ac_a4b_each_time_of_rest_is_told_once(database: Database) -> None:
    idea = await an_idea(database)
    since = {"open": NOW + timedelta(days=1), "draft": NOW}
    async with database.write() as tx:
        assert await stalls.untold(tx, since, 10) == [idea.id]
        assert await marks.tell_stall(tx, idea.id, idea.active_at)
        assert not await marks.tell_stall(tx, idea.id, idea.active_at)
        assert await stalls.untold(tx, since, 10) == []
        assert await marks.tell_stall(tx, idea.id, later(days=3))
