"""The forms of an idea's page. A refused form comes back open, with everything that was typed."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.errors import Conflict, Invalid, Limited, NotFound, Refusal
from collab.process.actors import Role
from collab.process.feasibility.judgements import Expertise, check_declared
from collab.process.version import TextVersion
from server.actions import ideas
from server.actions.feasibility import judgements
from server.actions.live import moderation
from server.actions.talk import comments
from server.errors import status_of
from server.pages.casefile import fields as casefile
from server.pages.forms import FORM, Sent, errors_of, go, id_in, person_of, sent
from server.pages.idea.page import FormState, Values, path_of, show
from server.services import services_of
from server.views.talk.passages import typed_anchor

NUMBER_DIGITS_MAX = 15
COUNTED_DIGITS_MAX = 9
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


async def post_comment(request: Request) -> Response:
    """A new thread, or a reply."""
    form, ref = await sent(request), ref_of(request)
    services, actor = services_of(request), person_of(request)
    try:
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
    except Refusal as refusal:
        return await refused(request, refusal, form, "comment", kept=form["text"])
    if request.headers.get("x-live-form"):
        return Response(status_code=204)
    if comment.reply_to is not None:
        return go(f"{path_of(ref)}/comments/{comment.id}")
    return go(path_of(ref, f"comment-{comment.id}"))


async def post_judgement(request: Request) -> Response:
    """One's own judgement of a dimension."""
    form, ref = await sent(request), ref_of(request)
    try:
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
            round_id=id_in(form["round_id"], Conflict("round-closed"))
            if form["round_id"]
            else None,
        )
    except Refusal as refusal:
        renamed, kept = {"reason": "judgement_reason"}, form["judgement_reason"]
        return await refused(request, refusal, form, "judgement", renamed, kept=kept)
    return go(path_of(ref, "judgements"))


async def post_kind(request: Request) -> Response:
    """Make a need a proposal, or a proposal a need."""
    form, ref = await sent(request), ref_of(request)
    try:
        await ideas.change_kind(
            services_of(request),
            person_of(request),
            ref,
            kind=form["kind"],
            expected_revision=number_in(form, "expected_revision"),
        )
    except Refusal as refusal:
        return await refused(request, refusal, form, "kind")
    return go(path_of(ref, "dossier"))


async def post_member(request: Request) -> Response:
    """Take somebody into the team."""
    form, ref = await sent(request), ref_of(request)
    handle = form["team_handle"].strip()
    try:
        await ideas.add_to_team(
            services_of(request), person_of(request), ref, handle=handle, role=Role.EDITOR
        )
    except Refusal as refusal:
        return await refused(request, refusal, form, "team", {"handle": "team_handle"})
    return go(path_of(ref, "people"))


async def post_leaving(request: Request) -> Response:
    """Take an editor out of the team."""
    form, ref = await sent(request), ref_of(request)
    await ideas.remove_from_team(
        services_of(request), person_of(request), ref, handle=form["handle"], role=Role.EDITOR
    )
    return go(path_of(ref, "people"))


async def post_mute(request: Request) -> Response:
    """Take a person's pen away in this text."""
    form, ref = await sent(request), ref_of(request)
    reason = form["moderation_reason"]
    try:
        await moderation.mute(
            services_of(request), person_of(request), ref, handle=form["handle"], reason=reason
        )
    except Refusal as refusal:
        renamed = {"reason": "moderation_reason"}
        return await refused(request, refusal, form, "moderation", renamed, kept=reason)
    return go(path_of(ref, "people"))


async def post_revert(request: Request) -> Response:
    """Take back what a person wrote in this text."""
    form, ref = await sent(request), ref_of(request)
    reason = form["revert_reason"]
    try:
        await moderation.revert_text(
            services_of(request), person_of(request), ref, handle=form["handle"], reason=reason
        )
    except Refusal as refusal:
        renamed = {"handle": "reverted", "reason": "revert_reason"}
        return await refused(request, refusal, form, "revert", renamed, kept=reason)
    return go(path_of(ref, "dossier"))


async def post_unmute(request: Request) -> Response:
    """Let a muted person write again."""
    form, ref = await sent(request), ref_of(request)
    await moderation.unmute(services_of(request), person_of(request), ref, handle=form["handle"])
    return go(path_of(ref, "people"))


async def refused(
    request: Request,
    refusal: Refusal,
    form: Sent,
    name: str,
    renamed: Mapping[str, str] | None = None,
    *,
    kept: str = "",
) -> Response:
    """The page with the refused form; what one may not even read stays a plain refusal."""
    if isinstance(refusal, NotFound) or status_of(refusal) == 401:
        raise refusal
    errors = Values(errors_of(request, refusal, renamed))
    is_fault_of_fields = isinstance(refusal, Invalid)
    state = FormState(
        name=name,
        values=values_of(form),
        errors=errors,
        kept="" if is_fault_of_fields else kept,
    )
    response = await show(request, state, status_of(refusal))
    if isinstance(refusal, Limited) and "retry_after_s" in refusal.data:
        response.headers["Retry-After"] = str(refusal.data["retry_after_s"])
    return response


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
    *(
        Route(f"/ideas/{{ref}}/{part}", back, methods=["GET"])
        for part in ("judgements", "stage", "kind", "team", "mute", "revert")
    ),
    Route("/ideas/{ref}/comments", post_comment, methods=["POST"]),
    Route("/ideas/{ref}/judgements", post_judgement, methods=["POST"]),
    Route("/ideas/{ref}/kind", post_kind, methods=["POST"]),
    Route("/ideas/{ref}/team", post_member, methods=["POST"]),
    Route("/ideas/{ref}/team/remove", post_leaving, methods=["POST"]),
    Route("/ideas/{ref}/mute", post_mute, methods=["POST"]),
    Route("/ideas/{ref}/revert", post_revert, methods=["POST"]),
    Route("/ideas/{ref}/unmute", post_unmute, methods=["POST"]),
]
