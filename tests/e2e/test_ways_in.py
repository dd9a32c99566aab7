"""Signing in, a new idea in three steps, all by keyboard, and everything without JavaScript."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor

IDEA_ADDRESS = re.compile(r"/ideas/\d{4}-\d{5,}")


async def test_one_click_signs_in_a_demonstration_person(visits: Visits) -> None:
    page = await visits.enter(path="/sign-in")
    await page.locator('button[name="handle"][value="participant"]').click()
    await expect(page.locator("details.menu summary")).to_be_visible()
    await page.locator("details.menu summary").click()
    await page.get_by_role("button", name="Abmelden").click()
    await expect(page.get_by_role("link", name="Anmelden", exact=True)).to_be_visible()


async def test_a_wrong_password_says_so_and_keeps_the_name(visits: Visits) -> None:
    page = await visits.enter(path="/sign-in")
    visits.expect(page, r"status of 4\d\d")
    await page.get_by_label("Kurzname oder E-Mail-Adresse").fill("participant")
    await page.get_by_label("Passwort", exact=True).fill("falsch falsch falsch")
    await page.get_by_role("button", name="Anmelden", exact=True).click()
    await expect(page.locator(".error-summary")).to_be_focused()
    await expect(page.get_by_label("Kurzname oder E-Mail-Adresse")).to_have_value("participant")


async def test_a_new_idea_takes_three_steps(visits: Visits) -> None:
    page = await visits.enter("participant", "/ideas/new")
    await page.locator('input[name="kind"][value="proposal"]').check()
    await page.get_by_role("button", name="Weiter").click()
    title = page.get_by_label("Wie heißt Ihre Idee?")
    await title.press_sequentially("Fahrradstraße im Kiez")
    await page.get_by_role("button", name="Weiter").click()
    await page.get_by_label("Ausgangslage").fill("Zwischen zwei Schulen fehlt ein sicherer Weg.")
    await page.get_by_label("Idee", exact=True).fill("Eine Straße wird zur Fahrradstraße.")
    await page.get_by_role("button", name="Entwurf anlegen").click()
    await expect(page).to_have_url(IDEA_ADDRESS)
    await expect(page.locator("#idea-title")).to_have_text("Fahrradstraße im Kiez")
    await expect(page.locator('[data-section="situation"]')).to_contain_text("zwei Schulen")


async def test_similar_ideas_show_while_the_title_is_typed(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("participant-2", "/ideas/new?kind=proposal")
    await page.get_by_label("Wie heißt Ihre Idee?").press_sequentially("Ein sicherer Radweg")
    await expect(page.locator("#similar")).to_contain_text("Sicherer Radweg")
    await expect(page.locator(f'#similar a[href="/ideas/{idea.ref}"]')).to_be_visible()


async def test_the_keyboard_alone_writes_comments_and_finds_the_toolbar(
    visits: Visits, idea: TestIdea
) -> None:
    page = await visits.enter("participant")
    window = IdeaPage(page, idea.ref)
    await window.open()
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip-link")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, f'[data-section="{FREE_SECTION}"]')
    await page.keyboard.type("Nur mit Tasten.")
    await page.keyboard.press("Alt+F10")
    assert await page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")
    await page.keyboard.press("Escape")
    await expect(window.section(FREE_SECTION)).to_be_focused()
    await window.until_state("saved")
    await tab_to(page, "#composer textarea")
    await page.keyboard.type("Auch der Kommentar.")
    await tab_to(page, '#composer button[type="submit"]')
    await page.keyboard.press("Enter")
    await expect(window.comments()).to_contain_text("Auch der Kommentar.")


async def tab_to(page: Page, selector: str, steps_max: int = 80) -> None:
    """Press Tab until the element has the focus; the editor must let go of it (WCAG 2.1.2)."""
    for _ in range(steps_max):
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with {steps_max} times Tab")


async def test_without_javascript_everything_is_read_and_posted(
    visits: Visits, idea: TestIdea
) -> None:
    page = await visits.enter("participant-2", "/", java_script_enabled=False)
    await expect(page.locator(".idea-card").first).to_be_visible()
    await page.goto(f"/ideas/{idea.ref}")
    window = IdeaPage(page, idea.ref)
    await expect(window.section("situation")).to_contain_text("sichere Wege")
    await window.comment("Ganz ohne Skript.")
    await expect(page).to_have_url(IDEA_ADDRESS)
    await expect(window.comments()).to_contain_text("Ganz ohne Skript.")
    await window.judge("technical", "feasible")
    await expect(page.locator("#dimension-technical")).to_contain_text("1 Urteil")


async def test_without_javascript_a_moderator_changes_the_stage(
    visits: Visits, idea: TestIdea
) -> None:
    page = await visits.enter("moderator", f"/ideas/{idea.ref}", java_script_enabled=False)
    window = IdeaPage(page, idea.ref)
    await window.decide("returned", "Bitte kürzer.")
    await expect(window.stage()).to_contain_text("Zurückgegeben")


async def test_g5_a_decision_on_an_older_text_is_shown_the_new_one_first(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    page = await visits.enter("moderator", f"/ideas/{idea.ref}", java_script_enabled=False)
    visits.expect(page, r"status of 409")
    window = IdeaPage(page, idea.ref)
    async with HocuspocusActor(arena.origin, idea.document, tokens["participant"]) as writer:
        await writer.type(FREE_SECTION, "Das kam dazu.")
        await writer.until_saved()
    await window.decide("returned", "Bitte kürzer.")
    await expect(page.get_by_role("alert")).to_contain_text("Nichts wurde geändert")
    await page.locator("main details summary").first.click()
    await expect(page.locator("main")).to_contain_text("Das kam dazu.")
    await page.get_by_role("button", name="Mit dem jetzigen Stand ausführen").click()
    await expect(window.stage()).to_contain_text("Zurückgegeben")


async def test_the_pages_speak_english_when_asked(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter(path="/", locale="en-GB")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.goto(f"/ideas/{idea.ref}?lang=de")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.goto("/")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
