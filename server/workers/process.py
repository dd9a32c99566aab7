"""One worker process, seen from the supervisor."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol

FOLDER = Path(__file__).parents[2]
"""Where the packages are; the child finds them there, however this process was started."""


class Worker(Protocol):
    """What a supervisor knows of a worker."""

    @property
    def pid(self) -> int:
        """The process."""

    async def until_ready(self) -> bool:
        """Wait until it serves; whether it does, for it may have ended instead."""

    async def until_ended(self) -> int:
        """Wait until it has ended; its exit code, negative for a signal."""

    def ask_to_end(self) -> None:
        """Let it drain."""

    def kill(self) -> None:
        """End it without warning."""


class WorkerProcess:
    """A child that serves on the socket of its parent.

    It says over one pipe that it is ready; the other one breaks when the parent is gone, and then
    it ends too.
    """

    def __init__(self, process: Process, ready: int, lifeline: int) -> None:
        self._process = process
        self._lifeline = lifeline
        self._is_ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(ready, self._heard, ready)

    @classmethod
    async def start(
        cls, number: int, listener: socket.socket, environment: Mapping[str, str]
    ) -> WorkerProcess:
        """Start worker ``number``.

        Raises:
            OSError: the system has no room for another process.
        """
        (hears, says), (lives, holds) = os.pipe(), os.pipe()
        inherited = (listener.fileno(), says, lives)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "server.workers.worker", str(number)),
                *map(str, inherited),
                pass_fds=inherited,
                env=environment,
                start_new_session=True,  # Ctrl+C is for the parent, who asks everybody to end
            )
        except BaseException:
            os.close(hears)
            os.close(holds)
            raise
        finally:
            os.close(says)
            os.close(lives)
        return cls(process, hears, holds)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def until_ready(self) -> bool:
        return await asyncio.shield(self._is_ready)

    async def until_ended(self) -> int:
        code = await self._process.wait()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        return code

    def ask_to_end(self) -> None:
        with suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()

    def _heard(self, ready: int) -> None:
        """It is ready, or its end of the pipe is gone with it."""
        asyncio.get_running_loop().remove_reader(ready)
        self._is_ready.set_result(bool(os.read(ready, 1)))
        os.close(ready)


def environment_of(parent: Mapping[str, str], **variables: str) -> dict[str, str]:
    """The environment of a child: its parent's, and these; it finds the packages where they are."""
    places = [str(FOLDER), *filter(None, [parent.get("PYTHONPATH")])]
    return {**parent, "PYTHONPATH": os.pathsep.join(places), **variables}
