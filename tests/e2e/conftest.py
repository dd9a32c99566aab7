"""Fixtures of the browser tests: one browser per run, windows per test.

Without a browser these tests fail and say what to do; they are not skipped. A failed test leaves
pictures of its windows in ``test-artifacts``.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.visits import Visits
from tests.harness.browser import FLAGS, find
from tests.harness.ideas import TestIdea, open_idea
from tests.harness.process import ArenaProcess

# Two cores also run the server, the database and the browser, and they may be slow ones. A limit
# that nobody needs costs nothing.
WAIT_MS = 45_000
TEST_S = 600
expect.set_options(timeout=WAIT_MS)

# A window lives for seconds: what V8 would optimise meanwhile is hardly ever run.
LEAVE_UNOPTIMISED = "--js-flags=--no-opt --always-sparkplug"

FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "/e2e/" in item.nodeid:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(TEST_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know whether the test has failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one browser of the run."""
    chromium = find()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=str(chromium.path),
            env={**os.environ, **chromium.environment},
            args=[*FLAGS, LEAVE_UNOPTIMISED],
        )
        yield launched
        await launched.close()


@pytest.fixture
async def visits(
    browser: Browser, arena: ArenaProcess, request: pytest.FixtureRequest
) -> AsyncIterator[Visits]:
    """Opens windows; after the test none of them may have complained."""
    opened = Visits(browser, arena.origin)
    yield opened
    has_failed = request.node.stash.get(FAILED, False)
    if has_failed:
        await opened.shoot(f"failed-{request.node.name}")
    complaints = await opened.leave()
    assert has_failed or not complaints, "\n".join(complaints)


@pytest.fixture
async def idea(arena: ArenaProcess, tokens: dict[str, str]) -> TestIdea:
    """An open idea of the first participant."""
    return await open_idea(arena.origin, tokens["participant"])
