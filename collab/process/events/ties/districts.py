"""Where in the city an idea is meant to be."""

from dataclasses import dataclass

from collab.process.events.event import Event


@dataclass(frozen=True)
class DistrictsSet(Event):
    """The team said where; ``districts`` are ids with spaces between them, none for not said."""

    kind = "districts_set"
    parts = ("districts",)
    on_arena = True
    official = False
    districts: str
