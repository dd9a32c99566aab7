"""What is written on boards and at tables is told to walls, seldom, and asked for only by them."""

from __future__ import annotations

import json
from collections.abc import Collection
from uuid import UUID, uuid4

import pytest

from collab.process.events.gathering.workshops import BOARD, TEXTS, workshop_topic
from server.actions.workshop import tables
from server.actions.workshop.board.silent import remove_silent
from server.realtime import workshop_texts
from server.realtime.announce import Announcer
from server.realtime.workshop_texts import TOLD_MAX, WAITING_MAX, WorkshopTexts
from storage.database import Transaction
from storage.workshop import wall
from tests.harness.transport import Peer
from tests.harness.waiting import until_true
from tests.server.idea.writing import document_of, write_in
from tests.server.sockets import socket
from tests.server.workshop.board.table import lead, write
from tests.server.workshop.evening import Evening


def texts_of(kiez: Evening) -> WorkshopTexts:
    announcer = kiez.everyone.arena.services.announcer
    assert isinstance(announcer, Announcer)
    return announcer.texts


async def told(page: Peer, topic: str) -> list[str]:
    """Wait until the page was told of the topic; all topics that it was told of with it."""

    def is_it(each: object) -> bool:
        return isinstance(each, str) and topic in json.loads(each).get("changed", [])

    found = await page.until(is_it)
    assert isinstance(found, str)
    changed: list[str] = json.loads(found)["changed"]
    return changed


async def test_wl9_a_wall_is_told_of_its_board_and_of_its_tables_alone(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_texts, "TELL_S", 0.02)
    services = kiez.everyone.arena.services
    boss = await kiez.everyone.actor("moderator")
    (_, ana), ref = await kiez.guest("Ana"), await kiez.everyone.idea("open")
    elsewhere = await kiez.everyone.idea("open", title="Anderswo")
    await tables.open_idea(services, boss, kiez.code, 1, ref=ref, seen="")
    board, texts = (workshop_topic(kiez.code, part) for part in (BOARD, TEXTS))
    async with socket(kiez.everyone, "/live") as page:
        page.say(json.dumps({"subscribe": [board, texts]}))
        await page.until(lambda each: isinstance(each, str) and "subscribed" in each)
        # Hidden notes are counted on the wall.
        await write(kiez, ana, "note-1")
        assert await told(page, board) == [board]
        await remove_silent(services, ana, kiez.code, "note-1")
        assert await told(page, board) == [board]
        await lead(kiez, is_silent=False)
        await write(kiez, ana, "note-2", "Bänke")
        assert await told(page, board) == [board]
        # Of what lies on no table it hears nothing: the next it hears is of its own.
        section = "situation"
        other = await document_of(kiez.everyone, elsewhere)
        await write_in(kiez.everyone, other, "participant", section, "Dort")
        own = await document_of(kiez.everyone, ref)
        await write_in(kiez.everyone, own, "participant", section, "Hier")
        assert await told(page, texts) == [texts]


async def test_wl9_what_is_written_at_once_is_asked_for_once_and_for_nobody_not_at_all(
    kiez: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop_texts, "TELL_S", 0.02)
    texts, live = texts_of(kiez), kiez.everyone.arena.services.live
    asked: list[int] = []
    told: list[int] = []

    async def none(tx: Transaction, document_ids: Collection[UUID], *_: str) -> set[str]:
        asked.append(len(document_ids))
        return set()

    monkeypatch.setattr(wall, "boards_among", none)
    monkeypatch.setattr(texts, "on_told", lambda documents: told.append(len(documents)))
    hub, board = kiez.everyone.arena.services.hub, await kiez.document("board")
    for _ in range(100):
        hub.tell_changed(board)
    await until_true(lambda: told == [1], "other nodes are told once")
    assert asked == [], "nobody listens here"
    monkeypatch.setattr(live, "listens", lambda _kind: True)
    for _ in range(WAITING_MAX + 7):
        hub.tell_changed(uuid4())
    await until_true(lambda: sum(told) > WAITING_MAX, "all are told, some at a time")
    await until_true(lambda: sum(asked) == WAITING_MAX, "what is too much is left out")
    assert max(told) == max(asked) == TOLD_MAX
    assert sum(told) == WAITING_MAX + 1
    # What was heard of another node is not told on.
    texts.heard([board])
    await until_true(lambda: asked[-1] == 1, "asked for")
    assert sum(told) == WAITING_MAX + 1
