"""The disk fails while two people type: no false promise, and no restart once it is mended.

``arena bench disk faults`` does the same for longer.
"""

from __future__ import annotations

import random

import pytest

from bench.disk import vfs
from bench.disk.faults import Fault
from bench.disk.nemesis import break_disk
from bench.disk.stage import Stage

pytestmark = pytest.mark.skipif(vfs.why_not() is not None, reason=str(vfs.why_not()))


async def test_s25_a_failing_disk_is_said_and_survived(
    on_sqlite: Stage, rng: random.Random
) -> None:
    found: list[str] = []
    for fault in Fault:
        if fault is not Fault.NONE:
            found += [
                f"{fault.value}: {wrong}" for wrong in await break_disk(on_sqlite, fault)(rng)
            ]
    found += await break_disk(on_sqlite, Fault.SYNC_ERROR, is_fatal=True)(rng)
    found += await on_sqlite.compare_replay()
    assert not found, "\n".join(found)
