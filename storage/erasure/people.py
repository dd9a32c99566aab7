"""Turning a person's account into a pseudonym, and taking his words out of the tables.

What stays is what others rely on: that somebody judged and decided, when, and on which text.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Table, delete, or_, select, update

from storage import people
from storage.database import METADATA, Transaction
from storage.process import audit
from storage.tables.people import Person

AFFILIATION = METADATA.tables["affiliation"]
CLAIM = METADATA.tables["claim"]
CENTRAL_LINK = METADATA.tables["central_link"]
CENTRAL_MEASURE = METADATA.tables["central_measure"]
COMMENT = METADATA.tables["comment"]
COMMITMENT = METADATA.tables["commitment"]
EVENT = METADATA.tables["event"]
JUDGEMENT = METADATA.tables["judgement"]
LINK = METADATA.tables["one_time_link"]
MUTE = METADATA.tables["mute"]
ORGANISATION = METADATA.tables["organisation"]
PERSON = METADATA.tables["person"]
RECOGNITION = METADATA.tables["recognition"]
RESPONSIBILITY = METADATA.tables["responsibility"]
SUPPORT = METADATA.tables["support_request"]
PREPARED_ACT = METADATA.tables["prepared_act"]
SESSION = METADATA.tables["session"]
STAGE_CHANGE = METADATA.tables["stage_change"]
TOKEN = METADATA.tables["token"]

OFFICIAL_WORDS = (
    (STAGE_CHANGE, "reason"),
    (RESPONSIBILITY, "note"),
    (RESPONSIBILITY, "ended_reason"),
    (SUPPORT, "text"),
    (SUPPORT, "answer"),
    (SUPPORT, "result"),
    (COMMITMENT, "ended_reason"),
    (CENTRAL_LINK, "note"),
    (RECOGNITION, "reason"),
    (COMMITMENT, "answers"),
    (CENTRAL_MEASURE, "title"),
    (CENTRAL_MEASURE, "text"),
)
"""Words of official acts: they stay, and name nobody who is erased."""

EVENTS_PER_READ = 1_000
FORMER_KIND = "former"
"""The kind of organisations that say of a former person only which part of society he spoke for."""

# What goes with the person. What he was at, and what he wrote down and did not decide, nobody goes
# on with in his name.
GOES: Final = (
    ("person_role", "person_id"),
    ("mute", "person_id"),
    ("claim", "person_id"),
    ("prepared_act", "prepared_by"),
    ("notice", "person_id"),
    ("expert_topic", "person_id"),
    ("expert_profile", "person_id"),
    ("expert_invitation", "person_id"),
    ("mention", "person_id"),
    ("reaction", "person_id"),
    ("idea_follow", "person_id"),
    ("saved_search", "person_id"),
    ("read_mark", "person_id"),
    ("mail_choice", "person_id"),
    ("mailing", "person_id"),
    ("slow_turn", "person_id"),
    ("workshop_facilitator", "person_id"),
    ("guest", "person_id"),
    ("silent_note", "author_id"),
    ("dot", "person_id"),
)

# What he said of himself beside a judgement; gone for good where its reason is taken out.
DECLARED: Final = ("expertise_note", "own_interest", "evidence")

FORMER_NAMESPACE = UUID("0f3a5f0e-6a0c-4f6e-9d8b-2f6b7b9f6a11")
LONG_AGO = date(2000, 1, 1)

Payload = dict[str, Any]


async def end_access(tx: Transaction, person: Person) -> None:
    """Delete the person's sessions, tokens and links, and invitations to his address or by him."""
    await tx.run(delete(SESSION).where(SESSION.c.person_id == person.id))
    await tx.run(delete(TOKEN).where(TOKEN.c.person_id == person.id))
    own = (LINK.c.person_id == person.id, LINK.c.created_by == person.id)
    await tx.run(delete(LINK).where(or_(*own)))
    if person.email:
        for secret_hash, data in await tx.run(select(LINK.c.secret_hash, LINK.c.data)):
            if data.get("email") == person.email:
                await tx.run(delete(LINK).where(LINK.c.secret_hash == secret_hash))


async def pseudonymise(
    tx: Transaction, person_id: UUID, *, handle: str, name: str, now: datetime
) -> None:
    """Leave of the account nothing but its id, these names, and the teams it belonged to."""
    await tx.run(
        update(PERSON)
        .where(PERSON.c.id == person_id)
        .values(
            handle=handle,
            name=name,
            email=None,
            password_hash=None,
            suspended_at=now,
            suspended_reason=None,
            erased_at=now,
        )
    )
    await audit.cut_person(tx, person_id)
    for name, column in GOES:
        table = METADATA.tables[name]
        await tx.run(delete(table).where(table.c[column] == person_id))
    await tx.run(
        update(STAGE_CHANGE).where(STAGE_CHANGE.c.actor_id == person_id).values(actor_name=name)
    )
    await tx.run(
        update(COMMITMENT).where(COMMITMENT.c.signed_by == person_id).values(signed_by_name=name)
    )
    await _leave_organisations(tx, person_id)


