"""The board: columns with their cards, and the ways to narrow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from collab.process.actors import Actor
from collab.process.dossier import IdeaKind
from collab.process.permissions import Action, require
from collab.process.processes import current_processes
from collab.process.stages import ProcessTemplate, Stage
from server.actions.access import known
from server.realtime.onlookers import Onlooker
from server.services import Services
from server.views.board.cards import BoardCard, board_cards
from server.views.board.wish import BOARD, LIST, BoardWish, stages_on_board
from storage import events
from storage.process.board import columns
from storage.tables.ideas import Idea

CARDS_PER_COLUMN: Final = 8
FRAGMENT: Final = "/fragments/board"


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: how many ideas are in it, and the cards of one page of it."""

    stage: Stage
    count: int
    cards: Sequence[BoardCard]
    is_folded: bool
    fold: str
    """Where the folded column is shown, or the shown one folded; empty where it always shows."""
    first: str
    following: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page."""

    wish: BoardWish
    columns: Sequence[Column]
    total: int
    here: Sequence[Onlooker]
    fragment: str
    last_event: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the head of the board offers to narrow it."""

    processes: Sequence[ProcessTemplate]
    stages: Sequence[Stage]
    kinds: Sequence[str]
    columns: str
    """Where the same is shown in columns,"""
    rows: str
    """and where in rows."""


async def board(services: Services, reader: Actor, wish: BoardWish) -> Board:
    """The board as somebody wants to see it who may; all of one moment."""
    person_id = known(reader)
    require(Action.READ_BOARD, reader)
    wanted = wish.filter(person_id, services.clock())
    async with services.database.read() as tx:
        counts = await columns.counts(tx, wanted)
        pages: dict[str, list[Idea]] = {}
        for stage in wish.stages:
            if counts.get(stage.id) and not wish.is_folded(stage):
                after, limit = wish.begins_after(stage.id), CARDS_PER_COLUMN + 1
                pages[stage.id] = await columns.column(
                    tx, wanted, stage.id, after=after, limit=limit
                )
        shown = [idea for page in pages.values() for idea in page[:CARDS_PER_COLUMN]]
        cards = {each.ref: each for each in await board_cards(tx, services, reader, shown)}
        last = await events.last_id(tx)
    return Board(
        wish=wish,
        columns=[
            _column(wish, each, counts, pages.get(each.id, []), cards) for each in wish.stages
        ],
        total=sum(counts.values()),
        here=services.live.onlookers.here(),
        fragment=wish.address(FRAGMENT),
        last_event=last,
    )


async def choices(services: Services, wish: BoardWish) -> Choices:
    """What narrows the board; processes that no idea is in are left out."""
    async with services.database.read() as tx:
        inhabited = await columns.processes(tx) | {wish.process_id}
    return Choices(
        processes=[process for process in current_processes() if process.id in inhabited],
        stages=stages_on_board(wish.process),
        kinds=[kind.value for kind in IdeaKind if kind in wish.process.kinds],
        columns=replace(wish, view="").address(),
        rows=replace(wish, view=LIST).address(),
    )


def _column(
    wish: BoardWish,
    stage: Stage,
    counts: Mapping[str, int],
    page: Sequence[Idea],
    cards: Mapping[str, BoardCard],
) -> Column:
    shown = page[:CARDS_PER_COLUMN]
    more = len(page) > CARDS_PER_COLUMN
    return Column(
        stage=stage,
        count=counts.get(stage.id, 0),
        cards=[cards[idea.ref] for idea in shown],
        is_folded=wish.is_folded(stage),
        fold=wish.showing(stage.id).address() if stage.is_end and not wish.stage else "",
        first=wish.from_after(stage.id, None).address() if wish.begins_after(stage.id) else "",
        following=wish.from_after(stage.id, shown[-1].ref).address() if more else "",
    )


def path_back(address: str) -> str:
    """The board as it was, if a form says where; else the board."""
    return address if address == BOARD or address.startswith(f"{BOARD}?") else BOARD
