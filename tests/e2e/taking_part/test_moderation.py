"""A report's whole way in browsers: a guest reports, a moderator hides, the author objects."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess


async def report_without_account(guest: Page, comment: str) -> str:
    """Report, with a fault first; the address where one learns what came of it."""
    await guest.locator(f"{comment} a.report").click()
    await guest.get_by_label("Was stört Sie daran?").fill("Das beleidigt einen Menschen.")
    await guest.get_by_label("Beleidigung").check()
    await guest.get_by_label("E-Mail für die Antwort").fill("ina@localhost.invalid")
    await guest.get_by_role("button", name="Meldung senden").click()
    await expect(guest.locator(".error-summary")).to_be_visible()
    await expect(guest.get_by_label("Was stört Sie daran?")).to_have_value(
        "Das beleidigt einen Menschen."
    )
    await guest.get_by_label("E-Mail für die Antwort").fill("")
    await guest.get_by_role("button", name="Meldung senden").click()
    await expect(guest.locator("main")).to_contain_text("noch nicht entschieden")
    return guest.url


async def test_d15_reported_hidden_objected_to_and_shown_again(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["participant"]) as api:
        said = await api.call(
            "POST", f"/ideas/{idea.ref}/comments", 201, text="Was für ein Unsinn, Herr Amtsrat!"
        )
    comment = f"#comment-{said['id']}"
    moderator = await visits.enter("moderator", "/moderation")
    case = moderator.locator(".case", has_text=idea.ref)
    await expect(case).to_have_count(0)

    # Without scripts, and without an account.
    guest = await visits.enter(None, f"/ideas/{idea.ref}", java_script_enabled=False)
    visits.expect(guest, r"status of 422")
    place = await report_without_account(guest, comment)

    # The queue is live, and everything in it goes by keyboard.
    await expect(case).to_contain_text("Das beleidigt einen Menschen.")
    await case.get_by_role("button", name="Ich sehe es mir an").press("Enter")
    await expect(case).to_contain_text("Sie sehen sich das an")
    await look_at(moderator, "moderation")
    await moderator.set_viewport_size({"width": 1280, "height": 900})
    await case.get_by_role("link", name="Entscheiden").press("Enter")
    await moderator.get_by_label("Ausblenden").press("Space")
    await look_at(moderator, "moderation-case")
    await moderator.get_by_label("Begründung").fill("Bitte reden Sie über die Idee.")
    await moderator.get_by_role("button", name="Entscheiden").press("Enter")
    await expect(moderator.get_by_role("heading", name="Moderation", exact=True)).to_be_visible()
    await expect(case).to_have_count(0)
    await guest.goto(place.partition("?")[0])
    await expect(guest.locator("main")).to_contain_text("Bitte reden Sie über die Idee.")

    author = await visits.enter("participant", f"/ideas/{idea.ref}")
    await author.locator(comment).get_by_role("link", name="Begründung").click()
    await expect(author.locator("main")).to_contain_text("Bitte reden Sie über die Idee.")
    await look_at(author, "hidden-author")
    await author.get_by_label("Warum soll es zu sehen sein?").fill("Das war ein Zitat aus der BVV.")
    await author.get_by_role("button", name="Widerspruch senden").press("Enter")
    await expect(author.locator("main")).to_contain_text("noch nicht entschieden")

    await expect(moderator.locator("main")).to_contain_text("Das war ein Zitat aus der BVV.")
    await expect(moderator.locator("main")).to_contain_text("entscheidet jemand anderes")
    other = await visits.enter("office", "/moderation")
    await (
        other.locator(".case", has_text=idea.ref)
        .get_by_role("link", name="Entscheiden")
        .press("Enter")
    )
    await other.get_by_label("Wieder zeigen").press("Space")
    await other.get_by_label("Begründung").fill("Stimmt, so steht es im Protokoll.")
    await look_at(other, "hidden-answer")
    await other.get_by_role("button", name="Entscheiden").press("Enter")
    await expect(other.locator("main")).to_contain_text("Dem Widerspruch wurde gefolgt")
    await guest.goto(f"/ideas/{idea.ref}")
    await expect(guest.locator(comment)).to_contain_text("Was für ein Unsinn")
