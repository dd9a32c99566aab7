"""Ends the process when it dies or hangs without a word, and keeps the word.

A fault in native code and an endless loop that holds the interpreter leave Python no chance to
say anything. ``faulthandler`` does, from a signal handler and from a thread of its own that needs
no interpreter lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
from collections.abc import AsyncIterator
from typing import TextIO

import structlog

from server.realtime.crash.record import Record

HANG_S = 20.0
"""A process whose event loop stands still for so long ends itself; everybody would be waiting."""

BEATS = 10
"""How often in ``HANG_S`` the loop shows that it lives."""

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def watched(record: Record | None) -> AsyncIterator[None]:
    """While the block runs, deaths and hangs of this process leave a word beside its record."""
    fault = _opened(record)
    if fault is None:
        yield
        return
    with fault:
        faulthandler.enable(fault, all_threads=False)
        beating = asyncio.create_task(_beat(fault), name="watchdog")
        try:
            yield
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            faulthandler.cancel_dump_traceback_later()
            faulthandler.disable()


def _opened(record: Record | None) -> TextIO | None:
    try:
        return None if record is None else record.fault_path.open("w")
    except OSError as error:
        log.error("no word of a death can be kept", exc_info=error)
        return None


async def _beat(fault: TextIO) -> None:
    while True:
        faulthandler.dump_traceback_later(HANG_S, exit=True, file=fault)
        await asyncio.sleep(HANG_S / BEATS)
