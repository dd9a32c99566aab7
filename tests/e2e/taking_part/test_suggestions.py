"""Somebody who may not write suggests wording; it is drawn live, accepted once, and is his."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
BEFORE = "Ein Radweg wird gebaut."
AFTER = "Ein breiter Radweg wird gebaut."


@pytest.fixture
async def revised(idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]) -> TestIdea:
    """An idea that only its team may write in now."""
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "returned", reason="Bitte die Kosten ergänzen.")
    return idea


async def test_q15_suggested_by_keyboard_drawn_live_accepted_once_and_his(
    visits: Visits, revised: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    team = [IdeaPage(await visits.enter("participant"), revised.ref) for _ in range(2)]
    for window in team:
        await window.open()
    expert = IdeaPage(await visits.enter("expert"), revised.ref)
    await expert.open()

    await suggest_by_keyboard(expert.page)
    for window in (*team, expert):
        drawn = window.section("idea").locator("ins")
        await expect(drawn).to_contain_text("breiter")
    async with Api(arena.origin, tokens["moderator"]) as api:
        assert "breiter" not in str(await api.text(revised.ref))

    await suggest_for_selection(expert, "wird gebaut", "wird bald gebaut")
    await expect(team[0].section("idea").locator("ins")).to_have_count(2)
    tree = await team[0].section("idea").aria_snapshot()
    assert "insertion" in tree, tree
    await picture(team[0].page, "suggested-drawn")

    for window in team:
        await window.section("idea").click()
        await window.page.keyboard.press("Control+Home")
        await window.page.keyboard.press("Control+Alt+j")
        card = window.page.locator("#suggested")
        await expect(card).to_be_focused()
        await expect(card.locator(".suggestion:visible")).to_have_count(1)
        await expect(card).to_contain_text("breiter")
    await look_at(team[1].page, "suggested-card")
    await team[1].page.set_viewport_size(DESKTOP)
    visits.expect(team[0].page, r"status of 409")
    visits.expect(team[1].page, r"status of 409")
    await asyncio.gather(*(accept(window.page) for window in team))
    for window in team:
        await expect(window.section("idea")).to_be_focused()
    for window in (*team, expert):
        await window.until_reads("idea", "Ein breiter Radweg")
        await expect(window.section("idea").locator("ins")).to_have_count(1)
    async with Api(arena.origin, tokens["moderator"]) as api:
        found = await api.call("GET", f"/ideas/{revised.ref}/suggestions")
        text = str(await api.text(revised.ref))
    assert text.count(AFTER) == 1
    (done,) = [each for each in found["suggestions"] if each["state"] == "accepted"]
    assert done["author"]["handle"] == "expert"
    await expert.page.goto(f"/ideas/{revised.ref}/suggestions")
    await expect(expert.page.locator("#decided")).to_contain_text("Angenommen von")
    await look_at(expert.page, "suggested-full")


async def test_q5_competing_ones_share_a_card_and_a_page(visits: Visits, revised: TestIdea) -> None:
    expert = IdeaPage(await visits.enter("expert"), revised.ref)
    other = IdeaPage(await visits.enter("participant-2"), revised.ref)
    team = IdeaPage(await visits.enter("participant"), revised.ref)
    for window in (expert, other, team):
        await window.open()
    await suggest_for_selection(expert, "Radweg", "Fußweg")
    await suggest_for_selection(other, "Ein Radweg", "Ein Steg")
    await team.section("idea").locator("del").first.click()
    card = team.page.locator("#suggested")
    await expect(card.locator(".suggestion:visible")).to_have_count(2)
    await picture(team.page, "suggested-competing")
    await team.page.keyboard.press("Escape")
    await expect(card).to_be_hidden()
    await team.page.goto(f"/ideas/{revised.ref}/suggestions")
    await expect(team.page.get_by_role("group", name="selben Stelle")).to_be_visible()
    await look_at(team.page, "suggested-competing-page")


async def suggest_by_keyboard(page: Page) -> None:
    """Choose a paragraph and write it as it shall read, with no pointer."""
    await page.locator("#suggestions").get_by_role("link", name="Änderung").press("Enter")
    await page.get_by_role("link", name=BEFORE).press("Enter")
    await page.get_by_label("So soll es lauten").fill(AFTER)
    await look_at(page, "suggest-words")
    await page.set_viewport_size(DESKTOP)
    await page.get_by_label("Warum?").fill("Auch für Lastenräder.")
    await page.get_by_role("button", name="Vorschlagen").press("Enter")
    await expect(page.locator(".suggestion")).to_contain_text("breiter")
    await page.get_by_role("link", name="Zurück zu").press("Enter")
    await expect(page.locator("#dossier")).to_have_attribute("data-ready", "true")


async def suggest_for_selection(window: IdeaPage, words: str, instead: str) -> None:
    """Select words of the text, drawn over or not, and suggest others for them."""
    await window.section("idea").evaluate(
        """(element, words) => {
            const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            const letters = [];
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                if (node.parentElement.closest("ins, .ProseMirror-widget")) continue;
                [...node.data].forEach((letter, at) => letters.push({ letter, node, at }));
            }
            const from = letters.map((each) => each.letter).join("").indexOf(words);
            if (from < 0) throw new Error(`no ${words}`);
            const [first, last] = [letters[from], letters[from + words.length - 1]];
            const range = document.createRange();
            range.setStart(first.node, first.at);
            range.setEnd(last.node, last.at + 1);
            document.getSelection().removeAllRanges();
            document.getSelection().addRange(range);
        }""",
        words,
    )
    await window.page.keyboard.press("Control+Alt+v")
    dialog = window.page.locator("#suggest")
    await dialog.get_by_label("So soll es lauten").fill(instead)
    await dialog.get_by_role("button", name="Vorschlagen").click()
    await expect(dialog).to_be_hidden()


async def accept(page: Page) -> None:
    """Accept what the card shows; somebody else may have done it already."""
    await page.locator("#suggested .suggestion:visible button[type=submit]").first.press("Enter")
    await expect(page.locator("#suggested")).to_be_hidden()
