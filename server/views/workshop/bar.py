"""The slim bar above an idea that somebody works on at a table: the way back, and the room."""

from collections.abc import Mapping
from dataclasses import dataclass

from collab.errors import Refusal
from collab.process.actors import Actor
from collab.process.workshop.agenda import Step, steps_from_json
from collab.process.workshop.standing import Standing
from server.actions.workshop.places import find_place
from server.services import Services
from server.views.idea.gathering import Context, View
from server.views.workshop.tables import Room, room_of
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.workshop import attendances, seats, workshops
from storage.workshop.workshops import Workshop


@dataclass(frozen=True, slots=True)
class Bar:
    """``present`` names who has the text open, by table; those at no table come last."""

    workshop: Workshop
    ref: str
    step: Step
    number: int
    steps: int
    present: tuple[tuple[str, tuple[str, ...]], ...]
    rests: bool
    """Whether this reader's hands shall rest now."""
    hand: bool | None
    """Whether his hand is up; None for who has no place, and after the end."""


async def bar_of(
    services: Services, tx: Transaction, actor: Actor, idea: Idea, query: Mapping[str, str]
) -> Bar | None:
    """The bar, for who sits at a table with this idea, or came here from the workshop (``?w=``)."""
    if actor.person_id is None:
        return None
    workshop_id = await seats.seat(tx, idea.id, actor.person_id)
    workshop = await workshops.get(tx, workshop_id) if workshop_id else None
    code = workshop.code if workshop else query.get("w", "")
    if not code:
        return None
    try:
        place = await find_place(tx, actor, code)
    except Refusal:
        return None
    room = await room_of(tx, place.workshop)
    if not place.standing.is_inside or idea.id not in room.ideas:
        return None
    steps = steps_from_json(place.workshop.agenda)
    at = min(place.workshop.step, len(steps) - 1)
    rests = place.workshop.is_frozen and place.standing is not Standing.FACILITATOR
    row = await attendances.get(tx, place.workshop.id, actor.person_id)
    has_place = row is not None and row.removed_at is None and place.workshop.ended_at is None
    return Bar(
        workshop=place.workshop,
        ref=idea.ref,
        step=steps[at],
        number=at + 1,
        steps=len(steps),
        present=_present(services, room, idea),
        rests=rests,
        hand=row.hand_raised_at is not None if row is not None and has_place else None,
    )


def _present(services: Services, room: Room, idea: Idea) -> tuple[tuple[str, tuple[str, ...]], ...]:
    here = {each.person_id: each.name for each in services.hub.present(idea.document_id)}
    found: list[tuple[str, tuple[str, ...]]] = []
    for table in room.tables:
        at_table = room.seated.get(table.id, ())
        names = tuple(here.pop(person_id) for person_id, _ in at_table if person_id in here)
        if names:
            found.append((table.name, names))
    return (*found, *([("", tuple(here.values()))] if here else []))


async def workshop_part(view: View) -> Context:
    """The bar, where the reader is here from a table."""
    idea, actor = view.case.idea, view.case.actor
    return {"bar": await bar_of(view.services, view.tx, actor, idea, view.query)}
