"""Power cuts: crash images of a recorded run, each opened and read like after a real one.

``arena bench disk power`` does the same for longer.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bench.disk import vfs
from bench.disk.faults import DicedDisk
from bench.disk.journal import Promise, Sync, Write
from bench.disk.power import cut
from bench.disk.recording import Plan, Recording, record

MOMENTS = 14
ODDS = 6

pytestmark = pytest.mark.skipif(vfs.why_not() is not None, reason=str(vfs.why_not()))


async def test_s20_a_power_cut_takes_back_no_promise(seed: int, tmp_path: Path) -> None:
    recording = await record(Plan(seed), tmp_path)
    assert count_of_begins(recording) > 1, "the log was never moved and begun anew"
    verdict = await cut(recording, moments=MOMENTS, seed=seed)
    assert verdict.promises_due > 300
    assert verdict.images > 2 * MOMENTS
    assert not verdict.losses, "\n".join(map(str, verdict.losses))


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
async def test_s20_the_check_finds_what_lazier_syncs_would_lose(
    seed: int, tmp_path: Path, synchronous: str
) -> None:
    plan = Plan(seed, texts=1, keystrokes=10)
    recording = await record(plan, tmp_path, synchronous=synchronous)
    verdict = await cut(recording, moments=6, seed=seed)
    assert any("promised tokens are missing" in loss.what for loss in verdict.losses)


async def test_s20_the_check_finds_a_disk_that_lies(seed: int, tmp_path: Path) -> None:
    """As if the disk had only pretended to sync."""
    recording = await record(Plan(seed, texts=2, keystrokes=20), tmp_path)
    recording.entries[:] = [each for each in recording.entries if not isinstance(each, Sync)]
    verdict = await cut(recording, moments=12, seed=seed)
    assert verdict.losses


async def test_s21_failing_writes_and_syncs_make_no_false_promise(
    seed: int, tmp_path: Path
) -> None:
    journal = DicedDisk(random.Random(seed), ODDS)
    plan = Plan(seed, keystrokes=30)
    with capture_logs():  # dozens of rooms fail, as they should
        recording = await record(plan, tmp_path, journal=journal)
    assert journal.failed_syncs
    promised = {
        (each.document, token)
        for each in recording.entries
        if isinstance(each, Promise)
        for token in each.tokens
    }
    assert len(promised) == plan.texts * plan.people_per_text * plan.keystrokes
    verdict = await cut(recording, moments=MOMENTS, seed=seed)
    assert not verdict.losses, "\n".join(map(str, verdict.losses))


def count_of_begins(recording: Recording) -> int:
    """How often the write-ahead log was begun from its start."""
    return sum(
        isinstance(each, Write) and each.file.endswith("-wal") and each.offset == 0
        for each in recording.entries
    )