async def erase_comments(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, now: datetime
) -> int:
    """Take the person's comments away, at all ideas or these; return how many."""
    values = {"text": "", "anchor": None, "hidden_reason": None, "deleted_at": now}
    result = await tx.run(
        update(COMMENT)
        .where(COMMENT.c.author_id == person_id, *_at(COMMENT, ideas))
        .values(**values)
    )
    return result.rowcount


async def erase_reasons(
    tx: Transaction, person_id: UUID, ideas: Collection[UUID] | None, mark: str
) -> int:
    """Put ``mark`` in the place of the reasons of the person's judgements; return how many."""
    result = await tx.run(
        update(JUDGEMENT)
        .where(JUDGEMENT.c.person_id == person_id, JUDGEMENT.c.reason != "", *_at(JUDGEMENT, ideas))
        .values(reason=mark)
    )
    declared = dict.fromkeys(DECLARED, "")
    his = (JUDGEMENT.c.person_id == person_id, *_at(JUDGEMENT, ideas))
    await tx.run(update(JUDGEMENT).where(*his).values(**declared))
    hidden = (COMMENT.c.hidden_by == person_id, COMMENT.c.hidden_reason.is_not(None))
    await tx.run(update(COMMENT).where(*hidden, *_at(COMMENT, ideas)).values(hidden_reason=mark))
    if ideas is None:
        await tx.run(update(MUTE).where(MUTE.c.by == person_id).values(reason=mark))
    return result.rowcount


async def rewrite_events(
    tx: Transaction,
    change: Callable[[UUID | None, UUID | None, str, Payload], Payload],
    *,
    idea_id: UUID | None = None,
) -> int:
    """Give each event the payload that ``change`` makes of (actor, idea, kind, payload).

    With ``idea_id`` only those of that idea; returns how many are different now. What an event
    says no longer, nobody can prove from the audit log either.
    """
    columns = (EVENT.c.id, EVENT.c.actor_id, EVENT.c.idea_id, EVENT.c.kind, EVENT.c.payload)
    query = select(*columns).order_by(EVENT.c.id).limit(EVENTS_PER_READ)
    if idea_id is not None:
        query = query.where(EVENT.c.idea_id == idea_id)
    changed = after = 0
    while rows := (await tx.run(query.where(EVENT.c.id > after))).all():
        for event_id, actor_id, at_idea, kind, payload in rows:
            made = change(actor_id, at_idea, kind, payload)
            if made != payload:
                changed += 1
                await tx.run(update(EVENT).where(EVENT.c.id == event_id).values(payload=made))
                gone = [name for name in payload if made.get(name) != payload[name]]
                await audit.cut_words(tx, event_id, gone)
        after = rows[-1][0]
    return changed


async def rewrite_decisions(tx: Transaction, change: Callable[[str], str]) -> None:
    """Give the words of official acts the text that ``change`` makes of them."""
    for table, column in OFFICIAL_WORDS:
        keys = list(table.primary_key.columns)
        words = select(table.c[column], *keys).where(table.c[column].is_not(None))
        for said, *row in (await tx.run(words)).all():
            made = _reworded(said, change)
            if made != said:
                same = (key == value for key, value in zip(keys, row, strict=True))
                await tx.run(update(table).where(*same).values({column: made}))


def _reworded(said: Any, change: Callable[[str], str]) -> Any:
    """The text, or the same JSON with every text in it, as ``change`` makes it."""
    if isinstance(said, str):
        return change(said)
    if isinstance(said, dict):
        return {key: _reworded(each, change) for key, each in said.items()}
    return said


async def rewrite_board(tx: Transaction, change: Callable[[str], str]) -> None:
    """The same for what is prepared and for notes about claims that were taken over."""
    for key, words in ((PREPARED_ACT.c.id, PREPARED_ACT.c.reason), (CLAIM.c.idea_id, CLAIM.c.note)):
        for row_id, text in (await tx.run(select(key, words))).all():
            made = change(text)
            if made != text:
                values = {words.name: made}
                await tx.run(update(words.table).where(key == row_id).values(values))


async def _leave_organisations(tx: Transaction, person_id: UUID) -> None:
    """Who decided something keeps the office he confirmedly held; else only its class is kept."""
    decided = select(STAGE_CHANGE.c.id).where(STAGE_CHANGE.c.actor_id == person_id).limit(1)
    keeps_office = (await tx.run(decided)).first() is not None
    for member in (await people.memberships(tx, [person_id])).get(person_id, []):
        if member.confirmed_at is not None and keeps_office:
            continue
        await people.leave(tx, person_id, member.organisation.id)
        if member.confirmed_at is not None:
            former = await _former_organisation(tx, member.organisation.actor_class)
            await people.affiliate(tx, person_id, former, confirmed_at=member.confirmed_at)


async def _former_organisation(tx: Transaction, actor_class: str) -> UUID:
    """The organisation that stands for all former ones of the class; it is never offered."""
    organisation_id = uuid5(FORMER_NAMESPACE, actor_class)
    values = {
        "id": organisation_id,
        "name": "–",
        "actor_class": actor_class,
        "kind": FORMER_KIND,
        "valid_from": None,
        "valid_to": LONG_AGO,
    }
    await tx.insert_new(ORGANISATION, values)
    return organisation_id


def _at(table: Table, ideas: Collection[UUID] | None) -> tuple[Any, ...]:
    return () if ideas is None else (table.c.idea_id.in_(list(ideas)),)
