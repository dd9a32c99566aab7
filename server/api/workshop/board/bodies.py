"""What the API takes and gives of a board."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from collab.papers import NOTE_COLOURS
from collab.process.dossier import IdeaKind
from collab.process.workshop.notes import DOTS_MAX, TEXT_CHARS_MAX
from server.views.workshop.board.board import BoardView, GroupView, NoteView

NoteId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{6,24}$")]
Colour = Annotated[str, Field(pattern="^(" + "|".join(NOTE_COLOURS) + ")$")]


class NewNoteBody(BaseModel):
    """A note; ``id`` is made by whoever sends it, so that it can be sent again."""

    model_config = ConfigDict(extra="forbid")

    id: NoteId
    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    colour: Colour = NOTE_COLOURS[0]
    group: NoteId | None = None


class NewNoteOut(BaseModel):
    """Whether the note is hidden until all are shown."""

    hidden: bool


class SilentBody(BaseModel):
    """Other words on one's own hidden note."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2 * TEXT_CHARS_MAX)
    colour: Colour = NOTE_COLOURS[0]


class DotsBody(BaseModel):
    """How many dots one gives a note; 0 takes them back."""

    model_config = ConfigDict(extra="forbid")

    count: int = Field(ge=0, le=DOTS_MAX)


class DotsShownBody(BaseModel):
    """Whether everybody sees all dots."""

    model_config = ConfigDict(extra="forbid")

    shown: bool


class MakeIdeaBody(BaseModel):
    """What the idea is called and is."""

    model_config = ConfigDict(extra="forbid")

    kind: IdeaKind
    title: str = Field(max_length=500)


class JoinIdeaBody(BaseModel):
    """The idea that the note is added to."""

    model_config = ConfigDict(extra="forbid")

    ref: str = Field(max_length=40)


class RefOut(BaseModel):
    """The idea that the note is in."""

    ref: str


class ResultOut(BaseModel):
    """Dots on a note, and of how many people."""

    dots: int
    people: int


class MarkOut(BaseModel):
    """What stands beside a note or group for the asking person.

    ``given`` are his own dots; ``result`` is missing as long as dots are secret.
    """

    given: int
    result: ResultOut | None
    idea: str | None
    is_mine: bool
    may_become: bool


class NoteOut(MarkOut):
    """A note."""

    id: str
    text: str
    colour: str
    label: str
    group: str | None
    x: float
    y: float


class GroupOut(MarkOut):
    """A group of notes."""

    id: str
    title: str
    x: float
    y: float


class HiddenOut(BaseModel):
    """One's own note that is not shown yet."""

    id: str
    text: str
    colour: str


class MarksOut(BaseModel):
    """What stands beside the board for the asking person: nothing of what others hide."""

    is_silent: bool
    is_frozen: bool
    is_leading: bool
    may_write: bool
    budget: int
    left: int
    lost: int
    people: int | None
    marks: Mapping[str, MarkOut]
    hidden: list[HiddenOut]


class BoardOut(MarksOut):
    """The board in reading order."""

    groups: list[GroupOut]
    notes: list[NoteOut]


def marks_out(view: BoardView) -> MarksOut:
    """Only what stands beside notes."""
    return MarksOut(**_beside(view))


def board_out(view: BoardView) -> BoardOut:
    """All of the board."""
    found = [(each, each.group) for each in view.groups]
    return BoardOut(
        **_beside(view),
        groups=[
            GroupOut(id=group.id, title=group.title, x=group.x, y=group.y, **_mark(each))
            for each, group in found
            if group is not None
        ],
        notes=[_note(each) for group in view.groups for each in group.notes],
    )


def _beside(view: BoardView) -> dict[str, Any]:
    marks: dict[str, NoteView | GroupView] = {
        each.group.id: each for each in view.groups if each.group
    }
    marks |= {each.note.id: each for group in view.groups for each in group.notes}
    return {
        "is_silent": view.workshop.is_silent,
        "is_frozen": view.workshop.is_frozen,
        "is_leading": view.is_leading,
        "may_write": view.may_write,
        "budget": view.purse.budget,
        "left": view.purse.left,
        "lost": view.purse.lost,
        "people": view.results.people if view.results else None,
        "marks": {name: MarkOut(**_mark(each)) for name, each in marks.items()},
        "hidden": [HiddenOut(id=row.id, text=row.text, colour=row.colour) for row in view.hidden],
    }


def _mark(each: NoteView | GroupView) -> dict[str, Any]:
    result = each.result and ResultOut(dots=each.result.dots, people=each.result.people)
    return {
        "given": each.given,
        "result": result,
        "idea": each.idea,
        "is_mine": isinstance(each, NoteView) and each.is_mine,
        "may_become": each.may_become,
    }


def _note(each: NoteView) -> NoteOut:
    note = each.note
    return NoteOut(
        id=note.id,
        text=note.text,
        colour=note.colour,
        label=note.label,
        group=note.group,
        x=note.x,
        y=note.y,
        **_mark(each),
    )
