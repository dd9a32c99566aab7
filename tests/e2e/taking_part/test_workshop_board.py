"""A workshop's board: a guest at a phone and who leads at a desktop, by finger, mouse and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import FloatRect, Locator, Page, expect

from collab.process.workshop.agenda import Step, StepKind
from server.actions.access import Caller
from server.actions.workshop.joining import join_as_guest
from server.actions.workshop.opening import Opening, open_workshop
from server.auth import holders
from server.commands.console import services
from server.settings import load_settings
from storage.workshop import workshops
from tests.e2e.test_every_page import PHONE, look_at
from tests.e2e.visits import OFFLINE_NOISE, Visits
from tests.harness.process import ArenaProcess

READY_MS = 60_000
STEPS = (Step(StepKind.COLLECT, {"de": "Sammeln", "en": "Collect"}, 10, is_silent=True),)


class Table:
    """The workshop, and acts of those who lead it beside its pages."""

    def __init__(self, arena: ArenaProcess, folder: Path, boss_token: str) -> None:
        self.settings = load_settings(
            database_url=arena.database_url, port=arena.port, var=folder, demo=True
        )
        self.boss_token = boss_token
        self.code = ""
        self.guest_secret = ""

    async def open(self) -> Table:
        """Open the workshop and let one guest in."""
        async with services(self.settings) as parts:
            boss = await holders.by_token(parts, self.boss_token)
            assert boss is not None
            opening = Opening("Kiezabend", STEPS, ("Tisch 1",), "evening", 1)
            workshop = await open_workshop(parts, boss.actor, opening, "Fern")
            self.code = workshop.code
            joined = await join_as_guest(parts, self.code, "Ana", Caller("192.0.2.7"), "de")
            assert joined.signed_in is not None
            self.guest_secret = joined.signed_in.secret
        return self

    async def change(self, **values: Any) -> None:
        """Change the workshop; pages read it with the next thing that happens."""
        async with services(self.settings) as parts, parts.database.write() as tx:
            found = await workshops.by_code(tx, self.code)
            assert found is not None
            await workshops.change(tx, found[0].id, values)


def note(page: Page, words: str) -> Locator:
    """A note on the canvas or in the list."""
    return page.locator(".paper, #notes-board .note-row").filter(has_text=words)


async def ready(page: Page) -> None:
    await expect(page.locator("#notes-board")).to_have_attribute(
        "data-ready", "true", timeout=READY_MS
    )


async def finger_drags(page: Page, paper: Locator, dx: float, dy: float) -> None:
    """A finger that moves, as a phone reports it."""
    box = await paper.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 12
    phone = await page.context.new_cdp_session(page)
    for kind, share in (("touchStart", 0.0), ("touchMove", 0.5), ("touchMove", 1.0)):
        points = [{"x": x + dx * share, "y": y + dy * share}]
        await phone.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    await phone.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


async def at_rest(paper: Locator) -> FloatRect:
    """Where it lies once it lies still: the board may be about to show itself as a whole."""
    before, now = None, await paper.bounding_box()
    while now is None or now != before:
        await paper.evaluate("() => new Promise((next) => requestAnimationFrame(next))")
        await paper.evaluate("() => new Promise((next) => requestAnimationFrame(next))")
        before, now = now, await paper.bounding_box()
    return now


async def mouse_drags(page: Page, paper: Locator, onto: Locator) -> None:
    """The mouse takes a note to the middle of something."""
    start, end = await at_rest(paper), await at_rest(onto)
    await page.mouse.move(start["x"] + 20, start["y"] + 15)
    await page.mouse.down()
    await page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=6)
    await page.mouse.up()


async def write_silently(ana: Page, boss: Page) -> None:
    """A note of the guest stays on the phone, then hidden, until all are shown."""
    # BD7, BD8: written without a network, kept on the phone, seen by nobody else until shown.
    await ana.context.set_offline(True)
    await ana.locator("#board-hidden textarea").first.fill("Bänke im Park 😀")
    await ana.locator("#board-hidden").get_by_role("button", name="Zettel anlegen").click()
    await expect(ana.locator("#silent-waiting")).to_contain_text("Bänke im Park 😀")
    await ana.context.set_offline(False)
    await expect(ana.locator("#silent-waiting .note-row")).to_have_count(0)
    await expect(ana.locator("#board-hidden")).to_contain_text("Bänke im Park 😀")
    await look_at(ana, "workshop-board-silent")
    await ana.set_viewport_size(PHONE)
    await expect(note(boss, "Bänke")).to_have_count(0)
    await boss.reload()
    await ready(boss)
    await boss.get_by_role("button", name="Verdeckte Zettel aufdecken (1)").click()
    for page in (ana, boss):
        await expect(note(page, "Bänke im Park 😀")).to_be_visible()
    await expect(boss.locator("#board-hidden textarea")).to_have_count(0)


async def work_together(ana: Page, boss: Page) -> None:
    """By keys and mouse on the canvas, by buttons in the list, at the same time."""
    # By keyboard on the canvas, by buttons in the list.
    await boss.locator(".paper").first.focus()
    await boss.keyboard.press("n")
    await boss.keyboard.type("Radweg an der Schule")
    await boss.keyboard.press("Escape")
    await expect(note(ana, "Radweg an der Schule")).to_be_visible()
    await boss.keyboard.press("Shift+ArrowDown")
    await boss.get_by_role("button", name="Neue Gruppe").click()
    await boss.keyboard.type("Wege")
    await boss.keyboard.press("Enter")
    await expect(ana.locator(".note-section", has_text="Wege")).to_be_visible()
    await boss.get_by_role("button", name="Alles zeigen").click()
    await mouse_drags(boss, note(boss, "Radweg"), boss.locator(".paper-group"))
    await expect(boss.locator(".paper-group .paper")).to_have_count(1)
    wege = ana.locator(".note-section", has_text="Wege")
    await expect(wege.locator(".note-row")).to_contain_text("Radweg an der Schule")
    # What somebody types stays under his hand while others move it.
    await wege.get_by_role("button", name="Bearbeiten", exact=True).click()
    field = wege.locator("textarea")
    await field.press_sequentially(", breit")
    await boss.keyboard.press("Control+z")
    await expect(boss.locator(".paper-group .paper")).to_have_count(0)
    await field.press_sequentially(" genug")
    await expect(note(boss, "Radweg an der Schule, breit genug")).to_be_visible()
    await field.press("Escape")
    await expect(note(ana, "breit genug")).to_be_visible()


async def move_by_finger(ana: Page) -> None:
    """On the phone's canvas."""
    await ana.get_by_role("button", name="Als Wand zeigen").click()
    mine = note(ana, "Bänke")
    before = await mine.evaluate("each => each.style.transform")
    await finger_drags(ana, mine, 40, 120)
    await expect(mine).not_to_have_css("transform", "none")
    assert await mine.evaluate("each => each.style.transform") != before
    await look_at(ana, "workshop-board-canvas")
    await ana.set_viewport_size(PHONE)


