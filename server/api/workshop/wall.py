"""The wall of a workshop over the API: what everybody sees who knows the code."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from collab.process.templates.reading import Words
from collab.process.workshop.wall import Scene
from server.api.operation import ApiRequest, operation
from server.pages.forms import caller_of
from server.views.workshop.notes import Card, Heap, NotesShown
from server.views.workshop.tables import TableView
from server.views.workshop.wall import Wall, look_from, wall

TAG = "workshops"
SCREEN = "/api/v1/workshops/{code}/screen"


class StepOut(BaseModel):
    """A step of the agenda and its place in it, from 1."""

    number: int
    of: int
    kind: str
    label: dict[str, str]


class SilentOut(BaseModel):
    """How many notes wait at a table; number 0: of those who sit at none."""

    number: int
    count: int


class NoteOut(BaseModel):
    """A note, cut to what fits; ``dots`` is null as long as they are secret."""

    text: str
    colour: str
    dots: int | None

    @classmethod
    def of(cls, card: Card) -> Self:
        return cls(text=card.text, colour=card.colour, dots=card.dots)


class GroupOut(BaseModel):
    """A group of notes, its size, and its newest notes."""

    title: str
    count: int
    dots: int | None
    newest: list[NoteOut]

    @classmethod
    def of(cls, heap: Heap) -> Self:
        newest = [NoteOut.of(card) for card in heap.newest]
        return cls(title=heap.title, count=heap.count, dots=heap.dots, newest=newest)


class NotesOut(BaseModel):
    """What fits onto a wall, and how many notes there are."""

    count: int
    groups: list[GroupOut]
    newest: list[NoteOut]

    @classmethod
    def of(cls, notes: NotesShown) -> Self:
        return cls(
            count=notes.count,
            groups=[GroupOut.of(heap) for heap in notes.heaps],
            newest=[NoteOut.of(card) for card in notes.cards],
        )


class TableOnWall(BaseModel):
    """A table and its last lines; ``names`` is empty unless names are wished."""

    number: int
    name: str
    is_remote: bool
    people: int
    names: list[str]
    ref: str | None
    title: str | None
    section: Words | None
    lines: list[str]

    @classmethod
    def of(cls, table: TableView) -> Self:
        return cls(
            number=table.number,
            name=table.name,
            is_remote=table.is_remote,
            people=table.seats,
            names=[each.name for each in table.people],
            ref=table.ref or None,
            title=table.title or None,
            section=table.section,
            lines=list(table.lines),
        )


class IdeaCame(BaseModel):
    """An idea that came about at the workshop, or was worked on there."""

    ref: str
    title: str
    is_new: bool


class WallOut(BaseModel):
    """The wall; ``joins``: people may still come in, at ``address``."""

    title: str
    code: str
    address: str
    joins: bool
    is_over: bool
    is_frozen: bool
    people: int
    step: StepOut
    timer_ends_at: datetime | None
    scene: Scene
    silent: list[SilentOut]
    notes: NotesOut | None
    tables: list[TableOnWall]
    ideas: list[IdeaCame]


@operation("GET", SCREEN, tag=TAG, refusals=(404, 429))
async def read_screen(request: ApiRequest, code: str) -> WallOut:
    """What the wall shows now; the code is all one needs. Nothing hidden is in it."""
    seen = await look_from(request.services, code, caller_of(request).address)
    return _out(seen.workshop.code, await wall(request.services, seen))


def _out(code: str, shown: Wall) -> WallOut:
    return WallOut(
        title=shown.title,
        code=code,
        address=shown.address,
        joins=shown.joins,
        is_over=shown.is_over,
        is_frozen=shown.is_frozen,
        people=shown.people,
        step=StepOut(
            number=shown.number,
            of=shown.steps,
            kind=shown.step.kind.value,
            label=dict(shown.step.label),
        ),
        timer_ends_at=shown.timer_ends_at,
        scene=shown.scene,
        silent=[SilentOut(number=each.number, count=each.count) for each in shown.silent],
        notes=NotesOut.of(shown.notes) if shown.notes else None,
        tables=[TableOnWall.of(each) for each in shown.tables],
        ideas=[
            IdeaCame(ref=each.ref, title=each.title, is_new=each.is_new) for each in shown.ideas
        ],
    )


operations = [read_screen]
