"""What comes out of a board: a note or group becomes an idea, or is added to one.

Whoever wrote it, or leads the evening, can do that. The authors of the notes are the authors of
the idea, guests too: what they may there ends with their sign-in. Added to an idea that there is,
their words are comments in their names. Each note goes into one idea, however many people press
at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from collab.errors import Conflict, Invalid, NotAllowed, NotFound
from collab.process.actors import Actor, Role
from collab.process.dossier import IdeaKind, load_dossier
from collab.process.events.gathering.boards import NoteBecameIdea
from collab.process.events.talk import CommentAdded
from collab.process.permissions import Action
from collab.process.talk.comments import TEXT_CHARS_MAX, CommentKind
from collab.process.workshop.harvest import Way
from collab.process.workshop.notes import check_note_id
from collab.process.workshop.standing import Standing
from collab.sync.boards.board import Note
from server.actions.access import known
from server.actions.cases import Case, acting_case, tell
from server.actions.ideas import NewIdea, insert_idea
from server.actions.seeds import Seed, check_title, seed
from server.actions.similar.finding import Hit, similar_to
from server.actions.workshop.board.reading import Shown, at_board, board_id, board_of
from server.actions.workshop.opening import tell_workshop
from server.auth import limits
from server.services import Services
from storage import ideas, people
from storage.database import Transaction
from storage.events import StoredEvent
from storage.tables.ideas import Idea
from storage.talk import comments
from storage.workshop import dots, harvest
from storage.workshop.workshops import Workshop

SECTION = {IdeaKind.NEED: "situation", IdeaKind.PROPOSAL: "idea"}
"""Where the words of notes come to in an idea of each kind."""


@dataclass(frozen=True, slots=True)
class Material:
    """A note or group on its way: its notes, and those who wrote them, in order."""

    name: str
    title: str
    notes: tuple[Note, ...]
    authors: tuple[UUID | None, ...]

    @property
    def people(self) -> tuple[UUID, ...]:
        """Everybody who wrote one of the notes, once each."""
        return tuple(dict.fromkeys(each for each in self.authors if each is not None))

    def text(self, of: Sequence[Note]) -> str:
        """The words of these notes, a paragraph each."""
        return "\n".join(note.text for note in of if note.text)


async def read_material(services: Services, actor: Actor, code: str, note_id: str) -> Material:
    """The note or group for somebody who may make an idea of it.

    Raises:
        NotFound: (no-such-note) it is not on the board.
        NotAllowed: (authors-or-facilitators) he neither wrote it nor leads the evening.
    """
    name = check_note_id(note_id)
    async with services.database.read() as tx:
        place = await at_board(tx, actor, code, services.clock())
        document_id = await board_id(tx, place.workshop.id)
    found = _material(await board_of(services, document_id), name)
    if place.standing is not Standing.FACILITATOR and actor.person_id not in found.people:
        raise NotAllowed("authors-or-facilitators")
    return found


async def like_it(services: Services, material: Material) -> list[Hit]:
    """Ideas that it might join."""
    text = material.text(material.notes)
    vector = await services.meanings.vector(f"{material.title}\n{text}")
    async with services.database.read() as tx:
        return await similar_to(services, tx, material.title, text, vector=vector)


async def make_idea(
    services: Services, actor: Actor, code: str, note_id: str, *, kind: str, title: str
) -> str:
    """Make an idea of a note or group; the reference of the idea that it is in.

    Pressing twice, or with others at once, gives the same idea.

    Raises:
        Invalid: names the faulty field.
    """
    material = await read_material(services, actor, code, note_id)
    if kind not in set(IdeaKind):
        raise Invalid(fields={"kind": "unknown-choice"})
    check_title(title)
    await services.limiter.hit(limits.CREATE_PER_PERSON, "create", str(actor.person_id))
    template, now = load_dossier(kind), services.clock()
    section = SECTION[IdeaKind(kind)]
    told: list[StoredEvent] = []
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, now)).workshop
        await dots.lock_ideas(tx, workshop.id)
        linked = await dots.ideas_of(tx, workshop.id)
        if material.name in linked:
            return await _ref_of(tx, linked[material.name].idea_id)
        fresh = [note for note in material.notes if note.id not in linked]
        new = NewIdea(kind=kind, title=title, sections={section: material.text(fresh)})
        seeded = seed(template, title, new.sections)
        idea, event = await _insert(tx, actor, material, new, seeded, now)
        told.append(event)
        await _link(tx, workshop, material, idea, actor, now, is_beginning=True)
        fact = NoteBecameIdea(workshop.id, workshop.code, material.name, idea.id, True)
        told.append(await tell_workshop(tx, fact, actor, now))
    await services.announcer.announce(told)
    return idea.ref


async def add_to_idea(
    services: Services, actor: Actor, code: str, note_id: str, *, ref: str
) -> str:
    """Add a note or group to an idea: a comment of each author in his name.

    The actor may comment there himself. Pressing twice adds it once.

    Raises:
        Conflict: (note-is-idea) it is in another idea already.
    """
    material = await read_material(services, actor, code, note_id)
    now = services.clock()
    async with services.database.write() as tx:
        workshop = (await at_board(tx, actor, code, now)).workshop
        case = await acting_case(tx, actor, ref, Action.COMMENT)
        await dots.lock_ideas(tx, workshop.id)
        linked = await dots.ideas_of(tx, workshop.id)
        if material.name in linked:
            if linked[material.name].idea_id != case.idea.id:
                raise Conflict("note-is-idea")
            return case.idea.ref
        told = await _comment(tx, case, material, linked.keys(), now)
        await _link(tx, workshop, material, case.idea, actor, now, is_beginning=False)
        await ideas.touch(tx, case.idea.id, now)
        fact = NoteBecameIdea(workshop.id, workshop.code, material.name, case.idea.id, False)
        told.append(await tell_workshop(tx, fact, actor, now))
    await services.announcer.announce(told)
    return case.idea.ref


def _material(shown: Shown, name: str) -> Material:
    board = shown.board
    note, group = board.note(name), board.group(name)
    if note is not None:
        title = note.text.partition("\n")[0].strip()
        return Material(name, title, (note,), (shown.author(note),))
    if group is None:
        raise NotFound("no-such-note")
    notes = board.inside(name)
    return Material(name, group.title, notes, tuple(map(shown.author, notes)))


async def _insert(
    tx: Transaction,
    actor: Actor,
    material: Material,
    new: NewIdea,
    seeded: Seed,
    now: datetime,
) -> tuple[Idea, StoredEvent]:
    """The idea of the notes' authors; whoever pressed can go on with it."""
    presser = known(actor)
    named = await people.named(tx, material.people)
    authors = [each for each in material.people if each in named and not named[each].erased_at]
    first = actor
    if authors:
        person = named[authors[0]]
        first = Actor(person.id, person.handle, person.name, frozenset())
    created, event = await insert_idea(tx, first, new, load_dossier(new.kind), seeded, now)
    for author in authors:
        await ideas.add_role(tx, created.idea.id, author, Role.AUTHOR)
    if presser not in authors:
        await ideas.add_role(tx, created.idea.id, presser, Role.EDITOR)
    return created.idea, event


