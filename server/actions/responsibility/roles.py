"""The roles that people have at an idea because they stand for a responsible organisation there."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from collab.process.actors import Role
from collab.process.responsibility.states import Part, State
from storage import ideas
from storage.database import Transaction
from storage.process import responsibility
from storage.process.responsibility import Responsibility

ROLES: Final[Mapping[Part, Role]] = {Part.LEAD: Role.LEAD, Part.PARTNER: Role.MEMBER}


async def give_role(tx: Transaction, idea_id: UUID, person_id: UUID, part: Part) -> None:
    """Let the person have the role that comes with the part."""
    await ideas.add_role(tx, idea_id, person_id, ROLES[part])


async def take_role(tx: Transaction, idea_id: UUID, row: Responsibility) -> None:
    """Take the role away that came with ``row``, unless he has it for another one too."""
    if row.person_id is None:
        return
    still = [
        each
        for each in await responsibility.open_at(tx, idea_id)
        if each.state == State.ACTIVE and each.part == row.part and each.id != row.id
    ]
    if row.person_id not in {each.person_id for each in still}:
        await ideas.remove_role(tx, idea_id, row.person_id, ROLES[Part(row.part)])
