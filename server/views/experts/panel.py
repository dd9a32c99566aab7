"""Whom an idea asks for expertise, as its reader may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from collab.process.catalogues.catalogue import Catalogue
from collab.process.experts.invitations import OPEN_PER_IDEA_MAX, InvitationState
from collab.process.experts.matching import Reason, ReasonKind
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.permissions import Action
from server.actions.cases import Case
from server.actions.experts.showing import asked_of, faces_at
from server.actions.experts.suggesting import suggestions
from server.faces import Face
from server.language import Language
from storage.database import Transaction
from storage.experts import invitations, profiles
from storage.experts.invitations import ExpertInvitation
from storage.experts.profiles import Stored
from storage.tables.ideas import Idea

_DIMENSIONS = frozenset({ReasonKind.UNJUDGED, ReasonKind.TOO_FEW})


@dataclass(frozen=True, slots=True)
class Because:
    """A reason with the name of what it is about."""

    kind: ReasonKind
    about: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to ask, and every reason for it."""

    face: Face
    about: str
    reasons: tuple[Because, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who was asked, by whom and why."""

    row: ExpertInvitation
    face: Face
    by: Face
    reasons: tuple[Because, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class ExpertsPanel:
    """Everybody sees who is willing; the rest is for who may invite."""

    willing: tuple[Face, ...]
    suggestions: tuple[Candidate, ...]
    invited: tuple[Invited, ...]
    may_invite: bool
    left: int
    """So many more can be asked now."""


async def experts_panel(
    tx: Transaction, case: Case, now: datetime, catalogue: Catalogue, language: Language
) -> ExpertsPanel:
    """The experts of the case, for its actor."""
    may_invite = case.may(Action.INVITE_EXPERT)
    rows = await invitations.of_idea(tx, case.idea.id)
    found = await suggestions(tx, case, catalogue, now) if may_invite else []
    ids = {each.person_id for each in found}
    seen, stored = await faces_at(tx, rows, ids), await profiles.of_people(tx, ids)
    names = _Names(catalogue, language)
    is_open = [row for row in rows if row.state == InvitationState.OPEN]
    return ExpertsPanel(
        willing=tuple(seen[row.person_id] for row in rows if row.state == InvitationState.ACCEPTED),
        suggestions=tuple(
            Candidate(
                seen[each.person_id],
                stored[each.person_id].profile.about,
                names.because(each.reasons),
            )
            for each in found
        ),
        invited=tuple(_invited(row, seen, names) for row in rows) if may_invite else (),
        may_invite=may_invite,
        left=OPEN_PER_IDEA_MAX - len(is_open),
    )


async def my_invitations(
    tx: Transaction, person_id: UUID, language: Language, catalogue: Catalogue
) -> list[tuple[Invited, Idea]]:
    """What the person was asked, with the idea."""
    found = await asked_of(tx, person_id)
    seen = await faces_at(tx, [row for row, _ in found])
    names = _Names(catalogue, language)
    return [(_invited(row, seen, names), idea) for row, idea in found]


def field_labels(stored: Stored, catalogue: Catalogue, language: Language) -> list[str]:
    """What the person's fields of action are called."""
    return [_Names(catalogue, language).field(each) for each in stored.profile.fields]


@dataclass(frozen=True, slots=True)
class _Names:
    catalogue: Catalogue
    language: Language

    def because(self, reasons: Iterable[Reason]) -> tuple[Because, ...]:
        return tuple(Because(each.kind, self._of(each)) for each in reasons)

    def field(self, entry_id: str) -> str:
        entry = self.catalogue.entry(entry_id)
        return entry.label[self.language] if entry else entry_id

    def _of(self, reason: Reason) -> str:
        if reason.kind is ReasonKind.FIELD:
            return self.field(reason.about)
        if reason.kind in _DIMENSIONS:
            dimension = load_feasibility().dimension(reason.about)
            return dimension.label[self.language] if dimension else reason.about
        return reason.about


def _invited(row: ExpertInvitation, seen: Mapping[UUID, Face], names: _Names) -> Invited:
    reasons = [Reason(ReasonKind(each["kind"]), str(each["about"])) for each in row.reasons]
    return Invited(
        row=row,
        face=seen[row.person_id],
        by=seen[row.invited_by],
        reasons=names.because(reasons),
        is_open=row.state == InvitationState.OPEN,
    )
