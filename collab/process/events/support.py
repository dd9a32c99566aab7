"""What teams ask of those who support them, and what becomes of it."""

from dataclasses import dataclass
from uuid import UUID

from collab.process.events.event import Event


@dataclass(frozen=True)
class SupportAsked(Event):
    """A team asked for support."""

    kind = "support_asked"
    parts = ("support",)
    request_id: UUID
    support_kind: str


@dataclass(frozen=True)
class SupportMoved(Event):
    """A request was accepted, declined or done; ``reason`` is what was said with it."""

    kind = "support_moved"
    parts = ("support",)
    request_id: UUID
    state: str
    reason: str


@dataclass(frozen=True)
class SupportEscalated(Event):
    """A request has been open for longer than agreed."""

    kind = "support_escalated"
    parts = ("support",)
    request_id: UUID
