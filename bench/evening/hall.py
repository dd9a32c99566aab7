"""The room: a real server, the workshop in it, who leads it, and everybody's way in."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from bench.evening.script import Script
from bench.load.population import populate
from collab.sync.address import DocumentAddress
from server.realtime.holders import DocumentKind
from storage import documents, ideas
from storage.database import Database
from storage.workshop import workshops
from tests.harness.api import Api
from tests.harness.process import ArenaProcess, arena
from tests.harness.waiting import until
from tests.servers.postgresql import postgres
from tests.servers.valkey import valkey

READY_PID: Final = re.compile(r'"pid": ?(\d+)')
SPEAKERS: Final = 3
LEADERS: Final = {
    "moderator": "moderator",
    "moderator-2": "moderator",
    "office": "coordination_office",
}
"""Who leads, and their roles."""
AGAIN_S: Final = 0.2
TEMPLATE: Final = "idea-evening"


class Server(ArenaProcess):
    """One process on SQLite, or several workers on PostgreSQL and Valkey."""

    def __init__(self, url: str, folder: Path, workers: int, **variables: str) -> None:
        super().__init__(url, folder, ARENA_LOG_FORMAT="json", **variables)
        self._workers = workers

    def strike(self) -> None:
        """Kill one of those that serve; whoever is responsible starts another."""
        if self._workers == 1:
            self.kill()
            self.start()
        else:
            os.kill(self._serving_pids()[-1], signal.SIGKILL)

    def until_all_serve(self, ever: int) -> None:
        """Wait until so many were ever ready."""
        if self._workers > 1:
            until(lambda: len(self._serving_pids()) >= ever, "all workers serve", timeout_s=90)

    def _serving_pids(self) -> list[int]:
        ready = (line for line in self.log.read_text().splitlines() if "worker is ready" in line)
        return [int(found.group(1)) for line in ready if (found := READY_PID.search(line))]

    def _serving(self) -> list[str]:
        return arena("serve", *(("--workers", str(self._workers)) if self._workers > 1 else ()))


@dataclass(frozen=True, slots=True)
class Hall:
    """A workshop that is open: its code, its tables with their ideas, and who leads it."""

    server: Server
    code: str
    steps: int
    table_codes: tuple[str, ...]
    refs: tuple[str, ...]
    """Of all ideas; the first ones are opened at the tables, the last one everybody looks at."""
    idea_documents: tuple[str, ...]
    board: str
    leaders: dict[str, str]
    observers: tuple[str, ...]

    @property
    def plenary(self) -> str:
        """The idea that observers look at."""
        return self.refs[-1]


@contextmanager
def running(workers: int) -> Iterator[tuple[Server, str]]:
    """A server that is not started, and the URL of its empty database."""
    with tempfile.TemporaryDirectory(prefix="arena-evening-") as name, ExitStack() as stack:
        folder = Path(name)
        url, variables = f"sqlite:///{folder / 'arena.db'}", {}
        if workers > 1:
            database, relay = postgres(durable=True), valkey()
            for each in (database, relay):
                each.start()
                stack.callback(each.stop)
            url, variables = database.url, {"ARENA_REDIS_URL": relay.url}
        server = Server(url, folder, workers, **variables)
        stack.callback(_end, server)
        yield server, url


def _end(server: Server) -> None:
    if server.is_alive:
        server.stop()


async def opened(server: Server, url: str, script: Script, workers: int) -> Hall:
    """Fill the database, start the server, and open the workshop over HTTP."""
    population = await populate(url, persons=script.signed_in + SPEAKERS, ideas=script.ideas)
    people = [
        ["person", "add", handle, "--name", handle.title(), "--role", role]
        for handle, role in LEADERS.items()
    ]
    tokens = [["token", handle] for handle in LEADERS]
    printed = await asyncio.to_thread(server.run_all, [*people, *tokens])
    leaders = {
        handle: text.strip().splitlines()[-1]
        for handle, text in zip(LEADERS, printed[len(people) :], strict=True)
    }
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.until_all_serve, workers)
    async with Api(server.origin, leaders["moderator"]) as api:
        made = await api.call(
            "POST",
            "/workshops",
            201,
            title="Ein Abend im Kiez",
            template=TEMPLATE,
            tables=[f"Tisch {number}" for number in range(1, script.tables + 1)],
        )
        code, steps = made["code"], made["steps"]
        refs, addresses = await _ideas(url, population.addresses)
        for number in range(1, script.tables + 1):
            place = f"/workshops/{code}/tables/{number}/idea"
            await api.call("PUT", place, ref=refs[number - 1], seen="")
    return Hall(
        server,
        code,
        steps,
        tuple(table["code"] for table in made["tables"]),
        refs,
        addresses,
        await _board(url, code),
        leaders,
        population.tokens,
    )


async def joined(hall: Hall, table: int, name: str) -> str:
    """Come in by the code of a table, with nothing but a name; the guest's token."""
    async with Api(hall.server.origin) as api:
        code = hall.table_codes[table - 1]
        made = await api.call("POST", f"/workshops/{code}/join", 201, name=name)
    return str(made["token"])


async def until_answered(
    hall: Hall, token: str, method: str, path: str, body: Mapping[str, object]
) -> httpx2.Response:
    """Ask until somebody answers; what is asked here may be done twice.

    A comment whose answer was lost stands there twice then, which readers can bear.
    """
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=hall.server.origin, timeout=10) as client:
        while True:
            try:
                answer = await client.request(
                    method, f"/api/v1{path}", json=body or None, headers=headers
                )
            except httpx2.HTTPError:
                await asyncio.sleep(AGAIN_S)
                continue
            if answer.status_code < 500:
                return answer
            await asyncio.sleep(AGAIN_S)


async def _ideas(url: str, addresses: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    database = await Database.open(url)
    try:
        async with database.read() as tx:
            found = [
                await ideas.by_document(tx, DocumentAddress.parse(each).document)
                for each in addresses
            ]
    finally:
        await database.close()
    return tuple(idea.ref for idea in found if idea is not None), addresses


async def _board(url: str, code: str) -> str:
    database = await Database.open(url)
    try:
        async with database.read() as tx:
            coded = await workshops.by_code(tx, code)
            assert coded is not None
            document_id = (await workshops.documents(tx, coded[0].id))[DocumentKind.BOARD]
            head = (await documents.heads(tx, [document_id]))[document_id]
    finally:
        await database.close()
    return str(DocumentAddress(head.id, head.epoch, head.schema))
