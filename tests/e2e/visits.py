"""People with a browser: each in a context of his own, signed in through the demonstration door."""

from __future__ import annotations

import os
import re
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize

from tests.e2e.watch import Watch
from tests.sources import ROOT

ARTEFACTS = ROOT / "test-artifacts"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
BLOCKED = "Service Worker registration blocked by Playwright"
OFFLINE_NOISE = r"net::ERR_|WebSocket connection to"


class Visits:
    """Opens browser windows and looks after them until the test ends."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.origin = origin
        self._browser = browser
        self._pages: list[Page] = []
        self._watches: dict[BrowserContext, Watch] = {}

    async def enter(
        self, handle: str | None = None, path: str | None = None, **options: Any
    ) -> Page:
        """A window of the person, or of a guest; ``path`` is opened if given."""
        settings: dict[str, Any] = {
            "locale": "de-DE",
            "viewport": DESKTOP,
            "reduced_motion": "reduce",
            # What the service worker does is seen in test_offline; elsewhere the server answers.
            "service_workers": "block",
        }
        context = await self._browser.new_context(base_url=self.origin, **{**settings, **options})
        self._watches[context] = Watch(context, self.origin)
        self._watches[context].expect(BLOCKED)
        if handle:
            await self.sign_in(context, handle)
        page = await context.new_page()
        self._pages.append(page)
        if path:
            await page.goto(path)
        return page

    async def sign_in(self, context: BrowserContext, handle: str) -> None:
        """Take the session cookie that a click on the demonstration person gives."""
        answer = await context.request.post(
            "/sign-in/demo",
            form={"handle": handle, "next": "/"},
            headers={"Origin": self.origin},
            max_redirects=0,
        )
        assert answer.status == 303, f"{handle} could not sign in: {answer.status}"

    def expect(self, page: Page, pattern: str) -> None:
        """Complaints of this window that match belong to the test."""
        self._watches[page.context].expect(pattern)

    async def shoot(self, name: str) -> None:
        """Leave a picture of every window in ``test-artifacts``."""
        for number, page in enumerate(self._pages, 1):
            if not page.is_closed():
                await shot(page, f"{name}-{number}")

    async def leave(self) -> list[str]:
        """Close all windows; the complaints that nobody expected."""
        complaints = [each for watch in self._watches.values() for each in watch.complaints]
        for context in self._watches:
            await context.close()
        return complaints


async def picture(page: Page, name: str) -> None:
    """A picture of the whole page for people to look at, if they have asked for it."""
    if os.environ.get("ARENA_TEST_PICTURES"):
        await shot(page, name)


async def shot(page: Page, name: str) -> None:
    """Leave a picture of the whole page in ``test-artifacts``."""
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}.png"
    await page.screenshot(path=path, full_page=True)
