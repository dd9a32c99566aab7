"""One run: observers come, comments are written at their pace, and everybody is waited for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from bench.pages.measuring import percentile
from bench.talk.observing import Observer, Seen

READY_S = 60.0
LAST_S = 15.0
LAG_LOOK_S = 0.05
BUSY_MAX = 0.8
LAG_MAX_S = 0.1


@dataclass(frozen=True, slots=True)
class Pace:
    """How many look, how many of them are signed in, and how often somebody speaks."""

    observers: int
    signed_in: int
    comments: int
    every_s: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a run has shown. Latencies go from before the POST until the fragment was read."""

    latencies_s: tuple[float, ...]
    expected: int
    fetches: int
    bytes_read: int
    server_busy: float
    """Processor time of the server for each second."""
    generator_busy: float
    generator_lag_s: float
    """By how much the generator itself was late, at the 95th percentile."""

    @property
    def fault(self) -> str:
        """Why the figures say nothing of the server; empty if they do."""
        if len(self.latencies_s) < self.expected:
            return f"{self.expected - len(self.latencies_s)} comments were not seen in time"
        if self.generator_busy > BUSY_MAX:
            return f"the generator was the limit: {self.generator_busy:.0%} of a processor"
        if self.generator_lag_s > LAG_MAX_S:
            return f"the generator was the limit: {self.generator_lag_s * 1000:.0f} ms late"
        return ""

    def latency_ms(self, share: float) -> float:
        """The latency that this share did not exceed."""
        return percentile(self.latencies_s, share) * 1000


async def measure(port: int, pid: int, ref: str, tokens: Sequence[str], pace: Pace) -> Found:
    """Let them look and speak; the first tokens are those who look signed in."""
    seen = Seen()
    names = [*tokens[: pace.signed_in], *[""] * (pace.observers - pace.signed_in)]
    observers = [Observer(port, ref, seen, token) for token in names]
    looking = [asyncio.create_task(each.look()) for each in observers]
    try:
        async with asyncio.timeout(READY_S):
            for each in observers:
                await each.is_ready.wait()
        return await _speak(port, pid, ref, tokens[pace.signed_in :], pace, seen)
    finally:
        for task in looking:
            task.cancel()
        ended = await asyncio.gather(*looking, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error


async def _speak(
    port: int, pid: int, ref: str, tokens: Sequence[str], pace: Pace, seen: Seen
) -> Found:
    lags: list[float] = []
    watching = asyncio.create_task(watch_lag(lags))
    began, server, generator = time.perf_counter(), cpu_s(pid), time.process_time()
    spoken: dict[str, float] = {}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        for number in range(pace.comments):
            await asyncio.sleep(max(0.0, began + number * pace.every_s - time.perf_counter()))
            mark = f"mark-{number}-{os.getpid()}"
            seen.marks[mark] = []
            spoken[mark] = time.perf_counter()
            answer = await client.post(
                f"/api/v1/ideas/{ref}/comments",
                json={"text": f"Beispiel {mark}: Wer kümmert sich darum?"},
                headers={"Authorization": f"Bearer {tokens[number % len(tokens)]}"},
            )
            answer.raise_for_status()
    expected = pace.observers * pace.comments
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LAST_S):
            await seen.wait_for(expected)
    watching.cancel()
    took = time.perf_counter() - began
    return Found(
        latencies_s=tuple(
            moment - spoken[mark] for mark, moments in seen.marks.items() for moment in moments
        ),
        expected=expected,
        fetches=seen.fetches,
        bytes_read=seen.bytes_read,
        server_busy=(cpu_s(pid) - server) / took,
        generator_busy=(time.process_time() - generator) / took,
        generator_lag_s=percentile(tuple(lags), 0.95) if lags else 0.0,
    )


async def watch_lag(lags: list[float]) -> None:
    """How late this process itself is woken."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LAG_LOOK_S)
        lags.append(time.perf_counter() - before - LAG_LOOK_S)


def cpu_s(pid: int) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
