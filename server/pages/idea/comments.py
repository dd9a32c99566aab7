"""One comment on a page of its own: change it, take it back."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.talk import comments
from server.pages.forms import Sent, errors_of, go, person_of, posted, sent
from server.pages.idea.forms import comment_id_of, ref_of, values_of
from server.pages.idea.page import FormState, Values, path_of
from server.services import services_of
from server.views.prose import prose


async def edit_page(request: Request) -> Response:
    """Change or delete one's own comment."""
    return await _page(request)


async def post_edit(request: Request, form: Sent) -> Response:
    """The changed text."""
    ref, comment_id = ref_of(request), comment_id_of(request)
    await comments.edit_comment(
        services_of(request), person_of(request), ref, comment_id, text=form["text"]
    )
    return go(f"{path_of(ref)}/comments/{comment_id}")


async def post_delete(request: Request) -> Response:
    """Take the comment back."""
    await sent(request)
    ref, comment_id = ref_of(request), comment_id_of(request)
    await comments.delete_comment(services_of(request), person_of(request), ref, comment_id)
    return go(path_of(ref, "comments"))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    case, comment = await comments.own_comment(
        services, person_of(request), ref_of(request), comment_id_of(request)
    )
    values = values_of(form) if form else Values()
    context = {
        "idea": case.idea,
        "comment": comment,
        "form": FormState(values=values, errors=Values(errors_of(request, refusal))),
        "prose": prose,
    }
    return services.pages.render(request, "idea/comment_form.html", context)


routes = [
    Route("/ideas/{ref}/comments/{comment_id}/edit", edit_page, methods=["GET"]),
    posted("/ideas/{ref}/comments/{comment_id}/edit", post_edit, _page),
    Route("/ideas/{ref}/comments/{comment_id}/delete", post_delete, methods=["POST"]),
]
