"""Facts about workshops: through JSON and back, to the workshop's pages, and to nobody else."""

from __future__ import annotations

import json
from dataclasses import fields
from uuid import UUID

import pytest

from collab.errors import Invalid
from collab.process.events.event import is_public
from collab.process.events.gathering.workshops import PARTS, WorkshopEvent, workshop_topic
from collab.process.events.kinds import EVENTS, parse_event

CODE = "ABC234"
SAMPLES = {"UUID": UUID(int=7), "str": CODE, "int": 3, "bool": True}
"""A value for each type that a fact about a workshop holds."""

KINDS = sorted(kind for kind, each in EVENTS.items() if issubclass(each, WorkshopEvent))


def sample(kind: str) -> WorkshopEvent:
    """A fact of the kind."""
    wanted = fields(EVENTS[kind])
    names = {each.name: getattr(each.type, "__name__", str(each.type)) for each in wanted}
    values = {name: SAMPLES[next(t for t in SAMPLES if t in of)] for name, of in names.items()}
    found = EVENTS[kind](**values)
    assert isinstance(found, WorkshopEvent)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_e1_a_fact_about_a_workshop_comes_back_through_json(kind: str) -> None:
    event = sample(kind)
    assert parse_event(kind, json.loads(json.dumps(event.payload))) == event
    for field in fields(event):
        without = {name: value for name, value in event.payload.items() if name != field.name}
        for spoilt in (without, event.payload | {field.name: [7]}, event.payload | {"more": 1}):
            with pytest.raises(Invalid):
                parse_event(kind, spoilt)


@pytest.mark.parametrize("kind", KINDS)
def test_e3_it_is_told_to_the_pages_of_its_workshop_and_is_public_nowhere(kind: str) -> None:
    event = sample(kind)
    assert event.changes, kind
    assert set(event.changes) <= set(PARTS), kind
    of_workshop = [workshop_topic(CODE, part) for part in event.changes]
    assert list(event.topics(None)) == of_workshop
    assert [each for each in event.topics("2026-00042") if each.startswith("workshop:")] == (
        of_workshop
    )
    assert not is_public(event, None)
    assert not is_public(event, "open")
