"""Two browsers at two nodes write one text, while Redis between the nodes dies and comes back."""

from __future__ import annotations

import asyncio
import re

import httpx2
from playwright.async_api import Browser

from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits
from tests.harness.ideas import FREE_SECTION, open_idea
from tests.harness.waiting import until_async
from tests.topology.topology import PROBE, Topology

LOADS_MAX = 8
WRITERS = re.compile(r'^arena_sessions\{[^}]*kind="writer"[^}]*\} ([0-9.]+)$', re.MULTILINE)
CONVERGED_MS = 30_000
STEPS = ("mit Redis", "ohne Redis", "wieder mit Redis")


async def test_t75_two_browsers_at_two_nodes_converge_with_and_without_redis(
    browser: Browser, topology: Topology
) -> None:
    idea = await open_idea(topology.origin, topology.tokens["participant"])
    visits = Visits(browser, topology.origin)
    try:
        one = IdeaPage(await visits.enter("participant"), idea.ref)
        two = IdeaPage(await visits.enter("participant-2"), idea.ref)
        await one.open()
        await _open_elsewhere(two, topology)
        await one.type(FREE_SECTION, "Mitte.")
        await two.until_reads(FREE_SECTION, "Mitte.")
        changes = (lambda: None, topology.valkey.kill, topology.valkey.restart)
        for step, change in zip(STEPS, changes, strict=True):
            mine, yours = f"Von eins {step}. ", f" Von zwei {step}."
            await asyncio.gather(
                one.type(FREE_SECTION, mine, at="Home"),
                two.type(FREE_SECTION, yours),
                asyncio.to_thread(change),
            )
            for page in (one, two):
                for words in (mine, yours):
                    await page.until_reads(FREE_SECTION, words.strip(), timeout_ms=CONVERGED_MS)
                await page.until_state("saved")
            # The last letter that one types may still be on its way to the other.
            await _until_alike(one, two)
            text = await one.text(FREE_SECTION)
            assert text == await two.text(FREE_SECTION)
            assert text.count(mine.strip()) == text.count(yours.strip()) == 1
        assert await _writers(topology) == [1, 1], "they were sent away"
        complaints = await visits.leave()
        assert not complaints, "\n".join(complaints)
    finally:
        await visits.leave()
        await asyncio.to_thread(topology.heal)


async def _until_alike(one: IdeaPage, two: IdeaPage) -> None:
    async def are_alike() -> bool:
        return await one.text(FREE_SECTION) == await two.text(FREE_SECTION)

    await until_async(are_alike, "both show one text", timeout_s=CONVERGED_MS / 1_000)


async def _open_elsewhere(page: IdeaPage, topology: Topology) -> None:
    """Load the page until its text comes from the node that has nobody yet."""

    async def are_two() -> bool:
        return sum(await _writers(topology)) == 2

    for turn in range(LOADS_MAX):
        await page.open()
        await page.until_state("saved")
        await until_async(are_two, "both have their seats")
        if await _writers(topology) == [1, 1]:
            return
        if turn % 2:  # a load asks so often that the socket comes to the same node each time
            await asyncio.to_thread(topology.proxy.status_of, PROBE)
    raise AssertionError(f"after {LOADS_MAX} loads both pages are at one node")


async def _writers(topology: Topology) -> list[int]:
    """How many people may write, at each node."""
    async with httpx2.AsyncClient() as client:
        told = [(await client.get(f"{node.origin}/metrics")).text for node in topology.nodes]
    return [round(sum(map(float, WRITERS.findall(each)))) for each in told]
