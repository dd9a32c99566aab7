"""An author writes on the train; meanwhile the text is settled, and later it is opened again."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.process import ArenaProcess

WORDS = "Unterwegs geschrieben."


async def act(arena: ArenaProcess, token: str, idea: TestIdea, to: str) -> None:
    async with Api(arena.origin, token) as api:
        await api.change_stage(idea.ref, to, "So ist es beschlossen.")


@pytest.mark.parametrize("way_back", ["stays", "reloads"])
async def test_l8_offline_text_of_a_settled_idea_is_kept_shown_and_comes_in(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str], way_back: str
) -> None:
    author = IdeaPage(await visits.enter("participant"), idea.ref)
    await author.open()
    visits.expect(author.page, OFFLINE_NOISE)
    moderator = IdeaPage(await visits.enter("moderator"), idea.ref)
    await moderator.open()
    await author.type(FREE_SECTION, "Vorher. ")
    await author.until_state("saved")
    await author.page.context.set_offline(True)
    await author.until_state("offline")
    await author.type(FREE_SECTION, WORDS)

    await act(arena, tokens["moderator"], idea, "declined")
    if way_back == "reloads":
        await author.page.goto("about:blank", wait_until="commit")
        await author.page.context.set_offline(False)
        await author.open(is_editable=False)
    else:
        await author.page.context.set_offline(False)
    notice = author.page.locator("#notice-access")
    await expect(notice).to_contain_text("Ihr Text kam nach dem Festlegen", timeout=60_000)
    for page in (author, moderator):
        item = page.page.locator("#late .late-item")
        await expect(item).to_have_count(1)
        await expect(item.locator("ins")).to_contain_text(WORDS)
        await expect(item).to_contain_text("Aufgehoben.")
    await picture(author.page, f"late-author-{way_back}")
    await picture(moderator.page, f"late-moderator-{way_back}")
    assert await violations(author.page) == []
    assert await violations(moderator.page) == []
    async with Api(arena.origin, tokens["moderator"]) as api:
        assert WORDS not in str(await api.text(idea.ref))
    if way_back == "reloads":
        await expect(author.section(FREE_SECTION)).not_to_contain_text(WORDS)

    await act(arena, tokens["moderator"], idea, "open")
    await moderator.until_reads(FREE_SECTION, WORDS, timeout_ms=60_000)
    await author.until_reads(FREE_SECTION, WORDS)
    await expect(moderator.page.locator("#late")).to_contain_text("Eingefügt.")
    await author.type(FREE_SECTION, " Weiter.")
    await moderator.until_reads(FREE_SECTION, f"{WORDS} Weiter.")
