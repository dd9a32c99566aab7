"""What happened at one idea since its reader was there: the diff, what was said, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collab.errors import Conflict
from collab.process.following.heard import HEARD, Heard
from collab.process.following.visits import Point
from collab.process.permissions import Action
from collab.sync.comparing.texts import Difference, compare
from server.actions.cases import Case, open_case
from server.actions.following.looking import point_now
from server.actions.live.exact_text import exact_text, seen_text
from server.auth.visitor import Visitor
from server.services import Services
from server.views.idea.since import counts_since, since_when
from server.views.record.difference import in_turn
from server.views.record.known import knows_more, may_know
from server.views.record.steps import Step, steps_of
from server.views.talk.reading import said_of
from server.views.talk.threads import Said
from storage import events
from storage.database import Transaction
from storage.following import marks, news

SHOWN_MAX: Final = 50
"""So many comments and so many steps are shown; of more there is a link."""


@dataclass(frozen=True, slots=True)
class SinceThen:
    """All that is new; ``difference`` is None where the text is the same or the old one is gone."""

    case: Case
    point: Point | None
    there: Point | None
    text_changed: bool
    difference: Difference | None
    comments: Sequence[Said]
    more_comments: int
    steps: Sequence[Step]
    more_steps: bool

    @property
    def is_any(self) -> bool:
        return self.text_changed or bool(self.comments) or bool(self.steps)


async def since_then(services: Services, visitor: Visitor, ref: str) -> SinceThen:
    """What is new to the reader at the idea since he looked at it, the newest first."""
    now = services.clock()
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref, Action.FOLLOW)
        point = since_when(await marks.visit(tx, case.person_id, case.idea.id), now)
        there = await point_now(tx, case.idea.id, now)
        comments, more_comments = await _comments(tx, case, point)
        steps = await _steps(tx, case, point)
    is_same = point is None or there is None or point.version.same_text(there.version)
    difference = None if is_same else await _difference(services, case, point)
    return SinceThen(
        case,
        point,
        there,
        not is_same,
        difference,
        comments,
        more_comments,
        steps[:SHOWN_MAX],
        len(steps) > SHOWN_MAX,
    )


async def _difference(services: Services, case: Case, point: Point | None) -> Difference | None:
    """What changed in the text, word by word; None where the earlier text cannot be had."""
    assert point is not None
    try:
        before = await seen_text(services, case.idea.document_id, point.version)
        after = await exact_text(services, case.idea.document_id)
    except Conflict:
        return None
    return await in_turn(compare, before.text, after.text)


async def _comments(tx: Transaction, case: Case, point: Point | None) -> tuple[list[Said], int]:
    """What others wrote and still stands, the newest first, and how much more there is."""
    if point is None:
        return [], 0
    counts = await counts_since(tx, case, point)
    rows = await news.comments_since(tx, case.idea.id, case.person_id, point.event, SHOWN_MAX)
    shown = await said_of(tx, case, rows)
    return shown, max(counts.get(Heard.COMMENT, 0) - len(rows), 0)


async def _steps(tx: Transaction, case: Case, point: Point | None) -> tuple[Step, ...]:
    if point is None:
        return ()
    found = await events.latest(
        tx,
        idea_id=case.idea.id,
        kinds=[kind for kind, heard in HEARD.items() if heard is not Heard.COMMENT],
        public_only=not knows_more(case),
        limit=SHOWN_MAX + 1,
    )
    fresh = [
        each
        for each in found
        if each.id > point.event
        and each.actor_id != case.person_id
        and may_know(case, each.kind, is_public=each.public)
    ]
    return await steps_of(tx, case, fresh)
