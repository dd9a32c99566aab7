"""The forms of an idea's page. A refused form comes back open, with everything that was typed."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, NotFound, Refusal
from collab.process.feasibility.judgements import Expertise, check_declared
from collab.process.version import TextVersion
from server.actions import ideas
from server.actions.feasibility import judgements
from server.actions.talk import comments
from server.pages.casefile import fields as casefile
from server.pages.forms import (
    FORM,
    Act,
    Sent,
    errors_of,
    go,
    id_in,
    is_out_of_sight,
    person_of,
    posted,
)
from server.pages.idea.page import PATH, FormState, Values, path_of, show
from server.services import services_of
from server.views.talk.passages import typed_anchor

NUMBER_DIGITS_MAX = 15
COUNTED_DIGITS_MAX = 9
JUDGEMENT = {"reason": "judgement_reason"}
FIELDS = (
    "anchor",
    "confidence",
    "dimension",
    "evidence",
    "expertise",
    "expertise_note",
    "handle",
    "initiative",
    "judgement_reason",
    "kind",
    "moderation_reason",
    "note",
    "own_interest",
    "partner_handle",
    "partner_last",
    "quote",
    "quote_section",
    "reason",
    "relation",
    "recorded_for",
    "requirement_anchor",
    "requirement_because",
    "requirement_section",
    "requirement_state",
    "requirement_text",
    "stage_reason",
    "team_handle",
    "support_kind",
    "support_text",
    "terms",
    "text",
    "to",
    "verdict",
    *casefile.FIELDS,
)
"""Everything a person types or chooses in the forms of an idea's pages."""


async def post_comment(request: Request, form: Sent) -> Response:
    """A new thread, or a reply."""
    ref = ref_of(request)
    services, actor = services_of(request), person_of(request)
    anchor = anchor_in(form["anchor"]) or await typed_anchor(
        services, actor, ref, section=form["quote_section"], quote=form["quote"]
    )
    comment = await comments.add_comment(
        services,
        actor,
        ref,
        kind=form["kind"] or "note",
        text=form["text"],
        anchor=anchor,
        reply_to=_uuid(form["reply_to"]),
    )
    if request.headers.get("x-live-form"):
        return Response(status_code=204)
    if comment.reply_to is not None:
        return go(f"{path_of(ref)}/comments/{comment.id}")
    return go(path_of(ref, f"comment-{comment.id}"))


async def post_judgement(request: Request, form: Sent) -> Response:
    """One's own judgement of a dimension."""
    ref = ref_of(request)
    said = [form[name] for name in ("expertise_note", "own_interest", "evidence")]
    await judgements.judge(
        services_of(request),
        person_of(request),
        ref,
        form["dimension"],
        verdict=form["verdict"],
        confidence=form["confidence"],
        reason=form["judgement_reason"],
        seen=version_in(form),
        declared=check_declared(form["expertise"] or Expertise.NONE, *said),
        round_id=id_in(form["round_id"], Conflict("round-closed")) if form["round_id"] else None,
    )
    return go(path_of(ref, "judgements"))


async def post_kind(request: Request, form: Sent) -> Response:
    """Make a need a proposal, or a proposal a need."""
    ref = ref_of(request)
    await ideas.change_kind(
        services_of(request),
        person_of(request),
        ref,
        kind=form["kind"],
        expected_revision=number_in(form, "expected_revision"),
    )
    return go(path_of(ref, "dossier"))


def on_page(path: str, act: Act, name: str, renamed: Mapping[str, str] | None = None) -> Route:
    """The route of the form ``name`` of an idea's page; refused, it stands there open."""
    again = partial(refused, name=name, renamed=renamed)
    return posted(path, act, again, plain=is_out_of_sight)


def page_form(
    path: str, act: Act, name: str, renamed: Mapping[str, str] | None = None
) -> list[Route]:
    """The routes of a form of an idea's page; whoever reloads it refused is led back there."""
    return [
        Route(path, back, methods=["GET"]),
        on_page(path, act, name, renamed),
    ]


async def refused(
    request: Request,
    form: Sent,
    refusal: Refusal,
    name: str,
    renamed: Mapping[str, str] | None = None,
) -> Response:
    """The page with the refused form."""
    state = FormState(
        name=name,
        values=values_of(form),
        errors=Values(errors_of(request, refusal, renamed)),
    )
    return await show(request, state)


def values_of(form: Sent) -> Values:
    """What was typed, by field."""
    return Values({name: form[name] for name in FIELDS})


def ref_of(request: Request) -> str:
    """The reference in the address."""
    return str(request.path_params["ref"])


def comment_id_of(request: Request) -> UUID:
    """The comment in the address."""
    found = _uuid(str(request.path_params["comment_id"]))
    if found is None:
        raise NotFound("comment-not-found")
    return found


def number_of(request: Request, unknown: str) -> int:
    """The number in the address of what an idea counts; raises NotFound(``unknown``) otherwise."""
    text = str(request.path_params["number"])
    if not (text.isascii() and text.isdecimal() and len(text) <= COUNTED_DIGITS_MAX):
        raise NotFound(unknown)
    return int(text)


def version_in(form: Sent) -> TextVersion:
    """The text version that the form was made for."""
    return TextVersion(number_in(form, "epoch"), number_in(form, "seq"), form["sha256"])


def number_in(form: Sent, name: str) -> int:
    """A number that the page itself put into the form."""
    text = form[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= NUMBER_DIGITS_MAX):
        raise Invalid(fields={FORM: "malformed"})
    return int(text)


def _uuid(text: str) -> UUID | None:
    """The id in a field; None if it is empty."""
    return id_in(text, NotFound("comment-not-found")) if text else None


def anchor_in(text: str) -> dict[str, Any] | None:
    """The passage that a script put into the form as JSON."""
    if not text:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Invalid(fields={"anchor": "malformed"})
    return found


async def back(request: Request) -> Response:
    """A reload or another language after a refused form: to the page that the form is on."""
    return go(path_of(ref_of(request)))


routes = [
    on_page(f"{PATH}/comments", post_comment, "comment"),
    *page_form(f"{PATH}/judgements", post_judgement, "judgement", JUDGEMENT),
    *page_form(f"{PATH}/kind", post_kind, "kind"),
]
