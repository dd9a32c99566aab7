"""Runs texts through the trial process, and starts a new one when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from collab.sync.schema import DocumentSchema
from collab.sync.text import DossierText, from_json

COMMAND: tuple[str, ...] = (sys.executable, "-m", "server.realtime.crash.trial")
FOLDER = Path(__file__).parents[3]
"""Where the packages are; the child finds them there, however this process was started."""

WALL_S = 180.0
"""The child limits itself by processor time; this is for one that waits for ever."""

ANSWER_BYTES_MAX = 256 * 1024**2


class Died(Exception):
    """The text was the death of the child, or pycrdt broke on it; the message says how."""


class Failed(Exception):
    """The child refuses the text or stumbled over a bug of ours, and lives: that is no poison."""


class NoTrial(Exception):
    """There was no trial, because the child could not be started or ended of itself."""


@dataclass(frozen=True, slots=True)
class Job:
    """A text to be tried: its rows, and a turn of updates with their actors behind them."""

    schema: DocumentSchema
    sections: tuple[str, ...]
    rows: Sequence[bytes]
    turn: Sequence[tuple[bytes, UUID | None]] = ()
    owners: Mapping[int, UUID | None] = field(default_factory=dict)
    is_salvage: bool = False
    """Leave out rows that cannot stand, and tell which."""

    def header(self) -> bytes:
        return json.dumps(
            {
                "schema": self.schema.number,
                "roots": self.schema.roots,
                "sections": self.sections,
                "salvage": self.is_salvage,
                "rows": [len(row) for row in self.rows],
                "turn": [(len(update), _name(actor)) for update, actor in self.turn],
                "owners": [(client, _name(actor)) for client, actor in self.owners.items()],
            }
        ).encode()


@dataclass(frozen=True, slots=True)
class Survived:
    """What the child read: the text, the state, and which rows could not stand."""

    text: DossierText
    sha256: str
    state: bytes
    reads_same: bool
    """The state gives the same text as the rows."""
    clocks: Mapping[int, int]
    unreadable: Sequence[int]
    aside: Sequence[int]


class Child:
    """One trial process at a time; jobs follow one another."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._busy = asyncio.Lock()

    async def tries(self, job: Job) -> Survived:
        """What became of the job.

        Raises:
            Died: the text killed the child, hung it, or broke in it.
            Failed: something else is wrong with it.
            NoTrial: the child does not work.
        """
        async with self._busy:
            process = await self._running()
            try:
                async with asyncio.timeout(WALL_S):
                    told, state = await _exchange(process, job)
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                raise await self._end(error) from error
            except BaseException:
                await self.close()
                raise
            if "broken" in told:
                await self.close()
                raise Died(told["broken"])
            if "failed" in told:
                raise Failed(told["failed"])
        return Survived(
            from_json(told["text"]),
            told["sha256"],
            state,
            told["reads_same"],
            dict(told["clocks"]),
            told["unreadable"],
            told["aside"],
        )

    async def close(self) -> None:
        """End the child; the next job gets a new one."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *COMMAND,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    cwd=FOLDER,
                    limit=ANSWER_BYTES_MAX,
                )
            except OSError as error:
                raise NoTrial(str(error)) from error
        return self._process

    async def _end(self, error: BaseException) -> Died | NoTrial:
        """Take leave of a child that did not answer; what that means."""
        process = self._process
        assert process is not None
        if isinstance(error, TimeoutError):
            await self.close()
            return Died("hang")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await process.wait()
        code = process.returncode
        await self.close()
        if code is None or code >= 0:
            return NoTrial(f"no answer, exit code {code}")
        return Died("hang" if -code == signal.SIGXCPU else signal.Signals(-code).name)


@contextlib.asynccontextmanager
async def a_child() -> AsyncIterator[Child]:
    """A child for as long as the block runs."""
    child = Child()
    try:
        yield child
    finally:
        await child.close()


async def _exchange(process: asyncio.subprocess.Process, job: Job) -> tuple[dict[str, Any], bytes]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(job.header() + b"\n")
    for part in (*job.rows, *(update for update, _ in job.turn)):
        process.stdin.write(part)
        await process.stdin.drain()
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    told = json.loads(line)
    return told, await process.stdout.readexactly(told["size"])


def _name(actor: UUID | None) -> str | None:
    return None if actor is None else str(actor)
