"""The evening itself: everybody comes, works, is hurt and comes back, each by dice of his own."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bench.cluster.texts import dice
from bench.evening.crowd import Onlooker
from bench.evening.devices import Device, Watch
from bench.evening.hall import LEADERS, Hall, joined, until_answered
from bench.evening.script import VANDAL_TABLE, Script
from bench.evening.vandal import NAME, Vandal
from bench.talk.measuring import watch_lag
from bench.talk.observing import Seen

FIRST_WORD_S: Final = 20.0
ENTERED_S: Final = 60.0
SENT_S: Final = 60.0
COMMENT_SEEN_S: Final = 20.0
TURN_S: Final = 1.0


@dataclass(slots=True)
class Evening:
    """What happened: devices, latencies, and whatever was not as promised."""

    hall: Hall
    devices: list[Device]
    watch: Watch = field(default_factory=Watch)
    seen: Seen = field(default_factory=Seen)
    spoken: dict[str, float] = field(default_factory=dict)
    entries_s: list[float] = field(default_factory=list)
    """From scanning the code to the first own word that is saved."""
    strikes_s: list[float] = field(default_factory=list)
    """How long the server took to serve again after each kill."""
    lags_s: list[float] = field(default_factory=list)
    generator_busy: float = 0.0
    acts: int = 0
    vandal_out_s: float | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def comment_latencies_s(self) -> list[float]:
        """From before the POST until an observer had read it."""
        return [
            moment - self.spoken[mark]
            for mark, moments in self.seen.marks.items()
            for moment in moments
        ]


async def play(hall: Hall, script: Script, seed: int, tell: Callable[[str], None]) -> Evening:
    """Let the evening happen; returns when everybody has stopped and is connected or gave up."""
    evening = Evening(hall, [])
    began, busy = time.perf_counter(), time.process_time()
    watching = asyncio.create_task(watch_lag(evening.lags_s))
    onlookers = await _look(hall, script, seed, evening.seen)
    tell(f"{script.observers} look on")
    try:
        await _enter(evening, script)
        tell(f"{len(evening.devices)} have written after {max(evening.entries_s):.1f} s at most")
        await _work(evening, script, seed, tell)
        await _settle(evening)
    finally:
        for task in (watching, *onlookers):
            task.cancel()
        await asyncio.gather(watching, *onlookers, return_exceptions=True)
    evening.generator_busy = (time.process_time() - busy) / (time.perf_counter() - began)
    return evening


async def _look(hall: Hall, script: Script, seed: int, seen: Seen) -> list[asyncio.Task[None]]:
    names = [*hall.observers[: script.signed_in], *[""] * (script.observers - script.signed_in)]
    looking = [Onlooker(hall.server.port, hall.plenary, seen, token) for token in names]
    tasks = [
        asyncio.create_task(each.stay(dice(seed, "onlooker", number)))
        for number, each in enumerate(looking)
    ]
    async with asyncio.timeout(60):
        for each in looking:
            await each.is_ready.wait()
    return tasks


async def _enter(evening: Evening, script: Script) -> None:
    """Forty people scan the code at the same time."""
    seats = [(table, seat) for table in range(1, script.tables + 1) for seat in range(script.seats)]
    evening.devices.extend(
        await asyncio.gather(*(_sit(evening, table, seat) for table, seat in seats))
    )
    late = [each for each in evening.entries_s if each > FIRST_WORD_S]
    if late:
        evening.faults.append(f"{len(late)} people took longer than {FIRST_WORD_S:g} s to write")


async def _sit(evening: Evening, table: int, seat: int) -> Device:
    hall, name = evening.hall, f"{chr(ord('a') + table - 1)}{chr(ord('a') + seat)}"
    began = time.perf_counter()
    guest = await joined(hall, table, f"Gast {name}")
    idea = hall.idea_documents[table - 1]
    device = Device(name, hall.server.origin, idea, hall.board, guest, evening.watch)
    await device.until_there(ENTERED_S)
    await device.table.type(device.next_word())
    await device.table.actor.until_saved()
    evening.entries_s.append(time.perf_counter() - began)
    return device


async def _work(evening: Evening, script: Script, seed: int, tell: Callable[[str], None]) -> None:
    """Type, comment, lead, destroy, lose the network and be killed, for as long as it lasts."""
    typing = [
        asyncio.create_task(each.type_on(dice(seed, "typing", each.name), script.pause_s))
        for each in evening.devices
    ]
    over = asyncio.Event()
    beside: list[Awaitable[None]] = [
        _offline(evening, script, tell),
        _strikes(evening, script, tell),
        _vandalise(evening, script, seed, tell),
    ]
    until_over = [_comment(evening, script, over), _lead(evening, seed, over)]
    working = [asyncio.ensure_future(each) for each in (*beside, *until_over)]
    try:
        await asyncio.sleep(script.seconds)
        over.set()
        await asyncio.gather(*working)
    finally:
        for each in evening.devices:
            each.stop()
        await asyncio.gather(*typing)
        for task in working:
            task.cancel()


async def _offline(evening: Evening, script: Script, tell: Callable[[str], None]) -> None:
    await asyncio.sleep(script.offline_from_s)
    letters = {chr(ord("a") + table - 1) for table in script.offline_tables}
    away = [each for each in evening.devices if each.name[0] in letters]
    for each in away:
        await each.go_offline()
    tell(f"{len(away)} devices are offline")
    await asyncio.sleep(script.offline_s)
    for each in away:
        each.go_online()
    tell("they are online again")


async def _strikes(evening: Evening, script: Script, tell: Callable[[str], None]) -> None:
    began = time.perf_counter()
    for at in script.kills_at_s:
        await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
        struck = time.perf_counter()
        await asyncio.to_thread(evening.hall.server.strike)
        await asyncio.to_thread(evening.hall.server.until_ready)
        evening.strikes_s.append(time.perf_counter() - struck)
        tell(f"a worker was killed; it served again after {evening.strikes_s[-1]:.1f} s")


async def _vandalise(
    evening: Evening, script: Script, seed: int, tell: Callable[[str], None]
) -> None:
    await asyncio.sleep(script.vandal_from_s)
    hall = evening.hall
    guest = await joined(hall, VANDAL_TABLE, NAME)
    vandal = Vandal(hall, guest, hall.idea_documents[VANDAL_TABLE - 1])
    try:
        await vandal.rage(dice(seed, "vandal"))
        await vandal.send_out(hall.refs[VANDAL_TABLE - 1])
    finally:
        await vandal.leave()
    evening.vandal_out_s = vandal.out_after_s
    evening.faults += vandal.faults
    tell(f"the vandal was out after {vandal.out_after_s or 0:.2f} s, his traces taken back")


async def _comment(evening: Evening, script: Script, over: asyncio.Event) -> None:
    """Speak on the idea that everybody looks at, and wait until the last word was read."""
    hall, every_s = evening.hall, 60 / script.comments_a_minute
    speakers = hall.observers[script.signed_in :]
    began, number = time.perf_counter(), 0
    while not over.is_set():
        mark = f"mark-{number}-{os.getpid()}"
        evening.seen.marks[mark] = []
        evening.spoken[mark] = time.perf_counter()
        body = {"text": f"Beispiel {mark}: Wer kümmert sich darum?"}
        answer = await until_answered(
            hall, speakers[number % len(speakers)], "POST", f"/ideas/{hall.plenary}/comments", body
        )
        if answer.status_code != 201:
            evening.faults.append(f"a comment was answered with {answer.status_code}")
        number += 1
        await asyncio.sleep(max(0.0, began + number * every_s - time.perf_counter()))
    expected = script.observers * number
    try:
        async with asyncio.timeout(COMMENT_SEEN_S):
            await evening.seen.wait_for(expected)
    except TimeoutError:
        missing = expected - len(evening.comment_latencies_s)
        evening.faults.append(f"{missing} of {expected} times a comment was not seen")


async def _lead(evening: Evening, seed: int, over: asyncio.Event) -> None:
    """Go through the steps; set the timer, ask for quiet, and let people write again."""
    hall, rng, step = evening.hall, dice(seed, "leading"), 0
    while not over.is_set():
        leader = hall.leaders[rng.choice(list(LEADERS))]
        method, act, body = rng.choice(
            (
                ("POST", "step", {"step": 1 + step % hall.steps}),
                ("POST", "timer", {"deed": "start", "minutes": 5}),
                ("PUT", "frozen", {"on": rng.random() < 0.5}),
            )
        )
        step += act == "step"
        path = f"/workshops/{hall.code}/{act}"
        answer = await until_answered(hall, leader, method, path, body)
        if answer.status_code not in {200, 204, 409}:
            evening.faults.append(f"{act} was answered with {answer.status_code}: {answer.text}")
        evening.acts += 1
        await asyncio.sleep(TURN_S * rng.uniform(0.5, 3))


async def _settle(evening: Evening) -> None:
    """Everybody sends what he still has."""
    saved = await asyncio.gather(*(each.until_saved(SENT_S) for each in evening.devices))
    for device, is_saved in zip(evening.devices, saved, strict=True):
        if not is_saved:
            evening.faults.append(f"{device.name} could not send everything")
