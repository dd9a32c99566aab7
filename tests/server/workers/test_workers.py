"""``arena serve --workers 2`` for real: killed, renewed and ended while people are there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.conftest import create_database, drop_database, named
from tests.harness.fixtures import settle
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess, arena
from tests.harness.protocols import YWebsocketActor
from tests.harness.waiting import pause, until

# Every test may have to wait for the start of several processes.
pytestmark = pytest.mark.timeout(300)

HANDLES = ("participant",)
COUNTED = re.compile(r"^arena_http_requests_total\{[^}]*\} ([0-9.e+]+)$", re.MULTILINE)


class Company(ArenaProcess):
    """A server with two workers."""

    nursery = None
    tokens: dict[str, str]

    def lines(self, event: str) -> list[dict[str, Any]]:
        """What was logged under this name."""
        lines = (line for line in self.log.read_text().splitlines() if line.startswith("{"))
        return [found for line in lines if (found := json.loads(line))["event"] == event]

    def pids(self) -> list[int]:
        """Everybody who was ever ready, in turn."""
        return [line["pid"] for line in self.lines("worker is ready")]

    def signal(self, number: signal.Signals) -> None:
        """Say something to the supervisor."""
        assert self._process is not None
        self._process.send_signal(number)

    def _serving(self) -> list[str]:
        return arena("serve", "--workers", "2")


@pytest.fixture(scope="module")
async def company(
    postgres_server: str,
    postgres_template: str,
    redis_server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Company]:
    """A server with two workers that a test may hurt and leaves whole."""
    name = await create_database(postgres_server, template=postgres_template)
    folder = tmp_path_factory.mktemp("workers")
    running = Company(
        named(postgres_server, name), folder, ARENA_REDIS_URL=redis_server, ARENA_LOG_FORMAT="json"
    )
    running.tokens = await asyncio.to_thread(settle, running, HANDLES)
    await asyncio.to_thread(running.start)
    until(lambda: len(running.pids()) == 2, "both workers are ready", timeout_s=60)
    yield running
    if running.is_alive:
        running.stop()
    await drop_database(postgres_server, name)


@dataclass(slots=True)
class Asked:
    """How somebody was answered who asked for one page after the other."""

    statuses: list[int] = field(default_factory=list)
    cut: int = 0
    """Requests whose connection broke before an answer."""


@asynccontextmanager
async def asking(company: Company) -> AsyncIterator[Asked]:
    """Somebody asks for pages on ever new connections, meanwhile; how that was answered."""
    asked = Asked()
    is_over = asyncio.Event()

    async def ask() -> None:
        ever_new = httpx2.Limits(max_keepalive_connections=0)
        async with httpx2.AsyncClient(timeout=60, limits=ever_new) as client:
            while not is_over.is_set():
                try:
                    answer = await client.get(f"{company.origin}/nobody")
                except (httpx2.NetworkError, httpx2.RemoteProtocolError):
                    asked.cut += 1
                else:
                    asked.statuses.append(answer.status_code)
                await pause(is_over)

    async with asyncio.TaskGroup() as group:
        group.create_task(ask())
        yield asked
        is_over.set()


async def _idea(company: Company) -> TestIdea:
    return await open_idea(company.origin, company.tokens["participant"])


async def _figure(company: Company) -> float:
    """All requests that were ever answered, by whichever worker, as any of them says."""
    async with httpx2.AsyncClient() as client:
        answer = await client.get(f"{company.origin}/metrics")
    return sum(map(float, COUNTED.findall(answer.text)))


async def wait(condition: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(until, condition, what, timeout_s=90)


async def test_t48_a_worker_that_is_killed_is_replaced_and_its_death_is_known(
    company: Company,
) -> None:
    first, second = company.pids()
    worker = next(
        line["worker"] for line in company.lines("worker is ready") if line["pid"] == first
    )
    async with asking(company) as asked:
        os.kill(first, signal.SIGKILL)
        await wait(lambda: len(company.pids()) == 3, "a replacement is ready")
    # Whoever was being answered when it died is told by the connection; nobody else notices.
    assert set(asked.statuses) == {404}
    assert asked.cut <= 1
    assert _is_alive(second)
    died = company.lines("worker died")
    assert [(line["worker"], line["code"]) for line in died] == [(worker, -signal.SIGKILL)]
    reported = company.lines("a server process died")
    assert [line["process"].split("-")[0] for line in reported] == [str(first)]
    assert reported[0]["worker"] == worker
    assert {line["worker"] for line in company.lines("request")} <= {1, 2}


async def test_t49_all_are_renewed_and_nobody_waits(company: Company) -> None:
    old = company.pids()[-2:]
    counted = await _figure(company)
    idea = await _idea(company)
    async with YWebsocketActor(
        company.origin, idea.document, company.tokens["participant"]
    ) as actor:
        async with asking(company) as asked:
            company.signal(signal.SIGHUP)
            await wait(lambda: bool(company.lines("workers renewed")), "all are renewed")
        assert (set(asked.statuses), asked.cut) == ({404}, 0)
        assert await actor.until_closed() == 1012
        await actor.disconnect()
        await actor.connect()
        await actor.type(FREE_SECTION, "wieder da")
        await actor.until_saved()
    assert not any(map(_is_alive, old))
    # What those who left had counted stays counted.
    assert await _figure(company) >= counted + len(asked.statuses)


async def test_t49_all_drain_and_the_port_is_free(company: Company) -> None:
    pids = company.pids()[-2:]
    idea = await _idea(company)
    token = company.tokens["participant"]
    async with YWebsocketActor(company.origin, idea.document, token) as actor:
        await actor.type(FREE_SECTION, "Anfang")
        await actor.until_saved()
        company.ask_to_end()
        assert await actor.until_closed() == 1012
    assert await asyncio.to_thread(company.until_dead) == 0
    assert not any(map(_is_alive, pids))
    assert not list((Path(company.log).parent / "var" / "crash").glob("*.record"))
    _assert_free(company.port)


async def test_t49_workers_do_not_outlive_their_supervisor(company: Company) -> None:
    before = len(company.pids())
    await asyncio.to_thread(company.start)
    await wait(lambda: len(company.pids()) == before + 2, "both workers are ready again")
    pids = company.pids()[-2:]
    company.kill()
    await wait(lambda: not any(map(_is_alive, pids)), "the workers end")
    _assert_free(company.port)


def test_t48_without_a_broker_it_does_not_start(tmp_path: Path) -> None:
    lone = Company(f"sqlite:///{tmp_path / 'arena.db'}", tmp_path)
    lone.launch()
    assert lone.until_dead() == 1
    assert "needs ARENA_REDIS_URL" in lone.tail()
    assert "needs PostgreSQL" in lone.tail()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _assert_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
