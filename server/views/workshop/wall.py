"""The wall of a workshop: the same for everybody who knows the code, and nothing that is hidden.

It is looked at twice. ``look`` costs a few small queries and says by its stamp whether anything
has changed; only then ``wall`` reads the texts and the board.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from collab.errors import Conflict, Invalid, NotFound
from collab.process.actors import GUEST
from collab.process.processes import load_process
from collab.process.stages import Stage
from collab.process.workshop.agenda import Step, steps_from_json
from collab.process.workshop.codes import spelled
from collab.process.workshop.wall import IDEAS_MAX, NAMES_MAX, TABLES_MAX, Scene, scene_of
from server.actions.workshop.board.reading import board_of
from server.actions.workshop.places import find_place
from server.auth import limits
from server.realtime.holders import DocumentKind
from server.services import Services
from server.views.workshop.notes import NotesShown, notes_shown
from server.views.workshop.tables import Room, TableView, room_of, table_views
from storage import documents, events
from storage.database import Transaction
from storage.tables.ideas import Idea
from storage.workshop import dots, workshops
from storage.workshop import ideas as begun
from storage.workshop.wall import silent_by_table
from storage.workshop.workshops import Workshop

PROOF_CHARS: Final = 24


@dataclass(frozen=True, slots=True)
class Look:
    """What the wall would show, before any text is read; ``stamp`` changes with what is shown."""

    room: Room
    scene: Scene
    joins: bool
    silent: Mapping[UUID | None, int]
    came: Sequence[Idea]
    dots: Mapping[str, tuple[int, int]] | None
    board_id: UUID | None
    stamp: str

    @property
    def workshop(self) -> Workshop:
        return self.room.workshop

    @property
    def proof(self) -> str:
        """What only those know who have opened this wall by its code."""
        return hashlib.sha256(self.workshop.id.bytes).hexdigest()[:PROOF_CHARS]


@dataclass(frozen=True, slots=True)
class SilentTable:
    """How many notes wait at a table; the number 0 stands for who sits at none."""

    number: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Came:
    """An idea that came out of the evening, or was worked on there."""

    ref: str
    title: str
    stage: Stage | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything that the wall shows. ``is_unreadable``: the board cannot be read just now."""

    title: str
    code: str
    address: str
    joins: bool
    is_over: bool
    step: Step
    number: int
    steps: int
    scene: Scene
    timer_ends_at: datetime | None
    is_frozen: bool
    people: int
    tables: tuple[TableView, ...]
    tables_more: int
    silent: tuple[SilentTable, ...]
    notes: NotesShown | None
    is_unreadable: bool
    ideas: tuple[Came, ...]
    ideas_more: int
    shows_names: bool


async def workshop_of(services: Services, tx: Transaction, code: str) -> Workshop:
    """The workshop whose wall this is, for whoever knows its code or one of its tables'.

    Raises:
        NotFound: (no-such-workshop) there is none, or its time is over.
    """
    try:
        workshop = (await find_place(tx, GUEST, code)).workshop
    except Invalid:
        raise NotFound("no-such-workshop", code=code) from None
    if workshop.expires_at <= services.clock():
        raise NotFound("no-such-workshop", code=code)
    return workshop


async def look_from(services: Services, code: str, address: str, proof: str = "") -> Look:
    """The rows behind the wall for somebody at this address, who cannot try codes without end.

    Whoever has opened a wall has its ``proof``: it goes on however many wrong codes somebody else
    tries behind the same address.

    Raises:
        NotFound: (no-such-workshop).
        Limited: too many wrong codes from this address.
    """
    wrong = (limits.WRONG_CODE_PER_ADDRESS, "code", address)
    try:
        seen = await look(services, code)
    except NotFound:
        await services.limiter.require(*wrong)
        await services.limiter.note(*wrong)
        raise
    if not hmac.compare_digest(proof.encode(), seen.proof.encode()):
        await services.limiter.require(*wrong)
    return seen


