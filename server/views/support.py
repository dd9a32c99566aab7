"""Support at an idea, as its reader sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.support.requests import OPEN, SupportKind, SupportState, is_overdue
from server.actions.cases import Case
from server.faces import Face, faces
from storage.database import Transaction
from storage.process import support
from storage.process.support import SupportRequest


@dataclass(frozen=True, slots=True)
class Supported:
    """One request with the people in it."""

    row: SupportRequest
    known: Mapping[UUID, Face]
    is_open: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SupportView:
    """All requests of an idea, the newest first, and what can be asked for."""

    requests: tuple[Supported, ...]
    kinds: tuple[SupportKind, ...] = tuple(SupportKind)


async def supported(tx: Transaction, case: Case, now: datetime) -> SupportView:
    """What the team asked for and what became of it."""
    rows = await support.of_idea(tx, case.idea.id)
    ids = {each for row in rows for each in (row.asked_by, row.answered_by, row.done_by)}
    known = await faces(tx, ids - {None})  # type: ignore[arg-type]
    return SupportView(
        tuple(
            Supported(
                row,
                known,
                row.state in OPEN,
                is_overdue(SupportState(row.state), row.due_at, now),
            )
            for row in rows
        )
    )
