"""Comments, judgements, stage changes and mutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from storage import ideas, mutes, stages
from storage.database import Database, Transaction
from storage.feasibility import judgements
from storage.talk import comments
from tests.storage.making import NOW, a_person, an_idea, later, version


async def comment(tx: Transaction, idea: ideas.Idea, **given: Any) -> UUID:
    values = {"author_id": idea.created_by, "kind": "note", "text": "Gut.", "now": NOW, **given}
    comment_id = uuid4()
    await comments.add(tx, comment_id=comment_id, idea_id=idea.id, **values)
    return comment_id


async def test_comments_come_in_the_order_written(database: Database) -> None:
    idea, other = await an_idea(database), await an_idea(database)
    anchor = {"section": "situation", "start": "AA==", "quote": "Bänke"}
    async with database.write() as tx:
        second = await comment(tx, idea, now=later(minutes=2))
        first = await comment(tx, idea, now=later(minutes=1), anchor=anchor)
        await comment(tx, other)
    async with database.read() as tx:
        found = await comments.of_idea(tx, idea.id)
        assert await comments.counts(tx, [idea.id, other.id]) == {idea.id: 2, other.id: 1}
    assert [one.id for one in found] == [first, second]
    assert [one.anchor for one in found] == [anchor, None]


async def test_a_comment_is_edited_hidden_shown_resolved_and_reopened(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)
    async with database.write() as tx:
        one = await comment(tx, idea)
        assert await comments.edit(tx, one, "Besser.", later(minutes=1))
        assert await comments.hide(tx, one, ben, "Werbung", later(minutes=2))
        assert await comments.counts(tx, [idea.id]) == {}
        assert await comments.resolve(tx, one, ben, later(minutes=3))
    async with database.write() as tx:
        hidden = await comments.get(tx, one)
        assert hidden is not None
        assert (hidden.text, hidden.edited_at) == ("Besser.", later(minutes=1))
        assert (hidden.hidden_by, hidden.hidden_reason) == (ben, "Werbung")
        assert (hidden.resolved_by, hidden.resolved_at) == (ben, later(minutes=3))
        await comments.show(tx, one)
        await comments.reopen(tx, one)
        assert await comments.counts(tx, [idea.id]) == {idea.id: 1}
    async with database.read() as tx:
        shown = await comments.get(tx, one)
    assert shown is not None
    assert (shown.hidden_at, shown.hidden_by, shown.resolved_at) == (None, None, None)


async def test_a_deleted_comment_keeps_its_place_and_nothing_else(database: Database) -> None:
    idea = await an_idea(database)
    async with database.write() as tx:
        one = await comment(tx, idea, anchor={"section": "situation"})
        await comment(tx, idea, reply_to=one)
        assert await comments.delete(tx, one, later(minutes=1))
        assert not await comments.delete(tx, one, later(minutes=2))
        assert not await comments.edit(tx, one, "Doch.", later(minutes=2))
    async with database.read() as tx:
        found = {each.id: each for each in await comments.of_idea(tx, idea.id)}
    assert len(found) == 2
    assert (found[one].text, found[one].anchor) == ("", None)


async def test_the_last_judgement_of_a_person_counts(database: Database) -> None:
    idea, ben = await an_idea(database), await a_person(database)

    async def put(tx: Transaction, person: UUID, verdict: str, minute: int) -> None:
        await judgements.put(
            tx,
            idea_id=idea.id,
            dimension="legal",
            person_id=person,
            verdict=verdict,
            confidence="low",
            reason="Paragraf 1",
            version=version(minute),
            now=later(minutes=minute),
        )

    async with database.write() as tx:
        await put(tx, idea.created_by, "open", 1)
        await put(tx, ben, "feasible", 2)
        await put(tx, idea.created_by, "not_feasible", 3)
    async with database.read() as tx:
        found = await judgements.of_idea(tx, idea.id)
        mine = await judgements.get(tx, idea.id, "legal", idea.created_by)
        assert await judgements.get(tx, idea.id, "technical", ben) is None
        assert await judgements.counts(tx, [idea.id]) == {idea.id: 2}
    assert [(one.person_id, one.verdict) for one in found] == [
        (idea.created_by, "not_feasible"),
        (ben, "feasible"),
    ]
    assert mine is not None
    assert (mine.seq, mine.created_at, mine.updated_at) == (3, later(minutes=1), later(minutes=3))


async def test_the_history_of_stages_is_complete_and_in_order(database: Database) -> None:
    idea = await an_idea(database)
    moves = [("open", "elaboration"), ("elaboration", "feasibility")]
    async with database.write() as tx:
        for revision, (before, after) in enumerate(moves, 2):
            await stages.append(
                tx,
                change_id=uuid4(),
                idea_id=idea.id,
                transition=f"to_{after}",
                from_stage=before,
                to_stage=after,
                reason="Gut ausgearbeitet",
                actor_id=idea.created_by,
                actor_name="Ana",
                revision=revision,
                version=version(revision),
                now=later(hours=revision),
            )
    async with database.read() as tx:
        history = await stages.history(tx, idea.id)
        latest = await stages.latest(tx, idea.id)
    assert [(one.from_stage, one.to_stage) for one in history] == moves
    assert latest == history[-1]
    assert (history[0].seq, history[0].sha256) == (2, version(2).sha256)


async def test_a_person_is_muted_once_and_for_one_document(database: Database) -> None:
    idea, other = await an_idea(database), await an_idea(database)
    ben, moderator = await a_person(database), await a_person(database)
    async with database.write() as tx:
        for reason in ("Stört", "Stört wieder"):
            muted = await mutes.mute(
                tx, idea.document_id, ben, by=moderator, reason=reason, now=NOW
            )
            assert muted is (reason == "Stört")
        assert await mutes.is_muted(tx, idea.document_id, ben)
        assert not await mutes.is_muted(tx, other.document_id, ben)
        rows = await mutes.of_document(tx, idea.document_id)
        assert [(row.person_id, row.by, row.reason) for row in rows] == [(ben, moderator, "Stört")]
        assert await mutes.unmute(tx, idea.document_id, ben)
        assert not await mutes.unmute(tx, idea.document_id, ben)
        assert not await mutes.is_muted(tx, idea.document_id, ben)
