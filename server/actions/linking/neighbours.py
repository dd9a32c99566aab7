"""What a change of stage means to linked ideas: becoming public, and coming to an end.

Who builds on a case, or replicates it, learns of its end by an event at his own idea and by mail
(AC-G13).
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from collab.process.events.ties.linking import DependencyClosed, IdeasLinked
from collab.process.linking.links import DEPENDS, LinkKind, closes
from collab.process.processes import access_of, every_stage, load_process
from collab.process.stages import ProcessTemplate, StageAccess
from server.actions.cases import Case
from server.actions.linking.links import tell_at
from server.language import DEFAULT, language_of
from server.messages import mail_text
from server.services import Services
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.process.ties import linking
from storage.process.ties.linking import IdeaLink
from storage.stages import StageChange
from storage.tables.ideas import Idea
from storage.tables.people import Person

MAILS_MAX: Final = 500
"""Who is told by mail of one end, at most; the events reach all."""

log = structlog.get_logger(__name__)


async def tell_neighbours(tx: Transaction, case: Case, change: StageChange) -> list[StoredEvent]:
    """The events at linked ideas that a change of the case's stage brings."""
    told: list[StoredEvent] = []
    if access_of(change.to_stage) is StageAccess.PRIVATE:
        return told
    if access_of(change.from_stage) is StageAccess.PRIVATE:
        told += await _tell_links(tx, case, change.at)
    if _is_told_end(case.process, change):
        for idea in await linking.dependants(tx, case.idea.id, DEPENDS):
            fact = DependencyClosed(case.idea.ref, change.to_stage)
            told.append(await tell_at(tx, idea, case, fact, change.at))
    return told


async def mail_neighbours(services: Services, change: StageChange) -> None:
    """Write to the teams of the ideas that depend on a case, after its stage changed."""
    async with services.database.read() as tx:
        case = await ideas.get(tx, change.idea_id)
        assert case is not None, "a stage change belongs to an idea"
        process = load_process(case.process_id, case.process_version)
        if not _is_told_end(process, change):
            return
        dependants = await linking.dependants(tx, case.id, DEPENDS)
        found = await _readers(tx, dependants, change.actor_id)
    if len(found) > MAILS_MAX:
        log.warning("not everybody is told by mail", idea=str(case.id), people=len(found))
    for person, idea in found[:MAILS_MAX]:
        _post(services, person, idea, case, change.to_stage)


def is_end(process: ProcessTemplate, from_stage: str, to_stage: str) -> bool:
    """Whether the move ends a case on which others may rely."""
    source, target = process.stage(from_stage), process.stage(to_stage)
    return source is not None and target is not None and closes(source, target)


def _is_told_end(process: ProcessTemplate, change: StageChange) -> bool:
    """Whether others learn that a case ended: not of what ends where they may not read."""
    is_private = access_of(change.to_stage) is StageAccess.PRIVATE
    return not is_private and is_end(process, change.from_stage, change.to_stage)


async def _tell_links(tx: Transaction, case: Case, now: datetime) -> list[StoredEvent]:
    """A draft is published: the ideas it is linked with may know of it from now on."""
    told, ref = [], case.idea.ref
    rows = await linking.of_idea(tx, case.idea.id)
    others = await linking.ideas_of(tx, {_other_end(row, case.idea.id) for row in rows})
    for row in rows:
        other = others[_other_end(row, case.idea.id)]
        ends = (ref, other.ref) if row.from_id == case.idea.id else (other.ref, ref)
        fact = IdeasLinked(LinkKind(row.kind), *ends)
        told.append(await tell_at(tx, other, case, fact, now))
    return told


def _other_end(row: IdeaLink, idea_id: UUID) -> UUID:
    return row.to_id if row.from_id == idea_id else row.from_id


async def _readers(
    tx: Transaction, dependants: list[Idea], actor_id: UUID
) -> list[tuple[Person, Idea]]:
    """Everybody of the teams with an address, each for the first idea of his; not the actor."""
    teams = await ideas.team(tx, [idea.id for idea in dependants])
    first: dict[UUID, Idea] = {}
    for idea in dependants:
        for role in teams.get(idea.id, []):
            first.setdefault(role.person_id, idea)
    ids = [role.person_id for roles in teams.values() for role in roles]
    known = await people.named(tx, ids)
    return [
        (known[person_id], idea)
        for person_id, idea in first.items()
        if person_id in known and _is_reached(known[person_id], actor_id)
    ]


def _is_reached(person: Person, actor_id: UUID) -> bool:
    is_here = person.suspended_at is None and person.erased_at is None
    return person.email is not None and is_here and person.id != actor_id


def _post(services: Services, person: Person, idea: Idea, case: Idea, to_stage: str) -> None:
    language = language_of(person.language) or DEFAULT
    subject, text = mail_text(
        "dependency-closed",
        services.pages.catalogues[language],
        {
            "name": person.name,
            "title": case.title,
            "ref": case.ref,
            "stage": every_stage()[to_stage].label[language],
            "own": idea.title,
            "link": f"{services.settings.address}/ideas/{idea.ref}#links",
        },
    )
    assert person.email is not None
    services.mail.post(person.email, subject, text)