async def _link(
    tx: Transaction,
    workshop: Workshop,
    material: Material,
    idea: Idea,
    actor: Actor,
    now: datetime,
    *,
    is_beginning: bool,
) -> None:
    """Note where it is, and the notes of a group with it; what is elsewhere stays there."""
    way = Way.MADE if is_beginning else Way.ADDED
    await harvest.note_idea(tx, workshop.id, idea.id, way, now)
    for name in dict.fromkeys((material.name, *(note.id for note in material.notes))):
        await dots.link_idea(
            tx, workshop.id, name, idea.id, is_beginning=is_beginning, by=known(actor), now=now
        )


async def _comment(
    tx: Transaction, case: Case, material: Material, linked: Collection[str], now: datetime
) -> list[StoredEvent]:
    """A comment of each author with the words of his notes."""
    words: dict[UUID, list[Note]] = {}
    for note, author in zip(material.notes, material.authors, strict=True):
        if note.text and note.id not in linked:
            words.setdefault(author or case.person_id, []).append(note)
    named = await people.named(tx, words)
    told: list[StoredEvent] = []
    for author, notes in words.items():
        person = named[author]
        comment = await comments.add(
            tx,
            comment_id=uuid4(),
            idea_id=case.idea.id,
            author_id=author,
            kind=CommentKind.NOTE,
            text=material.text(notes)[:TEXT_CHARS_MAX],
            now=now,
        )
        theirs = Case(case.idea, Actor(author, person.handle, person.name, frozenset()))
        told.append(await tell(tx, theirs, CommentAdded(comment.id, comment.kind, None), now))
    return told


async def _ref_of(tx: Transaction, idea_id: UUID) -> str:
    idea = await ideas.get(tx, idea_id)
    assert idea is not None, "a foreign key forbids notes in nothing"
    return idea.ref
