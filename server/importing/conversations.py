"""A conversation of Polis becomes one need: its statements comments, its votes reactions.

Whoever said or voted something there becomes a participant here without a way to sign in, so that
each still counts once. Importing again brings in what is new and counts later votes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from collab.process.actors import Role
from collab.process.dossier import IdeaKind
from collab.process.events.talk import CommentAdded, CommentHidden
from collab.process.talk.comments import CommentKind
from collab.process.talk.reactions import Cast, Reaction
from server.importing.columns import Entry
from server.importing.polis import Conversation, Statement
from server.importing.writing import Job, prepare, write_entries
from storage import events, ideas, people
from storage.database import Database, Transaction
from storage.talk import comments, reactions

# Small enough that people who write meanwhile do not wait noticeably for the one SQLite writer.
PEOPLE_PER_TRANSACTION: Final = 100
STATEMENTS_PER_TRANSACTION: Final = 50
VOTES_PER_TRANSACTION: Final = 5_000

REACTIONS: Final = {1: Reaction.AGREE, 0: Reaction.UNSURE, -1: Reaction.DISAGREE}
KEPT_OUT: Final = "Die Moderation der Umfrage hat diese Aussage nicht gezeigt."

Item = TypeVar("Item")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import has written, besides the votes, all of which are looked at again."""

    ref: str
    people: int
    statements: int
    votes: int


def steps(conversation: Conversation) -> int:
    """How much ``progress`` will be told in all."""
    return len(voices(conversation)) + len(conversation.statements) + len(conversation.votes)


def voices(conversation: Conversation) -> list[str]:
    """The keys of everybody who said or voted something, in the order of their numbers."""
    found = {each.author for each in conversation.statements}
    found |= {voter for _, voter in conversation.votes}
    return sorted(found, key=int)


async def write_conversation(
    database: Database,
    conversation: Conversation,
    *,
    name: str,
    handle: str,
    now: datetime,
    progress: Progress = lambda count: None,
) -> Brought:
    """Write what is not there yet; ``name`` is that of the conversation, ``handle`` brings it in.

    What was written stays written if it is interrupted; the next run goes on from there.

    Raises:
        NotFound: (unknown-person) nobody has that handle.
    """
    job = await prepare(
        database, name=f"polis-{name}", kind=IdeaKind.NEED, section=None, handle=handle
    )
    # A source is for lines of a table; the conversation is the only one of its own.
    entry = Entry(
        line=1,
        key=name,
        title=conversation.topic,
        paragraphs=tuple(filter(None, conversation.description.split("\n"))),
        url=conversation.url or None,
        place=None,
    )
    await write_entries(database, job, [entry], now)
    people_of, new_people = await _people(database, conversation, name, now, progress)
    ref, said = await _statements(database, conversation, job, entry, people_of, progress)
    await _votes(database, conversation, job, entry, people_of, progress)
    return Brought(ref, new_people, said, len(conversation.votes))


async def _people(
    database: Database, conversation: Conversation, name: str, now: datetime, progress: Progress
) -> tuple[Mapping[str, UUID], int]:
    """The person of each voice, and how many are new."""
    found: dict[str, UUID] = {}
    created = 0
    for some in _batches(voices(conversation), PEOPLE_PER_TRANSACTION):
        async with database.write() as tx:
            for voice in some:
                handle = f"polis-{name}-{voice}"
                person = await people.by_handle(tx, handle)
                if person is None:
                    created += 1
                    person = await people.create(
                        tx,
                        person_id=_id(name, f"voice:{voice}"),
                        handle=handle,
                        name=f"Polis {voice}",
                        now=now,
                        roles=[Role.PARTICIPANT.value],
                    )
                found[voice] = person.id
        progress(len(some))
    return found, created


async def _statements(
    database: Database,
    conversation: Conversation,
    job: Job,
    entry: Entry,
    people_of: Mapping[str, UUID],
    progress: Progress,
) -> tuple[str, int]:
    """The reference of the idea, and how many statements are new."""
    said = 0
    ref = ""
    for some in _batches(conversation.statements, STATEMENTS_PER_TRANSACTION):
        async with database.write() as tx:
            idea = await _idea(tx, job, entry)
            ref = idea.ref
            for statement in some:
                said += await _say(tx, idea.id, job, statement, people_of[statement.author])
        progress(len(some))
    return ref, said


async def _say(
    tx: Transaction, idea_id: UUID, job: Job, statement: Statement, author_id: UUID
) -> bool:
    """Write the statement as a comment with its event; False if it is there."""
    comment_id = _comment_id(job, statement.key)
    if await comments.get(tx, comment_id) is not None:
        return False
    kind = CommentKind.NOTE
    await comments.add(
        tx,
        comment_id=comment_id,
        idea_id=idea_id,
        author_id=author_id,
        kind=kind,
        text=statement.text,
        now=statement.at,
    )
    facts: list[tuple[CommentAdded | CommentHidden, UUID]] = [
        (CommentAdded(comment_id, kind.value, None), author_id)
    ]
    if not statement.is_shown:
        await comments.hide(tx, comment_id, job.author_id, KEPT_OUT, statement.at)
        facts.append((CommentHidden(comment_id, KEPT_OUT), job.author_id))
    for fact, actor_id in facts:
        await events.append(
            tx, fact, idea_id=idea_id, actor_id=actor_id, public=True, now=statement.at
        )
    return True


async def _votes(
    database: Database,
    conversation: Conversation,
    job: Job,
    entry: Entry,
    people_of: Mapping[str, UUID],
    progress: Progress,
) -> None:
    comment_ids = {each.key: _comment_id(job, each.key) for each in conversation.statements}
    for some in _batches(list(conversation.votes.items()), VOTES_PER_TRANSACTION):
        casts = [
            (Cast(comment_ids[statement], people_of[voter], REACTIONS[vote.value]), vote.at)
            for (statement, voter), vote in some
        ]
        async with database.write() as tx:
            idea = await _idea(tx, job, entry)
            await reactions.put_many(tx, idea.id, casts)
        progress(len(some))


async def _idea(tx: Transaction, job: Job, entry: Entry) -> ideas.Idea:
    found = await ideas.by_source(tx, job.source(entry))
    assert found is not None, "it was written before"
    return found


def _comment_id(job: Job, key: str) -> UUID:
    return _id(job.name, f"statement:{key}")


def _id(name: str, key: str) -> UUID:
    """The same for the same thing, so that it is known again."""
    return uuid5(NAMESPACE_URL, f"arena:polis:{name}:{key}")


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in rows of ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
