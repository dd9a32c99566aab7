"""Every operation × role × stage: whoever the table forbids it is refused, and nobody else is.

The requests are made from the operations' own descriptions, so a new operation is tried as soon
as it has a rule.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from collab.process.actors import Role
from collab.process.permissions import Action, allowed
from collab.process.processes import every_stage
from server.api.operation import Operation
from server.routes import operations
from tests.server.idea.arena_of_all import PEOPLE, TEAM, Everyone, everyone
from tests.server.rights.rules import OPERATIONS
from tests.server.rights.samples import body_of, path_of

ROLES = {
    "guest": frozenset({Role.GUEST}),
    **{
        handle: frozenset({role, *([TEAM[handle]] if handle in TEAM else [])})
        for handle, role in PEOPLE.items()
        if handle != "moderator-2"
    },
}
REFUSALS = {"sign-in-required", "not-allowed", "not-found"}
RULED = {
    each.name: (each, rule)
    for each in operations()
    if isinstance(rule := OPERATIONS.get(each.name), Action)
}


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("rights")
    async with everyone(folder) as arena:
        yield arena


@pytest.fixture(scope="module")
async def ideas(arena: Everyone) -> dict[str, str]:
    """One idea for each access that a stage can have: by rule G11 the others are like one."""
    stages = {stage.access: stage.id for stage in reversed(every_stage().values())}
    return {stage: await arena.idea(stage) for stage in stages.values()}


@pytest.mark.parametrize(
    "name", [name for name, (each, _) in RULED.items() if "{ref}" in each.path]
)
async def test_p1_who_may_act_at_an_idea_acts_and_nobody_else(
    arena: Everyone, ideas: dict[str, str], name: str
) -> None:
    operation, action = RULED[name]
    wrong = []
    for stage, ref in ideas.items():
        for handle, roles in ROLES.items():
            if _is_told_elsewhere(action, roles, stage, ideas):
                continue
            code = await _try(await arena.client(handle), operation, ref)
            if not _fits(code, action, roles, stage, is_guest=handle == "guest"):
                wrong.append(f"{handle} in {stage}: {code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "name", [name for name, (each, _) in RULED.items() if "{ref}" not in each.path]
)
async def test_p1_who_may_act_at_the_arena_acts_and_nobody_else(arena: Everyone, name: str) -> None:
    operation, action = RULED[name]
    wrong = []
    for handle, roles in ROLES.items():
        code = await _try(await arena.client(handle), operation, "")
        refused = code in {"sign-in-required", "not-allowed"}
        if refused is allowed(action, roles, None):
            wrong.append(f"{handle}: {code}")
    assert not wrong, "\n".join(wrong)


def _is_told_elsewhere(
    action: Action, roles: frozenset[Role], stage: str, ideas: dict[str, str]
) -> bool:
    """An earlier stage has the same answer for these roles; the table itself is tested whole."""
    same = [each for each in ideas if _rights(action, roles, each) == _rights(action, roles, stage)]
    return same[0] != stage


def _rights(action: Action, roles: frozenset[Role], stage: str) -> tuple[bool, bool]:
    return allowed(Action.READ_IDEA, roles, stage), allowed(action, roles, stage)


async def _try(client: httpx2.AsyncClient, operation: Operation, ref: str) -> str:
    """The code of the refusal; empty if it was no refusal."""
    answer = await client.request(
        operation.method, path_of(operation, ref), json=body_of(operation)
    )
    assert answer.status_code < 500, answer.text
    return str(answer.json()["code"]) if answer.status_code >= 400 else ""


def _fits(code: str, action: Action, roles: frozenset[Role], stage: str, *, is_guest: bool) -> bool:
    if not allowed(Action.READ_IDEA, roles, stage):
        return code == "not-found"
    if allowed(action, roles, stage):
        return code not in {"sign-in-required", "not-allowed"}
    return code == ("sign-in-required" if is_guest else "not-allowed")
