"""Leading the evening for all: its step, the clock, hands down, names on the wall."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from collab.errors import Conflict, Invalid
from collab.process.actors import Actor
from collab.process.events.gathering.workshops import WorkshopLed
from collab.process.workshop.agenda import MINUTES_MAX, steps_from_json
from server.actions.workshop.opening import tell_workshop
from server.actions.workshop.places import lead_workshop, require_running
from server.services import Services
from storage.workshop import workshops
from storage.workshop.workshops import Workshop

TIMER_MAX: Final = timedelta(minutes=MINUTES_MAX)

Change = Callable[[Workshop, datetime], Mapping[str, Any]]
"""What an act makes of the workshop: its new columns, or none if it is as wished already."""


async def go_to_step(
    services: Services,
    actor: Actor,
    code: str,
    step: int,
    *,
    starts_timer: bool = False,
    revision: int | None = None,
) -> Workshop:
    """Take everybody to a step, counted from 0; what was written in silence stays hidden.

    So a workshop that is silent stays silent, whatever step it goes to, until somebody reveals
    the notes.

    ``revision`` is what the facilitator saw: two who lead at once do not skip a step.

    Raises:
        Conflict: (workshop-changed) somebody has led on meanwhile; (workshop-over) it is over.
        Invalid: there is no such step.
    """

    def change(workshop: Workshop, now: datetime) -> Mapping[str, Any]:
        steps = steps_from_json(workshop.agenda)
        if not 0 <= step < len(steps):
            raise Invalid(fields={"step": "out-of-range"})
        if workshop.step == step:
            return {}
        _require_seen(workshop, revision)
        ends_at = now + timedelta(minutes=steps[step].minutes) if starts_timer else None
        return {
            "step": step,
            "step_began_at": now,
            "is_silent": steps[step].is_silent or workshop.is_silent,
            "timer_ends_at": ends_at,
        }

    return await _lead(services, actor, code, "step", change)


async def start_timer(
    services: Services, actor: Actor, code: str, minutes: int, *, revision: int | None = None
) -> Workshop:
    """Let the clock run for so many minutes from now."""
    _require_minutes(minutes)

    def change(workshop: Workshop, now: datetime) -> Mapping[str, Any]:
        _require_seen(workshop, revision)
        return {"timer_ends_at": now + timedelta(minutes=minutes)}

    return await _lead(services, actor, code, "timer", change)


async def extend_timer(services: Services, actor: Actor, code: str, minutes: int) -> Workshop:
    """Give so many minutes more; a clock that has run out runs again.

    Raises:
        Invalid: the clock would run for more than ``MINUTES_MAX``.
    """
    _require_minutes(minutes)

    def change(workshop: Workshop, now: datetime) -> Mapping[str, Any]:
        ends_at = max(workshop.timer_ends_at or now, now) + timedelta(minutes=minutes)
        if ends_at - now > TIMER_MAX:
            raise Invalid(fields={"minutes": "out-of-range"})
        return {"timer_ends_at": ends_at}

    return await _lead(services, actor, code, "timer", change)


async def stop_timer(services: Services, actor: Actor, code: str) -> Workshop:
    """Take the clock away."""

    def change(workshop: Workshop, _: datetime) -> Mapping[str, Any]:
        return {"timer_ends_at": None} if workshop.timer_ends_at else {}

    return await _lead(services, actor, code, "timer", change)


async def freeze(services: Services, actor: Actor, code: str, *, on: bool) -> Workshop:
    """Let all hands rest, or write again."""

    def change(workshop: Workshop, _: datetime) -> Mapping[str, Any]:
        return {} if workshop.is_frozen is on else {"is_frozen": on}

    return await _lead(services, actor, code, "frozen" if on else "unfrozen", change)


async def show_names(services: Services, actor: Actor, code: str, *, on: bool) -> Workshop:
    """Let the wall name people, or not."""

    def change(workshop: Workshop, _: datetime) -> Mapping[str, Any]:
        return {} if workshop.shows_names is on else {"shows_names": on}

    return await _lead(services, actor, code, "names", change)


async def _lead(services: Services, actor: Actor, code: str, act: str, change: Change) -> Workshop:
    """Do one thing for all; doing again what is done already is fine."""
    now = services.clock()
    async with services.database.write() as tx:
        place = await lead_workshop(tx, actor, code)
        workshop = place.workshop
        require_running(workshop)
        values = change(workshop, now)
        await workshops.change(tx, workshop.id, values or {"revision": workshop.revision - 1})
        after = await workshops.get(tx, workshop.id)
        assert after is not None, "it is locked"
        if not values:
            return after
        fact = WorkshopLed(workshop.id, workshop.code, act)
        event = await tell_workshop(tx, fact, actor, now)
    await services.announcer.announce([event])
    return after


def _require_seen(workshop: Workshop, revision: int | None) -> None:
    """Refuse what was meant for another state; the lock itself counted one on."""
    if revision is not None and workshop.revision != revision + 1:
        raise Conflict("workshop-changed", current=workshop.revision - 1, step=workshop.step + 1)


def _require_minutes(minutes: int) -> None:
    if not 1 <= minutes <= MINUTES_MAX:
        raise Invalid(fields={"minutes": "out-of-range"})
