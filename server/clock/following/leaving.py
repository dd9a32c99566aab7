"""Mails of what is addressed to people and of what they follow: gathered, written, sent.

What is to be mailed is taken on in one transaction, so that however many processes look, each
event is mailed once. A mail that cannot leave is tried again later and less often, then given up.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.process.following.mailing import (
    APART,
    ATTEMPTS_MAX,
    MAILED_WITHIN,
    WAIT,
    Addressed,
    Choice,
    Followed,
    is_quiet,
    last_due,
    retry_at,
    rhythm,
)
from server.clock.following.letters import INSTANT, written
from server.mail import give_up
from server.services import Services
from storage import events
from storage.database import Transaction
from storage.following import mailing

DIGEST: Final = "digest"


async def addressed(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """People to whom something is addressed that they have not seen and want to be mailed."""
    return await mailing.awaiting(
        tx,
        older_than=now - WAIT,
        newer_than=now - MAILED_WITHIN,
        apart_since=now - APART,
        at_night=is_quiet(now),
        limit=limit,
    )


async def bundle(services: Services, person_id: UUID) -> None:
    """Take on what waits for the person: one mail for each idea."""
    now = services.clock()
    async with services.database.write() as tx:
        wanted = await mailing.choice(tx, person_id)
        if wanted.addressed is not Addressed.INSTANT or _rests(wanted, now):
            return
        taken = await mailing.take(
            tx,
            person_id,
            older_than=now - WAIT,
            newer_than=now - MAILED_WITHIN,
            apart_since=now - APART,
            now=now,
        )
        for idea_id in taken:
            await mailing.add(tx, person_id, INSTANT, since=now, now=now, idea_id=idea_id)


async def wanting_digest(tx: Transaction, now: datetime, limit: int) -> Sequence[UUID]:
    """People whose digest was to leave and is not made."""
    return await mailing.wanting_digest(
        tx,
        daily_due=last_due(Followed.DAILY, now),
        weekly_due=last_due(Followed.WEEKLY, now),
        at_night=is_quiet(now),
        limit=limit,
    )


async def make_digest(services: Services, person_id: UUID) -> None:
    """Take on the digest that was due: of all that came since the one before."""
    now = services.clock()
    async with services.database.write() as tx:
        wanted = await mailing.choice(tx, person_id)
        how_often = rhythm(wanted)
        if how_often is Followed.NEVER or _rests(wanted, now):
            return
        due = last_due(how_often, now)
        last = await events.last_id(tx)
        before = await mailing.claim_digest(tx, person_id, due=due, last_event=last, now=now)
        if before is None:
            return
        if wanted.addressed is Addressed.DIGEST:
            oldest = now - MAILED_WITHIN
            await mailing.take_for_digest(tx, person_id, newer_than=oldest, now=now)
        after_event, since = before[0], max(before[1] or now - MAILED_WITHIN, now - MAILED_WITHIN)
        await mailing.add(
            tx,
            person_id,
            DIGEST,
            since=since,
            now=now,
            after_event=after_event,
            to_event=last,
        )


async def leave(services: Services, mailing_id: UUID) -> None:
    """Write and send one mail; if it cannot leave, it waits for its next attempt."""
    now = services.clock()
    async with services.database.write() as tx:
        mail = await mailing.get(tx, mailing_id)
        if mail is None or mail.next_at > now:
            return
        attempt = mail.attempts + 1
        again = retry_at(attempt, now)
        # The last attempt is tried as long as one could still be under way elsewhere.
        if not await mailing.try_now(tx, mail, again or retry_at(1, now) or now):
            return
    is_done = attempt > ATTEMPTS_MAX
    if is_done:
        give_up(mail.kind)
    else:
        async with services.database.read() as tx:
            letter = await written(services, tx, mail)
        is_done = letter is None or await services.mail.send(
            letter.to, letter.subject, letter.text, letter.headers
        )
        if not is_done and again is None:
            give_up(mail.kind)
            is_done = True
    if is_done:
        async with services.database.write() as tx:
            await mailing.done(tx, mailing_id)


def _rests(wanted: Choice, now: datetime) -> bool:
    return wanted.keeps_quiet and is_quiet(now)
