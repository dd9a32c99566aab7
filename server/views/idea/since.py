"""The part of an idea's page that says what happened since its reader was here last.

It is said once, with the page: nothing of it moves while somebody reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from collab.process.following.heard import Heard
from collab.process.following.visits import Point, Visit
from server.actions.cases import Case
from server.views.following.news import by_heading, reader_at
from server.views.following.words import headings
from server.views.idea.gathering import Context, View
from storage.database import Transaction
from storage.following import marks, news


@dataclass(frozen=True, slots=True)
class Since:
    """What is new to the reader since ``point``."""

    point: Point
    text_changed: bool
    counts: Mapping[Heard, int]
    said: tuple[str, ...]


async def since_part(view: View) -> Context:
    """What happened since the reader was here, and whether he follows the idea: two queries."""
    person_id = view.case.actor.person_id
    if person_id is None or view.visitor.via != "cookie":
        return {"since": None, "follows": False, "came": None}
    came = await marks.coming(view.tx, person_id, view.case.idea.id)
    shown: Context = {"follows": came.follows, "came": came}
    now, sha256 = view.services.clock(), view.dossier.version.sha256
    point = since_when(came.visit, now)
    if point is None:
        return {**shown, "since": None}
    counts = await counts_since(view.tx, view.case, point)
    text_changed = point.version.sha256 != sha256 and not view.dossier.unreadable
    catalogue = view.services.pages.catalogues[view.visitor.language]
    said = headings(counts, catalogue, text_changed=text_changed)
    found = Since(point, text_changed, counts, tuple(said))
    return {**shown, "since": found if said else None}


async def counts_since(tx: Transaction, case: Case, point: Point) -> dict[Heard, int]:
    """How much others did at the case after the point, as far as its actor may know."""
    reader = reader_at({case.idea.id: case})
    return by_heading(await news.counted(tx, reader, {case.idea.id: point.event}))


def since_when(visit: Visit | None, now: datetime) -> Point | None:
    """From which point on the reader is told; None: he was never here."""
    return None if visit is None else visit.still_said(now) or visit.seen
