"""An evening at tables in a browser: one types, the others see it, the wall shows it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, ViewportSize, expect

from collab.process.workshop.agenda import Step, StepKind
from server.actions.access import Caller
from server.actions.workshop.joining import join_as_guest
from server.actions.workshop.opening import Opening, open_workshop
from server.auth import holders
from server.commands import console
from server.settings import Settings
from storage.workshop import workshops
from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits, picture
from tests.harness.process import ArenaProcess

STEPS = (
    Step(StepKind.COLLECT, {"de": "Sammeln", "en": "Collect"}, 10, is_silent=True),
    Step(StepKind.DRAFT, {"de": "An Ideen schreiben", "en": "Write ideas"}, 30),
)
TABLET: ViewportSize = {"width": 820, "height": 1180}
SCREENS: tuple[ViewportSize, ...] = (
    {"width": 1920, "height": 1080},
    {"width": 1280, "height": 720},
    {"width": 1024, "height": 768},
)
SEEN_MS = 60_000
OVERFULL = """() => {
    const page = document.documentElement;
    const parts = [...document.querySelectorAll('.wall-join, .wall-scene')];
    const full = parts.filter((each) => each.scrollHeight > each.clientHeight + 2);
    return page.scrollHeight > innerHeight || page.scrollWidth > innerWidth
        ? ['the page'] : full.map((each) => each.className);
}"""


async def evening(arena: ArenaProcess, token: str, folder: Path) -> tuple[str, list[str]]:
    """The code of a workshop with two tables, and the sign-in of a guest at each."""
    settings = Settings(database_url=arena.database_url, var=folder, base_url=arena.origin)
    async with console.services(settings) as services:
        holder = await holders.by_token(services, token)
        assert holder is not None
        opening = Opening("Kiezabend", STEPS, ["Tisch 1", "Tisch 2"], "evening", 1)
        workshop = await open_workshop(services, holder.actor, opening, "Zugeschaltet")
        async with services.database.read() as tx:
            tables = await workshops.tables(tx, workshop.id)
        secrets = []
        for name, table in (("Ana", tables[0]), ("Bo", tables[1])):
            joined = await join_as_guest(services, table.code, name, Caller("127.0.0.1"), "de")
            assert joined.signed_in is not None
            secrets.append(joined.signed_in.secret)
        return workshop.code, secrets


async def guest(visits: Visits, arena: ArenaProcess, secret: str, size: ViewportSize) -> Page:
    """A guest's window."""
    page = await visits.enter(viewport=size)
    await page.context.add_cookies(
        [{"name": "arena_session", "value": secret, "url": arena.origin}]
    )
    return page


async def fits_every_screen(wall: Page) -> None:
    """Nothing has to be scrolled, and axe finds nothing, in either light."""
    for size in SCREENS:
        for colours in ("light", "dark"):
            await wall.set_viewport_size(size)
            await wall.emulate_media(color_scheme=colours)
            assert not await wall.evaluate(OVERFULL), f"wall at {size}"
            assert not await violations(wall), f"wall at {size}, {colours}"
        await picture(wall, f"wall-tables-{size['width']}")


async def present(page: Page) -> None:
    """WL8: what lies on the other table, section by section, by keyboard alone."""
    await page.set_viewport_size(SCREENS[1])
    await page.get_by_role("link", name="Mehr Bänke am Kanal").click()
    await expect(page.locator("#present-place")).to_have_text("1 von 2")
    assert not await violations(page)
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#label-situation")).to_be_focused()
    await expect(page.locator(".slide:visible")).to_have_count(1)
    await look_at(page, "present")
    await page.keyboard.press("Home")
    await expect(page.locator("#slide-title")).to_be_visible()


async def test_tb7_wl5_one_table_types_the_other_reads_and_the_wall_shows_it(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str], tmp_path: Path
) -> None:
    code, (ana_secret, bo_secret) = await evening(arena, tokens["moderator"], tmp_path)
    ana = await guest(visits, arena, ana_secret, TABLET)
    bo = await guest(visits, arena, bo_secret, TABLET)
    wall = await visits.enter(None, f"/w/{code}/screen", viewport=SCREENS[0])
    boss = await visits.enter("moderator", f"/w/{code}")

    # WL1, WL2: while all write silently the wall says how to come in, and counts.
    await expect(wall.locator(".wall-code")).to_have_text(f"{code[:3]} {code[3:]}")
    await expect(wall.locator(".wall-scene.silent")).to_be_visible()
    await boss.context.request.post(
        f"/w/{code}/step", form={"step": "2", "timer": "yes"}, headers={"Origin": arena.origin}
    )
    await expect(wall.locator(".wall-scene.tables")).to_be_visible(timeout=SEEN_MS)
    await expect(wall.locator("#timer")).to_contain_text("min")

    # TB3: a table begins an idea, on its tablet.
    await ana.goto(f"/w/{code}/tables")
    await expect(ana.locator("#desk")).to_contain_text("Hier liegt noch keine Idee")
    await look_at(ana, "tables-empty")
    await ana.get_by_label("Titel").fill("Mehr Bänke am Kanal")
    await ana.get_by_role("button", name="Beginnen").click()
    await expect(ana.locator("#workshop-bar")).to_contain_text("An Ideen schreiben")
    ref = ana.url.partition("/ideas/")[2].partition("?")[0]
    writing = IdeaPage(ana, ref)
    await writing.until_ready()

    # TB7: the other table reads the lines without leaving its own; so does the wall.
    await bo.goto(f"/w/{code}/tables")
    await writing.type("situation", "Am Kanal steht keine einzige Bank.")
    await writing.until_state("saved")
    for page, place in ((bo, "#tables"), (wall, "#wall")):
        await expect(page.locator(place)).to_contain_text("keine einzige Bank", timeout=SEEN_MS)
    await expect(bo.locator("#tables")).to_contain_text("am Text", timeout=SEEN_MS)
    await look_at(bo, "tables")
    await fits_every_screen(wall)
    await look_at(wall, "wall-small")

    # TB8: who is at the text, by table; what the others do.
    await expect(ana.locator(".bar-present")).to_contain_text("Tisch 1: Ana", timeout=SEEN_MS)
    await ana.locator("#workshop-others > summary").click()
    await expect(ana.locator("#workshop-others")).to_contain_text("Tisch 2", timeout=SEEN_MS)
    assert not await violations(ana)

    # Hands down: nothing that is typed reaches the text, until they may write again.
    await boss.context.request.post(
        f"/w/{code}/hands", form={"deed": "rest"}, headers={"Origin": arena.origin}
    )
    await expect(ana.locator("[data-rests]")).to_be_visible(timeout=SEEN_MS)
    await writing.type("situation", "UNERHÖRT")
    assert "UNERHÖRT" not in await writing.text("situation")

    await present(bo)

    # Without scripts the wall is there as well.
    still = await visits.enter(None, f"/w/{code}/screen", java_script_enabled=False)
    await expect(still.locator("#wall")).to_contain_text("keine einzige Bank")
