"""Who answers for an idea, as its reader sees it, and what he may do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from collab.process.actors import Role
from collab.process.calendar.deadlines import is_over
from collab.process.permissions import Action
from collab.process.responsibility.rules import seeks_lead, takes_lead
from collab.process.responsibility.states import Part, State
from server.actions.cases import Case
from server.actions.responsibility.standing import memberships
from server.faces import Face, faces
from server.services import Services
from storage.database import Transaction
from storage.process import responsibility
from storage.process.responsibility import Responsibility
from storage.tables.people import Organisation


@dataclass(frozen=True, slots=True)
class Line:
    """One responsibility, with the people in it and what the reader may do."""

    row: Responsibility
    known: Mapping[UUID, Face]
    before: Responsibility | None
    """The responsibility that hands over to this one."""
    may_sign: bool
    may_withdraw: bool
    may_end: bool
    is_late: bool

    @property
    def person(self) -> Face | None:
        """Who stands for the organisation at the idea."""
        return self.known.get(self.row.person_id) if self.row.person_id else None

    @property
    def may_act(self) -> bool:
        """Whether there is anything the reader could do here."""
        return self.may_sign or self.may_withdraw or self.may_end


@dataclass(frozen=True, slots=True)
class Answering:
    """All responsibilities of an idea in the order in which they matter."""

    lead: Line | None
    partners: tuple[Line, ...]
    offers: tuple[Line, ...]
    past: tuple[Line, ...]
    seeks_lead: bool
    may_offer: bool
    """The reader may, and some organisation has confirmed him."""
    speaks_for: tuple[Organisation, ...]

    def line(self, responsibility_id: UUID) -> Line | None:
        """The responsibility of that id, if it is one of this idea."""
        found = (self.lead, *self.partners, *self.offers, *self.past)
        return next((each for each in found if each and each.row.id == responsibility_id), None)


async def answering(services: Services, tx: Transaction, case: Case) -> Answering:
    """The responsibilities of the case, for its actor."""
    rows = await responsibility.of_idea(tx, case.idea.id)
    known = await faces(tx, _people(rows))
    mine = await memberships(tx, case.actor.person_id) if case.actor.person_id else []
    signs = {each.organisation.id for each in mine if each.may_sign}
    by_id = {row.id: row for row in rows}
    lines = [
        _line(
            services, case, row, by_id.get(row.hands_over) if row.hands_over else None, known, signs
        )
        for row in rows
    ]
    active = [each for each in lines if each.row.state == State.ACTIVE]
    lead = next((each for each in active if each.row.part == Part.LEAD), None)
    today = services.clock().date()
    speaks_for = tuple(
        each.organisation
        for each in mine
        if each.organisation.valid_to is None or each.organisation.valid_to >= today
    )
    return Answering(
        lead=lead,
        partners=tuple(each for each in active if each is not lead),
        offers=tuple(each for each in lines if each.row.state == State.OFFERED),
        past=tuple(each for each in lines if each.row.ended_at is not None),
        seeks_lead=seeks_lead(case.idea.kind, case.stage, has_lead=lead is not None),
        may_offer=takes_lead(case.idea.kind)
        and case.may(Action.OFFER_RESPONSIBILITY)
        and bool(speaks_for),
        speaks_for=speaks_for,
    )


def _line(
    services: Services,
    case: Case,
    row: Responsibility,
    before: Responsibility | None,
    known: Mapping[UUID, Face],
    signs: set[UUID],
) -> Line:
    me, is_open = case.actor.person_id, row.state == State.OFFERED
    maker = before.organisation_id if before else row.organisation_id
    is_mine = me is not None and (me == row.person_id or row.organisation_id in signs)
    may_release = is_mine or Role.COORDINATION_OFFICE in case.actor.effective_roles
    is_late = is_open and is_over(row.expires_at, services.clock())
    return Line(
        row=row,
        known=known,
        before=before,
        may_sign=is_open and row.organisation_id in signs and case.may(Action.SIGN_RESPONSIBILITY),
        may_withdraw=is_open
        and (me == row.offered_by or maker in signs)
        and case.may(Action.OFFER_RESPONSIBILITY),
        may_end=row.state == State.ACTIVE and may_release and case.may(Action.END_RESPONSIBILITY),
        is_late=is_late,
    )


def _people(rows: list[Responsibility]) -> set[UUID]:
    found = {
        each
        for row in rows
        for each in (row.person_id, row.offered_by, row.confirmed_by, row.ended_by)
    }
    return {each for each in found if each is not None}
