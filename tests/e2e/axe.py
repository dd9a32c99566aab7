"""axe-core on a page: no violation of WCAG 2.2 A and AA or of axe's best practices."""

from __future__ import annotations

import functools
from importlib.resources import files

from playwright.async_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@functools.cache
def source() -> str:
    """axe-core's script; it is evaluated, because the pages rightly load no foreign one."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """What axe finds: rule, help and the elements."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(source())
    # What is right need not be described.
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    found = await page.evaluate(
        "async (options) => (await axe.run(document, options)).violations", options
    )
    return [
        f"{each['id']} ({each['help']}): {'; '.join(str(node['target']) for node in each['nodes'])}"
        for each in found
    ]
