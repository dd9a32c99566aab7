"""``webhook add``, ``list``, ``test``, ``retry``, ``remove``."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator

import pytest

from collab.process.webhooks.pauses import SUBSCRIPTIONS_MAX
from server.commands.keeping import webhooks
from tests.server.commands.arena import Shell
from tests.server.webhooks.receiver import Receiver, receiving

URL = "https://192.0.2.1/hook"
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def arena(arena: Shell) -> Shell:
    """A shell that may tell systems on this machine."""
    return Shell(arena.folder, {**arena.environment, "ARENA_WEBHOOK_PRIVATE": "1"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver beside the commands, which run loops of their own."""
    ready, ended = threading.Event(), threading.Event()
    found: list[Receiver] = []

    async def serve() -> None:
        async with receiving() as receiver:
            found.append(receiver)
            ready.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(20)
    yield found[0]
    ended.set()
    thread.join()


def test_t26_a_webhook_is_added_and_its_secret_shown_once(arena: Shell) -> None:
    added = arena.json("webhook", "add", URL, "--kinds", "comment_added, stage_changed")
    assert added["secret"].startswith("whsec_")
    (listed,) = arena.json("webhook", "list")
    assert listed == {
        "id": added["id"],
        "url": URL,
        "kinds": ["comment_added", "stage_changed"],
        "failing_since": None,
        "off_since": None,
        "off_reason": "",
        "waiting": 0,
        "delivered": 0,
        "dead": 0,
    }
    assert added["secret"] not in arena.works("webhook", "list")
    arena.works("webhook", "remove", added["id"])
    assert arena.json("webhook", "list") == []


def test_t26_a_test_is_sent_at_once_and_tells_what_is_wrong(
    arena: Shell, receiver: Receiver
) -> None:
    webhook_id = arena.json("webhook", "add", receiver.url)["id"]
    arena.works("webhook", "test", webhook_id)
    assert receiver.kinds == ["test"]
    receiver.answer = 500
    assert "answered 500" in arena.fails("webhook", "test", webhook_id)


def test_t27_what_was_given_up_is_tried_again_and_the_webhook_is_on(arena: Shell) -> None:
    webhook_id = arena.json("webhook", "add", URL)["id"]
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        (event_id,) = connection.execute("SELECT max(id) FROM event").fetchone()
        connection.execute("UPDATE webhook SET off_at = created_at, off_reason = 'gone'")
        connection.execute(
            "INSERT INTO webhook_delivery (id, webhook_id, event_id, made_at, attempts, state, "
            "fault, ended_at) SELECT ?, id, ?, created_at, 8, 'dead', 'x', created_at FROM webhook",
            ("f" * 32, event_id),
        )
    connection.close()
    assert "1 dead" in arena.works("webhook", "list")
    arena.works("webhook", "retry", webhook_id)
    (listed,) = arena.json("webhook", "list")
    assert (listed["waiting"], listed["dead"], listed["off_since"]) == (1, 0, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "http://example.org/"], "https"),
        (["add", URL, "--kinds", "comment_hiden"], "comment_hiden"),
        (["add", URL, "--kinds", "claimed"], "claimed"),
        (["remove", NOBODY], "no such webhook"),
        (["test", NOBODY], "no such webhook"),
        (["retry", NOBODY], "no such webhook"),
    ],
)
def test_t29_what_is_wrong_is_said_in_a_sentence(
    arena: Shell, arguments: list[str], said: str
) -> None:
    assert said in arena.fails("webhook", *arguments)


def test_t29_private_addresses_are_refused_with_the_way_to_allow_them(arena: Shell) -> None:
    strict = Shell(arena.folder, {**arena.environment, "ARENA_WEBHOOK_PRIVATE": "0"})
    assert "ARENA_WEBHOOK_PRIVATE=1" in strict.fails("webhook", "add", "https://127.0.0.1/")


def test_t28_how_many_webhooks_there_are_is_bounded(
    arena: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "SUBSCRIPTIONS_MAX", 1)
    assert SUBSCRIPTIONS_MAX > 1
    arena.works("webhook", "add", URL)
    assert "remove one first" in arena.fails("webhook", "add", URL)
