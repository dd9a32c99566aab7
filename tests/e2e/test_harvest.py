"""The harvest of an evening in a browser: written down, handed over, taken along."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from collab.process.workshop.agenda import Step, StepKind
from server.actions.access import Caller
from server.actions.workshop.joining import join_as_guest
from server.actions.workshop.opening import Opening, open_workshop
from server.auth import holders
from server.commands import console
from server.settings import Settings
from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

STEPS = (Step(StepKind.HARVEST, {"de": "Ernten", "en": "Harvest"}, 10),)


async def evening(arena: ArenaProcess, token: str, folder: Path) -> tuple[str, str]:
    """The code of a new workshop of the moderator, and the sign-in of its guest Ana."""
    settings = Settings(database_url=arena.database_url, var=folder, base_url=arena.origin)
    async with console.services(settings) as services:
        holder = await holders.by_token(services, token)
        assert holder is not None
        opening = Opening("Bänke am Kanal", STEPS, ["Tisch 1"], "evening", 1)
        workshop = await open_workshop(services, holder.actor, opening, "Zugeschaltet")
        joined = await join_as_guest(services, workshop.code, "Ana", Caller("127.0.0.1"), "de")
        assert joined.signed_in is not None
        return workshop.code, joined.signed_in.secret


async def write_down(page: Page, kind: str, text: str, **said: str) -> None:
    """Fill the form and send it."""
    fold = page.locator("details", has=page.locator("#f-point_text"))
    if await fold.get_attribute("open") is None:
        await fold.locator("summary").click()
    await page.locator("#f-point_kind").select_option(kind)
    await page.locator("#f-point_text").fill(text)
    for name, value in said.items():
        field = page.locator(f"#f-point_{name}")
        await (field.select_option(value) if name == "idea" else field.fill(value))
    await page.get_by_role("button", name="Aufschreiben", exact=True).click()
    await expect(page.get_by_text(text, exact=True).first).to_be_visible()


async def test_hv7_hv12_an_evening_is_written_down_handed_over_and_taken_along(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea, tmp_path: Path
) -> None:
    code, secret = await evening(arena, tokens["moderator"], tmp_path)
    path = f"/w/{code}/harvest"
    guest = await visits.enter()
    await guest.context.add_cookies(
        [{"name": "arena_session", "value": secret, "url": arena.origin}]
    )
    await guest.goto(path)
    await look_at(guest, "harvest-empty")
    await guest.set_viewport_size({"width": 1280, "height": 900})
    lead = await visits.enter("moderator", path)
    await lead.locator("summary", has_text="Eine Idee hinzunehmen").click()
    await lead.locator("#f-idea").fill("2026-99999")
    visits.expect(lead, r"status of 422")
    await lead.get_by_role("button", name="Hinzunehmen").click()
    await expect(lead.locator(".error-summary")).to_be_focused()
    await look_at(lead, "harvest-refused")
    await lead.set_viewport_size({"width": 1280, "height": 900})
    await lead.locator("#f-idea").fill(idea.ref)
    await lead.get_by_role("button", name="Hinzunehmen").click()
    # The guest's open page hears of it; he writes a task down for the idea.
    await expect(guest.locator("#ideas")).to_contain_text(idea.ref)
    await guest.reload()
    await write_down(guest, "task", "Beim Amt nach Bänken fragen", who="Ana", idea=idea.ref)
    await expect(lead.locator("#points")).to_contain_text("Beim Amt nach Bänken fragen")
    await write_down(guest, "volunteer", "Ich helfe beim Aufbau", who="Ana")
    minutes = IdeaPage(await visits.enter(), idea.ref)
    await minutes.page.context.add_cookies(
        [{"name": "arena_session", "value": secret, "url": arena.origin}]
    )
    await minutes.page.goto(f"/w/{code}/minutes")
    await minutes.until_ready()
    await minutes.type("minutes", "Wir waren zu acht und haben viel gelacht.")
    await minutes.until_state("saved")
    await look_at(minutes.page, "minutes")
    await lead.goto(path)
    await lead.locator("summary", has_text="Nächsten Termin verabreden").click()
    for name, value in (("day", "2027-01-14"), ("begins", "18:00"), ("ends", "20:00")):
        await lead.locator(f"#f-{name}").fill(value)
    await lead.locator("#f-place").fill("Nachbarschaftshaus")
    await lead.get_by_role("button", name="Termin speichern").click()
    await lead.get_by_role("button", name="Ernte übergeben").click()
    await expect(lead.locator("#handover")).to_contain_text("1 Aufgabe steht jetzt bei ihrer Idee.")
    await expect(lead.locator("#minutes")).to_contain_text("viel gelacht")
    await look_at(lead, "harvest-full")
    await lead.goto(f"/ideas/{idea.ref}/tasks")
    await expect(lead.locator("main")).to_contain_text("Beim Amt nach Bänken fragen (Ana)")
    await lead.goto(path)
    for link, name in (("PDF", f"harvest-{code}.pdf"), ("In den Kalender", f"harvest-{code}.ics")):
        async with lead.expect_download() as download:
            await lead.get_by_role("link", name=link).click()
        assert (await download.value).suggested_filename == name
    await guest.locator("#point-2").get_by_role("button", name="Erledigt").click()
    await expect(guest.locator("#point-2")).to_contain_text("erledigt")
    await guest.locator("#point-2").get_by_role("link", name="Ändern").click()
    await look_at(guest, "harvest-point")
