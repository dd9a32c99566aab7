"""Fragments of an idea as sheets, and what in them is somebody's own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from collab.process.actors import Actor
from server.actions.cases import Case
from server.pages.many.audience import Audience, Look, owns
from server.pages.many.sheet import Pieces, Sheet
from server.services import Services
from server.views.idea.gathering import Part, gather
from server.views.talk.threads import Talk, said_to
from storage.talk.crowd import Own, Reader

PIECE = "talk/piece.html"


async def sheet(
    services: Services,
    audience: Audience,
    ref: str,
    template: str,
    parts: Sequence[Part],
    query: Mapping[str, str],
) -> Sheet:
    """The fragment for everybody of the audience."""
    context = await gather(services, audience.visitor, ref, parts, query)
    now, pieces = services.clock(), Pieces()
    known = {**context, "piece": pieces.put}
    text = services.pages.text_for_many(audience.language, template, known, now)
    talk = context.get("talk")
    shown = {each.row.id: each.row for each in talk.said} if isinstance(talk, Talk) else {}

    def way(comment_id: UUID, how: Own) -> str:
        row = shown[comment_id]
        assert isinstance(talk, Talk)
        case = Case(context["idea"], _somebody(audience, row.author_id if how.is_author else None))
        each: dict[str, Any] = {
            "each": said_to(case, talk, row, how.reaction),
            "is_root": row.reply_to is None,
        }
        return services.pages.text_for_many(audience.language, PIECE, {**context, **each}, now)

    since = min((row.created_at for row in shown.values()), default=None)
    return pieces.sheet(text, way, since)


async def own_of(services: Services, look: Look, shown: Sheet) -> Mapping[UUID, Own]:
    """What of the sheet is the looker's own."""
    person_id = look.case.actor.person_id
    if person_id is None or shown.since is None:
        return {}
    reader = Reader(person_id, look.case.idea.id, shown.since)
    return await owns.ask(services.database, reader) or {}


def _somebody(audience: Audience, author: UUID | None) -> Actor:
    """One of the audience: the author of what he looks at, or nobody in particular."""
    return replace(audience.visitor.actor, person_id=author)
