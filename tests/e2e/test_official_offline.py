"""A moderator decides on the train: nothing is lost, and nothing is sent behind his back."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

REASON = "Im Nachbarbezirk gibt es das schon."


async def decided_offline(visits: Visits, idea: TestIdea) -> tuple[IdeaPage, Locator]:
    """A moderator who has pressed the button without a connection, and what is kept of it."""
    window = IdeaPage(await visits.enter("moderator"), idea.ref)
    await window.open()
    visits.expect(window.page, OFFLINE_NOISE)
    await window.page.context.set_offline(True)
    await window.decide("declined", REASON)
    kept = window.page.locator("#kept-acts")
    await expect(kept).to_contain_text("Ohne Verbindung nicht bekannt")
    await expect(window.page.locator("#decide-form")).to_contain_text("nicht von selbst gesendet")
    return window, kept


async def test_l9_l10_an_act_without_a_connection_is_confirmed_beside_what_happened_since(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    window, kept = await decided_offline(visits, idea)
    await expect(kept.get_by_role("button", name="So senden")).to_have_count(0)
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "returned", "Bitte noch einmal.")
        await window.page.context.set_offline(False)
        await expect(kept).to_contain_text("Damals")
        await expect(kept).to_contain_text(re.compile("Inzwischen.*Zurückgegeben.*zuletzt:"))
        await expect(kept).to_contain_text(REASON)
        await picture(window.page, "official-kept")
        assert await violations(window.page) == []
        # Also on another page, and after a reload: it waits.
        await window.page.goto("/")
        await expect(kept).to_contain_text("Zurückgegeben")
        assert (await api.idea(idea.ref))["stage"] == "returned"
        await kept.get_by_role("button", name="So senden").click()
        await expect(window.stage()).to_contain_text("Abgelehnt")
        assert (await api.idea(idea.ref))["stage"] == "declined"
    await expect(window.page.locator("#kept-acts")).to_have_count(0)


async def test_l10_what_is_not_wanted_any_more_is_discarded_and_never_sent(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    window, kept = await decided_offline(visits, idea)
    await window.page.context.set_offline(False)
    await expect(kept).to_contain_text("kein Schritt seitdem")
    await kept.get_by_role("button", name="Verwerfen").click()
    await expect(kept).to_have_count(0)
    await window.open()
    await expect(window.page.locator("#kept-acts")).to_have_count(0)
    async with Api(arena.origin, tokens["moderator"]) as api:
        assert (await api.idea(idea.ref))["stage"] == "open"


async def test_l11_signing_out_forgets_what_was_kept(visits: Visits, idea: TestIdea) -> None:
    window, kept = await decided_offline(visits, idea)
    await window.page.context.set_offline(False)
    await expect(kept).to_contain_text("kein Schritt seitdem")
    window.page.on("dialog", lambda dialog: dialog.accept())
    await window.page.locator("form[action$='/sign-out']").first.evaluate("f => f.requestSubmit()")
    await expect(window.page.get_by_role("link", name="Anmelden").first).to_be_visible()
    left = await window.page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('arena:official'))"
    )
    assert left == []
