"""Calls a function in a process of its own: what kills or hangs it there ends nothing else.

For work on a text that pycrdt may die of, and that nobody needs to have: the caller gets its
bytes, or learns that there are none. The child is ``python -m server.realtime.crash.apart``, new
for each call; the call comes on stdin, on stdout go a line with the size and the bytes, or the
name of what was raised.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

from server.realtime.crash.trial import MEMORY_BYTES_MAX, limit

FOLDER = Path(__file__).parents[3]
"""Where the packages are, for the child."""

AT_ONCE_MAX = 2
ANSWER_BYTES_MAX = 64 * 1024**2
RAISED = b"raised "

P = ParamSpec("P")

_places = threading.BoundedSemaphore(AT_ONCE_MAX)


class Failed(Exception):
    """The function has no answer; the message says what became of it."""


async def apart(
    timeout_s: float, function: Callable[P, bytes], *arguments: P.args, **named: P.kwargs
) -> bytes:
    """What ``function``, which a module must name, returns in a child process.

    Raises:
        Failed: it died or raised, took longer than ``timeout_s``, needed too much memory, or as
            many calls as may be are under way.
    """
    call = pickle.dumps((function, arguments, named))
    if not _places.acquire(blocking=False):
        raise Failed(f"{AT_ONCE_MAX} calls are under way")
    try:
        async with asyncio.timeout(timeout_s):
            return await _called(call, timeout_s)
    except TimeoutError as error:
        raise Failed(f"no answer within {timeout_s} s") from error
    except OSError as error:
        raise Failed(str(error)) from error
    finally:
        _places.release()


async def _called(call: bytes, timeout_s: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.realtime.crash.apart", str(math.ceil(timeout_s))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=FOLDER,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with contextlib.suppress(ConnectionError):
            process.stdin.write(call)
            await process.stdin.drain()
            process.stdin.write_eof()
        line = await process.stdout.readline()
        if line.startswith(RAISED):
            raise Failed(line.removeprefix(RAISED).decode().strip())
        size = int(line)
        if size > ANSWER_BYTES_MAX:
            raise Failed(f"an answer of {size} bytes")
        return await process.stdout.readexactly(size)
    except (ValueError, EOFError) as error:
        raise Failed(f"the child ended with {await process.wait()}") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()


def main() -> None:
    """Answer the one call."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_AS", MEMORY_BYTES_MAX)
    # A child whose server is gone does not go on for ever.
    limit("RLIMIT_CPU", int(sys.argv[1]) + 1)
    function, arguments, named = pickle.load(sys.stdin.buffer)
    try:
        answer: bytes = function(*arguments, **named)
        answers.write(b"%d\n" % len(answer) + answer)
    except BaseException as error:
        # Only its name: what it says may hold what people wrote.
        answers.write(RAISED + type(error).__name__.encode() + b"\n")
    answers.flush()
    # What went wrong unnoticed in native code need not be met again at the exit.
    os._exit(0)


if __name__ == "__main__":
    main()
