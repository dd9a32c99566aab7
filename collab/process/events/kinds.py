"""All kinds of events by name, and reading them back from the log."""

import re
from dataclasses import fields
from types import ModuleType
from uuid import UUID

from collab.errors import Invalid
from collab.process.events import (
    board,
    casefile,
    catalogues,
    ideas,
    measures,
    people,
    responsibility,
    seam,
    support,
    talk,
)
from collab.process.events.asking import experts
from collab.process.events.conduct import abuse, hiding
from collab.process.events.event import Event
from collab.process.events.feasibility import judging
from collab.process.events.gathering import boards, claims, harvest, workshops
from collab.process.events.texts import suggestions, versions
from collab.process.events.ties import alignment, districts, following, linking, merging
from collab.process.version import TextVersion

MODULES: tuple[ModuleType, ...] = (
    ideas,
    people,
    talk,
    versions,
    judging,
    responsibility,
    catalogues,
    support,
    seam,
    board,
    measures,
    casefile,
    alignment,
    districts,
    linking,
    merging,
    experts,
    suggestions,
    following,
    abuse,
    hiding,
    workshops,
    boards,
    harvest,
    claims,
)

EVENTS: dict[str, type[Event]] = {
    found.kind: found
    for module in MODULES
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Event) and found.kind
}


def parse_event(kind: str, payload: object) -> Event:
    """The event that was stored as ``kind`` and ``payload``; raises Invalid for anything else."""
    event = EVENTS.get(kind)
    if event is None or not isinstance(payload, dict):
        raise Invalid(fields={"kind": "unknown"})
    if set(payload) != {field.name for field in fields(event)}:
        raise Invalid(fields={"payload": "malformed"})
    try:
        return event(**{f.name: _from_json(str(f.type), payload[f.name]) for f in fields(event)})
    except ValueError:
        raise Invalid(fields={"payload": "malformed"}) from None


def _from_json(wanted: str, value: object) -> object:
    """``value`` as the field's type, whose name is ``wanted``; raises ValueError if it is not."""
    if "TextVersion" in wanted:
        return TextVersion.from_json(value)
    if "UUID" in wanted:
        return None if value is None and "None" in wanted else UUID(str(value))
    if _name_of(value) not in re.findall(r"\w+", wanted):
        raise ValueError(f"{value!r} is no {wanted}")
    return value


def _name_of(value: object) -> str:
    """What JSON calls it; a truth value is no number."""
    for kind in (bool, int, str):
        if isinstance(value, kind):
            return kind.__name__
    return "None" if value is None else "nothing that an event holds"
