"""Support for teams: asked, promised or declined, done, and marked when it waits too long."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from collab.errors import Conflict
from collab.process.support.requests import AFTER, SupportAct, SupportState, after
from server.clock.runner import Runner
from tests.server.idea.arena_of_all import Everyone, everyone

ASKED = {"kind": "workshop", "text": "Wir wollen im Januar testen."}


@pytest.fixture
async def arena(tmp_path: Path) -> AsyncIterator[Everyone]:
    async with everyone(tmp_path, support_working_days=3) as arena:
        yield arena


async def call(
    arena: Everyone, handle: str, method: str, path: str, /, **body: Any
) -> httpx2.Response:
    client = await arena.client(handle)
    return await client.request(method, f"/api/v1/ideas/{path}", json=body or None)


@pytest.mark.parametrize("state", list(SupportState))
def test_ac_g4_states_and_acts(state: SupportState) -> None:
    for act in SupportAct:
        if (state, act) in AFTER:
            assert after(state, act) is AFTER[state, act]
            continue
        with pytest.raises(Conflict):
            after(state, act)


async def test_ac_g4_a_request_is_promised_and_done_with_a_result(arena: Everyone) -> None:
    ref = await arena.idea("elaboration")
    assert (await call(arena, "participant", "POST", f"{ref}/support", **ASKED)).status_code == 403
    made = (await call(arena, "lead", "POST", f"{ref}/support", **ASKED)).json()
    # Monday 23 November 2026 and three working days.
    assert made["due_at"] == "2026-11-26T22:59:59Z"
    path = f"{ref}/support/{made['id']}/answers"
    assert (await call(arena, "lead", "POST", path, act="accept")).status_code == 403
    early = await call(arena, "support", "POST", path, act="finish", text="Fertig.")
    assert (early.status_code, early.json()["code"]) == (409, "support-moved")
    assert (await call(arena, "support", "POST", path, act="accept")).json()["state"] == "accepted"
    empty = await call(arena, "support", "POST", path, act="finish", text=" ")
    assert (empty.status_code, empty.json()["fields"]) == (422, {"text": "missing"})
    done = (await call(arena, "support", "POST", path, act="finish", text="12 waren da.")).json()
    assert (done["state"], done["result"], done["done_by"]["handle"]) == (
        "done", "12 waren da.", "support"
    )  # fmt: skip
    log = (await call(arena, "guest", "GET", f"{ref}/events")).json()["events"]
    told = Counter(each["kind"] for each in log)
    assert (told["support_asked"], told["support_moved"]) == (1, 2)


async def test_ac_g4_declining_needs_a_reason_and_ends_the_request(arena: Everyone) -> None:
    ref = await arena.idea("open")
    made = (await call(arena, "author", "POST", f"{ref}/support", **ASKED)).json()
    path = f"{ref}/support/{made['id']}/answers"
    assert (await call(arena, "support", "POST", path, act="decline")).status_code == 422
    await call(arena, "support", "POST", path, act="decline", text="Im Januar sind wir voll.")
    assert (await call(arena, "support", "POST", path, act="accept")).status_code == 409
    (row,) = (await call(arena, "guest", "GET", f"{ref}/support")).json()["requests"]
    assert (row["state"], row["answer"]) == ("declined", "Im Januar sind wir voll.")


async def test_ac_g4_an_open_request_escalates_once_after_its_working_days(
    arena: Everyone,
) -> None:
    ref, services = await arena.idea("open"), arena.arena.services
    await call(arena, "author", "POST", f"{ref}/support", **ASKED)
    arena.arena.clock.now = datetime.fromisoformat("2026-11-26T22:59:59+00:00")
    await Runner(services).tick()
    (row,) = (await call(arena, "guest", "GET", f"{ref}/support")).json()["requests"]
    assert not row["is_overdue"]
    arena.arena.clock.pass_by(seconds=1)
    for _ in range(2):
        await Runner(services).tick()
    (row,) = (await call(arena, "guest", "GET", f"{ref}/support")).json()["requests"]
    assert row["is_overdue"]
    log = (await call(arena, "guest", "GET", f"{ref}/events")).json()["events"]
    assert [each["kind"] for each in log].count("support_escalated") == 1
    page = await (await arena.client("guest")).get(f"/ideas/{ref}/fragments/support")
    assert "Wartet zu lange, fällig war es am 26.11.2026" in page.text


async def test_ac_g4_support_is_asked_and_given_by_forms(arena: Everyone) -> None:
    ref = await arena.idea("open")
    author, helper = await arena.client("author"), await arena.client("support")
    wrong = {"support_kind": "workshop", "support_text": ""}
    refused = await author.post(f"/ideas/{ref}/support", data=wrong)
    assert (refused.status_code, 'href="#f-support_text"' in refused.text) == (422, True)
    await author.post(f"/ideas/{ref}/support", data={**wrong, "support_text": "Bitte."})
    (row,) = (await call(arena, "guest", "GET", f"{ref}/support")).json()["requests"]
    path = f"/ideas/{ref}/support/{row['id']}"
    refused = await helper.post(path, data={"act": "decline", "answer_text": ""})
    assert (refused.status_code, f"f-answer_text-{row['id']}" in refused.text) == (422, True)
    await helper.post(path, data={"act": "accept", "answer_text": "Gern, am Montag."})
    shown = await author.get(f"/ideas/{ref}")
    assert "zugesagt" in shown.text
    assert "Gern, am Montag." in shown.text
