"""What people are to an idea: their roles there, and how they stand to hearing of it.

Rows are added at the target where somebody has none there; what he chose there himself counts.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import delete, insert, select

from collab.process.actors import Role
from collab.process.merging.rules import INHERITED
from storage import events
from storage.database import METADATA, Transaction
from storage.merging.parts import Joined, Kind, Part

FOLLOW = METADATA.tables["idea_follow"]
ROLE = METADATA.tables["idea_role"]

ROWS_PER_INSERT: Final = 500


async def add_roles(
    tx: Transaction, joined: Joined, only: Collection[str] | None = None
) -> list[Part]:
    """Who wrote the source is of the target's team, unless he is already.

    Partners of the target are not: they come for a time, and who wrote stays.
    """
    team = {each for each, role in await _roles(tx, joined.target_id) if role != Role.PARTNER}
    # Here and there he may have been something else.
    whose = None if only is None else {key.split(":")[0] for key in only}
    rows, found = [], list[Part]()
    for person_id, role in sorted(await _roles(tx, joined.source_id)):
        inherited = INHERITED.get(Role(role)) if role in set(Role) else None
        key = f"{person_id}:{inherited}"
        if (
            inherited is None
            or person_id in team
            or (whose is not None and str(person_id) not in whose)
        ):
            continue
        if key not in {each.key for each in found}:
            found.append(Part(Kind.ROLE, key, person_id))
            rows.append({"idea_id": joined.target_id, "person_id": person_id, "role": inherited})
    if rows:
        await tx.run(insert(ROLE), rows)
    return found


async def add_follows(
    tx: Transaction, joined: Joined, only: Collection[str] | None = None
) -> list[Part]:
    """Who follows the source, or does not want to, stands to the target like that."""
    known = select(FOLLOW.c.person_id).where(FOLLOW.c.idea_id == joined.target_id)
    query = select(FOLLOW.c.person_id, FOLLOW.c.standing).where(
        FOLLOW.c.idea_id == joined.source_id, FOLLOW.c.person_id.not_in(known)
    )
    last = await events.last_id(tx)
    rows, found = [], []
    for person_id, standing in (await tx.run(query.order_by(FOLLOW.c.person_id))).all():
        if only is not None and str(person_id) not in only:
            continue
        found.append(Part(Kind.FOLLOW, str(person_id), person_id, {"standing": standing}))
        rows.append(
            {
                "person_id": person_id,
                "idea_id": joined.target_id,
                "standing": standing,
                "since_event": last,
                "at": joined.merged_at,
            }
        )
    for start in range(0, len(rows), ROWS_PER_INSERT):
        await tx.run(insert(FOLLOW), rows[start : start + ROWS_PER_INSERT])
    return found


async def remove_role(tx: Transaction, joined: Joined, part: Part) -> bool:
    """Take an added role away; False if somebody did before."""
    this = (
        ROLE.c.idea_id == joined.target_id,
        ROLE.c.person_id == part.person_id,
        ROLE.c.role == part.key.split(":")[1],
    )
    return (await tx.run(delete(ROLE).where(*this))).rowcount == 1


async def remove_follow(tx: Transaction, joined: Joined, part: Part) -> bool:
    """Take an added follow away; False if he has chosen for himself since, which counts.

    Speaking there since is a choice, too, where nothing was chosen before.
    """
    this = (
        FOLLOW.c.idea_id == joined.target_id,
        FOLLOW.c.person_id == part.person_id,
        FOLLOW.c.standing == part.data["standing"],
        FOLLOW.c.at == joined.merged_at,
    )
    return (await tx.run(delete(FOLLOW).where(*this))).rowcount == 1


async def _roles(tx: Transaction, idea_id: UUID) -> list[tuple[UUID, str]]:
    query = select(ROLE.c.person_id, ROLE.c.role).where(ROLE.c.idea_id == idea_id)
    return [(row[0], row[1]) for row in await tx.run(query)]