async def give_dots(ana: Page, boss: Page) -> None:
    """By buttons, secret until shown."""
    mine = note(ana, "Bänke")
    # BD11, BD12: dots by buttons, secret until shown.
    await mine.get_by_role("button", name="Mehr zu: Bänke im Park 😀").click()
    for _ in range(2):
        await ana.get_by_role("button", name="Einen Punkt geben").click()
    await expect(ana.locator(".note-dots")).to_contain_text("Meine Punkte: 2, noch 3 übrig")
    await look_at(ana, "workshop-board-sheet")
    await ana.set_viewport_size(PHONE)
    await ana.get_by_role("button", name="Fertig").click()
    await expect(mine).to_contain_text("2 Punkte von mir")
    assert "2 Punkte" not in await boss.locator("main").inner_text()
    await boss.get_by_role("button", name="Punkte aufdecken").click()
    await expect(note(boss, "Bänke")).to_contain_text("2 Punkte")
    await expect(ana.locator("#board-state")).to_contain_text("Stimmungsbild, keine Entscheidung.")


async def make_an_idea(ana: Page, boss: Page) -> None:
    """The note becomes an idea, and says so to everybody."""
    await note(boss, "Bänke").get_by_role("button", name="Mehr zu: Bänke im Park 😀").click()
    await boss.get_by_role("link", name="Idee daraus machen").click()
    await look_at(boss, "workshop-board-idea")
    await boss.get_by_role("button", name="Idee anlegen").click()
    await expect(boss.locator("#idea-title")).to_have_text("Bänke im Park 😀")
    await expect(note(ana, "Bänke")).to_contain_text("Idee 20")


async def test_bd_an_evening_at_the_board_by_finger_mouse_keys_and_list(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str], tmp_path: Path
) -> None:
    table = await Table(arena, tmp_path, tokens["moderator"]).open()
    path = f"/w/{table.code}/board"
    ana = await visits.enter(viewport=PHONE, has_touch=True)
    visits.expect(ana, OFFLINE_NOISE)
    secret = {"name": "arena_session", "value": table.guest_secret, "url": arena.origin}
    await ana.context.add_cookies([secret])  # type: ignore[list-item]
    await ana.goto(path)
    boss = await visits.enter("moderator", path)
    for page in (ana, boss):
        await ready(page)
    await write_silently(ana, boss)
    await work_together(ana, boss)
    await move_by_finger(ana)
    await give_dots(ana, boss)
    await make_an_idea(ana, boss)
    # BD10: all hands rest, at once and on every page.
    await table.change(is_frozen=True)
    await boss.goto(path)
    await boss.get_by_role("button", name="Punkte wieder verdecken").click()
    await expect(ana.locator("#board-state")).to_contain_text("Gerade ruhen alle Hände.")
    await expect(ana.get_by_role("button", name="Neuer Zettel")).to_be_disabled()
