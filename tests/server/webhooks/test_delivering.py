"""Other systems hear of public events: at least once, signed, and never of more than the log."""

import asyncio
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from collab.process.webhooks.pauses import ATTEMPTS_MAX, OFF_AFTER, retry_at
from server.clock.jobs import WEBHOOK_JOBS
from server.clock.runner import Runner
from server.webhooks import delivering, letters, sending
from storage.database import METADATA
from storage.webhooks import deliveries, subscriptions
from tests.server.webhooks.conftest import Telling
from tests.server.webhooks.receiver import receiving
from tests.sources import ROOT

DELIVERY = METADATA.tables["webhook_delivery"]
IDEA = METADATA.tables["idea"]


async def test_t25_a_receiver_hears_what_the_public_log_shows_and_nothing_else(
    telling: Telling,
) -> None:
    draft = await telling.all.idea("draft")
    ref = await telling.all.idea("open")
    await telling.comment(ref)
    await telling.runner.tick()
    guest = await telling.all.client("guest")
    log = (await guest.get(f"/api/v1/ideas/{ref}/events")).json()["events"]
    heard = sorted((each.event for each in telling.receiver.requests), key=lambda each: each["id"])
    assert heard == log
    assert "comment_added" in telling.receiver.kinds
    assert not any(draft.encode() in each.body for each in telling.receiver.requests)
    assert (await telling.kept()).states == {"delivered": len(log)}
    # Nothing is told twice.
    await telling.runner.tick()
    assert len(telling.receiver.requests) == len(log)


async def test_t25_what_nobody_may_read_any_more_is_not_told(telling: Telling) -> None:
    ref = await telling.idea()
    telling.receiver.answer = 500
    await telling.runner.tick()
    before = len(telling.receiver.requests)
    assert before > 0
    async with telling.all.arena.services.database.write() as tx:
        await tx.run(update(IDEA).where(IDEA.c.ref == ref).values(stage="draft"))
    telling.receiver.answer = 204
    telling.pass_by(hours=1)
    await telling.runner.tick()
    assert len(telling.receiver.requests) == before


async def test_t25_only_the_kinds_that_were_asked_for_are_told(telling: Telling) -> None:
    async with receiving() as other:
        await telling.subscribe("stage_changed", url=f"{other.url}/moves")
        await telling.subscribe("stage_changed", "comment_added", url=f"{other.url}/both")
        await telling.idea()
        await telling.runner.tick()
        assert [(each.path, each.event["kind"]) for each in other.requests] == [
            ("/hook/both", "comment_added"),
            ("/hook/both", "comment_added"),
        ]


async def test_t25_what_is_too_long_is_told_without_its_payload(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BODY_BYTES_MAX", 10)
    await telling.idea()
    await telling.runner.tick()
    assert telling.receiver.requests[0].event["payload"] == {}


async def test_t26_requests_are_signed_so_that_the_documented_check_holds(
    telling: Telling,
) -> None:
    await telling.idea()
    await telling.runner.tick()
    request = telling.receiver.requests[0]
    document = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)
    known: dict[str, Any] = {}
    exec(snippet, known)
    assert known["is_from_arena"](telling.secret, request.headers, request.body)
    assert not known["is_from_arena"](telling.secret, request.headers, request.body + b" ")
    forged = {**request.headers, "webhook-timestamp": "1"}
    assert not known["is_from_arena"](telling.secret, forged, request.body)


async def test_t27_one_that_does_not_arrive_is_tried_again_under_its_id_then_given_up(
    telling: Telling,
) -> None:
    await telling.subscribe("comment_added")
    async with telling.all.arena.services.database.write() as tx:
        await subscriptions.remove(tx, telling.webhook_id)
        (found,) = await subscriptions.every(tx)
    await telling.idea(comments=1)
    telling.receiver.answer = 503
    now = telling.all.arena.clock()
    for attempt in range(1, ATTEMPTS_MAX + 1):
        await telling.runner.tick()
        await telling.runner.tick()
        assert len(telling.receiver.requests) == attempt
        again = retry_at(attempt, now)
        if again:
            telling.all.arena.clock.now = now = again
    kept = await telling.kept(found.webhook.id)
    assert kept.states == {"dead": 1}
    assert len({each.headers["webhook-id"] for each in telling.receiver.requests}) == 1
    # An operator has it tried anew.
    telling.receiver.answer = 200
    async with telling.all.arena.services.database.write() as tx:
        assert await deliveries.retry(tx, found.webhook.id, now) == 1
    await telling.runner.tick()
    assert (await telling.kept(found.webhook.id)).states == {"delivered": 1}


