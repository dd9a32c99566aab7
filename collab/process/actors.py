"""Who acts: classes of actors, roles, and the actor that rules are asked about.

Arena roles belong to a person everywhere; idea roles belong to a person at one idea. Rules look
only at the roles an actor holds where he acts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class ActorClass(StrEnum):
    """The five parts of the city's society; residents act for themselves, the others for one."""

    RESIDENT = "resident"
    ADMINISTRATION = "administration"
    BUSINESS = "business"
    SCIENCE = "science"
    CIVIL_SOCIETY = "civil_society"


class Role(StrEnum):
    """What a person is at the arena or at an idea."""

    GUEST = "guest"
    OBSERVER = "observer"
    PARTICIPANT = "participant"
    EXPERT = "expert"
    SIGNATORY = "signatory"
    SUPPORT = "support"
    QUALIFIER = "qualifier"
    MODERATOR = "moderator"
    COORDINATION_OFFICE = "coordination_office"
    CDO = "cdo"
    DEPUTY = "deputy"
    AUDITOR = "auditor"
    AUTHOR = "author"
    EDITOR = "editor"
    LEAD = "lead"
    MEMBER = "member"
    PARTNER = "partner"
    TABLE = "table"


IDEA_ROLES = frozenset({Role.AUTHOR, Role.EDITOR, Role.LEAD, Role.MEMBER, Role.PARTNER})
TABLE_ROLES = frozenset({Role.TABLE})
"""Held by who sits at a table of a workshop, at the idea that it has opened; never given."""

ARENA_ROLES = frozenset(Role) - IDEA_ROLES - TABLE_ROLES


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a guest, with the roles he holds where he acts."""

    person_id: UUID | None
    handle: str
    name: str
    roles: frozenset[Role]
    suspended: bool = False

    def with_roles(self, idea_roles: Iterable[Role]) -> "Actor":
        """The same actor at an idea, where he holds ``idea_roles`` besides his arena roles."""
        arena_roles = self.roles & ARENA_ROLES
        return replace(self, roles=arena_roles | frozenset(idea_roles))

    @property
    def effective_roles(self) -> frozenset[Role]:
        """The roles that count now: a suspended person has a guest's, and so has one with none."""
        return self.roles if self.roles and not self.suspended else frozenset({Role.GUEST})


GUEST = Actor(person_id=None, handle="", name="", roles=frozenset({Role.GUEST}))
