"""Every page and state: axe finds nothing, nothing overflows, nothing is shown by colour alone.

A picture of each is left in ``test-artifacts`` for people to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits, picture
from tests.harness.ideas import TestIdea

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

TOO_WIDE = """async () => {
    // Media queries follow a new size with the next frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    const wide = [...document.body.querySelectorAll('*')]
        .filter((each) => each.getBoundingClientRect().right > edge + 0.5);
    return ['the page', ...wide.map((each) => each.outerHTML.slice(0, 120))];
}"""

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """A page as somebody sees it."""

    name: str
    path: str
    handle: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    is_refused: bool = False


PLACES = [
    Place("arena-guest", "/"),
    Place("arena", "/", "participant"),
    Place("arena-search", "/?q=Rad", "participant"),
    Place("arena-nothing-found", "/?q=zzzzqqq"),
    Place("about", "/about"),
    Place("sign-in", "/sign-in"),
    Place("password-forgotten", "/password/forgot"),
    Place("new-idea-1", "/ideas/new", "participant"),
    Place("new-idea-2", "/ideas/new?kind=proposal", "participant"),
    Place("new-idea-3", "/ideas/new?kind=proposal&title=Ein+Versuch", "participant"),
    Place("my-ideas", "/ideas/mine", "participant"),
    Place("account", "/account", "participant"),
    Place("people", "/people", "moderator"),
    Place("person", "/people/participant", "office"),
    Place("invite", "/people/invite", "moderator"),
    Place("not-found", "/ideas/2026-99999", None, is_refused=True),
    Place("not-allowed", "/people/invite", "participant", is_refused=True),
    Place("arena-english", "/?lang=en", "participant", {"locale": "en-GB"}),
]


async def look_at(page: Page, name: str) -> None:
    """axe, overflow at 320 px, and a picture in each look."""
    assert not await violations(page), name
    size = page.viewport_size
    await page.set_viewport_size({"width": 320, "height": 700})
    assert not await page.evaluate(TOO_WIDE), f"{name} overflows at 320 px"
    if size:
        await page.set_viewport_size(size)
    await picture(page, name)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_page_is_accessible_and_fits(place: Place, visits: Visits) -> None:
    for look, options in LOOKS.items():
        page = await visits.enter(place.handle, **{**options, **place.options})
        if place.is_refused:
            visits.expect(page, r"status of 40[34]")
        await page.goto(place.path)
        await expect(page.locator("main")).to_be_visible()
        await look_at(page, f"{place.name}-{look}")


@pytest.mark.parametrize("handle", [None, "observer", "participant", "moderator"])
@pytest.mark.parametrize("look", LOOKS)
async def test_idea_page_is_accessible_and_fits(
    handle: str | None, look: str, visits: Visits, idea: TestIdea
) -> None:
    window = IdeaPage(await visits.enter(handle, **LOOKS[look]), idea.ref)
    await window.open(is_editable=handle in {"participant", "moderator"})
    if handle == "moderator":
        await window.page.locator("#decide > summary").click()
        await window.page.locator("#judge > summary").click()
    await look_at(window.page, f"idea-{handle or 'guest'}-{look}")


async def test_forms_with_errors_are_accessible(visits: Visits) -> None:
    page = await visits.enter("participant", "/account")
    visits.expect(page, r"status of 4\d\d")
    form = page.locator("#password form")
    await form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    await expect(page.locator(".error-summary")).to_be_visible()
    await look_at(page, "account-with-errors")


@pytest.mark.parametrize("stage", ["draft", "open", "elaboration", "feasibility", "returned"])
async def test_every_stage_of_the_demonstration_is_accessible(stage: str, visits: Visits) -> None:
    page = await visits.enter("moderator", f"/?stage={stage}")
    card = page.locator(".idea-card a").first
    await card.click()
    await expect(page.locator("#stage")).to_be_visible()
    await look_at(page, f"idea-in-{stage}")


async def test_the_current_stage_shows_in_forced_colours(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}", forced_colors="active")
    current = page.locator('#stage [aria-current="step"]')
    await expect(current).to_contain_text("aktuell")
    await picture(page, "idea-forced-colours")


async def test_the_idea_prints_as_text(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}")
    await page.emulate_media(media="print")
    await expect(page.locator("#composer")).to_be_hidden()
    await expect(page.locator('[data-section="situation"]')).to_be_visible()
    await picture(page, "idea-print")
