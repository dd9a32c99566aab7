"""The catalogues for everybody; for the coordination office, the way to their next version.

Each form makes the data of the next version and shows what it would do; publishing takes that data
with a reason.
"""

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.catalogues import edits
from collab.process.catalogues import versions as rules
from collab.process.catalogues.catalogue import Catalogue, Source
from collab.process.catalogues.versions import CATALOGUES
from collab.process.permissions import Action, may, require
from server.actions.catalogues import publishing as actions
from server.actions.catalogues.today import today
from server.auth.visitor import visitor_of
from server.messages import message
from server.pages.forms import FORM, Errors, Sent, errors_of, go, person_of, posted
from server.services import services_of
from storage import people
from storage.process import catalogues

PATH: Final = "/catalogues"
VERSION_DIGITS_MAX: Final = 9
NAMED: Final = ("entry", "label_de", "label_en")
DESCRIBED: Final = ("description_de", "description_en")
ENTRY_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
KEPT: Final = ("group", "valid_from", "valid_to", "successor")
FIELDS: Final = (*NAMED, *DESCRIBED, "parent", "official", "ended", "valid_to", "successor")


async def index(request: Request) -> Response:
    """All catalogues, as they count today."""
    services, on = services_of(request), today(services_of(request))
    shown = []
    for catalogue_id in CATALOGUES:
        known = await actions.versions_of(services, catalogue_id)
        shown.append(rules.current(known, on))
    return services.pages.render(request, "catalogues/index.html", {"shown": shown, "on": on})


async def catalogue_page(request: Request) -> Response:
    """One catalogue, in the version that counts or in the one asked for."""
    return await _page(request)


async def plan_entry(request: Request, form: Sent) -> Response:
    """What adding or changing one entry would do."""
    return await _plan(request, form, _with_entry)


async def plan_end(request: Request, form: Sent) -> Response:
    """What ending one entry would do."""
    return await _plan(request, form, _with_end)


async def plan_data(request: Request, form: Sent) -> Response:
    """What a whole version, written as JSON, would do."""
    return await _plan(request, form, _whole)


async def publish(request: Request, form: Sent) -> Response:
    """Publish the version that was looked at."""
    services, person, data = services_of(request), person_of(request), _json(form["data"])
    if data.get("id") != request.path_params["catalogue_id"]:
        raise NotFound("catalogue-unknown")
    done = await actions.publish(services, person, data, form["reason"])
    return go(f"{PATH}/{done.new.id}?done=published")


async def _unpublished(request: Request, form: Sent, refusal: Refusal) -> Response:
    """Without a reason it is still the plan; anything else is a fault of the data."""
    if "reason" in errors_of(request, refusal):
        return await _planned(request, _json(form["data"]), form["reason"], refusal)
    return await _page(request, form, refusal, open_form="data")


async def _plan(request: Request, form: Sent, made: Any) -> Response:
    """The page that says what a version would do."""
    services, person = services_of(request), person_of(request)
    require(Action.MANAGE_CATALOGUES, person)
    newest = (await _known(request))[-1]
    begins = max(today(services), newest.valid_from or today(services))
    return await _planned(request, made(form, newest, edits.next_version(newest, begins)))


async def _planned(
    request: Request, data: Mapping[str, Any], reason: str = "", refusal: Refusal | None = None
) -> Response:
    services = services_of(request)
    plan = await actions.plan(services, person_of(request), data)
    if plan.new.id != request.path_params["catalogue_id"]:
        raise Invalid("faulty-catalogue", fields={"data": "malformed"}, fault=plan.new.id)
    context = {
        "plan": plan,
        "data": json.dumps(data, ensure_ascii=False),
        "reason": reason,
        "errors": errors_of(request, refusal),
    }
    return services.pages.render(request, "catalogues/plan.html", context)


async def _page(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    *,
    open_form: str = "",
) -> Response:
    services, on = services_of(request), today(services_of(request))
    known = await _known(request)
    shown = actions.version_in(known, _version(request), on)
    async with services.database.read() as tx:
        rows = await catalogues.published(tx, shown.id)
        named = await people.named(tx, [row.by for row in rows if row.by])
    begins = max(on, known[-1].valid_from or on)
    context = {
        "shown": shown,
        "known": known,
        "current": rules.current(known, on),
        "newest": known[-1],
        "published": {row.version: row for row in rows},
        "names": {person_id: person.name for person_id, person in named.items()},
        "on": on,
        "can_manage": may(visitor_of(request).actor, Action.MANAGE_CATALOGUES),
        "values": _values(form) if form else _stored(known[-1], request.query_params.get("edit")),
        "data": _typed_data(form, open_form)
        or json.dumps(edits.next_version(known[-1], begins), ensure_ascii=False, indent=2),
        "errors": _errors(request, refusal, open_form) if refusal else {},
        "open_form": open_form,
        "done": request.query_params.get("done") == "published" and request.method == "GET",
    }
    return services.pages.render(request, "catalogues/catalogue.html", context)


