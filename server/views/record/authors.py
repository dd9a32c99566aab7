"""Who wrote which passage of a text, as coarsely as the law on staff councils asks for it.

By paragraph; as parts of society and the team; with names only for the team and moderators, who
work with each other. No times, no counts, no shares, and nobody's work across texts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup

from collab.process.actors import Actor, ActorClass
from collab.process.templates.reading import Words
from collab.process.version import TextVersion
from collab.sync.formats.html import nodes_to_html
from collab.sync.history.passages import Authored, authored
from collab.sync.schema import SERVER_CLIENT, DocumentSchema
from collab.sync.text import DossierText, from_json
from server.actions.cases import Case, open_case
from server.actions.live.exact_text import exact_text
from server.actions.versions.reading import kept_version, knows_more
from server.faces import Face, faces
from server.realtime.holders import schema_of
from server.services import Services
from server.views.record.difference import NOW, in_turn
from storage import documents, ideas, people
from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class By:
    """Those who wrote a passage; ``names`` only where they may be known."""

    is_team: bool
    classes: tuple[ActorClass, ...]
    is_several: bool
    is_former: bool
    """Somebody among them has left the arena."""
    is_unknown: bool
    """Some of it came in another way: by an import, or before a text was rewritten."""
    names: tuple[str, ...]
    guests: tuple[str, ...] = ()
    """The same of those for whom it is only recorded."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list or quotation and those who wrote it; neighbours of the same are one."""

    html: Markup
    by: By


@dataclass(frozen=True, slots=True)
class AuthoredSection:
    """A section of the text in passages."""

    id: str
    label: Words | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class AuthoredText:
    """A text with its authors; ``at`` is missing for that of now."""

    case: Case
    name: str
    version: TextVersion
    at: datetime | None
    sections: tuple[AuthoredSection, ...]
    may_name: bool
    has_names: bool


@dataclass(frozen=True, slots=True)
class _State:
    """A text and the state of the document that it was rendered from."""

    version: TextVersion
    text: DossierText
    state: bytes
    at: datetime | None


async def authored_text(
    services: Services, actor: Actor, ref: str, name: str, *, with_names: bool
) -> AuthoredText:
    """The version ``epoch.seq``, or the text of ``now``, with who wrote what.

    Raises:
        NotFound: there is no such version, or the idea is not for this actor.
        Conflict: (unreadable-document) the text of now cannot be read.
    """
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
    found = await _state(services, case, name)
    may_name = knows_more(case)
    async with services.database.read() as tx:
        document_id = case.idea.document_id
        head = (await documents.heads(tx, [document_id]))[document_id]
        owners = await documents.owners(tx, document_id, found.version.epoch)
        writers = [*_people(case, owners)]
        known = await _writers(tx, case, writers, with_names=with_names and may_name)
    numbers = {person_id: number for number, person_id in enumerate(writers, 1)}
    clients = {
        client: numbers[person_id]
        for client, person_id in _owned(case, owners).items()
        if person_id in numbers
    }
    blocks = await in_turn(_authored, schema_of(head), found, clients)
    labels = {section.id: section.label for section in case.template.sections}
    names = [each for each in labels if each in blocks]
    names += [each for each in blocks if each not in labels]
    return AuthoredText(
        case=case,
        name=name,
        version=found.version,
        at=found.at,
        sections=tuple(
            AuthoredSection(each, labels.get(each), passages)
            for each in names
            if (passages := _passages(blocks[each], known))
        ),
        may_name=may_name,
        has_names=with_names and may_name,
    )


async def _state(services: Services, case: Case, name: str) -> _State:
    if name == NOW:
        exact = await exact_text(services, case.idea.document_id)
        return _State(exact.version, exact.text, exact.state, None)
    async with services.database.read() as tx:
        row = await kept_version(tx, case, name)
    version = TextVersion(row.epoch, row.seq, row.sha256)
    return _State(version, from_json(row.sections), row.state, row.at)


def _authored(
    schema: DocumentSchema, found: _State, clients: Mapping[int, int]
) -> dict[str, tuple[Authored, ...]]:
    return authored(found.state, schema, list(found.text.sections), found.text, clients)


def _owned(case: Case, owners: Mapping[int, UUID | None]) -> dict[int, UUID]:
    """Client ids by person; with what an idea began whoever began it wrote, unless imported."""
    found = {client: owner for client, owner in owners.items() if owner is not None}
    if case.idea.source is None:
        found[SERVER_CLIENT] = case.idea.created_by
    return found


def _people(case: Case, owners: Mapping[int, UUID | None]) -> list[UUID]:
    return sorted(set(_owned(case, owners).values()))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Somebody who wrote, as he may be told of; without a face he has left."""

    face: Face | None
    is_team: bool
    with_name: bool


async def _writers(
    tx: Transaction, case: Case, person_ids: Sequence[UUID], *, with_names: bool
) -> dict[int, _Writer]:
    """Those who wrote, by their numbers."""
    team = {row.person_id for row in (await ideas.team(tx, [case.idea.id])).get(case.idea.id, [])}
    known, persons = await faces(tx, person_ids), await people.named(tx, person_ids)
    left = {each.id for each in persons.values() if each.erased_at is not None}
    return {
        number: _Writer(
            None if person_id in left else known.get(person_id), person_id in team, with_names
        )
        for number, person_id in enumerate(person_ids, 1)
    }


def _passages(blocks: Sequence[Authored], known: Mapping[int, _Writer]) -> tuple[Passage, ...]:
    """Neighbouring blocks of the same people as one passage; white space is nobody's."""
    found: list[tuple[list[Authored], frozenset[int]]] = []
    for block in blocks:
        if not block.authors:
            continue
        if found and found[-1][1] == block.authors:
            found[-1][0].append(block)
        else:
            found.append(([block], block.authors))
    return tuple(
        Passage(Markup(nodes_to_html([each.node for each in group])), _by(numbers, known))
        for group, numbers in found
    )


def _by(numbers: frozenset[int], known: Mapping[int, _Writer]) -> By:
    wrote = [known[number] for number in sorted(numbers) if number in known]
    shown = [each for each in wrote if each.face is not None]
    classes = {each.face.actor_class for each in shown if each.face is not None}
    return By(
        is_team=any(each.is_team for each in wrote),
        classes=tuple(each for each in ActorClass if each in classes),
        is_several=len(numbers) > 1,
        is_former=len(shown) < len(wrote),
        is_unknown=len(wrote) < len(numbers),
        names=_names(shown, are_guests=False),
        guests=_names(shown, are_guests=True),
    )


def _names(shown: Sequence[_Writer], *, are_guests: bool) -> tuple[str, ...]:
    named = [each.face for each in shown if each.face is not None and each.with_name]
    return tuple(sorted(face.name for face in named if face.is_guest is are_guests))
