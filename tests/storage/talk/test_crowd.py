"""What is asked for everybody at once: how ideas stand, and what of their talk is whose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from bench.pages.measuring import statements
from collab.process.events.people import PersonRoleChanged
from collab.process.events.talk import CommentEdited
from collab.process.talk.reactions import Cast, Reaction
from storage import events
from storage.database import Database
from storage.talk import comments, crowd, reactions
from storage.talk.crowd import Own, Reader, Standing
from tests.storage.making import NOW, a_person, an_idea, later


async def say(database: Database, idea_id: UUID, author: UUID, now: datetime = NOW) -> UUID:
    async with database.write() as tx:
        row = await comments.add(
            tx,
            comment_id=uuid4(),
            idea_id=idea_id,
            author_id=author,
            kind="note",
            text="Gut!",
            now=now,
        )
    return row.id


async def react(
    database: Database, idea_id: UUID, comment: UUID, person: UUID, word: Reaction, now: datetime
) -> None:
    async with database.write() as tx:
        await reactions.put(tx, idea_id, Cast(comment, person, word), now)


async def standings(database: Database, *refs: str) -> dict[str, Standing]:
    async with database.read() as tx:
        return await crowd.standings(tx, refs)


async def test_lv3_whatever_changes_the_talk_is_another_version_of_it_and_that_of_no_other_idea(
    database: Database,
) -> None:
    ana = await a_person(database)
    idea, other = await an_idea(database), await an_idea(database)
    comment = await say(database, idea.id, ana)
    found = await standings(database, idea.ref, other.ref, "2026-99999")
    assert set(found) == {idea.ref, other.ref}
    before, calm = found[idea.ref], found[other.ref]
    assert before.idea.id == idea.id
    versions = {before.version}

    async def changed() -> None:
        found = await standings(database, idea.ref, other.ref)
        assert found[idea.ref].version not in versions
        assert found[other.ref].version == calm.version
        versions.add(found[idea.ref].version)

    async with database.write() as tx:
        await events.append(
            tx, CommentEdited(comment), idea_id=idea.id, actor_id=ana, public=True, now=NOW
        )
    await changed()
    await react(database, idea.id, comment, ana, Reaction.AGREE, NOW)
    await changed()
    await react(database, idea.id, comment, ana, Reaction.UNSURE, later(seconds=1))
    await changed()
    async with database.write() as tx:
        await reactions.take_back(tx, comment, ana)
        fact = PersonRoleChanged(ana, "expert", True)
        event = await events.append(tx, fact, idea_id=None, actor_id=None, public=False, now=NOW)
    found = await standings(database, idea.ref, other.ref)
    assert found[idea.ref].version not in versions
    assert found[other.ref].version.arena_event == found[other.ref].last_event == event.id


async def test_lv1_of_each_reader_is_known_what_he_wrote_and_reacted_to(
    database: Database,
) -> None:
    ana, ben, eva = await a_person(database), await a_person(database), await a_person(database)
    idea, other = await an_idea(database), await an_idea(database)
    await say(database, idea.id, ana, NOW)
    by_ana = await say(database, idea.id, ana, later(hours=1))
    by_ben = await say(database, idea.id, ben, later(hours=2))
    elsewhere = await say(database, other.id, ana, later(hours=2))
    for comment, person in ((by_ana, ana), (by_ana, ben), (by_ben, ana)):
        await react(database, idea.id, comment, person, Reaction.AGREE, later(hours=3))
    since = later(hours=1)
    readers = [Reader(each, idea.id, since) for each in (ana, ben, eva)]
    abroad = Reader(ana, other.id, since)
    async with database.read() as tx:
        with statements() as heard:
            found = await crowd.own(tx, [*readers, abroad])
    assert len(heard.said) == 2
    assert [found[each] for each in readers] == [
        {by_ana: Own(True, Reaction.AGREE), by_ben: Own(False, Reaction.AGREE)},
        {by_ana: Own(False, Reaction.AGREE), by_ben: Own(True)},
        {},
    ]
    assert found[abroad] == {elsewhere: Own(True)}
