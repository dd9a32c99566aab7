"""The board itself, its live part, and claiming from its cards."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.board import claims
from server.auth.visitor import visitor_of
from server.pages.board.forms import back_of
from server.pages.forms import Errors, Sent, errors_of, go, person_of, posted, sent
from server.services import services_of
from server.views.board.board import FRAGMENT, board, choices
from server.views.board.wish import BOARD, BoardWish


async def index(request: Request) -> Response:
    """The board, or the same as a list."""
    return await show(request)


async def show(request: Request, errors: Errors | None = None, status: int = 200) -> Response:
    """The board; with ``errors`` it says above it what was refused."""
    services, person = services_of(request), person_of(request)
    wish = BoardWish.of(request.query_params)
    found = await board(services, person, wish)
    context = {
        "board": found,
        "choices": await choices(services, wish),
        "last_event": found.last_event,
        "errors": errors or {},
        "back": wish.address(),
    }
    return services.pages.render(request, "board/index.html", context, status)


async def fragment(request: Request) -> Response:
    """The columns as they are now, with the rights of who asks."""
    services, person = services_of(request), visitor_of(request).actor
    wish = BoardWish.of(request.query_params)
    context = {"board": await board(services, person, wish), "back": wish.address()}
    return services.pages.render(request, "board/columns.html", context)


async def post_claim(request: Request, form: Sent) -> Response:
    """Look after an idea, or take that over with a word."""
    services, person = services_of(request), person_of(request)
    if form["from_handle"]:
        await claims.take_over(
            services,
            person,
            form["ref"],
            from_handle=form["from_handle"],
            note=form["note"],
        )
    else:
        await claims.claim(services, person, form["ref"])
    return go(back_of(form))


async def post_release(request: Request) -> Response:
    """Look after an idea no longer."""
    form = await sent(request)
    await claims.release(services_of(request), person_of(request), form["ref"])
    return go(back_of(form))


async def _refused(request: Request, form: Sent, refusal: Refusal) -> Response:
    """Who was first, or what is wrong with the note, which is not lost: it stands there again."""
    services, winner = services_of(request), refusal.data.get("winner")
    context = {
        "ref": form["ref"],
        "from_handle": form["from_handle"],
        "note": form["note"],
        "errors": errors_of(request, refusal),
        "winner": winner if isinstance(winner, dict) else None,
        "back": back_of(form),
    }
    return services.pages.render(request, "board/claim_refused.html", context)


routes = [
    Route(BOARD, index),
    Route(FRAGMENT, fragment),
    posted(f"{BOARD}/claim", post_claim, _refused),
    Route(f"{BOARD}/release", post_release, methods=["POST"]),
]
