"""The page that shows a moderator what taking back somebody's text would change, and does it."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, Refusal
from collab.process.calendar.berlin import BERLIN
from collab.sync.comparing.texts import Change, Difference
from server.actions.live.moderation import REASON_CHARS_MAX, revert_text
from server.errors import status_of
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values, path_of
from server.services import services_of
from server.views.record.reverting import Wrote, preview, who_wrote
from server.views.record.sides import ComparedSection, by_section

PATH = "/ideas/{ref}/versions/revert"
FIELDS = ("handle", "since", "revert_reason")


async def revert_page(request: Request) -> Response:
    """Whose text, since when; with a person chosen also what would go."""
    query = request.query_params
    return await _page(request, Values({name: query.get(name, "") for name in FIELDS}))


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    return await _page(request, Values({name: form[name] for name in FIELDS}), refusal)


async def post_revert(request: Request, form: Sent) -> Response:
    """Take it back."""
    ref = ref_of(request)
    await revert_text(
        services_of(request),
        person_of(request),
        ref,
        handle=form["handle"],
        reason=form["revert_reason"],
        since=moment(form["since"]),
    )
    return go(path_of(ref, "dossier"))


def moment(text: str) -> datetime | None:
    """The moment in a field for day and time, as clocks in Berlin show it; None if it is empty.

    Raises:
        Invalid: it is none.
    """
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=BERLIN)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(fields={"since": "malformed"}) from None


async def _page(request: Request, values: Values, refusal: Refusal | None = None) -> Response:
    services, person, ref = services_of(request), person_of(request), ref_of(request)
    found = await who_wrote(services, person, ref)
    difference = None
    if values["handle"]:
        try:
            since = moment(values["since"])
            difference = await preview(services, person, ref, handle=values["handle"], since=since)
        except (Conflict, Invalid) as unseen:
            refusal = refusal or unseen
    errors = errors_of(request, refusal, {"reason": "revert_reason"})
    context = {
        "idea": found.case.idea,
        "found": found,
        "difference": difference,
        "sections": _changed(difference, found) if difference else [],
        "has_title": difference is not None and difference.title.change is not Change.SAME,
        "values": values,
        "errors": Values(errors),
        "reason_chars_max": REASON_CHARS_MAX,
    }
    status = status_of(refusal) if refusal else 200
    return services.pages.render(request, "versions/revert.html", context, status)


def _changed(difference: Difference, found: Wrote) -> list[ComparedSection]:
    return [each for each in by_section(difference, found.case.template) if each.is_changed]


routes = [
    Route(PATH, revert_page, methods=["GET"]),
    posted(PATH, post_revert, _again),
]
