"""Words other than comments that were hidden: suggestions, requirements, reasons of judgements.

Comments have events of their own (``talk``, ``conduct.abuse``), which say the same of them.
"""

from dataclasses import dataclass
from typing import Final

from collab.process.events.event import Event, idea_topic

PARTS: Final = {
    "suggestion": "suggestions",
    "judgement": "judgements",
    "requirement": "requirements",
}
"""In which part of an idea's page each kind of contribution stands."""


@dataclass(frozen=True)
class _OfContribution(Event):
    """Something happened to what one person wrote; ``target`` is which kind it is of."""

    in_queue = True
    target: str
    target_id: str


class _Seen(_OfContribution):
    """Readers see it."""

    def topics(self, ref: str | None) -> tuple[str, ...]:
        part = PARTS.get(self.target)
        here = (idea_topic(ref, part),) if ref and part else ()
        return super().topics(ref) + here


@dataclass(frozen=True)
class ContributionHidden(_Seen):
    """A moderator hid it; its author sees why."""

    kind = "contribution_hidden"
    reason: str


@dataclass(frozen=True)
class ContributionShown(_Seen):
    """It is shown again."""

    kind = "contribution_shown"
    reason: str


@dataclass(frozen=True)
class ContributionAppealed(_OfContribution):
    """Its author objects to its hiding."""

    kind = "contribution_appealed"
    public = False


@dataclass(frozen=True)
class ContributionAppealDecided(_OfContribution):
    """Another moderator than who hid decided on the appeal."""

    kind = "contribution_appeal_decided"
    public = False
    state: str
    reason: str
