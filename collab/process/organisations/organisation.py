"""What an organisation is, and what may be done with one: added, ended, replaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid
from collab.process.actors import ActorClass
from collab.typed import checked

NAME_CHARS_MAX: Final = 300
SHORT_NAME_CHARS_MAX: Final = 60
REASON_CHARS_MAX: Final = 2_000
CLASSES: Final = tuple(each for each in ActorClass if each is not ActorClass.RESIDENT)
"""The parts of the city's society that have organisations; residents speak for themselves."""


class OrganisationKind(StrEnum):
    """What sort of body it is; layout groups only give a chart its shape."""

    DISTRICT = "district"
    SENATE_DEPARTMENT = "senate_department"
    SUBORDINATE_AUTHORITY = "subordinate_authority"
    UNIT = "unit"
    COMPANY = "company"
    INSTITUTE = "institute"
    ASSOCIATION = "association"
    OTHER = "other"
    LAYOUT = "layout"


OFFERED: Final = tuple(each for each in OrganisationKind if each is not OrganisationKind.LAYOUT)
"""The kinds of bodies that somebody can act for."""

# The organisation types of the vocabulary berOrgs; every other one is a unit of something.
_KINDS: Final[Mapping[str, OrganisationKind]] = {
    "Bezirksamt": OrganisationKind.DISTRICT,
    "Senatskanzlei": OrganisationKind.SENATE_DEPARTMENT,
    "Senatsverwaltung": OrganisationKind.SENATE_DEPARTMENT,
    "Nachgeordnete Einrichtung": OrganisationKind.SUBORDINATE_AUTHORITY,
    "NachgeordneteEinrichtung": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landesamt": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landesstelle": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landesbetrieb": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landesinstitut": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landesarchiv": OrganisationKind.SUBORDINATE_AUTHORITY,
    "Landeszentrale": OrganisationKind.SUBORDINATE_AUTHORITY,
}
# What drawing programs call a box that only holds others together.
_UNNAMED: Final = frozenset({"organisation", "organization"})


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as rules look at it."""

    id: UUID
    actor_class: str
    kind: str
    valid_from: date | None
    valid_to: date | None  # the last day
    successor: UUID | None

    def is_valid(self, on: date) -> bool:
        """Whether it can be chosen on that day."""
        has_begun = self.valid_from is None or self.valid_from <= on
        return has_begun and (self.valid_to is None or on <= self.valid_to)


def kind_of(type_name: str, name: str) -> OrganisationKind:
    """The kind of a unit in a chart, by the type and the name it has there."""
    if not type_name and name.strip().casefold() in _UNNAMED:
        return OrganisationKind.LAYOUT
    return _KINDS.get(type_name, OrganisationKind.UNIT)


def check_new(name: str, short_name: str, actor_class: str, kind: str) -> tuple[str, str]:
    """Both names as they are stored; raises Invalid with every faulty field."""
    shown, short = " ".join(name.split()), " ".join(short_name.split())
    faults = {}
    if not shown or len(shown) > NAME_CHARS_MAX:
        faults["name"] = "too-long" if shown else "missing"
    if len(short) > SHORT_NAME_CHARS_MAX:
        faults["short_name"] = "too-long"
    if actor_class not in CLASSES:
        faults["actor_class"] = "unknown-choice"
    if kind not in OFFERED:
        faults["kind"] = "unknown-choice"
    if faults:
        raise Invalid(fields=faults)
    return shown, short


def check_reason(reason: str) -> str:
    """Why something is done with an organisation; everybody can read it."""
    return checked(reason, "reason", REASON_CHARS_MAX, if_empty="missing")


def check_end(body: Body, last_day: date) -> None:
    """Raise unless the organisation may end with that day.

    Raises:
        Conflict: (organisation-ended) it has ended by then.
        Invalid: it had not begun.
    """
    if body.valid_to is not None and body.valid_to <= last_day:
        raise Conflict("organisation-ended", last_day=body.valid_to.isoformat())
    if body.valid_from is not None and last_day < body.valid_from:
        raise Invalid(fields={"last_day": "too-early"})


def check_replacement(
    body: Body, successor: Body, last_day: date, today: date, successors: Mapping[UUID, UUID]
) -> None:
    """Raise unless ``successor`` may follow; ``successors`` are all that were named before.

    A replacement takes effect at once, so the last day has passed. The successor belongs to the
    same part of society: who leads decides of what type a measure is.

    Raises:
        Conflict: (organisation-ended) it was replaced before, or ended earlier than that.
        Invalid: names every faulty field.
    """
    if body.successor is not None:
        raise Conflict("organisation-ended", successor=str(body.successor))
    faults = {}
    if last_day >= today:
        faults["last_day"] = "too-late"
    elif body.valid_from is not None and last_day < body.valid_from:
        faults["last_day"] = "too-early"
    if successor.id == body.id or body.id in _line(successor.id, successors):
        faults["successor"] = "circle"
    elif successor.actor_class != body.actor_class:
        faults["successor"] = "other-class"
    elif not successor.is_valid(today) or successor.kind == OrganisationKind.LAYOUT:
        faults["successor"] = "not-valid"
    if faults:
        raise Invalid(fields=faults)


def last_day_before(today: date) -> date:
    """The last day of what is replaced today."""
    return today - timedelta(days=1)


def _line(first: UUID, successors: Mapping[UUID, UUID]) -> list[UUID]:
    """``first`` and all that follow it."""
    line = [first]
    while (following := successors.get(line[-1])) is not None and following not in line:
        line.append(following)
    return line
