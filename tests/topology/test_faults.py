"""Every part of the topology dies, hangs, is cut off or restarts while people work; by seed.

Each person types words that occur once, so a word that is missing or doubled shows. The seed is
printed; ``ARENA_TEST_SEED`` repeats its story. ``arena bench cluster`` does the same for longer.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator

import pytest

from bench.cluster.campaign import told, verified
from bench.cluster.faults import Fault
from bench.cluster.scene import HANDLES, Scene, staged
from bench.cluster.story import blow
from tests.topology.topology import Topology


@pytest.fixture(scope="module")
def seed() -> int:
    """The seed of this run, printed."""
    return int(os.environ.get("ARENA_TEST_SEED", random.randrange(2**32)))


@pytest.fixture(scope="module")
def topology() -> Iterator[Topology]:
    """A topology for these tests alone, because they hurt all of it."""
    running = Topology().start(HANDLES)
    yield running
    running.stop()


@pytest.fixture(scope="module")
async def scene(topology: Topology, seed: int) -> AsyncIterator[Scene]:
    """Three texts with two authors and two readers each, moderators and visitors."""
    async with staged(topology, seed) as scene:
        yield scene


@pytest.mark.timeout(300)  # nodes start slowly where many tests run at once
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.name.lower())
async def test_t71_nothing_promised_is_lost_and_all_copies_become_one(
    fault: Fault, scene: Scene, topology: Topology, seed: int
) -> None:
    """Neither while it lasts nor after; nothing is decided twice, and everybody knows by whom."""
    print(f"ARENA_TEST_SEED={seed}")  # noqa: T201
    suffered = await scene.suffer(blow(seed, 0, fault))
    print(told(suffered))  # noqa: T201
    assert not suffered.faults, "\n".join(suffered.faults)


async def test_t72_each_decision_was_made_once_and_told_to_both(scene: Scene) -> None:
    assert len(scene.deciders.bouts) >= len(Fault)
    assert not await scene.deciders.judge()


async def test_t73_a_comment_is_there_once_if_it_was_said_to_be(scene: Scene) -> None:
    assert scene.visitors.written
    assert not await scene.visitors.judge()


async def test_t71_log_and_audit_are_whole_afterwards(scene: Scene, topology: Topology) -> None:
    assert min(text.acknowledged for text in scene.texts) > len(Fault)
    assert not await asyncio.to_thread(lambda: list(verified(topology)))
