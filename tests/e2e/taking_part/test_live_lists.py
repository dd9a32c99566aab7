"""The pages of the talk and of suggestions bring what is new and disturb nobody."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

BEFORE = "Ein Radweg wird gebaut."


async def test_lv7_c26_what_is_new_comes_to_both_pages_and_drafts_stay(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    at = f"/ideas/{idea.ref}"
    async with Api(arena.origin, tokens["participant"]) as api:
        first = await api.call("POST", f"{at}/comments", 201, text="Wer räumt den Schnee?")
        talk = await visits.enter("participant-2", path=f"{at}/comments")
        await talk.locator(".reply summary").click()
        draft = talk.get_by_label("Ihre Antwort")
        await draft.fill("Ich schreibe gerade noch")
        await api.call("POST", f"{at}/comments", 201, text="Und wer zahlt das?")
        await expect(talk.locator(".threads")).to_contain_text("Und wer zahlt das?")
        await api.call("PUT", f"{at}/comments/{first['id']}/reaction", reaction="agree")
        mood = talk.locator(f"#comment-{first['id']} .mood")
        await expect(mood).to_contain_text("n = 1")
        await expect(draft.first).to_be_focused()
        await expect(draft.first).to_have_value("Ich schreibe gerade noch")
        await mood.get_by_role("button", name="Stimme zu").click()
        await expect(mood).to_contain_text("n = 2")
        await expect(talk).to_have_url(re.compile(rf"{at}/comments$"))
        await look_at(talk, "talk-live")

        # The same page goes on to the suggestions, where something is being written as well.
        await talk.goto(f"{at}/suggestions")
        given = {"section": "idea", "passage": {"quote": BEFORE}}
        await api.call("POST", f"{at}/suggestions", 201, text="Zwei Wege.", **given)
        await expect(talk.locator(".suggestion")).to_contain_text("Zwei Wege")
        await talk.get_by_text("Ablehnen").first.click()
        reason = talk.get_by_label("Grund")
        await reason.fill("Einer genügt, weil")
        made = await api.call("POST", f"{at}/suggestions", 201, text="Drei Wege.", **given)
        await expect(talk.locator(".suggestion")).to_have_count(2)
        await expect(reason.first).to_have_value("Einer genügt, weil")
        await expect(reason.first).to_be_focused()

    # What a moderator hides is gone from the open page, and its author reads why.
    async with Api(arena.origin, tokens["moderator"]) as api:
        hidden = f"/contributions/suggestion/{made['id']}"
        await api.call("POST", f"{at}{hidden}/hide", 204, reason="Werbung.", ground="spam")
    await expect(talk.locator(".suggestion")).to_have_count(1)
    await look_at(talk, "suggestions-live")
    author = await visits.enter("participant", path=f"{at}/suggestions")
    await author.get_by_role("link", name="Begründung und Widerspruch").click()
    await expect(author.locator("main")).to_contain_text("Werbung.")
    await look_at(author, "suggestion-hidden")
