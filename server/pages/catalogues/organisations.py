"""The organisations as a tree for everybody; what the coordination office does with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.organisations.organisation import CLASSES, OFFERED, last_day_before
from collab.process.permissions import Action, may
from server.actions.catalogues import organisations as actions
from server.actions.catalogues.today import today
from server.auth.visitor import visitor_of
from server.pages.forms import (
    Errors,
    Sent,
    errors_of,
    go,
    id_in,
    is_out_of_sight,
    person_of,
    posted,
)
from server.services import services_of
from storage import people
from storage.database import Transaction
from storage.process import organisations
from storage.process.organisations import Organisation, body_of, is_layout

PATH: Final = "/organisations"
TREE_MAX: Final = 1_000
FIELDS: Final = (
    "name", "short_name", "actor_class", "kind", "parent", "valid_from", "last_day", "with_units",
    "successor", "add_reason", "end_reason", "replace_reason",
)  # fmt: skip
DONE: Final = frozenset({"added", "ended", "replaced"})


@dataclass(frozen=True, slots=True)
class Branch:
    """An organisation with what is shown below it."""

    row: Organisation
    is_valid: bool
    is_layout: bool
    below: tuple["Branch", ...]


async def index(request: Request) -> Response:
    """The organisations of today, or with ``all`` those that have ended, too."""
    return await _index(request)


async def organisation_page(request: Request) -> Response:
    """One organisation with its place, what it followed and what follows it."""
    return await _page(request)


async def post_added(request: Request, form: Sent) -> Response:
    """Add an organisation."""
    made = await actions.add(
        services_of(request),
        person_of(request),
        name=form["name"],
        short_name=form["short_name"],
        actor_class=form["actor_class"],
        kind=form["kind"],
        parent_id=_chosen(form, "parent"),
        valid_from=_day(form, "valid_from"),
        reason=form["add_reason"],
    )
    return go(f"{PATH}/{made.id}?done=added")


async def post_ended(request: Request, form: Sent) -> Response:
    """Give the organisation its last day."""
    organisation_id = _id(request.path_params["organisation_id"])
    await actions.end(
        services_of(request),
        person_of(request),
        organisation_id,
        last_day=_day(form, "last_day", is_required=True) or date.min,
        reason=form["end_reason"],
        with_units=bool(form["with_units"]),
    )
    return go(f"{PATH}/{organisation_id}?done=ended")


async def post_replaced(request: Request, form: Sent) -> Response:
    """Name the legal successor."""
    organisation_id = _id(request.path_params["organisation_id"])
    successor = _chosen(form, "successor")
    if successor is None:
        raise Invalid(fields={"successor": "missing"})
    await actions.replace_organisation(
        services_of(request),
        person_of(request),
        organisation_id,
        successor_id=successor,
        reason=form["replace_reason"],
    )
    return go(f"{PATH}/{organisation_id}?done=replaced")


async def _index(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, on = services_of(request), today(services_of(request))
    shows_ended = request.query_params.get("show") == "all"
    async with services.database.read() as tx:
        rows = await organisations.everything(tx)
    shown = [row for row in rows if shows_ended or body_of(row).is_valid(on)]
    context = {
        "tree": _tree(shown[:TREE_MAX], on),
        "total": sum(not is_layout(row) for row in shown),
        "left_out": max(0, len(shown) - TREE_MAX),
        "shows_ended": shows_ended,
        **_forms(request, refusal, form),
        "choices": [(row.id, row.name) for row in shown if not is_layout(row)],
    }
    return services.pages.render(request, "catalogues/organisations.html", context)


async def _page(
    request: Request,
    form: Sent | None = None,
    refusal: Refusal | None = None,
    *,
    open_form: str = "",
) -> Response:
    services, on = services_of(request), today(services_of(request))
    organisation_id = _id(request.path_params["organisation_id"])
    async with services.database.read() as tx:
        row = await organisations.get(tx, organisation_id)
        if row is None:
            raise NotFound("organisation-unknown")
        below = await organisations.below(tx, row.id)
        line = await _line(tx, row)
        before = await organisations.predecessors(tx, row.id)
        now = await organisations.current(tx, row.id)
        others = await people.organisations(tx, on=on)
    (branch,) = _tree([row, *below[:TREE_MAX]], on)
    context = {
        "branch": branch,
        "line": line,
        "before": before,
        "now": now,
        "left_out": max(0, len(below) - TREE_MAX),
        "yesterday": last_day_before(on),
        **_forms(request, refusal, form, open_form),
        "choices": [
            (each.id, each.name)
            for each in others
            if each.id != row.id and each.actor_class == row.actor_class
        ],
    }
    return services.pages.render(request, "catalogues/organisation.html", context)


async def _line(tx: Transaction, row: Organisation) -> list[Organisation]:
    """What lies above it, from the top."""
    line: list[Organisation] = []
    above = row.parent_id
    while above is not None and len(line) < organisations.DEPTH_MAX:
        found = await organisations.get(tx, above)
        if found is None:
            break
        line.insert(0, found)
        above = found.parent_id
    return [each for each in line if not is_layout(each)]


def _tree(rows: list[Organisation], on: date) -> list[Branch]:
    """The rows as a tree; whose parent is not among them stands at the top."""
    known = {row.id for row in rows}
    below: dict[UUID | None, list[Organisation]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)

    def branches(parent: UUID | None, depth: int) -> tuple[Branch, ...]:
        found = below.get(parent, ()) if depth < organisations.DEPTH_MAX else ()
        return tuple(
            Branch(row, body_of(row).is_valid(on), is_layout(row), branches(row.id, depth + 1))
            for row in found
        )

    return list(branches(None, 0))


def _forms(
    request: Request, refusal: Refusal | None, form: Sent | None, open_form: str = ""
) -> dict[str, object]:
    """What both pages need for the office's forms."""
    values = {name: form[name] if form else "" for name in FIELDS}
    done = request.query_params.get("done")
    return {
        "values": values,
        "errors": _errors(request, refusal, open_form),
        "open_form": open_form,
        "classes": CLASSES,
        "kinds": OFFERED,
        "can_manage": may(visitor_of(request).actor, Action.MANAGE_CATALOGUES),
        "done": done if done in DONE and request.method == "GET" else None,
    }


