"""The page that shows what restoring a version would change, and does it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.permissions import Action
from collab.process.versions.names import REASON_CHARS_MAX
from collab.sync.comparing.texts import Change
from collab.sync.schema import TITLE
from server.actions.cases import open_case
from server.actions.versions.restoring import restore_text
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values, path_of
from server.services import services_of
from server.views.record.difference import NOW, compared
from server.views.record.sides import sections_of

PATH = "/ideas/{ref}/versions/{version}/restore"


async def restore_page(request: Request) -> Response:
    """From the text of now to the version: what would come back and what would go."""
    return await _page(request)


async def post_restore(request: Request, form: Sent) -> Response:
    """Bring it back; refused, the reason that was typed is still there."""
    ref = ref_of(request)
    chosen = form.all("section")
    await restore_text(
        services_of(request),
        person_of(request),
        ref,
        request.path_params["version"],
        reason=form["restore_reason"],
        # Nothing chosen is no wish to restore everything.
        sections=() if form["whole"] else chosen or ("",),
    )
    return go(path_of(ref, "dossier"))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person, ref = services_of(request), person_of(request), ref_of(request)
    async with services.database.read() as tx:
        await open_case(tx, person, ref, Action.EDIT_TEXT)
    found = await compared(services, person, ref, NOW, request.path_params["version"])
    sections = [each for each in sections_of(found) if each.is_changed]
    names = {"reason": "restore_reason", "sections": "section"}
    context = {
        "idea": found.case.idea,
        "found": found,
        "sections": sections,
        "has_title": found.difference.title.change is not Change.SAME,
        "title_name": TITLE,
        "chosen": form.all("section") if form and not form["whole"] else None,
        "reason": form["restore_reason"] if form else "",
        "reason_chars_max": REASON_CHARS_MAX,
        "errors": Values(errors_of(request, refusal, names)),
    }
    return services.pages.render(request, "versions/restore.html", context)


routes = [
    Route(PATH, restore_page, methods=["GET"]),
    posted(PATH, post_restore, _page),
]
