"""What an event is; its payload is JSON and comes back as the same value.

``public`` says whether it belongs into an idea's public log once the idea itself is public
(``is_public``). The kinds of events are in the other modules, all of them in ``kinds``.
``official`` events get an entry in the audit log, in the transaction that writes them; that is
so unless a kind says otherwise, so that no act is forgotten.
"""

from dataclasses import dataclass, fields
from typing import ClassVar
from uuid import UUID

from collab.process.processes import access_of
from collab.process.stages import StageAccess
from collab.process.version import TextVersion

ARENA_TOPIC = "arena"
BOARD_TOPIC = "board"
INBOX_TOPIC = "inbox"
"""Of each person his own: only his pages are told."""
QUEUE_TOPIC = "moderation"


@dataclass(frozen=True)
class Event:
    """One committed fact."""

    kind: ClassVar[str] = ""
    public: ClassVar[bool] = True
    parts: ClassVar[tuple[str, ...]] = ()  # which parts of the idea's page changed
    on_arena: ClassVar[bool] = False  # whether lists of ideas changed
    official: ClassVar[bool] = True  # whether the audit log has an entry of it
    in_feed: ClassVar[bool] = False  # whether the feed of the whole arena tells it
    on_board: ClassVar[bool] = False  # whether the moderators' board changed
    joins: ClassVar[bool] = False  # whether its actor follows the idea from now on, if he likes
    in_queue: ClassVar[bool] = False  # whether the queue of reports and appeals changed

    @property
    def payload(self) -> dict[str, object]:
        """The event's fields as JSON."""
        return {field.name: _to_json(getattr(self, field.name)) for field in fields(self)}

    def topics(self, ref: str | None) -> tuple[str, ...]:
        """What to tell open pages has changed; ``ref`` names the idea, if one is concerned."""
        about_idea = tuple(idea_topic(ref, part) for part in self.parts) if ref else ()
        lists = (
            (ARENA_TOPIC, self.on_arena),
            (BOARD_TOPIC, self.on_board),
            (QUEUE_TOPIC, self.in_queue),
        )
        return tuple(topic for topic, changed in lists if changed) + about_idea


def idea_topic(ref: str, part: str) -> str:
    """The topic that open pages listen to for one part of an idea's page."""
    return f"idea:{ref}:{part}"


def is_public(event: Event, stage: str | None) -> bool:
    """Whether the event belongs into the public log, given the idea's stage after it.

    What happened while the idea was a draft stays with its team when it is published.
    """
    private = stage is not None and access_of(stage) is StageAccess.PRIVATE
    return event.public and not private


def _to_json(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.to_json() if isinstance(value, TextVersion) else value
