"""Judging in a browser: hidden in a round, shown after one's own, reviewed when texts change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, ViewportSize, expect

from collab.process.calendar.berlin import berlin_date
from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import CALM, look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor

WIDE: ViewportSize = {"width": 1280, "height": 900}
REASON = "Die Straße ist dafür zu schmal."


async def as_at_first(page: Page) -> None:
    """A wide, light window again, after it was looked at as a dark phone."""
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size(WIDE)
    await page.evaluate(CALM)


async def test_j10_j12_a_judgement_is_hidden_shown_outdated_and_kept(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    leading = await visits.enter("moderator", f"/ideas/{idea.ref}/rounds")
    await look_at(leading, "rounds-none")
    await leading.get_by_label("Rechtlich").check()
    day = berlin_date(datetime.now(UTC)) + timedelta(days=3)
    await leading.get_by_label("Bis zum Ende welchen Tages?").fill(day.isoformat())
    await leading.get_by_role("button", name="Runde beginnen").click()
    await expect(leading.get_by_text("läuft", exact=True)).to_be_visible()
    await as_at_first(leading)
    await look_at(leading, "rounds-open")

    async with Api(arena.origin, tokens["moderator"]) as api:
        path = f"/ideas/{idea.ref}"
        (held,) = (await api.call("GET", f"{path}/rounds"))["rounds"]
        await api.call(
            "PUT",
            f"{path}/judgements/legal",
            verdict="not_feasible",
            confidence="high",
            reason=REASON,
            text_version=held["text_version"],
        )
        window = IdeaPage(await visits.enter("expert"), idea.ref)
        await window.open()
        panel = window.page.locator("#judgements")
        await expect(panel.get_by_text("Noch verdeckt")).to_be_visible()
        await expect(panel.get_by_text(REASON)).to_have_count(0)
        await window.page.locator("#judge > summary").click()
        form = window.page.locator("#judge-form")
        await form.get_by_label("Machbar", exact=True).check()
        await form.get_by_label("Ziemlich sicher").check()
        await form.get_by_label("Woher kennen Sie sich damit aus?").select_option("profession")
        await form.get_by_label("In Ihren Worten").fill("Ich plane Radwege.")
        await look_at(window.page, "judge-form-in-a-round")
        await form.get_by_role("button", name="Urteil abgeben").click()
        await expect(panel.get_by_text("Noch verdeckt")).to_have_count(0)
        await panel.locator(".opinions > summary").click()
        await expect(panel.get_by_text(REASON)).to_be_visible()
        await expect(panel.get_by_text("Ich plane Radwege.")).to_be_visible()

        await api.call("POST", f"{path}/rounds/{held['id']}/close", reason="Alle haben geurteilt.")
    async with HocuspocusActor(arena.origin, idea.document, tokens["participant"]) as author:
        await author.type(FREE_SECTION, "Das kostet 30 Euro mehr.")
        await author.until_saved()
    await window.page.goto(f"/ideas/{idea.ref}")
    await window.page.get_by_role("link", name="Was sich geändert hat").click()
    await expect(window.page.locator(".material-list")).to_contain_text("Das kostet 30 Euro mehr")
    await as_at_first(window.page)
    await look_at(window.page, "judgement-review")
    await window.page.get_by_role("button", name="Ich bleibe dabei").click()
    mine = window.page.locator("#judgements .mine")
    await expect(mine.get_by_text("Rechtlich")).to_be_visible()
    await expect(mine.get_by_text("früherer Text")).to_have_count(0)
    await window.page.goto("/judgements")
    await expect(window.page.get_by_role("link", name="Rechtlich").first).to_be_visible()
    await as_at_first(window.page)
    await look_at(window.page, "judgements-of-mine")
