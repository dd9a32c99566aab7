"""Versions of a text in browsers: named, compared, replayed, and restored while another types."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.ideas import TestIdea


async def test_h5_h6_a_version_is_named_compared_and_restored_while_somebody_types(
    visits: Visits, idea: TestIdea
) -> None:
    typing = IdeaPage(await visits.enter("participant"), idea.ref)
    await typing.open()
    page = await visits.enter("moderator", f"/ideas/{idea.ref}/versions")
    fold = page.locator("#name")
    if not await page.locator("#f-name").is_visible():
        await fold.locator("> summary").click()
    await page.locator("#f-name").fill("Stand nach dem Workshop")
    await page.get_by_role("button", name="Fassung festhalten").click()
    version = page.locator(".version", has_text="Stand nach dem Workshop")
    await expect(version).to_be_visible()
    await typing.type("benefit", " Wirklich alle.")
    await typing.until_state("saved")
    await look_at(page, "versions")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await version.get_by_role("link", name="Mit heute vergleichen").click()
    await page.get_by_role("link", name="Nebeneinander").click()
    await expect(page.locator(".sides ins").first).to_contain_text("Wirklich alle.")
    await look_at(page, "difference-sides")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.get_by_role("link", name=re.compile("wiederherstellen")).click()
    await look_at(page, "version-restore")
    await page.get_by_label("Warum?").fill("Ein Versehen.")
    await typing.page.keyboard.type(" Und mehr")
    await page.get_by_role("button", name="Wiederherstellen").click()
    await typing.page.keyboard.type(" danach.")
    await expect(typing.section("benefit")).not_to_contain_text("Wirklich alle.")
    await typing.until_reads("benefit", "danach.")
    await typing.until_state("saved")


async def test_h8_h10_who_wrote_what_and_the_replay_are_accessible(
    visits: Visits, idea: TestIdea
) -> None:
    typing = IdeaPage(await visits.enter("participant"), idea.ref)
    await typing.open()
    await typing.type("benefit", " Auch die Kleinen.")
    await typing.until_state("saved")
    page = await visits.enter("moderator", f"/ideas/{idea.ref}/versions/now/authors?names=1")
    await expect(page.locator(".authored .by").first).to_be_visible()
    await look_at(page, "authors")
    await page.goto(f"/ideas/{idea.ref}/versions/replay")
    slider = page.get_by_role("slider")
    await expect(slider).to_have_attribute("aria-valuetext", re.compile("Schritt 1 von"))
    await look_at(page, "replay")
    last = await slider.get_attribute("max")
    await slider.press("End")
    await expect(page.locator(".replay-when")).to_contain_text(f"Schritt {last} von {last}")
    await expect(page).to_have_url(re.compile(f"step={last}$"))
    await page.goto(f"/ideas/{idea.ref}/versions/revert?handle=participant")
    await expect(page.locator("del").first).to_be_visible()
    await look_at(page, "version-revert")
