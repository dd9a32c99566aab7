"""The idea's page as a person uses it: type in a section, comment, judge, decide."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, Page, expect

from tests.e2e.visits import Visits
from tests.harness.ideas import TestIdea

READY_MS = 60_000


class IdeaPage:
    """One window on one idea."""

    def __init__(self, page: Page, ref: str) -> None:
        self.page = page
        self.ref = ref

    async def open(self, *, is_editable: bool = True) -> IdeaPage:
        """Load the page and wait until the editors live."""
        await self.page.goto(f"/ideas/{self.ref}")
        if is_editable:
            await self.until_ready()
        return self

    async def until_ready(self) -> None:
        """Wait until the text is an editor."""
        dossier = self.page.locator("#dossier")
        await expect(dossier).to_have_attribute("data-ready", "true", timeout=READY_MS)

    def section(self, name: str) -> Locator:
        """The text of one section."""
        return self.page.locator(f'[data-section="{name}"]')

    async def type(self, section: str, text: str, *, at: str = "End") -> None:
        """Type at the end of the section, or with ``at="Home"`` at its start."""
        await self.section(section).click()
        await self.page.keyboard.press(f"Control+{at}")
        await self.page.keyboard.type(text)

    async def text(self, section: str) -> str:
        """The section's text without the others' cursors."""
        shown: str = await self.section(section).evaluate(
            """element => {
                const copy = element.cloneNode(true);
                const guests = copy.querySelectorAll('.cursor, .ProseMirror-widget');
                guests.forEach(each => each.remove());
                return [...copy.children].map(each => each.textContent).join('\\n');
            }"""
        )
        return shown.replace("\u2060", "")

    async def until_reads(self, section: str, text: str, *, timeout_ms: int = READY_MS) -> None:
        """Wait until the section shows ``text``."""
        await expect(self.section(section)).to_contain_text(text, timeout=timeout_ms)

    async def until_state(self, state: str, *, timeout_ms: int = READY_MS) -> None:
        """Wait for the state of the connection: saved, unsaved, offline, reading, ended."""
        connection = self.page.locator("#connection")
        await expect(connection).to_have_attribute("data-state", state, timeout=timeout_ms)

    async def until_read_only(self) -> None:
        """Wait until no section can be edited any more."""
        editable = self.page.locator('[data-section][contenteditable="true"]')
        await expect(editable).to_have_count(0, timeout=READY_MS)

    async def comment(self, text: str) -> None:
        """Write a comment and send it."""
        composer = self.page.locator("#composer")
        await composer.get_by_label("Ihr Beitrag").fill(text)
        await composer.get_by_role("button", name="Senden").click()

    def comments(self) -> Locator:
        """The list of comments."""
        return self.page.locator("#comments .threads")

    async def judge(self, dimension: str, verdict: str, reason: str = "") -> None:
        """Give a judgement through the form."""
        fold = self.page.locator("#judge")
        if await fold.get_attribute("open") is None:
            await fold.locator("> summary").click()
        form = self.page.locator("#judge-form")
        await form.get_by_label("Was beurteilen Sie?").select_option(dimension)
        await form.locator(f'input[name="verdict"][value="{verdict}"]').check()
        await form.locator('input[name="confidence"][value="medium"]').check()
        await form.get_by_role("textbox", name="Begründung").fill(reason)
        await form.get_by_role("button", name="Urteil abgeben").click()

    async def until_bound_to(self, seq: int) -> None:
        """Wait until a decision made here would be bound to the text at ``seq``."""
        bound = self.page.locator('input[name="seq"][form="decide-form"]')
        await expect(bound).to_have_value(str(seq))

    async def decide(self, to: str, reason: str) -> None:
        """Change the stage through the form."""
        fold = self.page.locator("#decide")
        if await fold.get_attribute("open") is None:
            await fold.locator("> summary").click()
        form = self.page.locator("#decide-form")
        await form.locator(f'input[name="to"][value="{to}"]').check()
        await form.get_by_role("textbox", name="Begründung").fill(reason)
        await form.get_by_role("button", name="Phase ändern").click()

    def stage(self) -> Locator:
        """The current step of the stage line."""
        return self.page.locator('#stage [aria-current="step"]')


async def two_writers(visits: Visits, idea: TestIdea) -> tuple[IdeaPage, IdeaPage]:
    """The two participants on the idea's page, editors ready."""
    one = IdeaPage(await visits.enter("participant"), idea.ref)
    two = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await asyncio.gather(one.open(), two.open())
    return one, two
