"""Who works on an idea and who has contributed; who may not write in its text for now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from collab.process.actors import ActorClass, Role
from collab.process.permissions import Action
from server.actions.cases import Case
from server.faces import Face, faces
from server.services import Services
from storage import documents, ideas, mutes
from storage.database import Transaction
from storage.feasibility import judgements
from storage.process import terms
from storage.process.terms import RoleTerm
from storage.talk import comments

ORDER = (Role.LEAD, Role.MEMBER, Role.AUTHOR, Role.EDITOR, Role.PARTNER)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role at the idea; editors can be taken out of the team again."""

    face: Face
    roles: frozenset[Role]
    term: RoleTerm | None
    """How long he works here, if that is limited."""

    @property
    def shown(self) -> list[Role]:
        """The roles in the order in which they are named."""
        return [role for role in ORDER if role in self.roles]

    @property
    def may_leave(self) -> bool:
        return self.roles == {Role.EDITOR}


@dataclass(frozen=True, slots=True)
class Muted:
    """Somebody who may not write here for now."""

    face: Face
    reason: str


@dataclass(frozen=True, slots=True)
class Team:
    """The members, the classes of everybody who contributed, and for moderators the muted."""

    members: tuple[Member, ...]
    classes: tuple[tuple[ActorClass, int], ...]
    muted: tuple[Muted, ...]
    missing: tuple[ActorClass, ...]
    """The parts of society from which nobody has contributed."""


async def team(tx: Transaction, case: Case) -> Team:
    """The people of the idea, as the case's actor may see them."""
    held = await _roles(tx, case.idea.id)
    said = set(await comments.authors(tx, case.idea.id))
    judged = {row.person_id for row in await judgements.of_idea(tx, case.idea.id)}
    silent = list(await mutes.of_document(tx, case.idea.document_id))
    shown = silent if case.may(Action.MUTE) else []
    contributors = {*held, *said, *judged}
    limited = {row.person_id: row for row in await terms.of_idea(tx, case.idea.id)}
    known = await faces(tx, {*contributors, *(row.person_id for row in shown)})
    classes = _classes(known[each] for each in contributors if each in known)
    return Team(
        members=tuple(_members(held, known, limited)),
        classes=classes,
        missing=tuple(each for each in ActorClass if each not in dict(classes)),
        muted=tuple(Muted(known[row.person_id], row.reason) for row in shown),
    )


async def muted_reason(tx: Transaction, case: Case) -> str | None:
    """Why the actor himself may not write here for now, if that is so."""
    rows = await mutes.of_document(tx, case.idea.document_id)
    mine = (row.reason for row in rows if row.person_id == case.actor.person_id)
    return next(mine, None)


async def writers(services: Services, tx: Transaction, case: Case) -> list[Face]:
    """Everybody but the actor who wrote in the text or has it open, by name."""
    wrote = await documents.writers(tx, case.idea.document_id)
    here = {each.person_id for each in services.hub.present(case.idea.document_id)}
    ids = {each for each in wrote | here if each is not None and each != case.actor.person_id}
    return sorted((await faces(tx, ids)).values(), key=lambda face: face.name.casefold())


async def _roles(tx: Transaction, idea_id: UUID) -> dict[UUID, frozenset[Role]]:
    held: dict[UUID, set[Role]] = {}
    for row in (await ideas.team(tx, [idea_id])).get(idea_id, []):
        held.setdefault(row.person_id, set()).add(Role(row.role))
    return {person_id: frozenset(roles) for person_id, roles in held.items()}


def _members(
    held: Mapping[UUID, frozenset[Role]],
    known: Mapping[UUID, Face],
    limited: Mapping[UUID, RoleTerm],
) -> list[Member]:
    found = [
        Member(known[each], roles, limited.get(each))
        for each, roles in held.items()
        if each in known
    ]
    return sorted(found, key=lambda one: (_rank(one.roles), one.face.name.casefold()))


def _rank(roles: frozenset[Role]) -> int:
    return min(ORDER.index(role) for role in roles)


def _classes(contributors: Iterable[Face]) -> tuple[tuple[ActorClass, int], ...]:
    counts = Counter(face.actor_class for face in contributors)
    return tuple((each, counts[each]) for each in ActorClass if counts[each])
