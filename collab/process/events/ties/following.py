"""What time brings about for those who follow an idea."""

from dataclasses import dataclass

from collab.process.events.event import Event


@dataclass(frozen=True)
class IdeaStalled(Event):
    """Nothing has happened at the idea for so many days; told once for each time of rest."""

    kind = "idea_stalled"
    parts = ("stage",)
    official = False
    days: int
