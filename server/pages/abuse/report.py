"""Reporting something, without an account and without scripts, and what came of it."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from collab.process.abuse.reports import Ground, Target
from server.actions.abuse import reporting
from server.actions.abuse.reporting import NewReport
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, caller_of, errors_of, go, is_out_of_sight, posted
from server.pages.idea.page import Values
from server.services import services_of
from server.views.abuse.reportable import reportable

REPORT: Final = "/report"
TYPED: Final = ("target", "ground", "words", "quote", "email")


async def form_page(request: Request) -> Response:
    """The form for what the address names, or for anything at the idea."""
    query = request.query_params
    target = ":".join(each for each in (query.get("target", ""), query.get("id", "")) if each)
    values = dict.fromkeys(TYPED, "") | {"target": target}
    return await _page(request, query.get("idea", ""), values)


async def post(request: Request, form: Sent) -> Response:
    """Take the report; its page says later what came of it."""
    target, _, target_id = form["target"].partition(":")
    new = NewReport(
        ref=form["idea"],
        target=target,
        target_id=target_id,
        ground=form["ground"],
        words=form["words"],
        quote=form["quote"],
        email=form["email"],
    )
    visitor = visitor_of(request)
    secret = await reporting.report(
        services_of(request),
        visitor.actor,
        new,
        address=caller_of(request).address,
        language=visitor.language,
    )
    return go(f"/reports/{secret}?new=1")


async def state_page(request: Request) -> Response:
    """Where a report stands, for whoever has its address."""
    services = services_of(request)
    secret = str(request.path_params["secret"])
    report, case = await reporting.state_of(services, secret, caller_of(request).address)
    context = {
        "report": report,
        "case": case,
        "is_new": request.query_params.get("new") == "1",
        "address": f"{services.settings.address}/reports/{secret}",
    }
    return services.pages.render(request, "abuse/state.html", context)


async def _again(request: Request, form: Sent, refusal: Refusal) -> Response:
    return await _page(request, form["idea"], {name: form[name] for name in TYPED}, refusal)


async def _page(
    request: Request, ref: str, values: dict[str, Any], refusal: Refusal | None = None
) -> Response:
    services, visitor = services_of(request), visitor_of(request)
    found = await reportable(services, visitor.actor, ref, values["target"])
    errors = Values(errors_of(request, refusal))
    context = {
        "found": found,
        "values": values,
        "grounds": list(Ground),
        "errors": errors,
        "is_section": values["target"].startswith(f"{Target.SECTION}:"),
    }
    return services.pages.render(request, "abuse/report.html", context)


routes = [
    Route(REPORT, form_page),
    posted(REPORT, post, _again, plain=is_out_of_sight),
    Route("/reports/{secret}", state_page),
]
