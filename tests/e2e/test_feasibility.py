"""Judgements as charts, and asking somebody who knows, in a browser and by keyboard."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

PROFILE = {
    "ground": "lived",
    "dimensions": ["legal"],
    "keywords": ["Radweg"],
    "is_listed": True,
    "may_be_asked": True,
}
SHOWN_PATTERNS = """() => new Set(
    [...document.querySelectorAll('.verdict-bar .piece')].map((each) => each.getAttribute('fill'))
).size"""


async def on_paper_and_in_forced_colours(page: Page, name: str) -> None:
    """What is scrolled on screen is whole on paper; a picture of both for people to look at."""
    await page.emulate_media(media="print", color_scheme="light")
    frames = page.locator(".table-frame")
    for at in range(await frames.count()):
        assert (
            await frames.nth(at).evaluate("each => getComputedStyle(each).overflowX") == "visible"
        )
    await picture(page, f"{name}-print")
    await page.emulate_media(media="screen", forced_colors="active")
    assert not await violations(page), f"{name} in forced colours"
    await picture(page, f"{name}-forced")
    await page.emulate_media(forced_colors="none")


async def test_w3_an_expert_is_asked_judges_and_is_seen_in_every_view(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["expert-2"]) as api:
        await api.call("PUT", "/me/expertise", 200, **PROFILE)
    team = await visits.enter("participant", f"/ideas/{idea.ref}")
    await team.get_by_role("link", name="Wer kennt sich damit aus?").press("Enter")
    because = team.locator(".experts li").filter(has_text="Samuel Okonkwo")
    await expect(because).to_contain_text("Eigenes Stichwort, das im Text steht: Radweg")
    await because.get_by_role("link", name="Fragen").press("Enter")
    await team.get_by_label("Warum gerade diese Person?").fill("Sie fahren dort jeden Tag.")
    await look_at(team, "experts-suggested")
    await team.get_by_role("button", name="Einladen").press("Enter")
    await expect(team.locator("#invited")).to_contain_text("wartet auf Antwort")

    expert = await visits.enter("expert-2", "/account/invitations")
    await expect(expert.locator("main")).to_contain_text("Sie fahren dort jeden Tag.")
    await look_at(expert, "invitations-open")
    await expert.get_by_role("button", name="Zusagen").press("Enter")
    await expect(expert.locator("main")).to_contain_text("hat zugesagt")
    await judge(arena, tokens["expert-2"], idea.ref, "not_feasible", "Die Straße ist zu schmal.")
    await judge(arena, tokens["expert"], idea.ref, "feasible", "")

    reader = await visits.enter(None, f"/ideas/{idea.ref}/feasibility")
    await expect(reader.locator("#chart-legal")).to_contain_text("Weit auseinander.")
    assert await reader.evaluate(SHOWN_PATTERNS) == 2
    await look_at(reader, "feasibility")
    await on_paper_and_in_forced_colours(reader, "feasibility")
    await reader.get_by_label("Wie gezählt wird").select_option("confidence")
    await reader.get_by_role("button", name="So zeigen").press("Enter")
    await expect(reader).to_have_url(
        f"{arena.origin}/ideas/{idea.ref}/feasibility?weighting=confidence"
    )
    await expect(reader.locator("#chart-legal")).to_contain_text(
        "In dieser Sicht zählen 2 von n = 2"
    )
    await judge(arena, tokens["participant"], idea.ref, "open", "Wer räumt im Winter?")
    await expect(reader.locator("#chart-legal")).to_contain_text(
        "In dieser Sicht zählen 3 von n = 3"
    )


async def judge(arena: ArenaProcess, token: str, ref: str, verdict: str, reason: str) -> None:
    """Somebody judges the legal side over the API."""
    async with Api(arena.origin, token) as api:
        text = await api.call("GET", f"/ideas/{ref}/text", 200)
        await api.call(
            "PUT",
            f"/ideas/{ref}/judgements/legal",
            200,
            verdict=verdict,
            confidence="high",
            reason=reason,
            text_version=text["version"],
        )
