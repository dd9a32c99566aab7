"""Hiding what somebody wrote, why it was hidden, objecting and answering, and showing it again.

A comment is named by its own address, everything else by its kind and id.
"""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Invalid, NotFound, Refusal
from collab.process.abuse.hidings import APPEAL_WITHIN, AppealState, is_over
from collab.process.abuse.reports import HIDEABLE, Ground, Target
from collab.process.permissions import Action
from server.actions.abuse import appeals, hiding
from server.actions.cases import open_case
from server.faces import faces
from server.pages.forms import Sent, errors_of, go, id_in, is_out_of_sight, person_of, posted
from server.pages.idea.forms import ref_of
from server.pages.idea.page import Values
from server.services import services_of
from server.views.abuse.places import page_of, place_of
from server.views.prose import prose

PATHS: Final = (
    "/ideas/{ref}/comments/{comment_id}",
    "/ideas/{ref}/contributions/{target}/{target_id}",
)


@dataclass(frozen=True, slots=True)
class Where:
    """What the address names."""

    ref: str
    target: Target
    target_id: str

    @property
    def path(self) -> str:
        return page_of(self.ref, self.target, self.target_id)


async def hide_page(request: Request) -> Response:
    """What is to be hidden, and why."""
    return await _hide_page(request)


async def post_hide(request: Request, form: Sent) -> Response:
    """Hide it."""
    where = _where(request)
    await hiding.hide(
        services_of(request),
        person_of(request),
        where.ref,
        where.target,
        where.target_id,
        reason=form["reason"],
        ground=form["ground"] or Ground.OTHER,
    )
    if where.target is Target.COMMENT:
        return go(where.path)
    return go(f"{where.path}/hidden")


async def page(request: Request) -> Response:
    """The statement of reasons."""
    return await _page(request)


async def post_appeal(request: Request, form: Sent) -> Response:
    """Object, once."""
    where = _where(request)
    await appeals.appeal(
        services_of(request),
        person_of(request),
        where.ref,
        where.target,
        where.target_id,
        words=form["words"],
    )
    return go(f"{where.path}/hidden")


async def post_answer(request: Request, form: Sent) -> Response:
    """Answer an appeal."""
    where = _where(request)
    services, person = services_of(request), person_of(request)
    if form["answer"] not in {"show", "keep"}:
        raise Invalid(fields={"answer": "unknown-choice"})
    await appeals.answer_appeal(
        services,
        person,
        where.ref,
        where.target,
        where.target_id,
        granted=form["answer"] == "show",
        reason=form["reason"],
    )
    return go(f"{where.path}/hidden")


async def post_show(request: Request, form: Sent) -> Response:
    """Show it again."""
    where = _where(request)
    await hiding.show(
        services_of(request),
        person_of(request),
        where.ref,
        where.target,
        where.target_id,
        reason=form["reason"],
    )
    return go(f"{where.path}/hidden")


async def _hide_page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, where = services_of(request), _where(request)
    async with services.database.read() as tx:
        case = await open_case(tx, person_of(request), where.ref, Action.HIDE_COMMENT)
        found = await hiding.contribution_at(tx, case, where.target, where.target_id)
        known = await faces(tx, [found.author_id])
    context = {
        "idea": case.idea,
        "at": where.path,
        "place": place_of(where.ref, found),
        "target": found.target.value,
        "text": found.text,
        "author_name": known[found.author_id].name,
        "grounds": list(Ground),
        "values": {name: form[name] if form else "" for name in ("reason", "ground")},
        "errors": Values(errors_of(request, refusal)),
        "prose": prose,
    }
    return services.pages.render(request, "abuse/hide.html", context)


async def _page(
    request: Request, form: Sent | None = None, refusal: Refusal | None = None
) -> Response:
    services, person, where = services_of(request), person_of(request), _where(request)
    found = await appeals.statement_of(services, person, where.ref, where.target, where.target_id)
    row = found.hiding
    async with services.database.read() as tx:
        known = await faces(tx, [row.author_id])
    is_hidden = row.shown_at is None
    may_hide = found.case.may(Action.HIDE_COMMENT) and not found.is_own
    is_open = row.appeal_state == AppealState.OPEN
    now = services.clock()
    context = {
        "idea": found.case.idea,
        "at": f"{where.path}/hidden",
        "place": place_of(where.ref, found.contribution),
        "target": where.target.value,
        "text": found.contribution.text,
        "hiding": row,
        "is_own": found.is_own,
        "author_name": known[row.author_id].name,
        "until": row.at + APPEAL_WITHIN,
        "may_appeal": found.is_own
        and is_hidden
        and row.appeal_state is None
        and not is_over(row.at, now),
        "may_answer": may_hide and is_hidden and is_open and row.by != person.person_id,
        "waits_for_other": may_hide and is_open and row.by == person.person_id,
        "may_show": may_hide and is_hidden and not is_open,
        "values": {name: form[name] if form else "" for name in ("words", "reason", "answer")},
        "errors": Values(errors_of(request, refusal)),
        "prose": prose,
    }
    return services.pages.render(request, "abuse/hidden.html", context)


def _where(request: Request) -> Where:
    """What the address names; raises NotFound where nothing of that kind can be hidden."""
    given = request.path_params
    target = str(given.get("target", Target.COMMENT.value))
    name = given.get("comment_id") or given["target_id"]
    if target not in HIDEABLE:
        raise NotFound
    found_id = id_in(str(name), NotFound(hiding.NOT_THERE.get(Target(target), "")))
    return Where(ref_of(request), Target(target), str(found_id))


routes = [
    route
    for at in PATHS
    for route in (
        Route(f"{at}/hide", hide_page),
        posted(f"{at}/hide", post_hide, _hide_page),
        Route(f"{at}/hidden", page),
        Route(f"{at}/hidden/appeal", page),
        posted(f"{at}/hidden/appeal", post_appeal, _page, plain=is_out_of_sight),
        Route(f"{at}/hidden/answer", page),
        posted(f"{at}/hidden/answer", post_answer, _page, plain=is_out_of_sight),
        Route(f"{at}/hidden/show", page),
        posted(f"{at}/hidden/show", post_show, _page, plain=is_out_of_sight),
    )
]
