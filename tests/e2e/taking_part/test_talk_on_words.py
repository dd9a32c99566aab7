"""Talk stays on its words: chosen by mouse, touch and keyboard, live, and quiet for who reads."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

QUOTE = "ein sicherer Weg zur Schule"
TEXT = f"Hier fehlt {QUOTE} und zum Markt."

SELECT = """([section, words]) => {
    const host = document.querySelector(`[data-section="${section}"]`);
    const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(node, at, node, at + words.length);
        return true;
    }
    return false;
}"""

ARIA_TEXT = f"""
- paragraph:
  - text: Hier fehlt
  - link "{QUOTE}"
  - text: und zum Markt.
"""
ARIA_TALK = f"""
- list:
  - listitem:
    - article /Kommentar von/:
      - blockquote:
        - 'link "Zu dieser Textstelle: {QUOTE}"'
      - paragraph: Für Kinder wichtig.
"""
PHONE = {"width": 390, "height": 780}


TOP = "each => Math.round(each.getBoundingClientRect().top)"


async def select(page: Page, words: str, section: str = "benefit") -> None:
    """Select words of a section, as a mouse or a finger would."""
    await page.locator(f'[data-section="{section}"]').scroll_into_view_if_needed()
    assert await page.evaluate(SELECT, [section, words]), f"{words!r} is not in {section}"


async def covers(page: Page) -> bool:
    """Whether the offer hides a part of the selection, or is itself out of sight."""
    return not await page.evaluate(
        """() => {
            const rects = [...getSelection().getRangeAt(0).getClientRects()];
            const bar = document.querySelector('.passage-offer').getBoundingClientRect();
            return rects.every(each => bar.top >= each.bottom || bar.bottom <= each.top)
                && bar.left >= 0 && bar.right <= innerWidth
                && bar.top >= 0 && bar.bottom <= innerHeight;
        }"""
    )


async def say(arena: ArenaProcess, token: str, ref: str, *texts: str, **body: object) -> None:
    """Somebody writes comments from elsewhere."""
    async with Api(arena.origin, token) as api:
        for text in texts:
            await api.call("POST", f"/ideas/{ref}/comments", 201, text=text, **body)


async def test_c22_words_are_commented_on_and_stay_commented(
    visits: Visits, idea: TestIdea
) -> None:
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    await writer.open()
    await writer.type("benefit", TEXT)
    await writer.until_state("saved")
    await select(writer.page, QUOTE)
    offer = writer.page.locator(".passage-offer")
    await expect(offer).to_be_visible()
    assert not await covers(writer.page)
    box = await offer.get_by_role("button", name="Kommentieren").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    await offer.get_by_role("button", name="Kommentieren").click()
    draft = writer.page.locator("#composer").get_by_label("Ihr Beitrag")
    await expect(draft).to_be_focused()
    await expect(writer.page.locator("#composer [data-anchor-quote]")).to_contain_text(QUOTE)
    await writer.comment("Für Kinder wichtig.")
    marked = writer.page.locator(".commented")
    await expect(marked).to_have_text(QUOTE)
    # From the words to the comment and back, by keyboard alone.
    await select(writer.page, "sicherer")
    await writer.page.keyboard.press("ArrowRight")
    await writer.page.keyboard.press("Control+Alt+m")
    comment = writer.page.locator("#comments article")
    await expect(comment).to_be_focused()
    await comment.locator("[data-anchor-link]").press("Enter")
    await expect(writer.section("benefit")).to_be_focused()
    assert await writer.page.evaluate("getSelection().toString()") == QUOTE
    # A slip in the words does not lose them; when they are gone, the comment is listed.
    await writer.page.keyboard.type("ein sicherer Schulweg, also ein Weg zur Schule")
    await expect(comment.locator("[data-anchor-state]")).to_have_text(
        "Diese Textstelle wurde geändert."
    )
    await writer.section("benefit").press("Control+a")
    await writer.page.keyboard.type("Alles ist anders geworden.")
    orphans = writer.page.locator("[data-orphans]")
    await expect(orphans).to_contain_text(QUOTE)
    await expect(writer.page.locator(".commented")).to_have_count(0)
    await writer.until_state("saved")
    assert await violations(writer.page) == []
    # The server, which has no positions, says the same to who comes without scripts.
    plain = await visits.enter(path=f"/ideas/{idea.ref}", java_script_enabled=False)
    await expect(plain.locator("[data-orphans]")).to_contain_text(QUOTE)


async def test_c22_who_only_reads_comments_by_touch_and_keyboard_and_hears_where(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    await writer.open()
    await writer.type("benefit", TEXT)
    await writer.until_state("saved")
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.call("PUT", f"/ideas/{idea.ref}/mutes/participant-2", 204, reason="Probe")
    page = await visits.enter("participant-2", viewport=PHONE, has_touch=True, is_mobile=True)
    reader = IdeaPage(page, idea.ref)
    await reader.open()
    await reader.until_read_only()
    await page.locator("h1").tap()
    await select(page, QUOTE)
    offer = page.locator(".passage-offer").get_by_role("button", name="Kommentieren")
    await expect(offer).to_be_visible()
    assert not await covers(page)
    box = await offer.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    await page.keyboard.press("Control+Alt+m")
    await expect(page.locator("#composer").get_by_label("Ihr Beitrag")).to_be_focused()
    await reader.comment("Für Kinder wichtig.")
    await expect(page.locator(".commented")).to_have_text(QUOTE)
    await expect(reader.section("benefit")).to_match_aria_snapshot(ARIA_TEXT)
    await expect(reader.comments()).to_match_aria_snapshot(ARIA_TALK)
    await page.locator(".commented").press("Enter")
    await expect(page.locator("#comments article")).to_be_focused()


async def test_c23_new_comments_disturb_neither_reader_nor_writer(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    token = tokens["expert"]
    await say(arena, token, idea.ref, *(f"Beitrag {n}: " + "Wort " * 60 for n in range(12)))
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    reader = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await writer.open()
    await reader.open()
    thread = writer.page.locator("#comments .thread").nth(5)
    await thread.locator("summary", has_text="Antworten").click()
    reply = thread.get_by_label("Ihre Antwort")
    await reply.fill("Ich antworte gerade")
    await reply.evaluate("field => field.setSelectionRange(3, 9)")
    # Who reads has scrolled past the talk: the list grows above what he sees.
    mark = reader.page.locator("#judgements-label")
    await mark.evaluate("each => each.scrollIntoView({ block: 'start' })")
    tops = [await each.evaluate(TOP) for each in (reply, mark)]
    await say(arena, token, idea.ref, "Neu eins")
    for page in (writer, reader):
        await expect(page.page.locator("#live-status")).to_have_text("1 neuer Kommentar")
    # What comes while the last words are still to be heard is said together.
    await say(arena, token, idea.ref, "Neu zwei", "Neu drei")
    for page in (writer, reader):
        await expect(page.comments()).to_contain_text("Neu drei")
        await expect(page.page.locator("#live-status")).to_have_text("2 neue Kommentare")
    # Browsers keep the place themselves in the next frame, if at all; it must not be kept twice.
    await reader.page.evaluate("() => new Promise(requestAnimationFrame)")
    now = [await each.evaluate(TOP) for each in (reply, mark)]
    assert all(abs(one - other) <= 1 for one, other in zip(now, tops, strict=True)), (now, tops)
    await expect(reply).to_be_focused()
    await expect(reply).to_have_value("Ich antworte gerade")
    assert await reply.evaluate("field => [field.selectionStart, field.selectionEnd]") == [3, 9]
