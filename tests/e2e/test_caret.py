"""The caret is where the person puts it, whatever others do to the text at that moment."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, expect

from tests.e2e.idea_page import IdeaPage, two_writers
from tests.e2e.visits import Visits
from tests.harness.ideas import FREE_SECTION, TestIdea

TEXT = "Ein Radweg wird gebaut."
MOVES = 4
TURNS = 5
BUSY_MS = 150

# A device that is busy: keys and others' changes wait, and are taken one after the other then.
BUSY = """milliseconds => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
}"""

PASTE = """(element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const options = { clipboardData, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent("paste", options));
}"""

TOP = "element => element.getBoundingClientRect().top"
TO_THE_MIDDLE = """element => {
    element.scrollIntoView({ block: "center", behavior: "instant" });
    return element.getBoundingClientRect().top;
}"""

BEFORE_CARET = """() => {
    const { anchorNode, anchorOffset } = getSelection();
    const before = document.createRange();
    before.setStart(anchorNode.parentElement.closest('[data-section]'), 0);
    before.setEnd(anchorNode, anchorOffset);
    return before.toString();
}"""


async def test_s39_keys_move_the_caret_while_others_write_and_the_device_is_busy(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    await one.type(FREE_SECTION, TEXT)
    await two.until_reads(FREE_SECTION, TEXT)
    await two.type(FREE_SECTION, " ")
    for turn in range(1, TURNS + 1):
        await one.page.keyboard.press("Control+Home")
        await asyncio.gather(
            one.page.evaluate(BUSY, BUSY_MS),
            two.page.keyboard.type("a"),
            *(one.page.keyboard.press("ArrowRight") for _ in range(MOVES)),
        )
        await one.until_reads(FREE_SECTION, f"{TEXT} {'a' * turn}")
        assert await before_caret(one.page) == TEXT[:MOVES]
    await one.page.keyboard.type("neuer ")
    await two.until_reads(FREE_SECTION, "neuer ")
    assert await two.text(FREE_SECTION) == f"Ein neuer Radweg wird gebaut. {'a' * TURNS}"


async def test_s39_a_key_acts_where_the_keys_before_it_have_put_the_caret(
    visits: Visits, idea: TestIdea
) -> None:
    one = IdeaPage(await visits.enter("participant"), idea.ref)
    await one.open()
    await one.type(FREE_SECTION, TEXT)
    await one.page.keyboard.press("Control+Home")
    await asyncio.gather(
        one.page.evaluate(BUSY, BUSY_MS),
        *(one.page.keyboard.press("ArrowRight") for _ in range(MOVES)),
        one.page.keyboard.press("Enter"),
    )
    assert await one.text(FREE_SECTION) == f"{TEXT[:MOVES]}\n{TEXT[MOVES:]}"


async def test_s43_nobody_takes_the_caret_or_the_selection_of_another_along(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    await one.type(FREE_SECTION, TEXT)
    await two.until_reads(FREE_SECTION, TEXT)
    await two.section(FREE_SECTION).click()
    await two.page.keyboard.press("Control+End")
    mine, others = "Hier", "Dort"
    for typed in range(len(mine)):
        await one.page.keyboard.type(mine[typed])
        await two.until_reads(FREE_SECTION, mine[: typed + 1])
        await two.page.keyboard.type(others[typed])
        await one.until_reads(FREE_SECTION, others[: typed + 1])
    await one.page.keyboard.press("Control+Alt+3")
    await expect(two.section(FREE_SECTION).locator("h3")).to_have_count(1)
    await two.page.keyboard.type("!")
    await one.until_reads(FREE_SECTION, f"{others}!")
    assert await one.text(FREE_SECTION) == await two.text(FREE_SECTION)
    assert mine in await one.text(FREE_SECTION)


async def test_s41_a_composed_word_stays_whole_while_others_write_beside_it(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    await one.type(FREE_SECTION, TEXT)
    await two.until_reads(FREE_SECTION, TEXT)
    await two.type(FREE_SECTION, "")
    word, others = "schön", "ABCDE"
    keyboard = await one.page.context.new_cdp_session(one.page)
    for typed in range(1, len(word) + 1):
        composed = {"text": word[:typed], "selectionStart": typed, "selectionEnd": typed}
        await keyboard.send("Input.imeSetComposition", composed)
        await two.until_reads(FREE_SECTION, word[:typed])
        await two.page.keyboard.type(others[typed - 1])
        await two.until_state("saved")
    await keyboard.send("Input.insertText", {"text": word})
    await one.page.keyboard.type("!")
    await one.until_reads(FREE_SECTION, others)
    await two.until_reads(FREE_SECTION, "!")
    both = await one.text(FREE_SECTION)
    assert both == await two.text(FREE_SECTION)
    assert both in (f"{TEXT}{word}!{others}", f"{TEXT}{others}{word}!")


async def test_s42_what_others_write_moves_no_line_that_somebody_types_or_reads(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    await one.section(FREE_SECTION).evaluate(PASTE, "\n".join(f"Zeile {n}." for n in range(60)))
    await two.until_reads(FREE_SECTION, "Zeile 59.")
    line = one.section(FREE_SECTION).locator("p", has_text="Zeile 40.")
    await line.click()
    await asyncio.gather(one.until_state("saved"), two.until_state("saved"))
    typed_at = await line.evaluate(TO_THE_MIDDLE)
    await two.section(FREE_SECTION).locator("p", has_text="Zeile 36.").click()
    for key in ("End", *["Enter"] * 8, "x"):
        await two.page.keyboard.press(key)
    await one.until_reads(FREE_SECTION, "x")
    assert abs(await line.evaluate(TOP) - typed_at) < 1

    await one.page.keyboard.press("Control+Home")
    await one.page.keyboard.press("Control+Shift+End")
    read_at = await line.evaluate(TO_THE_MIDDLE)
    await two.page.keyboard.type("y")
    await one.until_reads(FREE_SECTION, "xy")
    assert abs(await line.evaluate(TOP) - read_at) < 1


async def before_caret(page: Page) -> str:
    """The words of the section before the caret."""
    words: str = await page.evaluate(BEFORE_CARET)
    return words
