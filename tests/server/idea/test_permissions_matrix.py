"""Every role in every kind of stage sees and may use on pages what the permission table says.

What the API allows is in ``tests/server/rights``. Each form is sent so that it fails for another
reason once the right to it was found, so nothing changes and one idea serves all roles.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collab.process.actors import Role
from collab.process.permissions import Action, allowed
from collab.process.processes import every_stage
from tests.server.idea.arena_of_all import PEOPLE, TEAM, Everyone, everyone

# By rule G11 all stages with one access are alike.
STAGES = list({stage.access: stage.id for stage in reversed(every_stage().values())}.values())
ROLES = {
    "guest": frozenset({Role.GUEST}),
    **{
        handle: frozenset({role, *([TEAM[handle]] if handle in TEAM else [])})
        for handle, role in PEOPLE.items()
    },
}


# These have their forms; a form is answered by a page, so only the status tells.
FORMS = {
    Action.MUTE: ("/mute", {"handle": "nobody", "moderation_reason": "Stört."}),
    Action.REVERT_TEXT: ("/revert", {"handle": "nobody", "revert_reason": "Werbung."}),
}


FRAGMENTS = ("comments", "judgements", "stage", "people", "text", "next", "version")
ASKING_EVERYWHERE = ("guest", "lead", "moderator")
"""In every stage they ask for every fragment, of which the page of each role consists."""


def is_first_like_it(action: Action, roles: frozenset[Role], stage: str) -> bool:
    """No earlier stage has the same answers for these roles; the table itself is tested whole."""
    rights = [
        (allowed(Action.READ_IDEA, roles, each), allowed(action, roles, each)) for each in STAGES
    ]
    return rights.index(rights[STAGES.index(stage)]) == STAGES.index(stage)


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
async def test_who_may_read_reads_and_who_may_write_gets_an_editor(
    arena: Everyone, ideas: dict[str, str], handle: str, stage: str
) -> None:
    client = await arena.client(handle)
    may_read = allowed(Action.READ_IDEA, ROLES[handle], stage)
    for path in (f"/api/v1/ideas/{ideas[stage]}", f"/ideas/{ideas[stage]}"):
        answer = await client.get(path, follow_redirects=False)
        assert answer.status_code == (200 if may_read else 404), path
    if may_read:
        access = "write" if allowed(Action.EDIT_TEXT, ROLES[handle], stage) else "read"
        assert f'data-access="{access}"' in answer.text
    if handle in ASKING_EVERYWHERE or is_first_like_it(Action.EDIT_TEXT, ROLES[handle], stage):
        for name in FRAGMENTS:
            answer = await client.get(f"/ideas/{ideas[stage]}/fragments/{name}")
            assert answer.status_code == (200 if may_read else 404), name


@pytest.mark.parametrize("action", FORMS)
@pytest.mark.parametrize("stage", STAGES)
async def test_who_may_moderate_moderates(
    arena: Everyone, ideas: dict[str, str], stage: str, action: Action
) -> None:
    path, fields = FORMS[action]
    wrong = []
    for handle, roles in ROLES.items():
        if not is_first_like_it(action, roles, stage):
            continue
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