async def test_t27_a_process_that_dies_before_noting_it_has_it_told_again_under_its_id(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    await telling.idea()

    async def killed(*_args: Any, **_more: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(deliveries, "end", killed)
        with pytest.raises(asyncio.CancelledError):
            await telling.runner.tick()
    other = Runner(telling.all.arena.services, WEBHOOK_JOBS)
    await other.tick()
    first = len(telling.receiver.requests)
    telling.pass_by(seconds=30)
    await other.tick()
    ids = [each.headers["webhook-id"] for each in telling.receiver.requests]
    assert (len(ids), len(set(ids))) == (2 * first, first)


async def test_t27_two_processes_send_each_once(telling: Telling) -> None:
    await telling.idea()
    services = telling.all.arena.services
    runners = [Runner(services, WEBHOOK_JOBS) for _ in range(3)]
    await asyncio.gather(*(each.tick() for each in runners))
    ids = [each.headers["webhook-id"] for each in telling.receiver.requests]
    assert len(ids) == len(set(ids)) > 1


@pytest.mark.parametrize("answer", [302, 404, "silent"])
async def test_t28_redirects_refusals_and_silence_are_failures(
    telling: Telling, answer: int | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.2)
    async with receiving() as elsewhere:
        telling.receiver.answer, telling.receiver.location = answer, elsewhere.url
        await telling.idea()
        await telling.runner.tick()
        assert telling.receiver.requests
        assert not elsewhere.requests
    kept = await telling.kept()
    assert kept.webhook.failing_since == telling.all.arena.clock()
    assert set(kept.states) == {"waiting"}


async def test_t28_an_endless_answer_is_not_read(telling: Telling) -> None:
    telling.receiver.answer = "huge"
    await telling.idea()
    async with asyncio.timeout(20):
        await telling.runner.tick()
    assert set((await telling.kept()).states) == {"delivered"}


async def test_t28_one_receiver_that_fails_holds_up_no_other_and_gets_one_at_a_time(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 1.5)
    async with receiving() as silent:
        silent.answer = "silent"
        await telling.subscribe(url=silent.url)
        ref = await telling.idea(comments=delivering.AT_ONCE + 1)
        await telling.runner.tick()
        assert silent.at_once_most == delivering.AT_ONCE
        tried = len(silent.requests)
        for _ in range(12):
            await telling.comment(ref)
        await telling.runner.tick()
        assert len(silent.requests) == tried + 1
    assert telling.receiver.kinds.count("comment_added") == delivering.AT_ONCE + 13


async def test_t28_who_takes_nothing_for_days_is_switched_off_and_on_again_by_an_operator(
    telling: Telling,
) -> None:
    telling.receiver.answer = 500
    ref = await telling.idea()
    await telling.runner.tick()
    telling.pass_by(days=OFF_AFTER.days)
    await telling.runner.tick()
    kept = await telling.kept()
    assert kept.webhook.off_reason == delivering.TOO_LONG
    before = len(telling.receiver.requests)
    await telling.comment(ref)
    telling.pass_by(days=1)
    await telling.runner.tick()
    assert len(telling.receiver.requests) == before
    telling.receiver.answer = 204
    async with telling.all.arena.services.database.write() as tx:
        await subscriptions.switch_on(tx, telling.webhook_id)
        await deliveries.retry(tx, telling.webhook_id, telling.all.arena.clock())
    await telling.runner.tick()
    assert "comment_added" in telling.receiver.kinds[before:]
    assert set((await telling.kept()).states) == {"delivered"}


async def test_t28_who_says_that_he_is_gone_is_switched_off(telling: Telling) -> None:
    telling.receiver.answer = 410
    await telling.idea()
    await telling.runner.tick()
    assert (await telling.kept()).webhook.off_reason == sending.GONE


async def test_t28_so_many_wait_for_one_receiver_and_the_rest_stays_in_the_log(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "WAITING_MAX", 3)
    telling.receiver.answer = 500
    ref = await telling.idea()
    for _ in range(4):
        await telling.comment(ref)
        await telling.runner.tick()
    async with telling.all.arena.services.database.read() as tx:
        assert len((await tx.run(select(DELIVERY.c.id))).all()) == 3
    telling.receiver.answer = 204
    for _ in range(8):
        telling.pass_by(hours=12)
        await telling.runner.tick()
    assert telling.receiver.kinds[-20:].count("comment_added") >= 4


async def test_t21_webhooks_are_not_sent_under_an_old_term(telling: Telling) -> None:
    async def over(_tx: Any) -> None:
        raise RuntimeError("the term is over")

    await telling.idea()
    services = telling.all.arena.services
    fenced = replace(services, database=services.database.fenced(over))
    await Runner(fenced, WEBHOOK_JOBS).tick()
    assert not telling.receiver.requests
