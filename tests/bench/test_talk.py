"""The bench of live talk: a run counts only if the server was what it measured."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bench.talk.command import report, run
from bench.talk.measuring import Found, Pace
from bench.talk.observing import answer

FOUND = Found(
    latencies_s=(0.2, 0.3),
    expected=2,
    fetches=2,
    bytes_read=2_000_000,
    server_busy=0.3,
    generator_busy=0.2,
    generator_lag_s=0.001,
)
PACE = Pace(observers=2, signed_in=0, comments=1, every_s=3.0)


@pytest.mark.parametrize(
    "found",
    [
        replace(FOUND, latencies_s=(0.2,)),
        replace(FOUND, generator_busy=0.81),
        replace(FOUND, generator_lag_s=0.11),
    ],
)
def test_z1_a_run_that_says_nothing_of_the_server_is_invalid(found: Found) -> None:
    assert found.fault
    assert "INVALID" in report(PACE, found)
    assert not replace(FOUND).fault
    assert "p50 200 ms, p95 300 ms" in report(PACE, FOUND)


async def test_z1_a_refusal_is_no_fragment() -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")
    with pytest.raises(RuntimeError, match="404"):
        await answer(reader)


def test_z1_all_who_look_see_what_is_said(tmp_path: Path) -> None:
    found = run(tmp_path, Pace(observers=6, signed_in=2, comments=2, every_s=0.7))
    assert len(found.latencies_s) == found.expected == 12
    assert found.server_busy > 0
    assert found.fetches >= 6
