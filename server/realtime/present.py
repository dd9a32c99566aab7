"""Who has a document open, as pages name them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Present:
    """A person who has a document open."""

    person_id: UUID | None
    handle: str
    name: str
    colour: str
