"""An evening: a phone comes in by a link, and another window leads it."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.e2e.test_every_page import PHONE, look_at
from tests.e2e.visits import OFFLINE_NOISE, Visits

# The phone's own clock is an hour ahead.
WRONG_CLOCK = "{ const own = Date.now; Date.now = () => own() + 3_600_000; }"


async def test_ws_an_evening_is_led_from_one_window_and_seen_in_another(visits: Visits) -> None:
    boss = await visits.enter("moderator", "/workshops")
    code = await open_evening(boss)
    phone = await visits.enter(None, viewport=PHONE)
    await phone.add_init_script(WRONG_CLOCK)
    await phone.goto(f"/w/{code}")
    # Nothing is to be pressed or looked for before one writes.
    await expect(phone.locator("#f-name")).to_be_focused()
    await phone.keyboard.type("Ana")
    await phone.keyboard.press("Enter")
    step = phone.locator("#step-now")
    await expect(step).to_contain_text("Schritt 1 von 6")
    await expect(boss.locator("#l-people > summary")).to_have_text("1 Person ist da")

    await lead(boss, "Alle zu Schritt 2")
    await expect(step.locator("h2")).to_have_text("Still sammeln")
    await expect(step.locator(".timer-left")).to_have_text(re.compile(r"^11:5\d$"))
    await expect(phone.locator("#live-status")).to_contain_text("Schritt 2 von 6: Still sammeln")
    await expect(boss.locator(".agenda [aria-current]")).to_contain_text("Niemand redet")
    await boss.locator("#l-minutes").fill("1")
    await lead(boss, "Neu starten")
    await expect(step.locator(".timer-left")).to_have_text(re.compile(r"^0:5\d$"))

    hand = phone.get_by_role("button", name="Hand heben")
    await hand.press("Enter")
    await expect(phone.locator("#own-hand")).to_contain_text("Sie sind als Nächstes dran.")
    await expect(boss.locator("#l-hands")).to_contain_text("1 Hand oben")
    await lead(boss, re.compile("Erledigt.*Ana"))
    await expect(hand).to_have_attribute("aria-pressed", "false")

    await lead(boss, "Alle Hände ruhen lassen")
    await expect(step).to_contain_text("Alle Hände ruhen.")
    await expect(step.get_by_role("link", name="Zur Zettelwand")).to_have_count(0)
    # Whoever loads the page anew sees the same.
    await phone.reload()
    await expect(step).to_contain_text("Alle Hände ruhen.")
    await look_at(phone, "workshop-participant")

    visits.expect(phone, OFFLINE_NOISE)
    await boss.locator("#l-people > summary").press("Enter")
    await boss.get_by_label("Ana", exact=False).check()
    await lead(boss, "Aus der Werkstatt nehmen")
    await expect(phone.locator("main")).to_contain_text("nicht mehr dabei")
    await expect(phone.locator("#own-hand")).to_have_count(0)
    await boss.evaluate(
        "document.querySelectorAll('main details').forEach(e => { e.open = true; })"
    )
    # Looked at while hands rest: what ends the rest has to be read from afar.
    await look_at(boss, "workshop-lead-open")
    await lead(boss, "Hände ruhen: weiter schreiben lassen")
    await expect(boss.locator("#step-now")).not_to_contain_text("Alle Hände ruhen.")


async def open_evening(boss: Page) -> str:
    """Open a workshop by its form; its code."""
    await boss.get_by_label("Titel").fill("Ideenabend")
    await boss.get_by_label("Ideenabend, 90 Minuten").check()
    await boss.get_by_role("button", name="Eröffnen").press("Enter")
    await boss.wait_for_url(re.compile(r"/w/\w{6}$"))
    return boss.url[-6:]


async def lead(boss: Page, button: str | re.Pattern[str]) -> None:
    """Press a button of those who lead, by keyboard."""
    await boss.locator(".part-lead").get_by_role("button", name=button).press("Enter")
