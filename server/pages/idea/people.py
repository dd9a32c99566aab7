"""The forms at the people of an idea's page: who is in the team, and whose pen rests."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collab.process.actors import Role
from server.actions import ideas
from server.actions.live import moderation
from server.pages.forms import Sent, go, person_of, sent
from server.pages.idea.forms import page_form, ref_of
from server.pages.idea.page import PATH, path_of
from server.services import services_of

MUTE = {"reason": "moderation_reason"}
REVERT = {"handle": "reverted", "reason": "revert_reason"}


async def post_member(request: Request, form: Sent) -> Response:
    """Take somebody into the team."""
    ref = ref_of(request)
    handle = form["team_handle"].strip()
    await ideas.add_to_team(
        services_of(request), person_of(request), ref, handle=handle, role=Role.EDITOR
    )
    return go(path_of(ref, "people"))


async def post_leaving(request: Request) -> Response:
    """Take an editor out of the team."""
    form, ref = await sent(request), ref_of(request)
    await ideas.remove_from_team(
        services_of(request), person_of(request), ref, handle=form["handle"], role=Role.EDITOR
    )
    return go(path_of(ref, "people"))


async def post_mute(request: Request, form: Sent) -> Response:
    """Take a person's pen away in this text."""
    ref = ref_of(request)
    await moderation.mute(
        services_of(request),
        person_of(request),
        ref,
        handle=form["handle"],
        reason=form["moderation_reason"],
    )
    return go(path_of(ref, "people"))


async def post_revert(request: Request, form: Sent) -> Response:
    """Take back what a person wrote in this text."""
    ref = ref_of(request)
    await moderation.revert_text(
        services_of(request),
        person_of(request),
        ref,
        handle=form["handle"],
        reason=form["revert_reason"],
    )
    return go(path_of(ref, "dossier"))


async def post_unmute(request: Request) -> Response:
    """Let a muted person write again."""
    form, ref = await sent(request), ref_of(request)
    await moderation.unmute(services_of(request), person_of(request), ref, handle=form["handle"])
    return go(path_of(ref, "people"))


routes = [
    *page_form(f"{PATH}/team", post_member, "team", {"handle": "team_handle"}),
    *page_form(f"{PATH}/mute", post_mute, "moderation", MUTE),
    *page_form(f"{PATH}/revert", post_revert, "revert", REVERT),
    Route(f"{PATH}/team/remove", post_leaving, methods=["POST"]),
    Route(f"{PATH}/unmute", post_unmute, methods=["POST"]),
]
