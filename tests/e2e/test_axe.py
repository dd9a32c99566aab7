"""What axe is asked finds text that is hard to read, whatever was looked at before."""

from __future__ import annotations

from playwright.async_api import Browser, Page

from tests.e2e.axe import violations

PAGE = """<!doctype html><html lang="de"><head><title>Farben</title><style>{style}</style></head>
<body><main><h1>Farben</h1><p class="said">Guten Tag</p></main></body></html>"""

GOOD = "body { background: #fff } .said { color: #333 }"
PALE = "body { background: #fff } .said { color: #bbb }"
DARK_BEHIND = "body { background: #444 } h1 { color: #fff } .said { color: #333 }"
DARK_OVER = GOOD + "main { background: #444 } h1 { color: #fff }"
DARK_PLACED = GOOD + "main { position: absolute; background: #444 } h1 { color: #fff }"
FAINT = GOOD + "main { opacity: 0.3 }"
IN_THE_DARK = GOOD + "@media (prefers-color-scheme: dark) { .said { color: #eee } }"


async def found(page: Page, style: str) -> list[str]:
    """The rules that are broken where the page is drawn like this."""
    await page.set_content(PAGE.format(style=style))
    return [each.partition(" ")[0] for each in await violations(page)]


async def test_text_is_measured_anew_wherever_it_is_drawn_otherwise(browser: Browser) -> None:
    page = await browser.new_page()
    for _ in range(2):  # the second time all that is good has been seen
        assert await found(page, GOOD) == []
        for style in (PALE, DARK_BEHIND, DARK_OVER, DARK_PLACED, FAINT):
            assert await found(page, style) == ["color-contrast"], style
        assert await found(page, IN_THE_DARK) == []
        await page.emulate_media(color_scheme="dark")
        assert await violations(page) != []
        await page.emulate_media(color_scheme="light")
    await page.close()