async def look(services: Services, code: str) -> Look:
    """The rows behind the wall, of one moment."""
    now = services.clock()
    async with services.database.read() as tx:
        workshop = await workshop_of(services, tx, code)
        room = await room_of(tx, workshop)
        steps = steps_from_json(workshop.agenda)
        kind = steps[min(workshop.step, len(steps) - 1)].kind
        is_over = workshop.ended_at is not None
        scene = scene_of(kind, is_silent=workshop.is_silent, is_over=is_over)
        silent = await silent_by_table(tx, workshop.id) if scene is Scene.SILENT else {}
        came = await begun.of_workshop(tx, workshop.id)
        found = await workshops.documents(tx, workshop.id)
        has_notes = scene in {Scene.NOTES, Scene.HARVEST}
        board_id = found.get(DocumentKind.BOARD) if has_notes else None
        is_counted = workshop.dots_revealed_at is not None
        given = await dots.results(tx, workshop.id) if is_counted else None
        texts = [each.document_id for each in room.ideas.values() if scene is Scene.TABLES]
        heads = await documents.heads(tx, [*texts, *([board_id] if board_id else [])])
        last = await events.last_id(tx)
    joins = not is_over and workshop.closed_at is None and workshop.joining_until > now
    versions = sorted((str(each.id), each.epoch, each.seq) for each in heads.values())
    waiting = sorted((str(table), n) for table, n in silent.items())
    shown = (last, workshop.revision, joins, scene, versions, waiting)
    stamp = hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
    return Look(room, scene, joins, silent, came, given, board_id, stamp)


async def wall(services: Services, seen: Look) -> Wall:
    """The wall, with the texts of now."""
    workshop = seen.workshop
    steps = steps_from_json(workshop.agenda)
    at = min(workshop.step, len(steps) - 1)
    notes, is_unreadable = await _notes(services, seen)
    tables = await _tables(services, seen)
    came = _came(seen)
    return Wall(
        title=workshop.title,
        code=spelled(workshop.code),
        address=f"{services.settings.address}/w/{workshop.code}",
        joins=seen.joins,
        is_over=workshop.ended_at is not None,
        step=steps[at],
        number=at + 1,
        steps=len(steps),
        scene=seen.scene,
        timer_ends_at=workshop.timer_ends_at,
        is_frozen=workshop.is_frozen,
        people=seen.room.people,
        tables=tables[:TABLES_MAX],
        tables_more=max(0, len(tables) - TABLES_MAX),
        silent=_silent(seen),
        notes=notes,
        is_unreadable=is_unreadable,
        ideas=tuple(came[:IDEAS_MAX]),
        ideas_more=max(0, len(came) - IDEAS_MAX),
        shows_names=workshop.shows_names,
    )


async def _tables(services: Services, seen: Look) -> tuple[TableView, ...]:
    """The tables, those that work on something first; names only where that is wished."""
    if seen.scene is not Scene.TABLES:
        return ()
    views = await table_views(services, seen.room)
    shown = views if len(views) <= TABLES_MAX else sorted(views, key=lambda each: not each.ref)
    kept = NAMES_MAX if seen.workshop.shows_names else 0
    return tuple(replace(each, people=each.people[:kept]) for each in shown)


async def _notes(services: Services, seen: Look) -> tuple[NotesShown | None, bool]:
    if seen.board_id is None:
        return None, False
    try:
        shown = await board_of(services, seen.board_id)
    except Conflict:
        return None, True
    return notes_shown(shown.board, seen.dots), False


def _silent(seen: Look) -> tuple[SilentTable, ...]:
    if seen.scene is not Scene.SILENT:
        return ()
    found = [
        SilentTable(table.number, table.name, seen.silent.get(table.id, 0))
        for table in seen.room.tables
    ]
    nowhere = seen.silent.get(None, 0)
    return (*found, *([SilentTable(0, "", nowhere)] if nowhere else []))


def _came(seen: Look) -> list[Came]:
    """What came about, the newest first, then what was worked on besides."""
    if seen.scene is not Scene.HARVEST:
        return []
    new = [_one(each, is_new=True) for each in reversed(seen.came)]
    known = {each.id for each in seen.came}
    others = [each for each in seen.room.ideas.values() if each.id not in known]
    return [*new, *(_one(each, is_new=False) for each in others)]


def _one(idea: Idea, *, is_new: bool) -> Came:
    stage = load_process(idea.process_id, idea.process_version).stage(idea.stage)
    return Came(idea.ref, idea.title, stage, is_new)
