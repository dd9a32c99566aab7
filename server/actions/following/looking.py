"""What a person has been shown: an idea's page, also live, and his inbox."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from collab.process.actors import Actor
from collab.process.events.event import INBOX_TOPIC
from collab.process.following.visits import Point, further, is_worth_noting, looked
from collab.process.permissions import Action
from server.actions.access import known
from server.actions.cases import open_case
from server.auth import limits
from server.services import Services
from storage import events
from storage.database import Transaction
from storage.following import marks, notices
from storage.following.marks import Coming


async def look(
    services: Services, person_id: UUID, idea_id: UUID, there: Point, *, has_news: bool
) -> None:
    """Note that the page was shown as it is ``there``; nothing is written if nothing is new."""
    async with services.database.read() as tx:
        came = await marks.coming(tx, person_id, idea_id)
    await note_look(services, person_id, idea_id, there, came, has_news=has_news)


async def note_look(
    services: Services,
    person_id: UUID,
    idea_id: UUID,
    there: Point,
    came: Coming,
    *,
    has_news: bool,
) -> None:
    """As ``look``, for who was asked with the page how he comes to it."""
    after = looked(came.visit, there, has_news=has_news)
    if not came.has_unread and not is_worth_noting(came.visit, after):
        return
    async with services.database.write() as tx:
        await marks.note(tx, person_id, idea_id, after)
        read = await notices.mark_read(
            tx, person_id, up_to=there.event, now=there.at, idea_id=idea_id
        )
    _tell(services, person_id, read)


async def saw(services: Services, actor: Actor, ref: str, event: int) -> None:
    """Note what a person saw live on the open page: all events up to ``event``.

    Its text counts as seen by who has it open, for it moves before his eyes. A number that lies
    in the future is taken as the newest event there is.
    """
    await services.limiter.hit(limits.SEEN_PER_PERSON, "seen", str(actor.person_id))
    now = services.clock()
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref, Action.FOLLOW)
        found = await marks.visit(tx, case.person_id, case.idea.id)
        seen = min(max(event, 0), await events.last_id(tx))
        version = found.seen.version if found else None
        if version is None or _has_open(services, case.idea.document_id, case.person_id):
            version = await marks.shown_version(tx, case.idea.id) or version
        if version is not None:
            there = Point(seen, version, now)
            after = looked(found, further(found.seen, there) if found else there, has_news=False)
            await marks.note(tx, case.person_id, case.idea.id, after)
        read = await notices.mark_read(
            tx, case.person_id, up_to=seen, now=now, idea_id=case.idea.id
        )
    _tell(services, case.person_id, read)


async def see_notices(services: Services, actor: Actor, event_ids: Collection[int]) -> None:
    """He was shown these in his inbox, so no mail tells him of them; they stay unread."""
    if event_ids:
        async with services.database.write() as tx:
            await notices.mark_seen(tx, known(actor), event_ids, services.clock())


async def read_notices(services: Services, actor: Actor, up_to: int, ref: str | None = None) -> int:
    """Mark what is addressed to him as read, up to an event, of one idea if named; how many."""
    person_id, now = known(actor), services.clock()
    async with services.database.write() as tx:
        idea_id = (await open_case(tx, actor, ref)).idea.id if ref else None
        read = await notices.mark_read(tx, person_id, up_to=up_to, now=now, idea_id=idea_id)
    _tell(services, person_id, read)
    return read


async def point_now(tx: Transaction, idea_id: UUID, now: datetime) -> Point | None:
    """What there is to know of an idea at this moment; None before its first text."""
    version = await marks.shown_version(tx, idea_id)
    return Point(await events.last_id(tx), version, now) if version else None


def _has_open(services: Services, document_id: UUID, person_id: UUID) -> bool:
    return any(each.person_id == person_id for each in services.hub.present(document_id))


def _tell(services: Services, person_id: UUID, read: int) -> None:
    """Let his open pages ask anew how many are unread."""
    if read:
        services.live.tell_people({person_id}, INBOX_TOPIC)
