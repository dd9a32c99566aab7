"""The board without scripts: a list by groups, and a form for everything one can do there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotAllowed, NotFound, Refusal
from collab.papers import NOTE_COLOURS
from server.actions.workshop.board import dots, silent, writing
from server.auth.device import keep_on_device
from server.auth.visitor import visitor_of
from server.pages.forms import Errors, Sent, errors_of, go, number_in, person_of, posted
from server.services import services_of
from server.views.workshop.board.board import board_view

PATH = "/w/{code}/board"
NOTE = PATH + "/notes/{note_id}"
ID_BYTES = 9
DOTS_DIGITS_MAX = 2


async def board_page(request: Request) -> Response:
    """The board; who does not take part yet is led to where one comes in."""
    if not visitor_of(request).is_signed_in:
        return go(f"/w/{code_of(request)}")
    try:
        return await show(request)
    except NotAllowed as refusal:
        if refusal.code != "join-first":
            raise
        return go(f"/w/{code_of(request)}")


async def state_fragment(request: Request) -> Response:
    """What rests, what is hidden and what is shown, for everybody at the board."""
    return await _render(request, "workshop/board/state.html", is_exact=False)


async def hidden_fragment(request: Request) -> Response:
    """One's own notes that are not shown yet."""
    return await _render(request, "workshop/board/hidden.html", is_exact=False)


async def note_page(request: Request) -> Response:
    """One note or group with everything that can be done with it."""
    return await _note_page(request)


async def post_note(request: Request, form: Sent) -> Response:
    """Write a note, or one that is hidden as long as the workshop writes silently."""
    await silent.add_note(
        services_of(request),
        person_of(request),
        code_of(request),
        form["id"] or new_id(),
        text=form["text"],
        colour=form["colour"] or NOTE_COLOURS[0],
        group=form["group"] or None,
    )
    return go(PATH.format(code=code_of(request)))


async def post_group(request: Request, form: Sent) -> Response:
    """Make a group."""
    services, person = services_of(request), person_of(request)
    await writing.add_group(
        services, person, code_of(request), form["id"] or new_id(), title=form["title"]
    )
    return go(PATH.format(code=code_of(request)))


async def post_deed(request: Request, form: Sent) -> Response:
    """Do something with a note or group: other words, another group, dots, away with it."""
    code, note_id = code_of(request), note_id_of(request)
    services, person = services_of(request), person_of(request)
    match form["deed"]:
        case "edit":
            await writing.edit_note(services, person, code, note_id, form["text"])
        case "group":
            await writing.group_note(services, person, code, note_id, form["group"] or None)
        case "dots":
            count = number_in(form["count"], DOTS_DIGITS_MAX)
            await dots.give_dots(services, person, code, note_id, -1 if count is None else count)
        case "remove":
            await writing.remove_note(services, person, code, note_id)
        case _:
            raise NotFound
    return go(f"{PATH.format(code=code)}#n-{note_id}")


async def post_silent(request: Request, form: Sent) -> Response:
    """Write one's own hidden note anew, or take it away."""
    code, note_id = code_of(request), note_id_of(request)
    services, person = services_of(request), person_of(request)
    if form["deed"] == "remove":
        await silent.remove_silent(services, person, code, note_id)
    else:
        colour = form["colour"] or NOTE_COLOURS[0]
        await silent.change_silent(
            services, person, code, note_id, text=form["text"], colour=colour
        )
    return go(PATH.format(code=code))


async def post_lead(request: Request, form: Sent) -> Response:
    """Show the silent notes, show the dots, or hide them for another round."""
    code = code_of(request)
    services, person = services_of(request), person_of(request)
    match form["deed"]:
        case "show-notes":
            await silent.show_notes(services, person, code)
        case "show-dots" | "hide-dots":
            await dots.show_dots(services, person, code, shown=form["deed"] == "show-dots")
        case _:
            raise NotFound
    if request.headers.get("x-live-form"):
        # Who leads reveals from the board or from the page of the evening, and stays there.
        return Response(status_code=204)
    return go(PATH.format(code=code))


async def show(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    """The board; with a refusal it says what was refused, and what was typed is still there."""
    errors = errors_of(request, refusal)
    typed = {name: form[name] if form else "" for name in ("id", "text", "colour", "title")}
    page = await _render(request, "workshop/board/page.html", typed, errors)
    return page if refusal else keep_on_device(page)


async def _as_it_is(request: Request, _form: Sent, refusal: Refusal) -> Response:
    return await show(request, None, refusal)


async def _note_page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    view = await board_view(services, person_of(request), code_of(request))
    one = view.one(note_id_of(request))
    if one is None:
        raise NotFound("no-such-note")
    context = {
        "view": view,
        "one": one,
        "typed": form["text"] if form else "",
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "workshop/board/note.html", context)


async def _render(
    request: Request,
    template: str,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    *,
    is_exact: bool = True,
) -> Response:
    services = services_of(request)
    view = await board_view(services, person_of(request), code_of(request), is_exact=is_exact)
    context = {
        "view": view,
        "last_event": view.last_event,
        "colours": NOTE_COLOURS,
        "typed": typed or {"id": "", "text": "", "colour": "", "title": ""},
        "new_id": new_id(),
        "errors": errors or {},
    }
    return services.pages.render(request, template, context)


def code_of(request: Request) -> str:
    """The code in the address."""
    return str(request.path_params["code"])


def note_id_of(request: Request) -> str:
    """The name of the note or group in the address."""
    return str(request.path_params["note_id"])


def new_id() -> str:
    """A name for the next note, in the form before it is sent: sent twice, it is one note."""
    return secrets.token_urlsafe(ID_BYTES)


routes = [
    Route(PATH, board_page),
    Route(PATH + "/fragments/state", state_fragment),
    Route(PATH + "/fragments/hidden", hidden_fragment),
    posted(PATH + "/notes", post_note, show),
    Route(NOTE, note_page),
    posted(NOTE, post_deed, _note_page),
    posted(PATH + "/groups", post_group, show),
    posted(PATH + "/silent/{note_id}", post_silent, _as_it_is),
    posted(PATH + "/lead", post_lead, _as_it_is),
]
