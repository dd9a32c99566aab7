"""Every role in every stage may do over HTTP exactly what the permission table says.

Each request is made so that it fails for another reason once the right to it was found, so
nothing changes and one idea per stage serves all roles.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from collab.process.actors import Role
from collab.process.permissions import Action, allowed
from collab.process.processes import load_process
from tests.server.idea.arena_of_all import PEOPLE, TEAM, Everyone, everyone

NOBODY = UUID("0a0b0c0d-0000-4000-8000-000000000000")
UNSEEN = {"epoch": 1, "seq": 1, "sha256": "0" * 64}
STAGES = [stage.id for stage in load_process().stages]
ROLES = {
    "guest": frozenset({Role.GUEST}),
    **{
        handle: frozenset({role, *([TEAM[handle]] if handle in TEAM else [])})
        for handle, role in PEOPLE.items()
    },
}


@dataclass(frozen=True)
class Try:
    """A request for an action, and what it answers to who has the right to it."""

    method: str
    path: str
    body: dict[str, Any]
    status: int
    code: str


TRIES = {
    Action.COMMENT: Try(
        "POST", "/comments", {"text": "Gut.", "reply_to": str(NOBODY)}, 404, "comment-not-found"
    ),
    Action.HIDE_COMMENT: Try(
        "POST", f"/comments/{NOBODY}/hide", {"reason": "Werbung."}, 404, "comment-not-found"
    ),
    Action.JUDGE: Try(
        "PUT",
        "/judgements/legal",
        {"verdict": "feasible", "confidence": "low", "text_version": UNSEEN},
        409,
        "text-version-unknown",
    ),
    Action.CHANGE_STAGE: Try(
        "POST",
        "/stage",
        {"to": "open", "expected_revision": 2, "text_version": UNSEEN, "reason": "Weil."},
        409,
        "text-moved",
    ),
    Action.CHANGE_KIND: Try(
        "PUT", "/kind", {"kind": "proposal", "expected_revision": 2}, 409, "kind-unchanged"
    ),
    Action.MANAGE_TEAM: Try("PUT", "/team/nobody/editor", {}, 422, "invalid"),
}

# These have their forms; a form is answered by a page, so only the status tells.
FORMS = {
    Action.MUTE: ("/mute", {"handle": "nobody", "moderation_reason": "Stört."}),
    Action.REVERT_TEXT: ("/revert", {"handle": "nobody", "revert_reason": "Werbung."}),
}


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("matrix")
    async with everyone(folder) as arena:
        yield arena


@pytest.fixture(scope="module")
async def ideas(arena: Everyone) -> dict[str, str]:
    """One idea in every stage."""
    found = {}
    for stage in STAGES:
        found[stage] = await arena.idea(stage)
    # The draft has moved nowhere, so its revision is still the first.
    return found


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("handle", ROLES)
async def test_who_may_read_reads(
    arena: Everyone, ideas: dict[str, str], handle: str, stage: str
) -> None:
    client = await arena.client(handle)
    may_read = allowed(Action.READ_IDEA, ROLES[handle], stage)
    for path in (f"/api/v1/ideas/{ideas[stage]}", f"/ideas/{ideas[stage]}"):
        answer = await client.get(path, follow_redirects=False)
        assert answer.status_code == (200 if may_read else 404), path
    fragments = ("comments", "judgements", "stage", "people", "text", "next", "version")
    for name in fragments:
        answer = await client.get(f"/ideas/{ideas[stage]}/fragments/{name}")
        assert answer.status_code == (200 if may_read else 404), name


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("handle", ROLES)
async def test_who_may_write_gets_an_editor(
    arena: Everyone, ideas: dict[str, str], handle: str, stage: str
) -> None:
    if not allowed(Action.READ_IDEA, ROLES[handle], stage):
        return
    page = await (await arena.client(handle)).get(f"/ideas/{ideas[stage]}")
    access = "write" if allowed(Action.EDIT_TEXT, ROLES[handle], stage) else "read"
    assert f'data-access="{access}"' in page.text


@pytest.mark.parametrize("action", TRIES)
@pytest.mark.parametrize("stage", STAGES)
async def test_who_may_act_acts(
    arena: Everyone, ideas: dict[str, str], stage: str, action: Action
) -> None:
    wrong = []
    for handle, roles in ROLES.items():
        answer = await _try(await arena.client(handle), ideas[stage], stage, TRIES[action])
        found = (answer.status_code, answer.json()["code"])
        expected = _expected(action, roles, stage, is_guest=handle == "guest")
        if found != expected:
            wrong.append(f"{handle}: {found}, the table wants {expected}")
    assert not wrong


@pytest.mark.parametrize("action", FORMS)
@pytest.mark.parametrize("stage", STAGES)
async def test_who_may_moderate_moderates(
    arena: Everyone, ideas: dict[str, str], stage: str, action: Action
) -> None:
    path, fields = FORMS[action]
    wrong = []
    for handle, roles in ROLES.items():
        client = await arena.client(handle)
        answer = await client.post(f"/ideas/{ideas[stage]}{path}", data=fields)
        expected = 422 if allowed(action, roles, stage) else 403
        if not allowed(Action.READ_IDEA, roles, stage):
            expected = 404
        if handle == "guest":
            expected = 401
        if answer.status_code != expected:
            wrong.append(f"{handle}: {answer.status_code}, the table wants {expected}")
    assert not wrong


async def _try(client: httpx2.AsyncClient, ref: str, stage: str, what: Try) -> httpx2.Response:
    body = dict(what.body)
    if "expected_revision" in body and stage == "draft":
        body["expected_revision"] = 1
    return await client.request(what.method, f"/api/v1/ideas/{ref}{what.path}", json=body)


def _expected(
    action: Action, roles: frozenset[Role], stage: str, *, is_guest: bool
) -> tuple[int, str]:
    if not allowed(Action.READ_IDEA, roles, stage):
        return 404, "not-found"
    if allowed(action, roles, stage):
        return TRIES[action].status, TRIES[action].code
    return (401, "sign-in-required") if is_guest else (403, "not-allowed")
