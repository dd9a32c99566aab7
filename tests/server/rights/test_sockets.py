"""Every role × kind of stage over a real socket: who may read, who may write, who is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collab.process.permissions import Action, allowed
from collab.process.processes import every_stage
from server.actions import programs
from tests.harness import lib0
from tests.harness.transport import Peer
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.rights.test_generated import ROLES
from tests.server.sockets import document_of, frame, socket

AUTH = 2
ANSWERS = (b"read-write", b"readonly", b"forbidden")
# By rule G11 all stages with one access are alike.
STAGES = {stage.access: stage.id for stage in reversed(every_stage().values())}


@pytest.fixture(scope="module")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    folder: Path = tmp_path_factory.mktemp("sockets")
    async with everyone(folder) as arena:
        yield arena


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
async def test_p1_a_socket_lets_each_role_do_what_the_table_says(
    arena: Everyone, stage: str
) -> None:
    document = await document_of(arena, await arena.idea(stage))
    wrong = []
    for handle, roles in ROLES.items():
        token = "" if handle == "guest" else await _token(arena, handle)
        async with socket(arena, "/collab") as peer:
            peer.say(frame(document, AUTH, lib0.uint(0) + lib0.string(token)))
            found = await _answer(peer)
        expected = b"forbidden"
        if allowed(Action.READ_IDEA, roles, stage):
            may_write = allowed(Action.EDIT_TEXT, roles, stage)
            expected = b"read-write" if may_write else b"readonly"
        if found != expected:
            wrong.append(f"{handle}: {found!r}, the table wants {expected!r}")
    assert not wrong, "\n".join(wrong)


async def _token(arena: Everyone, handle: str) -> str:
    return await programs.issue_token(arena.arena.services, handle)


async def _answer(peer: Peer) -> bytes:
    """What the server says of the right to the document."""
    told = await peer.until(lambda each: isinstance(each, bytes) and _said(each) is not None)
    assert isinstance(told, bytes)
    said = _said(told)
    assert said is not None
    return said


def _said(message: bytes) -> bytes | None:
    return next((answer for answer in ANSWERS if answer in message), None)
