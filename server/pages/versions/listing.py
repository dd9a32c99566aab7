"""The page of all kept versions, with the forms that name one and call it something else."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import NotFound, Refusal
from collab.process.permissions import Action
from collab.process.versions.names import NAME_CHARS_MAX, NOTE_CHARS_MAX
from server.actions.cases import open_case
from server.actions.versions.names import name_version, rename_version
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, id_in, person_of, posted
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values
from server.services import services_of
from server.views.record.difference import NOW
from server.views.record.kept import kept_versions

PATH = "/ideas/{ref}/versions"


async def versions_page(request: Request) -> Response:
    """Every version that is kept, and what can be done with it."""
    return await _page(request)


async def post_name(request: Request, form: Sent) -> Response:
    """Keep the text as it is now under a name."""
    ref = ref_of(request)
    row = await name_version(
        services_of(request), person_of(request), ref, name=form["name"], note=form["note"]
    )
    return go(f"/ideas/{ref}/versions#version-{row.epoch}.{row.seq}")


async def post_rename(request: Request, form: Sent) -> Response:
    """Call a version something else."""
    ref = ref_of(request)
    named_id = id_in(str(request.path_params["named_id"]), NotFound("version-unknown"))
    await rename_version(
        services_of(request),
        person_of(request),
        ref,
        named_id,
        name=form["name"],
        note=form["note"],
    )
    return go(f"/ideas/{ref}/versions")


async def chosen_pair(request: Request) -> Response:
    """From the form with two versions to the page that compares them."""
    ref, asked = ref_of(request), request.query_params
    pair = [asked.get(name, NOW) for name in ("earlier", "later")]
    if not all(part.replace(".", "", 1).isalnum() and part.isascii() for part in pair):
        raise NotFound("text-version-unknown")
    view = "?view=sides" if asked.get("view") == "sides" else ""
    return go(f"/ideas/{ref}/versions/{pair[0]}/diff/{pair[1]}{view}")


async def back(request: Request) -> Response:
    """A reload after a refused form: to the page that the form is on."""
    return go(PATH.format(ref=ref_of(request)))


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor.actor, ref_of(request))
        found = await kept_versions(tx, case)
    context = {
        "idea": case.idea,
        "versions": found,
        "known": [each for each in found if each.is_known],
        "others": [each for each in found if not each.is_known],
        "may_name": case.may(Action.NAME_VERSION),
        "may_restore": case.may(Action.EDIT_TEXT),
        "may_revert": case.may(Action.REVERT_TEXT),
        "values": Values({name: form[name] for name in ("name", "note")}) if form else Values(),
        "errors": Values(errors_of(request, refusal)),
        "renamed": str(request.path_params.get("named_id", "")),
        "limits": {"name": NAME_CHARS_MAX, "note": NOTE_CHARS_MAX},
    }
    return services.pages.render(request, "versions/list.html", context)


routes = [
    Route(PATH, versions_page, methods=["GET"]),
    posted(PATH, post_name, _page),
    Route(PATH + "/compare", chosen_pair, methods=["GET"]),
    Route(PATH + "/named/{named_id}", back, methods=["GET"]),
    posted(PATH + "/named/{named_id}", post_rename, _page),
]
