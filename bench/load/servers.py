"""The servers that are compared: Arena as people run it, its peers as they come, and the floors."""

from __future__ import annotations

import os
import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.load.building import built, peers
from bench.load.databases import Databases
from bench.load.machine import Unsuitable, on
from bench.load.population import Population
from tests.harness.node import node
from tests.harness.process import ArenaProcess, free_port
from tests.harness.waiting import until

READY_S = 30
STOP_S = 40
Y_WEBSOCKET, HOCUSPOCUS, FLOOR = "y-websocket", "hocuspocus", "floor"


@dataclass(frozen=True, slots=True)
class Need:
    """What a scenario wants to find in a server: how many people, in how many rooms.

    ``text`` is an update that the first document holds; with ``keeps`` documents survive the
    process, as they always do in Arena.
    """

    persons: int
    rooms: int = 1
    text: bytes | None = None
    keeps: bool = False


class Server(ABC):
    """One server that is up, on the processor for servers."""

    def __init__(self, protocol: str, processor: int) -> None:
        self.protocol = protocol
        self.processor = processor

    port: int

    @property
    @abstractmethod
    def pid(self) -> int:
        """The process that is measured."""

    @abstractmethod
    def start(self) -> None:
        """Start, or start again after an end; returns when it answers."""

    @abstractmethod
    def end(self, number: signal.Signals) -> None:
        """End the process and wait for it."""

    @abstractmethod
    def place(self, client: int, room: int) -> tuple[str, str, str]:
        """Path, document and token of a client; ``-`` for what it does not need."""


class Arena(Server):
    """``arena serve`` on a fresh database, durable and with all rights checked."""

    def __init__(
        self, protocol: str, processor: int, population: Population, url: str, folder: Path
    ) -> None:
        super().__init__(protocol, processor)
        self._population = population
        self._process = _Process(url, folder, ARENA_DEMO="0")
        self.port = self._process.port

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        with on(self.processor):
            self._process.start()

    def end(self, number: signal.Signals) -> None:
        self._process.end(number)

    def place(self, client: int, room: int) -> tuple[str, str, str]:
        address = self._population.addresses[room]
        path = "/collab" if self.protocol == HOCUSPOCUS else f"/collab/{address}"
        return path, address, self._population.tokens[client % len(self._population.tokens)]


class _Process(ArenaProcess):
    nursery = None  # it is measured

    def end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._end(number)


class Peer(Server):
    """A process that says on its standard output when it is ready: ``ready STORAGE``, or so."""

    def __init__(
        self,
        protocol: str,
        processor: int,
        folder: Path,
        command: Callable[[int], list[str]],
        variables: Callable[[int], dict[str, str]] = lambda port: {},
        *,
        ready: str = "ready ",
        storage: str = "",
    ) -> None:
        super().__init__(protocol, processor)
        self.port = free_port()
        self.storage = storage
        self._ready = ready
        self._folder = folder
        self._command = command(self.port)
        self._variables = variables(self.port)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        log = self._folder / "server.log"
        log.write_bytes(b"")
        with on(self.processor), log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, env={**os.environ, **self._variables}
            )
        process = self._process
        until(
            lambda: self._ready in log.read_text(errors="replace") or process.poll() is not None,
            self._command[-1],
            timeout_s=READY_S,
        )
        said = log.read_text(errors="replace")
        if process.poll() is not None:
            raise Unsuitable(f"{self._command} does not start: {said[-600:]}")
        self.storage = self.storage or said.partition(self._ready)[2].splitlines()[0]

    def end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            try:
                self._process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(STOP_S)

    def place(self, client: int, room: int) -> tuple[str, str, str]:
        return ("/" if self.protocol == HOCUSPOCUS else f"/room-{room}"), f"room-{room}", "-"


class Stable:
    """Makes servers, each fresh: an empty folder, and for Arena a copy of a filled database."""

    def __init__(self, folder: Path, processor: int, databases: Databases) -> None:
        self._folder = folder
        self._processor = processor
        self._databases = databases
        self._count = 0

    def server(self, name: str, need: Need) -> Server:
        """A server that is not started yet.

        Raises:
            Unsuitable: this machine cannot run it; the message says why.
        """
        self._count += 1
        folder = self._folder / f"{self._count:04}-{name}"
        folder.mkdir(parents=True)
        match name:
            case "arena":
                return self._arena(HOCUSPOCUS, need, folder)
            case "arena-y":
                return self._arena(Y_WEBSOCKET, need, folder)
            case "hocuspocus":
                return self._hocuspocus("-", need, folder)
            case "hocuspocus-10":
                return self._hocuspocus("10", need, folder)
            case "y-websocket":
                return self._y_websocket(need, folder)
            case "floor-node":
                script = str(peers() / "floor.mjs")
                return Peer(
                    FLOOR, self._processor, folder, lambda port: [node(), script, str(port)]
                )
            case "floor-c":
                program = str(built("floor"))
                return Peer(FLOOR, self._processor, folder, lambda port: [program, str(port)])
            case _:
                raise Unsuitable(f"there is no server {name!r}; use {', '.join(NAMES)}")

    def _hocuspocus(self, delay: str, need: Need, folder: Path) -> Server:
        script = str(peers() / "hocuspocus.mjs")
        kept = [str(folder / "kept")] if need.keeps or need.text is not None else []
        return Peer(
            HOCUSPOCUS,
            self._processor,
            folder,
            lambda port: [node(), script, str(port), delay, *kept],
        )

    def _y_websocket(self, need: Need, folder: Path) -> Server:
        package = peers() / "node_modules" / "@y" / "websocket-server"
        kept = {"YPERSISTENCE": str(folder / "kept")} if need.keeps else {}
        return Peer(
            Y_WEBSOCKET,
            self._processor,
            folder,
            lambda port: [node(), str(package / "src" / "server.js")],
            lambda port: {"HOST": "127.0.0.1", "PORT": str(port), **kept},
            ready="running at",
            storage="its LevelDB" if need.keeps else "nothing",
        )

    def _arena(self, protocol: str, need: Need, folder: Path) -> Server:
        population, url = self._databases.filled(need.persons, need.rooms, need.text)
        return Arena(protocol, self._processor, population, url, folder)


NAMES = (
    "arena", "arena-y", "hocuspocus", "hocuspocus-10", "y-websocket", "floor-node", "floor-c",
)  # fmt: skip
