"""The logbook of a case, and the form of each kind of evidence."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Refusal
from server.actions.casefile.evidence import OnRecord, logbook, on_record, put_evidence
from server.actions.cases import Case, open_case
from server.auth.visitor import visitor_of
from server.pages.forms import Sent, errors_of, go, person_of, posted
from server.pages.idea.forms import number_in, ref_of
from server.pages.idea.page import Values
from server.services import services_of
from server.views.casefile.logbook import entries, entry, values
from server.views.prose import prose
from storage import events

FIELD = "field-"
"""What the names of inputs begin with; the rest is the id of the field."""

PATH = "/ideas/{ref}/logbook"


async def logbook_page(request: Request) -> Response:
    """Everything that the process can ask of the case, with what is on record."""
    services = services_of(request)
    async with services.database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
        found = entries(case, await logbook(tx, case))
        last_event = await events.last_id(tx)
    context = {**_about(case), "entries": found, "last_event": last_event}
    return services.pages.render(request, "casefile/logbook.html", context)


async def kind_page(request: Request) -> Response:
    """One kind of evidence: what is on record, its history, and the form for who may."""
    return await _page(request)


async def post_evidence(request: Request, form: Sent) -> Response:
    """The next revision; refused, nothing that was typed is lost."""
    ref, kind = ref_of(request), _kind_of(request)
    _, found = await _read(request)
    await put_evidence(
        services_of(request),
        person_of(request),
        ref,
        kind,
        data=_typed(found, form),
        expected_revision=number_in(form, "expected_revision"),
        reason=form["reason"],
    )
    return go(PATH.format(ref=ref) + f"#{kind}")


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    case, found = await _read(request)
    typed = _typed(found, form) if form else found.values
    names = {field.id: FIELD + field.id for field in found.kind.fields}
    is_overtaken = refusal is not None and refusal.code == "evidence-moved"
    context = {
        **_about(case),
        "entry": entry(case, found),
        "record": found,
        "typed": Values(typed),
        "reason": form["reason"] if form else "",
        "errors": Values({} if is_overtaken else errors_of(request, refusal, names)),
        "winner": _winner(found, refusal) if refusal and is_overtaken else None,
        "labels": {FIELD + each.id: each.label for each in found.kind.fields},
    }
    return services_of(request).pages.render(request, "casefile/evidence.html", context)


async def _read(request: Request) -> tuple[Case, OnRecord]:
    async with services_of(request).database.read() as tx:
        case = await open_case(tx, visitor_of(request).actor, ref_of(request))
        return case, await on_record(tx, case, _kind_of(request))


def _about(case: Case) -> dict[str, Any]:
    return {"idea": case.idea, "stage": case.stage, "prose": prose}


def _kind_of(request: Request) -> str:
    return str(request.path_params["kind"])


def _typed(found: OnRecord, form: Sent) -> dict[str, str]:
    """What was typed, with the line ends that a program would send."""
    return {
        each.id: form[FIELD + each.id].replace("\r\n", "\n").strip() for each in found.kind.fields
    }


def _winner(found: OnRecord, refusal: Refusal) -> dict[str, Any] | None:
    """What somebody else put on record meanwhile, in words."""
    current = refusal.data["current"]
    if not isinstance(current, dict):
        return None
    return {
        "by": current["by"],
        "organisation": current["organisation"],
        "at": datetime.fromisoformat(str(current["at"])),
        "values": values(found.kind, current["data"]),
    }


routes = [
    Route(PATH, logbook_page, methods=["GET"]),
    Route(PATH + "/{kind}", kind_page, methods=["GET"]),
    posted(PATH + "/{kind}", post_evidence, _page),
]
