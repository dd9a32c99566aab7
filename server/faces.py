"""How people appear beside what they wrote: by name, and for whom they speak.

Colours belong to presence: they say who is here now, so a face on the page has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from collab.process.actors import ActorClass
from collab.process.workshop.codes import GUEST_HANDLE
from storage import people
from storage.database import Transaction
from storage.erasure.people import FORMER_KIND


@dataclass(frozen=True, slots=True)
class Face:
    """A person as others see him; ``organisation`` only if it confirmed him."""

    person_id: UUID
    handle: str
    name: str
    actor_class: ActorClass
    organisation: str | None
    organisation_id: UUID | None = None

    @property
    def is_guest(self) -> bool:
        """He came to a workshop by its code: what he did is recorded for him, no account has it."""
        return is_guest(self.handle)


def is_guest(handle: str) -> bool:
    """Whether it is the handle of a guest; no account can have one like that."""
    return handle.startswith(GUEST_HANDLE)


async def faces(tx: Transaction, person_ids: Iterable[UUID]) -> dict[UUID, Face]:
    """The faces of these persons."""
    ids = frozenset(person_ids)
    named = await people.named(tx, ids)
    memberships = await people.memberships(tx, ids) if ids else {}
    found: dict[UUID, Face] = {}
    for person_id, person in named.items():
        confirmed = [each for each in memberships.get(person_id, []) if each.confirmed_at]
        organisation = confirmed[0].organisation if confirmed else None
        is_named = organisation is not None and organisation.kind != FORMER_KIND
        found[person_id] = Face(
            person_id=person_id,
            handle=person.handle,
            name=person.name,
            actor_class=ActorClass(organisation.actor_class if organisation else "resident"),
            organisation=organisation.name if organisation and is_named else None,
            organisation_id=organisation.id if organisation and is_named else None,
        )
    return found
