"""What an organisation must be to answer for an idea, and which ideas look for one.

Rule 2 of the strategy: who leads decides the type of a measure, also after the lead changed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Unmet
from collab.process.actors import ActorClass
from collab.process.dossier import IdeaKind
from collab.process.responsibility.states import Part, State
from collab.process.stages import MeasureType, Stage, StageAccess
from collab.typed import checked

NOTE_CHARS_MAX: Final = 2000


FITTING: Final = {
    MeasureType.DECENTRAL: frozenset({ActorClass.ADMINISTRATION}),
    MeasureType.NETWORK: frozenset(
        {ActorClass.BUSINESS, ActorClass.SCIENCE, ActorClass.CIVIL_SOCIETY}
    ),
}
"""Who may lead which type of measure, for acts of people and for templates of processes."""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as these rules see it."""

    id: UUID
    name: str
    actor_class: ActorClass
    valid_to: date | None = None

    def has_ended(self, today: date) -> bool:
        """Whether it is no longer there to be chosen; old cases keep its name."""
        return self.valid_to is not None and self.valid_to < today


@dataclass(frozen=True, slots=True)
class Held:
    """A responsibility of the idea that is still open."""

    id: UUID
    organisation_id: UUID
    organisation: str
    part: Part
    state: State


def fits(measure_type: str | None, actor_class: ActorClass) -> bool:
    """Whether an organisation of that class may lead; an idea that is no measure yet takes all."""
    return measure_type is None or actor_class in FITTING[MeasureType(measure_type)]


def takes_lead(kind: str) -> bool:
    """Whether anybody can answer for ideas of this kind; a need is answered by proposals."""
    return kind == IdeaKind.PROPOSAL


def stage_seeks_lead(stage: Stage) -> bool:
    """Whether a proposal in this stage needs somebody who leads it; one that has ended does not."""
    if stage.access is StageAccess.SETTLED:
        return not stage.is_end
    return stage.access not in {
        StageAccess.PRIVATE,
        StageAccess.ARCHIVED,
        StageAccess.MERGED,
    }


def seeks_lead(kind: str, stage: Stage, *, has_lead: bool) -> bool:
    """Whether the idea shows the gap: nobody is responsible yet, or any more."""
    return takes_lead(kind) and not has_lead and stage_seeks_lead(stage)


def lead_of(held: Iterable[Held]) -> Held | None:
    """Who leads now; there is never more than one."""
    leads = [one for one in held if one.part is Part.LEAD and one.state is State.ACTIVE]
    assert len(leads) < 2, "two leads of one idea"
    return leads[0] if leads else None


def require_fit(body: Body, part: Part, measure_type: str | None, today: date) -> None:
    """Raise Unmet with every rule that the organisation breaks in that part."""
    broken = [*_broken(body, part, measure_type, today)]
    if broken:
        raise Unmet(unmet=broken)


def require_free(body: Body, part: Part, held: Iterable[Held], *, hands_over: bool) -> None:
    """Raise Conflict if the part is taken: by another lead, or by this organisation itself."""
    known = list(held)
    lead = lead_of(known)
    mine = [one for one in known if one.organisation_id == body.id]
    if any(one.state is State.ACTIVE for one in mine if one.part is part):
        raise Conflict("already-responsible", organisation=body.name, part=part.value)
    if any(one.state is State.OFFERED for one in mine if one.part is part):
        raise Conflict("already-offered", organisation=body.name, part=part.value)
    if part is Part.LEAD and lead is not None and not hands_over:
        raise lead_taken(lead)


def lead_taken(lead: Held) -> Conflict:
    """The refusal that names who leads."""
    winner = {"organisation_id": str(lead.organisation_id), "organisation": lead.organisation}
    return Conflict("lead-taken", winner=winner)


def check_note(text: str, field: str, *, required: bool = True) -> str:
    """A note or reason as it is stored; raises Invalid if it is missing or too long."""
    return checked(text, field, NOTE_CHARS_MAX, if_empty="missing" if required else "")


def _broken(
    body: Body, part: Part, measure_type: str | None, today: date
) -> Iterator[dict[str, object]]:
    if body.has_ended(today):
        ended = body.valid_to.isoformat() if body.valid_to else ""
        yield {"code": "organisation-ended", "organisation": body.name, "valid_to": ended}
    if part is Part.LEAD and not fits(measure_type, body.actor_class):
        yield {
            "code": "lead-class-unfit",
            "organisation": body.name,
            "actor_class": body.actor_class.value,
            "measure_type": measure_type,
            "fitting": sorted(FITTING[MeasureType(str(measure_type))]),
        }
