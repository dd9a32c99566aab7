"""The board of a workshop for one person: its notes, what he hides, his dots, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collab.errors import Conflict
from collab.process.actors import Actor
from collab.process.workshop.agenda import StepKind, steps_from_json
from collab.process.workshop.standing import Standing
from collab.sync.address import DocumentAddress
from collab.sync.boards.board import Board, Group, Note
from server.actions.access import known
from server.actions.workshop.board.dots import Purse, Result, Results, purse_of, results_of
from server.actions.workshop.board.reading import Shown, board_id, board_of
from server.actions.workshop.places import enter_workshop
from server.realtime.access import grants
from server.services import Present, Services
from storage import events, ideas
from storage.database import Transaction
from storage.workshop import dots, silent
from storage.workshop.silent import SilentNote
from storage.workshop.workshops import Workshop

NOBODYS = Board((), ())


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note with what stands beside it for this person."""

    note: Note
    is_mine: bool
    given: int
    result: Result | None
    idea: str | None
    may_become: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its notes; without a group, the notes that stand alone."""

    group: Group | None
    notes: Sequence[NoteView]
    given: int = 0
    result: Result | None = None
    idea: str | None = None
    may_become: bool = False


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything on the page of a board."""

    workshop: Workshop
    is_leading: bool
    may_write: bool
    board: Board
    groups: Sequence[GroupView]
    hidden: Sequence[SilentNote]
    hidden_count: int
    purse: Purse
    results: Results | None
    address: str
    access: str
    is_unreadable: bool
    present: Sequence[Present]
    last_event: int

    @property
    def path(self) -> str:
        """Where the board is."""
        return f"/w/{self.workshop.code}/board"

    @property
    def is_over(self) -> bool:
        """The evening has ended; dots are given no more."""
        return self.workshop.ended_at is not None

    @property
    def is_voting(self) -> bool:
        """Whether the step that runs is about giving dots."""
        steps = steps_from_json(self.workshop.agenda)
        return steps[min(self.workshop.step, len(steps) - 1)].kind is StepKind.VOTE

    def one(self, name: str) -> "NoteView | GroupView | None":
        """The note or group of this name, with what stands beside it."""
        notes = (each for group in self.groups for each in group.notes if each.note.id == name)
        groups = (each for each in self.groups if each.group and each.group.id == name)
        return next(notes, None) or next(groups, None)


async def board_view(
    services: Services, actor: Actor, code: str, *, is_exact: bool = True
) -> BoardView:
    """The board for somebody who takes part; unless exact, its notes may be a second old.

    Raises:
        NotAllowed: (join-first, removed-from-workshop) he does not.
    """
    person_id = known(actor)
    async with services.database.read() as tx:
        workshop = (await enter_workshop(tx, actor, code)).workshop
        document_id = await board_id(tx, workshop.id)
    try:
        shown: Shown | None = await board_of(services, document_id, is_exact=is_exact)
    except Conflict:
        shown = None
    async with services.database.read() as tx:
        last = await events.last_id(tx)
        place = await enter_workshop(tx, actor, code)
        workshop, is_leading = place.workshop, place.standing is Standing.FACILITATOR
        board = shown.board if shown else NOBODYS
        purse = await purse_of(tx, workshop, person_id, board)
        results = await results_of(tx, workshop)
        linked = await _refs(tx, workshop)
        hidden = await silent.own(tx, workshop.id, person_id)
        hidden_count = await silent.count(tx, workshop.id)
        granted = (await grants(tx, document_id, [person_id]))[person_id]
        is_open = workshop.expires_at > services.clock()
    may_act = is_open and (is_leading or not workshop.is_frozen)
    beside = _Beside(purse, results, linked, is_leading=is_leading)
    mine = {note.id for note in board.notes if shown.author(note) == person_id} if shown else set()
    return BoardView(
        workshop=workshop,
        is_leading=is_leading,
        may_write=may_act and granted.write,
        board=board,
        groups=[
            *(beside.group(group, board.inside(group.id), mine) for group in board.groups),
            beside.group(None, board.inside(None), mine),
        ],
        hidden=hidden,
        hidden_count=hidden_count,
        purse=purse,
        results=results,
        address=_address(shown),
        access="write" if granted.write and is_open else "read",
        is_unreadable=shown is None,
        present=services.hub.present(document_id),
        last_event=last,
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside notes."""

    purse: Purse
    results: Results | None
    linked: Mapping[str, str]
    is_leading: bool

    def note(self, note: Note, mine: set[str]) -> NoteView:
        is_mine = note.id in mine
        return NoteView(
            note=note,
            is_mine=is_mine,
            given=self.purse.given.get(note.id, 0),
            result=self._result(note.id),
            idea=self.linked.get(note.id),
            may_become=self.is_leading or is_mine,
        )

    def group(self, group: Group | None, notes: Sequence[Note], mine: set[str]) -> GroupView:
        views = [self.note(note, mine) for note in notes]
        if group is None:
            return GroupView(None, views)
        return GroupView(
            group=group,
            notes=views,
            given=self.purse.given.get(group.id, 0),
            result=self._result(group.id),
            idea=self.linked.get(group.id),
            may_become=self.is_leading or any(each.is_mine for each in views),
        )

    def _result(self, name: str) -> Result | None:
        return None if self.results is None else self.results.by_note.get(name)


def _address(shown: Shown | None) -> str:
    if shown is None:
        return ""
    head = shown.head
    return str(DocumentAddress(head.id, head.epoch, head.schema))


async def _refs(tx: Transaction, workshop: Workshop) -> dict[str, str]:
    """The reference of the idea that each note is in."""
    rows = await dots.ideas_of(tx, workshop.id)
    found = {each: await ideas.get(tx, each) for each in {row.idea_id for row in rows.values()}}
    return {
        name: idea.ref for name, row in rows.items() if (idea := found[row.idea_id]) is not None
    }
