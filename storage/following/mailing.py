"""Which mails people want, which are due, and those that are to leave."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows

from collab.process.following.mailing import Addressed, Choice, Followed
from storage.database import METADATA, Transaction
from storage.tables.following.mailing import MailChoice, Mailing

__all__ = ["Mailing", "choice", "choose", "claim_digest", "done", "due", "get", "take"]

CHOICE = METADATA.tables["mail_choice"]
MAILING = METADATA.tables["mailing"]
NOTICE = METADATA.tables["notice"]
PERSON = METADATA.tables["person"]

_REACHED = (
    PERSON.c.email.is_not(None),
    PERSON.c.suspended_at.is_(None),
    PERSON.c.erased_at.is_(None),
)


async def choice(tx: Transaction, person_id: UUID) -> Choice:
    """What the person wants."""
    row = await tx.row(select_rows(MailChoice).where(MailChoice.person_id == person_id))
    if row is None:
        return Choice()
    return Choice(
        Addressed(row.addressed), Followed(row.followed), row.follows_own, row.keeps_quiet
    )


async def choose(tx: Transaction, person_id: UUID, wanted: Choice) -> None:
    """Remember what the person wants."""
    values = {
        "addressed": wanted.addressed.value,
        "followed": wanted.followed.value,
        "follows_own": wanted.follows_own,
        "keeps_quiet": wanted.keeps_quiet,
    }
    statement = tx.insert(CHOICE).values(person_id=person_id, digest_event=0, **values)
    await tx.run(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def awaiting(
    tx: Transaction,
    *,
    older_than: datetime,
    newer_than: datetime,
    apart_since: datetime,
    at_night: bool,
    limit: int,
) -> Sequence[UUID]:
    """People to whom something unseen is addressed that they want to be mailed at once."""
    waiting = _waiting(older_than, newer_than, apart_since)
    query = (
        select(NOTICE.c.person_id)
        .join(PERSON, PERSON.c.id == NOTICE.c.person_id)
        .outerjoin(CHOICE, CHOICE.c.person_id == NOTICE.c.person_id)
        .where(
            *waiting,
            *_REACHED,
            or_(CHOICE.c.addressed.is_(None), CHOICE.c.addressed == Addressed.INSTANT.value),
        )
        .group_by(NOTICE.c.person_id)
        .order_by(func.min(NOTICE.c.at), NOTICE.c.person_id)
        .limit(limit)
    )
    if at_night:
        query = query.where(CHOICE.c.keeps_quiet.is_(False))
    return list((await tx.run(query)).scalars())


async def take(
    tx: Transaction,
    person_id: UUID,
    *,
    older_than: datetime,
    newer_than: datetime,
    apart_since: datetime,
    now: datetime,
) -> list[UUID | None]:
    """Take on to mail what waits for the person; the ideas it is about, each once.

    Whoever is second finds nothing: what is taken on has its ``mailed_at``.
    """
    waiting = (NOTICE.c.person_id == person_id, *_waiting(older_than, newer_than, apart_since))
    about = list((await tx.run(select(NOTICE.c.idea_id).where(*waiting).distinct())).scalars())
    taken: list[UUID | None] = []
    for idea_id in about:
        here = NOTICE.c.idea_id.is_not_distinct_from(idea_id)
        unseen = (NOTICE.c.seen_at.is_(None), NOTICE.c.mailed_at.is_(None))
        own = (NOTICE.c.person_id == person_id, here, *unseen, NOTICE.c.at > newer_than)
        if (await tx.run(update(NOTICE).where(*own).values(mailed_at=now))).rowcount:
            taken.append(idea_id)
    return taken


async def take_for_digest(
    tx: Transaction, person_id: UUID, *, newer_than: datetime, now: datetime
) -> None:
    """Take on for a digest all that is addressed to the person, unseen and not mailed."""
    unseen = (NOTICE.c.seen_at.is_(None), NOTICE.c.mailed_at.is_(None))
    own = (NOTICE.c.person_id == person_id, *unseen, NOTICE.c.at > newer_than)
    await tx.run(update(NOTICE).where(*own).values(mailed_at=now))


async def wanting_digest(
    tx: Transaction,
    *,
    daily_due: datetime,
    weekly_due: datetime,
    at_night: bool,
    limit: int,
) -> Sequence[UUID]:
    """People whose digest was to leave and has not been made."""
    daily = or_(
        CHOICE.c.followed == Followed.DAILY.value,
        and_(
            CHOICE.c.followed == Followed.NEVER.value,
            CHOICE.c.addressed == Addressed.DIGEST.value,
        ),
    )
    weekly = or_(CHOICE.c.followed.is_(None), CHOICE.c.followed == Followed.WEEKLY.value)
    query = (
        select(PERSON.c.id)
        .outerjoin(CHOICE, CHOICE.c.person_id == PERSON.c.id)
        .where(
            *_REACHED,
            or_(
                and_(daily, _lies_before(daily_due)),
                and_(weekly, _lies_before(weekly_due)),
            ),
        )
        .order_by(PERSON.c.id)
        .limit(limit)
    )
    if at_night:
        query = query.where(CHOICE.c.keeps_quiet.is_(False))
    return list((await tx.run(query)).scalars())


async def claim_digest(
    tx: Transaction, person_id: UUID, *, due: datetime, last_event: int, now: datetime
) -> tuple[int, datetime | None] | None:
    """Take on the digest that was due then: after which event and moment; None: somebody has."""
    fresh = {"person_id": person_id, "digest_event": 0, **_AS_NOTHING_CHOSEN}
    await tx.insert_new(CHOICE, fresh)
    mine = CHOICE.c.person_id == person_id
    query = select(CHOICE.c.digest_event, CHOICE.c.digest_at).where(mine).with_for_update()
    event, at = (await tx.run(query)).one()
    if at is not None and at >= due:
        return None
    values = {"digest_event": last_event, "digest_at": now}
    await tx.run(update(CHOICE).where(mine).values(values))
    return event, at


async def add(
    tx: Transaction,
    person_id: UUID,
    kind: str,
    *,
    since: datetime,
    now: datetime,
    idea_id: UUID | None = None,
    after_event: int = 0,
    to_event: int = 0,
) -> UUID:
    """A mail that is to leave from now on."""
    row = Mailing(
        id=uuid4(),
        person_id=person_id,
        kind=kind,
        idea_id=idea_id,
        after_event=after_event,
        to_event=to_event,
        since=since,
        made_at=now,
        next_at=now,
    )
    tx.add(row)
    await tx.flush()
    return row.id


async def due(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """Mails that are to leave now, the oldest first."""
    query = select(MAILING.c.id).where(MAILING.c.next_at <= now)
    return list((await tx.run(query.order_by(MAILING.c.next_at).limit(limit))).scalars())


async def backlog(tx: Transaction) -> tuple[int, datetime | None]:
    """How many mails have not left, those between two attempts as well; since when the oldest."""
    query = select_rows(func.count(), func.min(col(Mailing.made_at))).select_from(Mailing)
    return (await tx.exec(query)).one()


async def get(tx: Transaction, mailing_id: UUID) -> Mailing | None:
    return await tx.row(select_rows(Mailing).where(Mailing.id == mailing_id))


async def try_now(tx: Transaction, mailing: Mailing, next_at: datetime) -> bool:
    """Take it on to send the mail; until ``next_at`` nobody else does. False: somebody has."""
    same = (MAILING.c.id == mailing.id, MAILING.c.attempts == mailing.attempts)
    values = {"attempts": mailing.attempts + 1, "next_at": next_at}
    return (await tx.run(update(MAILING).where(*same).values(values))).rowcount == 1


async def done(tx: Transaction, mailing_id: UUID) -> None:
    """The mail has left, says nothing, or is given up."""
    await tx.run(delete(MAILING).where(MAILING.c.id == mailing_id))


async def drop(tx: Transaction, person_id: UUID, kinds: Collection[str]) -> None:
    """What was to leave to the person does not: he wants none of these kinds any more."""
    mine = (MAILING.c.person_id == person_id, MAILING.c.kind.in_(list(kinds)))
    await tx.run(delete(MAILING).where(*mine))


_AS_NOTHING_CHOSEN = {
    "addressed": Choice().addressed.value,
    "followed": Choice().followed.value,
    "follows_own": Choice().follows_own,
    "keeps_quiet": Choice().keeps_quiet,
}


def _lies_before(due_at: datetime) -> ColumnElement[bool]:
    """His last digest is older; who never had one, and came later, waits for the next."""
    first = and_(CHOICE.c.digest_at.is_(None), PERSON.c.created_at < due_at)
    return or_(CHOICE.c.digest_at < due_at, first)


def _waiting(
    older_than: datetime, newer_than: datetime, apart_since: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Unseen, not mailed, old enough, and no mail about the same idea a moment ago."""
    other = NOTICE.alias()
    just_mailed = select(other.c.event_id).where(
        other.c.person_id == NOTICE.c.person_id,
        other.c.idea_id.is_not_distinct_from(NOTICE.c.idea_id),
        other.c.mailed_at > apart_since,
    )
    return (
        NOTICE.c.mailed_at.is_(None),
        NOTICE.c.seen_at.is_(None),
        NOTICE.c.at <= older_than,
        NOTICE.c.at > newer_than,
        ~just_mailed.exists(),
    )
