"""Commitments as their readers see them: word for word, with the principles of their version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.process.actors import Role
from collab.process.calendar.berlin import berlin_date
from collab.process.calendar.deadlines import is_over
from collab.process.catalogues.catalogue import Catalogue, Entry
from collab.process.measures.commitment import (
    Answer,
    Duty,
    Part,
    answers_of,
    open_parts,
)
from collab.process.permissions import Action
from server.actions.cases import Case
from server.actions.measures.commitments import Asked, asked, draft_in, signed_in
from server.actions.responsibility.standing import memberships
from storage.database import Transaction
from storage.process import catalogues
from storage.process.measures import commitments
from storage.process.measures.commitments import Commitment, Renewal

INSIDERS = frozenset({Role.MODERATOR, Role.COORDINATION_OFFICE, Role.CDO, Role.DEPUTY})


@dataclass(frozen=True, slots=True)
class Said:
    """One principle, what was said to it, and what of that is still missing."""

    principle: Entry
    answer: Answer
    missing: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One commitment or draft; ``said`` follows the catalogue of its own version."""

    row: Commitment
    catalogue: Catalogue
    said: tuple[Said, ...]

    @property
    def is_complete(self) -> bool:
        """Nothing is missing."""
        return not any(each.missing for each in self.said)


@dataclass(frozen=True, slots=True)
class Pledge:
    """All that is to be seen of the commitments of one idea."""

    asked: Asked | None
    signed: Statement | None
    """What the organisation that leads now has signed and what counts."""
    draft: Statement | None
    """Only for those who may read it."""
    past: tuple[Statement, ...]
    renewal: Renewal | None
    is_overdue: bool
    may_draft: bool
    may_sign: bool
    to_answer: tuple[Said, ...]
    """The form: every principle of today with what the draft, or what was signed, says to it."""

    @property
    def is_any(self) -> bool:
        """There is something to show."""
        return bool(self.signed or self.draft or self.past)

    @property
    def is_ready(self) -> bool:
        """The draft could be signed as it is."""
        return bool(
            self.draft
            and self.asked
            and self.draft.is_complete
            and self.draft.row.catalogue_version == self.asked.catalogue.version
        )


async def pledge(tx: Transaction, case: Case, now: datetime) -> Pledge:
    """The commitments of the case, for its actor."""
    made = await commitments.of_idea(tx, case.idea.id)
    found = await asked(tx, case.idea.id, now)
    mine = await memberships(tx, case.actor.person_id) if case.actor.person_id else []
    lead = found.lead.organisation_id if found else None
    is_own = any(each.organisation.id == lead for each in mine)
    may_sign = any(each.organisation.id == lead and each.may_sign for each in mine)
    signed = signed_in(made, lead) if lead else None
    draft = draft_in(made, lead) if lead else None
    if draft and not (is_own or _sees_drafts(case, draft)):
        draft = None
    past = [
        each for each in made if each.signed_at is not None and (signed is None or each != signed)
    ]
    task = (await commitments.open_renewals(tx, [case.idea.id])).get(case.idea.id)
    return Pledge(
        asked=found,
        signed=await statement(tx, signed) if signed else None,
        draft=await statement(tx, draft) if draft else None,
        past=tuple([await statement(tx, each) for each in past]),
        renewal=task,
        is_overdue=task is not None and is_over(task.due_at, now),
        may_draft=is_own and case.may(Action.DRAFT_COMMITMENT),
        may_sign=may_sign and case.may(Action.SIGN_COMMITMENT),
        to_answer=_to_answer(found, draft or signed, now) if found else (),
    )


async def statement(tx: Transaction, row: Commitment) -> Statement:
    """A commitment with the principles as they stood when it was made."""
    versions = await catalogues.versions(tx, row.catalogue_id)
    catalogue = next(each for each in versions if each.version == row.catalogue_version)
    day = berlin_date(row.signed_at or row.drafted_at)
    answers, duty = answers_of(row.answers), Duty(row.duty)
    return Statement(row, catalogue, _said(catalogue.choices(day), answers, duty))


def _to_answer(found: Asked, known: Commitment | None, now: datetime) -> tuple[Said, ...]:
    answers = answers_of(known.answers) if known else {}
    return _said(found.catalogue.choices(berlin_date(now)), answers, found.duty)


def _said(principles: Sequence[Entry], answers: dict[str, Answer], duty: Duty) -> tuple[Said, ...]:
    found = [(entry, answers.get(entry.id, Answer())) for entry in principles]
    return tuple(Said(entry, answer, open_parts(answer, duty)) for entry, answer in found)


def _sees_drafts(case: Case, draft: Commitment) -> bool:
    """The team and the offices; and everybody, where a decision already rests on the answers."""
    roles = case.actor.effective_roles
    is_ground = draft.duty == Duty.EXPLAIN and case.idea.measure_type is not None
    is_team = bool(roles & {Role.AUTHOR, Role.EDITOR, Role.LEAD, Role.MEMBER})
    return is_ground or is_team or bool(roles & INSIDERS)
