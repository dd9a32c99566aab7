"""The board of a workshop: notes, silent notes, dots, ideas; rules are in the actions."""

from typing import Annotated

from server.actions.workshop.board import becoming, dots, silent
from server.api.operation import Answer, ApiRequest, operation
from server.api.workshop.board.bodies import (
    BoardOut,
    DotsBody,
    DotsShownBody,
    JoinIdeaBody,
    MakeIdeaBody,
    MarksOut,
    NewNoteBody,
    NewNoteOut,
    RefOut,
    SilentBody,
    board_out,
    marks_out,
)
from server.views.workshop.board.board import board_view

TAG = "workshops"
BOARD = "/api/v1/workshops/{code}/board"
ACTS = (401, 403, 404, 409, 422, 429)


@operation("GET", BOARD, tag=TAG, refusals=(401, 403, 404, 409, 422))
async def read_workshop_board(request: ApiRequest, code: str) -> BoardOut:
    """The board in reading order, with what stands beside it for the asking person."""
    return board_out(await board_view(request.services, request.person, code))


@operation("GET", BOARD + "/marks", tag=TAG, refusals=(401, 403, 404, 409, 422))
async def read_board_marks(request: ApiRequest, code: str) -> MarksOut:
    """Only what stands beside the notes: dots, ideas, one's own hidden notes."""
    return marks_out(await board_view(request.services, request.person, code, is_exact=False))


@operation("POST", BOARD + "/notes", tag=TAG, status=201, refusals=ACTS)
async def add_workshop_note(
    request: ApiRequest, code: str, body: NewNoteBody
) -> Annotated[Answer, NewNoteOut]:
    """Write a note: hidden while the workshop writes silently, else onto the board.

    Sent again with the same ``id`` it is one note.
    """
    hidden = await silent.add_note(
        request.services,
        request.person,
        code,
        body.id,
        text=body.text,
        colour=body.colour,
        group=body.group,
    )
    return Answer(NewNoteOut(hidden=hidden))


@operation("PUT", BOARD + "/silent/{note_id}", tag=TAG, status=204, refusals=ACTS)
async def change_silent_note(
    request: ApiRequest, code: str, note_id: str, body: SilentBody
) -> None:
    """Write one's own hidden note anew."""
    await silent.change_silent(
        request.services, request.person, code, note_id, text=body.text, colour=body.colour
    )


@operation("DELETE", BOARD + "/silent/{note_id}", tag=TAG, refusals=ACTS)
async def remove_silent_note(request: ApiRequest, code: str, note_id: str) -> None:
    """Take one's own hidden note away."""
    await silent.remove_silent(request.services, request.person, code, note_id)


@operation("POST", BOARD + "/show", tag=TAG, status=204, refusals=ACTS)
async def show_silent_notes(request: ApiRequest, code: str) -> None:
    """End silent writing and bring all notes onto the board; for those who lead."""
    await silent.show_notes(request.services, request.person, code)


@operation("PUT", BOARD + "/dots/{note_id}", tag=TAG, refusals=ACTS)
async def give_dots(request: ApiRequest, code: str, note_id: str, body: DotsBody) -> MarksOut:
    """Give a note or group so many dots; 0 takes them back."""
    await dots.give_dots(request.services, request.person, code, note_id, body.count)
    return marks_out(await board_view(request.services, request.person, code))


@operation("POST", BOARD + "/dots", tag=TAG, status=204, refusals=ACTS)
async def show_dots(request: ApiRequest, code: str, body: DotsShownBody) -> None:
    """Show all dots, or hide them for another round; for those who lead."""
    await dots.show_dots(request.services, request.person, code, shown=body.shown)


@operation("POST", BOARD + "/notes/{note_id}/idea", tag=TAG, refusals=ACTS)
async def make_idea_of_note(
    request: ApiRequest, code: str, note_id: str, body: MakeIdeaBody
) -> RefOut:
    """Make an idea of a note or group; asked again it is the same idea."""
    ref = await becoming.make_idea(
        request.services, request.person, code, note_id, kind=body.kind, title=body.title
    )
    return RefOut(ref=ref)


@operation("POST", BOARD + "/notes/{note_id}/joined", tag=TAG, refusals=ACTS)
async def add_note_to_idea(
    request: ApiRequest, code: str, note_id: str, body: JoinIdeaBody
) -> RefOut:
    """Add a note or group to an idea, as comments in their authors' names."""
    ref = await becoming.add_to_idea(request.services, request.person, code, note_id, ref=body.ref)
    return RefOut(ref=ref)


operations = [
    read_workshop_board,
    read_board_marks,
    add_workshop_note,
    change_silent_note,
    remove_silent_note,
    show_silent_notes,
    give_dots,
    show_dots,
    make_idea_of_note,
    add_note_to_idea,
]
