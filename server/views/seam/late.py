"""Late contributions as those see them whom they concern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.permissions import Action
from collab.process.templates.reading import Words
from collab.sync.schema import TITLE
from server.actions.cases import Case
from server.faces import Face, faces
from server.language import N_
from server.views.seam.difference import Piece, difference
from storage.database import Transaction
from storage.process import late
from storage.process.late import LateContribution

ASIDE = {
    "stale-document": N_("Der Text, an den er anschloss, wurde neu angelegt."),
    "erased": N_("Er wurde gelöscht."),
}
ASIDE_OTHERWISE = N_("Er passt nicht mehr in den Text.")


@dataclass(frozen=True, slots=True)
class LatePassage:
    """A paragraph that came late; ``label`` is None for the title."""

    label: Words | None
    pieces: Sequence[Piece]
    text: str
    """The paragraph as its author would have it."""


@dataclass(frozen=True, slots=True)
class LateView:
    """One late contribution."""

    id: UUID
    face: Face | None
    is_own: bool
    received_at: datetime
    state: str
    settled_at: datetime | None
    applied: str
    """The version from which on it is in the text, as its address names it."""
    why_aside: str
    passages: Sequence[LatePassage]


async def rows_for(tx: Transaction, case: Case) -> list[LateContribution]:
    """What came late and the case's actor may see: his own, or all."""
    if case.actor.person_id is None:
        return []
    whose = None if case.may(Action.READ_LATE) else case.actor.person_id
    return await late.of_document(tx, case.idea.document_id, whose)


async def late_views(tx: Transaction, case: Case) -> list[LateView]:
    """The late contributions, newest first."""
    rows = await rows_for(tx, case)
    known = await faces(tx, {row.actor_id for row in rows})
    return [_view(case, row, known.get(row.actor_id)) for row in reversed(rows)]


def _view(case: Case, row: LateContribution, face: Face | None) -> LateView:
    return LateView(
        id=row.id,
        face=face,
        is_own=row.actor_id == case.actor.person_id,
        received_at=row.received_at,
        state=row.state,
        settled_at=row.settled_at,
        applied=f"{row.epoch}.{row.applied_seq}" if row.applied_seq else "",
        why_aside=ASIDE.get(row.reason, ASIDE_OTHERWISE) if row.reason else "",
        passages=[_passage(case, *each) for each in row.passages],
    )


def _passage(case: Case, section_id: str, before: str, after: str) -> LatePassage:
    section = None if section_id == TITLE else case.template.section(section_id)
    label = section.label if section else None
    return LatePassage(label, difference(before, after), after)
