"""Mails across processes: one sends each, and a killed one's claim runs out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from collab.process.following.mailing import RETRY_FIRST
from server.clock.jobs import MAIL_JOBS
from server.clock.runner import Runner
from storage.cluster import outbox
from storage.database import Database
from storage.following import mailing
from tests.server.following.news import MAILS, MINE, News
from tests.server.idea.arena_of_all import everyone


@pytest.fixture
async def arena(tmp_path: Path, database_url: str) -> AsyncIterator[News]:
    folder = tmp_path / "server"
    folder.mkdir()
    async with everyone(folder, database_url=database_url) as found:
        news = News(found)
        await news.give_addresses()
        yield news


@pytest.fixture
async def other(arena: News, database_url: str) -> AsyncIterator[Runner]:
    """The mails' runner of another process."""
    database = await Database.open(database_url)
    yield Runner(replace(arena.services, database=database), MAIL_JOBS)
    await database.close()


async def a_waiting_mail(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.comment("expert", ref)
    await arena.address("participant", ref)
    arena.pass_by(minutes=5)
    await arena.tick(*MINE)
    await arena.tick(*MAILS)


@pytest.mark.parametrize("moment", ["before it is handed over", "before it is noted"])
async def test_n9_a_mail_whose_process_was_killed_is_sent_by_another_after_its_claim(
    arena: News, other: Runner, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    sent: list[str] = []
    is_killed = True

    async def way(message: EmailMessage) -> None:
        if is_killed and moment == "before it is handed over":
            raise asyncio.CancelledError
        sent.append(str(message["Message-ID"]))

    async def killed(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(arena.services.mail, "_way", way)
    await a_waiting_mail(arena)
    mine = Runner(arena.services, MAIL_JOBS)
    with monkeypatch.context() as patched:
        patched.setattr(mailing, "done", killed)
        with pytest.raises(asyncio.CancelledError):
            await mine.tick()
    is_killed, before = False, len(sent)
    assert await other.tick() == 0, "the claim holds"
    arena.pass_by(seconds=RETRY_FIRST.total_seconds())
    assert await other.tick() == 1
    assert len(sent) == before + 1
    assert len(set(sent)) == 1, "a mail that came twice can be known as one"
    arena.pass_by(days=1)
    await asyncio.gather(mine.tick(), other.tick())
    assert len(sent) == before + 1


async def test_how_far_the_outbox_lags_is_told(arena: News) -> None:
    async def lag() -> outbox.Lag:
        async with arena.services.database.read() as tx:
            return await outbox.lag(tx, arena.services.clock())

    assert await lag() == outbox.Lag()
    await a_waiting_mail(arena)
    arena.pass_by(seconds=90)
    found = await lag()
    assert (found.mails_waiting, found.mail_late_s) == (1, 90)
    await arena.tick("mail-leaves")
    assert await lag() == outbox.Lag()
