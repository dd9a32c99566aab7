"""The requirements of an idea as one reader sees them, and the one whose answer he writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from collab.process.casefile.requirements import RequirementState
from collab.process.permissions import Action
from collab.process.templates.reading import Words
from server.actions.casefile.requirements import sees_requirement
from server.actions.cases import Case
from server.faces import Face
from server.views.prose import prose
from storage.process.casefile.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the dossier: a section, and the passage in it if one was chosen."""

    section: str
    label: Words | None  # None: the title
    anchor: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement with what was made of it; ``html`` is None where it is hidden.

    Who asked it, for whom and about what passage is hidden with it.
    """

    row: Requirement
    html: Markup | None
    by: Face
    place: Place | None
    state: RequirementState | None
    because: Markup | None
    answerer: Face | None
    met: Place | None
    is_own: bool
    sees_hidden: bool
    may_hide: bool


@dataclass(frozen=True, slots=True)
class Requirements:
    """All of them; ``answering`` is the one the reader was led to, if he may answer."""

    asked: tuple[Asked, ...]
    open_count: int
    answering: Asked | None
    states: tuple[RequirementState, ...] = tuple(RequirementState)


def requirement_list(
    case: Case, rows: Sequence[Requirement], faces: Mapping[UUID, Face], chosen: str = ""
) -> Requirements:
    """The requirements as the case's actor sees them; ``chosen`` is a number out of a link."""
    asked = tuple(_asked(case, row, faces) for row in rows)
    may_answer = case.may(Action.ANSWER_REQUIREMENT)
    found = (each for each in asked if may_answer and str(each.row.number) == chosen)
    return Requirements(
        asked=asked,
        open_count=sum(each.state is None for each in asked),
        answering=next(found, None),
    )


def _asked(case: Case, row: Requirement, faces: Mapping[UUID, Face]) -> Asked:
    is_own, is_moderated = row.raised_by == case.actor.person_id, case.may(Action.HIDE_COMMENT)
    is_readable = sees_requirement(case, row)
    return Asked(
        row=row,
        html=prose(row.text) if is_readable else None,
        by=faces[row.raised_by],
        place=_place(case, row.section, row.anchor) if is_readable else None,
        state=RequirementState(row.state) if row.state else None,
        because=prose(row.because) if row.because else None,
        answerer=faces[row.answered_by] if row.answered_by else None,
        met=_place(case, row.met_section, row.met_anchor),
        is_own=is_own,
        sees_hidden=is_own or is_moderated,
        may_hide=is_moderated and not is_own and row.hidden_at is None,
    )


def _place(case: Case, section: str | None, anchor: Mapping[str, Any] | None) -> Place | None:
    if section is None:
        return None
    found = case.template.section(section)
    return Place(section, found.label if found else None, anchor)
