"""One seed from its beginning to its verdict."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import WARNING
from typing import Any
from uuid import UUID

import structlog

from bench.chaos.forms import Form, form_of, replay, units
from bench.chaos.judge import Trace
from bench.chaos.machines.loop import Stuck, VirtualLoop
from bench.chaos.recipe import Recipe
from bench.chaos.story import Story
from bench.chaos.world import World
from collab.sync.yjs.content import STRING
from collab.sync.yjs.ranges import IdRanges
from server.realtime.rooms import keeping
from storage.documents import Found

SNAPSHOT_S = 1.0
"""How soon after one snapshot the next may follow here."""


@dataclass(frozen=True)
class Evidence:
    """A document's whole log and the form it must have everywhere."""

    updates: list[bytes]
    form: Form


@dataclass
class Verdict:
    """How a seed ended."""

    seed: int
    digest: str
    events: int
    edits: int
    rows: int
    found: list[str]
    lines: list[str] | None
    evidence: list[Evidence] = field(default_factory=list)


def run(recipe: Recipe, *, keeps_lines: bool = False) -> Verdict:
    """Let a world happen and judge how it ends."""
    loop = VirtualLoop()
    world = World(recipe, loop, keeps_lines=keeps_lines)
    evidence: list[Evidence] = []
    with quiet(recipe, world.trace):
        try:
            loop.run_until_complete(_live(world, evidence))
        except Stuck as stuck:
            world.judge.object_to(f"stuck: {stuck}")
        finally:
            _tear_down(loop)
    copies = [copy for device in world.devices for copy in device.copies.values()]
    return Verdict(
        recipe.seed,
        world.trace.digest,
        world.trace.events,
        sum(len(copy.typed) for copy in copies),
        sum(len(world.judge.durable(key).rows) for key in world.judge.keys),
        world.judge.found,
        world.trace.lines,
        evidence,
    )


@contextmanager
def quiet(recipe: Recipe, trace: Trace) -> Iterator[None]:
    """Rooms log into the history, and take snapshots as often as the recipe says."""

    def note(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        error = event.get("exc_info")
        trace.note(f"log {event['event']}: {error!r}" if error else f"log {event['event']}")
        raise structlog.DropEvent

    config = structlog.get_config()
    usual = keeping.SNAPSHOT_ROWS, keeping.SNAPSHOT_S
    structlog.configure(
        processors=[note], wrapper_class=structlog.make_filtering_bound_logger(WARNING)
    )
    keeping.SNAPSHOT_ROWS, keeping.SNAPSHOT_S = recipe.snapshot_rows, SNAPSHOT_S
    try:
        yield
    finally:
        keeping.SNAPSHOT_ROWS, keeping.SNAPSHOT_S = usual
        structlog.configure(**config)


async def _live(world: World, evidence: list[Evidence]) -> None:
    story = Story(world)
    world.begin()
    await story.happen()
    if not world.judge.found:
        await story.end_well()
    if not world.judge.found:
        evidence += [_judge(world, document) for document in world.documents]


def _tear_down(loop: VirtualLoop) -> None:
    """End what still runs; nobody listens any more."""
    loop.set_exception_handler(lambda *_: None)
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()


def _judge(world: World, document: UUID) -> Evidence:
    """All who hold the document hold the same, and it is what people wrote."""
    log = world.archive.log
    head = log.heads([document])[document]
    key = (document, head.epoch)
    durable = world.judge.durable(key)
    updates = [update for update, _ in durable.rows]
    truth = replay(updates)
    if len(updates) != head.seq:
        world.judge.object_to(f"{len(updates)} rows were committed, the head is {head.seq}")
    found = log.load(document)
    assert isinstance(found, Found)
    _compare(world, truth, replay(found.updates), "snapshot and tail")
    for process in world.processes:
        room = process.rooms.get(document)
        if room is not None:
            _compare(world, truth, form_of(room.room.document.doc), f"the room in {process.name}")
    for device in world.devices:
        copy = device.copies.get(document)
        if copy is not None:
            _compare(world, truth, form_of(copy.doc), copy.name)
            if copy.key != key:
                world.judge.object_to(f"{copy.name} still holds epoch {copy.key[1]}")
            _check_typed(world, truth, copy.client_id, copy.typed, copy.name)
    return Evidence(updates, truth)


def _compare(world: World, truth: Form, form: Form, whose: str) -> None:
    difference = truth.differs_from(form)
    if difference is not None:
        world.judge.object_to(f"the log and {whose} differ: {difference}")


def _check_typed(
    world: World, truth: Form, client: int, typed: list[tuple[int, str]], whose: str
) -> None:
    """Everything that was typed is there under its ids, unless somebody deleted it."""
    deletes = IdRanges()
    for each in truth.state.deletes:
        deletes.add(*each)
    runs = [run for run in truth.state.lives if run[0] == client and run[2] == STRING]
    for clock, text in typed:
        end = clock + units(text)
        if deletes.missing(client, clock, end) != [(clock, end)]:
            continue
        if not any(
            start <= clock and end <= start + units(content) and text in content
            for _, start, _, content in runs
        ):
            world.judge.object_to(f"{text!r} of {whose} at {clock} is gone")
