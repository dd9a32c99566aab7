"""An evening from afar: somebody with a keyboard takes part, the server dies, and he comes back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, Page, expect

from collab.process.calendar.berlin import berlin_date
from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess
from tests.harness.waiting import until_async

BEFORE = "Ein Radweg wird gebaut."
AFTER = "Ein breiter Radweg wird gebaut."
ASKED = "Wie breit wird er, @participant?"
ANSWERED = "Drei Meter, in beide Richtungen."
GROUND = "Die Fläche gehört der Stadt."
DOUBT = "Wem die Fläche gehört, ist unklar."
BACK_MS = 60_000

ARIA_TALK = """
- list:
  - listitem:
    - article "Kommentar von Jonas Wieczorek":
      - blockquote:
        - 'link "Zu dieser Textstelle: Radweg"'
      - paragraph:
        - text: Wie breit wird er,
"""


async def test_c22_q15_j10_n5_an_evening_from_afar_survives_a_killed_server(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    held = await open_a_round(arena, tokens["moderator"], idea.ref)
    async with Api(arena.origin, tokens["expert"]) as api:
        await api.call(
            "PUT",
            f"/ideas/{idea.ref}/judgements/legal",
            verdict="open",
            confidence="low",
            reason=DOUBT,
            text_version=held,
        )
    author = IdeaPage(await visits.enter("participant"), idea.ref)
    remote = IdeaPage(await visits.enter("participant-2"), idea.ref)
    for window in (author, remote):
        visits.expect(window.page, OFFLINE_NOISE)
        await window.open()

    inbox = author.page.locator(".inbox-way")
    unread = re.search(r"([0-9]+) ungelesen", await inbox.text_content() or "")
    before = int(unread[1]) if unread else 0
    await comments_by_keyboard(remote)
    await expect(inbox).to_contain_text(f": {before + 1} ungelesen")
    await suggests_by_keyboard(remote)
    await judges_by_keyboard(remote.page)
    await expect(author.comments()).to_match_aria_snapshot(ARIA_TALK)
    await expect(author.section("idea").locator("ins")).to_contain_text("breiter")
    # He leaves; what he saw until then is no news to him.
    await remote.page.goto("/about")

    arena.kill()
    await author.until_state("offline")
    arena.start()
    await author.until_state("saved", timeout_ms=BACK_MS)
    await accepts_by_keyboard(author)
    await answers_and_settles(author)
    await picture(author.page, "remote-evening-author")

    await comes_back(remote, arena, tokens["participant-2"])
    async with Api(arena.origin, tokens["participant"]) as api:
        text = str(await api.text(idea.ref))
        suggested = (await api.call("GET", f"/ideas/{idea.ref}/suggestions"))["suggestions"]
    assert text.count(AFTER) == text.count("Radweg wird gebaut") == 1
    assert [(each["state"], each["author"]["handle"]) for each in suggested] == [
        ("accepted", "participant-2")
    ]


async def open_a_round(arena: ArenaProcess, token: str, ref: str) -> dict[str, object]:
    """A moderator lets everybody judge the text as it is, hidden until one has judged."""
    async with Api(arena.origin, token) as api:
        found = await api.call("GET", f"/ideas/{ref}/text")
        await api.call(
            "POST",
            f"/ideas/{ref}/rounds",
            201,
            dimensions=["legal"],
            disclosure="after_own_or_close",
            ends_on=(berlin_date(datetime.now(UTC)) + timedelta(days=2)).isoformat(),
            text_version=found["version"],
        )
    version: dict[str, object] = found["version"]
    return version


async def choose(window: IdeaPage, words: str) -> None:
    """Choose words of the section with the arrow keys alone."""
    keyboard = window.page.keyboard
    await window.section("idea").focus()
    # The editor restores its caret a moment after it has got the focus.
    await window.page.evaluate("() => new Promise(done => requestAnimationFrame(done))")
    await keyboard.press("Control+Home")
    for _ in range(BEFORE.index(words)):
        await keyboard.press("ArrowRight")
    for _ in words:
        await keyboard.press("Shift+ArrowRight")
    assert await window.page.evaluate("() => getSelection().toString()") == words


async def comments_by_keyboard(window: IdeaPage) -> None:
    """Ask something about one word, and name whom it is asked."""
    page = window.page
    await choose(window, "Radweg")
    await page.keyboard.press("Control+Alt+m")
    composer = page.locator("#composer")
    await expect(composer.get_by_label("Ihr Beitrag")).to_be_focused()
    await page.keyboard.type(ASKED)
    await until_focused(page, composer.get_by_role("button", name="Senden"))
    await page.keyboard.press("Enter")
    await expect(window.comments()).to_contain_text("Wie breit wird er")
    await expect(window.section("idea").locator(".commented")).to_have_text("Radweg")


async def suggests_by_keyboard(window: IdeaPage) -> None:
    """Suggest other words for those that he asked about."""
    page, dialog = window.page, window.page.locator("#suggest")
    await choose(window, "Ein Radweg")
    await page.keyboard.press("Control+Alt+v")
    await expect(dialog.get_by_label("So soll es lauten")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Ein breiter Radweg")
    await until_focused(page, dialog.get_by_role("button", name="Vorschlagen"))
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(window.section("idea").locator("ins")).to_contain_text("breiter")


async def judges_by_keyboard(page: Page) -> None:
    """Judge in the round; what others hold was hidden before."""
    panel, form = page.locator("#judgements"), page.locator("#judge-form")
    await expect(panel.get_by_text("Noch verdeckt")).to_be_visible()
    await expect(panel.get_by_text(DOUBT)).to_have_count(0)
    await page.locator("#judge > summary").press("Enter")
    await form.locator('input[name="verdict"][value="feasible"]').press("Space")
    await form.locator('input[name="confidence"][value="medium"]').press("Space")
    await form.get_by_role("textbox", name="Begründung").focus()
    await page.keyboard.type(GROUND)
    await form.get_by_role("button", name="Urteil abgeben").press("Enter")
    await expect(panel.get_by_text("Noch verdeckt")).to_have_count(0)
    await expect(panel.get_by_text(DOUBT)).to_have_count(1)


async def accepts_by_keyboard(window: IdeaPage) -> None:
    """Bring the suggestion under the cursor into the text."""
    page, card = window.page, window.page.locator("#suggested")
    await window.section("idea").focus()
    await page.keyboard.press("Control+Alt+j")
    await expect(card).to_be_focused()
    await card.locator(".suggestion:visible button[type=submit]").first.press("Enter")
    await expect(card).to_be_hidden()
    await window.until_reads("idea", AFTER)
    await expect(window.section("idea").locator("ins")).to_have_count(0)


async def answers_and_settles(window: IdeaPage) -> None:
    """Answer what was asked, and say which change of the text settles it."""
    page, thread = window.page, window.comments().locator("> li")
    await thread.locator("summary", has_text="Antworten").press("Enter")
    await thread.get_by_label("Ihre Antwort").fill(ANSWERED)
    await thread.get_by_role("button", name="Senden").press("Enter")
    await expect(thread).to_contain_text(ANSWERED)
    await thread.get_by_role("link", name="Erledigt, weil").first.press("Enter")
    await page.get_by_label("Wodurch ist es erledigt?").fill("Steht jetzt im Text.")
    await page.get_by_role("button", name="Als erledigt markieren").press("Enter")
    await expect(page.locator("#comments")).to_contain_text("Steht jetzt im Text.")


async def comes_back(window: IdeaPage, arena: ArenaProcess, token: str) -> None:
    """See on the idea what happened meanwhile, and what became of his suggestion."""
    page = window.page
    async with Api(arena.origin, token) as own:

        async def knows_it_all() -> bool:
            news = (await own.call("GET", "/me/news"))["news"]
            return any(each["idea"] == window.ref and each["text_changed"] for each in news)

        await until_async(knows_it_all, "lists know the new text")
    await window.open()
    line = page.locator("#since")
    await expect(line).to_contain_text("Text geändert")
    await expect(line).to_contain_text("1 Kommentar")
    await expect(line).to_contain_text("1 Änderungsvorschlag")
    await page.get_by_role("link", name="Zeigen, was neu ist").press("Enter")
    await expect(page.locator("#text .compared-line ins")).to_contain_text("breiter")
    await expect(page.locator("#comments")).to_contain_text(ANSWERED)
    await expect(page.locator("#comments")).not_to_contain_text("Wie breit wird er")
    await expect(page.locator("main")).to_contain_text("Einen Vorschlag in den Text aufgenommen")
    assert await violations(page) == []
    await picture(page, "remote-evening-back")
    await page.goto("/inbox")
    await expect(page.locator("main")).to_contain_text("Änderungsvorschlag von Ihnen")


async def until_focused(page: Page, wanted: Locator) -> None:
    """Go on with Tab until the control has the focus, as people do; it is not far."""
    for _ in range(12):
        if await wanted.evaluate("each => each === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    await expect(wanted).to_be_focused()