def _errors(request: Request, refusal: Refusal | None, open_form: str) -> Errors:
    """By the form's own names: each of the forms has a reason."""
    renamed: Mapping[str, str] = {"reason": f"{open_form or 'add'}_reason"}
    return errors_of(request, refusal, renamed)


def _id(text: str) -> UUID:
    return id_in(text, NotFound("organisation-unknown"))


def _chosen(form: Sent, name: str) -> UUID | None:
    if not form[name]:
        return None
    try:
        return UUID(form[name])
    except ValueError:
        raise Invalid(fields={name: "unknown-choice"}) from None


def _day(form: Sent, name: str, *, is_required: bool = False) -> date | None:
    if not form[name] and not is_required:
        return None
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        raise Invalid(fields={name: "malformed" if form[name] else "missing"}) from None


async def back(request: Request) -> Response:
    """A reload or another language after a refused form: to the page that the form is on."""
    return go(f"{PATH}/{_id(request.path_params['organisation_id'])}")


routes = [
    Route(PATH, index),
    posted(PATH, post_added, _index),
    Route(PATH + "/{organisation_id}", organisation_page),
    Route(PATH + "/{organisation_id}/end", back, methods=["GET"]),
    Route(PATH + "/{organisation_id}/replace", back, methods=["GET"]),
    posted(
        PATH + "/{organisation_id}/end",
        post_ended,
        partial(_page, open_form="end"),
        plain=is_out_of_sight,
    ),
    posted(
        PATH + "/{organisation_id}/replace",
        post_replaced,
        partial(_page, open_form="replace"),
        plain=is_out_of_sight,
    ),
]