def _values(form: Sent) -> dict[str, str]:
    """What was typed, by field."""
    return {name: form[name] for name in FIELDS}


def _stored(catalogue: Catalogue, entry_id: str | None) -> dict[str, str]:
    """The entry that is to be changed, by field; nothing if none was named."""
    values, entry = dict.fromkeys(FIELDS, ""), catalogue.entry(entry_id or "")
    if entry is None:
        return values
    described = entry.description
    return values | {
        "entry": entry.id,
        "label_de": entry.label.de,
        "label_en": entry.label.en,
        "description_de": described.de if described else "",
        "description_en": described.en if described else "",
        "parent": entry.parent or "",
        "official": "yes" if entry.source is Source.OFFICIAL else "",
    }


async def _known(request: Request) -> tuple[Catalogue, ...]:
    return await actions.versions_of(services_of(request), request.path_params["catalogue_id"])


def _version(request: Request) -> int | None:
    text = request.query_params.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= VERSION_DIGITS_MAX):
        raise NotFound("catalogue-unknown")
    return int(text)


def _with_entry(form: Sent, newest: Catalogue, data: dict[str, object]) -> dict[str, object]:
    """The entry that was typed; what the form does not ask stays as it was."""
    typed = {name: form[name].strip() for name in (*NAMED, *DESCRIBED, "parent")}
    is_described = any(typed[name] for name in DESCRIBED)
    wanted = (*NAMED, *DESCRIBED) if is_described else NAMED
    if missing := {name: "missing" for name in wanted if not typed[name]}:
        raise Invalid(fields=missing)
    if not ENTRY_ID.fullmatch(typed["entry"]):
        raise Invalid(fields={"entry": "id-form"})
    before = newest.entry(typed["entry"])
    kept = edits.entry_to_json(before) if before else {}
    made: dict[str, object] = {key: each for key, each in kept.items() if key in KEPT}
    made |= {
        "id": typed["entry"],
        "label": {"de": typed["label_de"], "en": typed["label_en"]},
        "source": (Source.OFFICIAL if form["official"] else Source.EXAMPLE).value,
    }
    if is_described:
        words = {"de": typed["description_de"], "en": typed["description_en"]}
        is_same = words == kept.get("description")
        source = kept.get("description_source") if is_same else made["source"]
        made |= {"description": words, "description_source": source}
    if typed["parent"]:
        made["parent"] = typed["parent"]
    return edits.with_entry(data, made)


def _with_end(form: Sent, newest: Catalogue, data: dict[str, object]) -> dict[str, object]:
    if newest.entry(form["ended"]) is None:
        raise Invalid(fields={"ended": "unknown-choice"})
    if not form["valid_to"]:
        raise Invalid(fields={"valid_to": "missing"})
    return edits.with_end(data, form["ended"], form["valid_to"], form["successor"] or None)


def _whole(form: Sent, _newest: Catalogue, _data: dict[str, object]) -> dict[str, object]:
    return _json(form["data"])


def _json(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(fields={"data": "malformed"}) from error
    if not isinstance(data, dict):
        raise Invalid(fields={"data": "malformed"})
    return data


def _typed_data(form: Sent | None, open_form: str) -> str:
    return form["data"] if form and open_form == "data" else ""


def _errors(request: Request, refusal: Refusal, open_form: str) -> Errors:
    """By field; a fault of the catalogue as a whole stands above, in its own words."""
    found = errors_of(request, refusal)
    if "fault" in refusal.data:
        found.pop("data", None)
        catalogue = services_of(request).pages.catalogues[visitor_of(request).language]
        said = message(refusal.code, refusal.data, catalogue)
        found["data" if open_form == "data" else FORM] = f"{said} {refusal.data['fault']}"
    return found


async def back(request: Request) -> Response:
    """A reload or another language after a refused form: to the page that the form is on."""
    return go(f"{PATH}/{request.path_params['catalogue_id']}")


routes = [
    Route(PATH, index),
    Route(f"{PATH}/{{catalogue_id}}", catalogue_page),
    *(
        Route(f"{PATH}/{{catalogue_id}}/{form}", back, methods=["GET"])
        for form in ("entry", "end", "data", "publish")
    ),
    posted(f"{PATH}/{{catalogue_id}}/entry", plan_entry, partial(_page, open_form="entry")),
    posted(f"{PATH}/{{catalogue_id}}/end", plan_end, partial(_page, open_form="end")),
    posted(f"{PATH}/{{catalogue_id}}/data", plan_data, partial(_page, open_form="data")),
    posted(f"{PATH}/{{catalogue_id}}/publish", publish, _unpublished),
]
