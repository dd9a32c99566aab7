"""Two ideas become one in the browser, and two again: both texts in sight all the while."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.test_every_page import look_at
from tests.e2e.visits import DESKTOP, Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea, open_idea
from tests.harness.process import ArenaProcess


async def test_ac_a12_mg7_two_ideas_become_one_and_two_again(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    other = await open_idea(arena.origin, tokens["participant-2"], "Fahrradstraße am Kanal")
    async with Api(arena.origin, tokens["expert"]) as api:
        path = f"/ideas/{idea.ref}/comments"
        await api.call("POST", path, 201, text="Wer räumt im Winter?", kind="question")
    author = await visits.enter("participant", f"/ideas/{idea.ref}")
    await author.locator("#links").get_by_role("link", name="zusammenführen").press("Enter")
    await author.get_by_label("In welcher Idee").fill("2026-99999")
    await author.get_by_label("Grund").fill("Beide wollen sicher fahren.")
    visits.expect(author, r"status of 422")
    await author.get_by_role("button", name="Vorschlagen und fragen").press("Enter")
    await expect(author.locator(".error-summary")).to_be_visible()
    await picture(author, "merge-refused")
    await author.get_by_label("In welcher Idee").fill(other.ref)
    await author.get_by_role("button", name="Vorschlagen und fragen").press("Enter")
    await expect(author.locator(".is-target [contenteditable=true]").first).to_be_visible()

    # Who is asked is led there from his idea; his answer shows at once on the other's page.
    asked = await visits.enter("participant-2", f"/ideas/{other.ref}")
    await asked.get_by_role("link", name="Ansehen und antworten").press("Enter")
    await expect(asked.locator(".is-target [contenteditable=true]").first).to_be_visible()
    await look_at(asked, "merge-asked")
    await asked.set_viewport_size(DESKTOP)
    await asked.get_by_role("button", name="Ich stimme zu").press("Enter")
    await expect(author.locator(".consents")).not_to_contain_text("hat noch nicht geantwortet")

    # A section is brought over, and both write on in the text that stays.
    await asked.get_by_role("button", name=re.compile("Übernehmen.*Idee")).press("Enter")
    text = author.locator("[data-section=idea]")
    await expect(text).to_contain_text(f"Aus „Sicherer Radweg“ ({idea.ref}):")
    await asked.locator("[data-section=situation][contenteditable=true]").click()
    await asked.keyboard.type("Gemeinsam geschrieben. ")
    await expect(author.locator("[data-section=situation]")).to_contain_text("Gemeinsam")

    moderator = await visits.enter("moderator", f"/ideas/{idea.ref}/merge")
    await moderator.get_by_label("Begründung").fill("Alle sind dafür.")
    await picture(moderator, "merge-carry-out")
    await moderator.get_by_role("button", name="zusammenführen").press("Enter")
    await expect(moderator.locator("#lineage")).to_contain_text("Aufgegangen in")
    await picture(moderator, "merged-source")

    guest = await visits.enter(None, f"/ideas/{other.ref}")
    await expect(guest.locator("#lineage")).to_contain_text("Hervorgegangen auch aus")
    await expect(guest.locator("#comments")).to_contain_text("Wer räumt im Winter?")
    await expect(guest.locator("#comments")).to_contain_text(f"gesagt bei {idea.ref}")
    await look_at(guest, "merged-target")

    # Without scripts it is the same forms.
    plain = await visits.enter("moderator", java_script_enabled=False)
    await plain.goto(f"/ideas/{idea.ref}/merge")
    await plain.get_by_label("Begründung").fill("Doch zwei Ideen.")
    await plain.get_by_role("button", name="Wieder trennen").click()
    await expect(plain.locator("#comments")).to_contain_text("Wer räumt im Winter?")
    await expect(guest.locator("#comments")).not_to_contain_text("Wer räumt im Winter?")
    await guest.goto(f"/ideas/{other.ref}/merge?lang=en")
    await expect(guest.locator("main")).to_contain_text("separated again")
    await picture(guest, "merge-over-english")
