"""The record of a case in a browser: logbook, requirements on a passage, indicators, conditions."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

REQUIREMENTS = "#requirements"


@pytest.fixture
async def asked(arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea) -> TestIdea:
    """An open idea with requirements, a condition, an indicator and half a mandate."""
    path = f"/ideas/{idea.ref}"
    async with Api(arena.origin, tokens["moderator"]) as api:
        version = (await api.text(idea.ref))["version"]
        for text in (
            "Ohne Stufen erreichbar.",
            "Nachts so beleuchtet, dass niemand geblendet wird.",
        ):
            await api.call("POST", f"{path}/requirements", 201, text=text, section="idea")
        await api.call(
            "PUT",
            f"{path}/judgements/legal",
            verdict="with_conditions",
            confidence="high",
            reason="Nur mit Zustimmung der unteren Naturschutzbehörde.",
            text_version=version,
        )
    async with Api(arena.origin, tokens["participant"]) as api:
        await api.call(
            "PUT",
            f"{path}/requirements/1/answer",
            state="partly",
            because="Am Haupteingang ja, am Seiteneingang fehlt der Platz.",
            expected_revision=0,
            section="idea",
        )
        await api.call("POST", f"{path}/indicators", 201, **indicator())
        await api.call(
            "PUT",
            f"{path}/logbook/mandate",
            data={"team": "Zwei Leute aus dem Bezirksamt."},
            expected_revision=0,
        )
    return idea


def indicator() -> dict[str, Any]:
    return {
        "kind": "outcome",
        "text": "Menschen auf dem Platz an einem Sommertag",
        "unit": "Personen",
        "baseline": 120,
        "target": 240,
        "due": "2027-09-30",
    }


async def select_words(page: Page, section: str, words: str) -> None:
    """Mark words in the text as a person does with the keyboard."""
    await page.locator(f'[data-section="{section}"]').click()
    await page.keyboard.press("Control+Home")
    for _ in words:
        await page.keyboard.press("Shift+ArrowRight")


async def test_a_requirement_on_a_passage_is_drawn_and_survives_edits(
    visits: Visits, idea: TestIdea
) -> None:
    window = await IdeaPage(await visits.enter("moderator"), idea.ref).open()
    page = window.page
    await page.locator("#ask > summary").click()
    await select_words(page, "situation", "Im Kiez fehlen")
    await page.locator("#ask [data-take-passage]").click()
    await expect(page.locator("#ask [data-anchor-quote]")).to_contain_text("Im Kiez fehlen")
    await page.get_by_label("Was muss die Idee erfüllen?").fill("Auch für Lastenräder.")
    await page.get_by_role("button", name="Anforderung stellen").click()
    item = page.locator("#requirement-1")
    await expect(item).to_contain_text("Auch für Lastenräder.")
    await expect(page.locator("#ask [data-anchor-quote]")).to_be_hidden()
    await expect(page.locator('[data-section="situation"] .commented')).to_have_text(
        "Im Kiez fehlen"
    )
    await window.type("situation", "Seit Jahren: ", at="Home")
    await expect(page.locator('[data-section="situation"] .commented')).to_have_text(
        "Im Kiez fehlen"
    )
    await expect(item.locator("[data-anchor-lost]")).to_have_count(0)


async def test_an_answer_appears_on_every_open_page(visits: Visits, asked: TestIdea) -> None:
    other = await visits.enter("moderator", f"/ideas/{asked.ref}")
    team = await visits.enter("participant", f"/ideas/{asked.ref}")
    await expect(other.locator("#requirement-2")).to_contain_text("noch offen")
    await team.locator("#requirement-2 a", has_text="Beantworten").click()
    await team.get_by_label("aufgenommen", exact=True).check()
    await team.get_by_label("Warum, und wie?").fill("Warmes Licht, nach unten gerichtet.")
    await team.get_by_role("button", name="Antwort festhalten").click()
    await expect(other.locator("#requirement-2")).to_contain_text("Warmes Licht")
    await expect(team.locator("#requirement-2")).to_contain_text("aufgenommen")


@pytest.mark.parametrize("handle", [None, "participant"])
async def test_the_record_on_the_page_is_accessible_and_fits(
    handle: str | None, visits: Visits, asked: TestIdea
) -> None:
    page = await visits.enter(handle, f"/ideas/{asked.ref}?requirement=2&indicator=1&lang=de")
    for fold in await page.locator("#requirements details:not([open]) > summary").all():
        await fold.click()
    await expect(page.locator("#requirement-1")).to_be_visible()
    await look_at(page, f"record-{handle or 'guest'}")


async def test_the_logbook_and_its_forms_are_accessible_and_fit(
    visits: Visits, asked: TestIdea
) -> None:
    page = await visits.enter("participant", f"/ideas/{asked.ref}/logbook")
    await expect(page.locator("#mandate")).to_contain_text("in Teilen")
    await look_at(page, "logbook")
    form = await visits.enter("participant", f"/ideas/{asked.ref}/logbook/trial_plan")
    visits.expect(form, r"status of 4\d\d")
    await form.locator("form[data-draft]").evaluate(
        """form => {
            const begins = form.elements["field-begins"];
            begins.type = "text";
            begins.value = "bald";
            form.submit();
        }"""
    )
    await expect(form.locator(".error-summary")).to_be_visible()
    await look_at(form, "logbook-form-with-errors")
    english = await visits.enter(
        "participant", f"/ideas/{asked.ref}/logbook/mandate?lang=en", locale="en-GB"
    )
    await look_at(english, "logbook-form-english")
