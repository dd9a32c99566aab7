"""Leaving an idea and coming back: what was seen live is no news, what came later is said once."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.process import ArenaProcess
from tests.harness.waiting import until_async

IS_SHOWN = """() => document.querySelector('[data-seen]').dataset.shown
    === document.body.dataset.event"""


async def test_n4_what_is_seen_live_is_no_news_and_what_came_later_is(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    reader = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await reader.open()
    page = reader.page
    await page.get_by_role("button", name="Folgen", exact=True).click()
    await expect(page.get_by_role("button", name="Nicht mehr folgen")).to_be_visible()
    await reader.open()
    async with (
        Api(arena.origin, tokens["participant"]) as writer,
        Api(arena.origin, tokens["participant-2"]) as own,
    ):
        await writer.call("POST", f"/ideas/{idea.ref}/comments", 201, text="Das sieht man live.")
        await expect(reader.comments()).to_contain_text("Das sieht man live.")
        await page.wait_for_function(IS_SHOWN)
        # Going away tells how far it was seen.
        await page.goto("/about")

        async def has_no_news() -> bool:
            news = (await own.call("GET", "/me/news"))["news"]
            return idea.ref not in {each["idea"] for each in news}

        await until_async(has_no_news, "what was seen live is no news")
        editor = IdeaPage(await visits.enter("participant"), idea.ref)
        await editor.open()
        await editor.type(FREE_SECTION, "Mit einer Brücke über die Spree.")
        await editor.until_state("saved")
        for number in range(2):
            text = f"Das kam später ({number})."
            await writer.call("POST", f"/ideas/{idea.ref}/comments", 201, text=text)

        async def has_all_news() -> bool:
            news = (await own.call("GET", "/me/news"))["news"]
            said = [(each["text_changed"], each["counts"].get("comment")) for each in news]
            return (True, 2) in said[:1]

        await until_async(has_all_news, "lists know the new text")
        await page.goto("/catch-up")
        newest = page.locator(".news-entry").first
        await expect(newest).to_contain_text("Text geändert · 2 Kommentare")
        await look_at(page, "catch-up")
        await page.set_viewport_size({"width": 1280, "height": 900})
        await page.goto(f"/ideas/{idea.ref}")
        line = page.locator("#since")
        await expect(line).to_contain_text(re.compile("Seit Ihrem letzten Besuch .* 2 Kommentare"))
        await page.get_by_role("link", name="Zeigen, was neu ist").press("Enter")
        await expect(page.locator("#comments")).to_contain_text("Das kam später (1).")
        await expect(page.locator("#comments")).not_to_contain_text("Das sieht man live.")
        await expect(page.locator("#text .compared-line")).to_contain_text("Mit einer Brücke")
        await look_at(page, "since")
    await page.goto("/following")
    await expect(page.locator("#ideas")).to_contain_text("von Ihnen gewählt")
