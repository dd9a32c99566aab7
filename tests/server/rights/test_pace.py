"""Whoever changes something without end is slowed down, whatever it is that he changes."""

from pathlib import Path
from typing import Final

import pytest
from limits import RateLimitItem, parse

from collab.process.permissions import Action
from server.auth import limits
from server.routes import operations
from tests.server.idea.arena_of_all import Everyone, everyone
from tests.server.rights.rules import OPERATIONS
from tests.server.rights.samples import body_of, path_of

TAGS: Final = frozenset({"comments", "tasks", "suggestions", "judgements", "experts", "following"})
FREE: Final = {
    "hide_comment": "moderators answer for what they hide",
    "delete_comment": "once for each comment",
    "forget_search": "once for each search",
    "take_back_expertise": "once for each profile",
    "unfollow_idea": "counted with following",
    "read_my_notices": "writes nothing that grows",
    "choose_mails": "writes nothing that grows",
    "open_round": "one at a time",
    "close_round": "once for each round",
}
PACED: Final = sorted(
    each.name
    for each in operations()
    if (each.tag in TAGS or each.name in {"name_version", "rename_version"})
    and each.name in OPERATIONS
    and each.name not in FREE
)
BY: Final = {
    Action.EDIT_TEXT: "author",
    Action.NAME_VERSION: "author",
    Action.MANAGE_TASKS: "author",
    Action.FINISH_TASK: "author",
    Action.INVITE_EXPERT: "author",
    Action.RAISE_REQUIREMENT: "author",
}


BY_NAME: Final = {each.name: each for each in operations()}


async def test_o3_who_changes_something_without_end_is_slowed_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in vars(limits).items():
        if isinstance(value, RateLimitItem) and name != "REFUSED_PER_PERSON":
            monkeypatch.setattr(limits, name, parse("2/hour"))
    async with everyone(tmp_path) as arena:
        ref = await arena.idea("open")
        told = {name: await _third(arena, ref, name) for name in PACED}
    assert {name: status for name, status in told.items() if status != 429} == {}


async def _third(arena: Everyone, ref: str, name: str) -> int:
    """What is answered to who does it for the third time; what he asks for is not there."""
    operation, rule = BY_NAME[name], OPERATIONS[name]
    client = await arena.client(BY.get(rule, "expert") if isinstance(rule, Action) else "author")
    path, body = path_of(operation, ref), body_of(operation)
    answers = [await client.request(operation.method, path, json=body) for _ in range(3)]
    return answers[-1].status_code
