"""What a page may not do while nobody looks: log errors, fail in a script, call other hosts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError

SAME_PAGE = frozenset({"data", "blob", "about"})
BLOCKED = "Service Worker registration blocked by Playwright"
"""Said by the browser's driver itself, where a test lets no worker in between (``visits``)."""


class Watch:
    """Notes the complaints of every page of one browser context."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self._host = urlsplit(origin).netloc
        self._complaints: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        context.on("console", self._logged)
        context.on("weberror", self._failed)
        context.on("request", self._requested)

    def expect(self, pattern: str) -> None:
        """Complaints that match belong to the test, such as a connection cut on purpose."""
        self._expected.append(re.compile(pattern))

    @property
    def complaints(self) -> list[str]:
        """What nobody expected."""
        return [
            complaint
            for complaint in self._complaints
            if not any(pattern.search(complaint) for pattern in self._expected)
        ]

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.text.strip() != BLOCKED:
            place = message.location.get("url", "")
            self._complaints.append(f"console {message.type}: {message.text} {place}")

    def _failed(self, error: WebError) -> None:
        self._complaints.append(f"uncaught: {error.error}")

    def _requested(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in SAME_PAGE and address.netloc != self._host:
            self._complaints.append(f"request to another host: {request.url}")
