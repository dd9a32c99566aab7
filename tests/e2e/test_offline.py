"""Bad Wi-Fi and shared tablets: pages without a network, and a device that forgets."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits, picture
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.waiting import until_async

KEPT = """async () => {
    const names = (await caches.keys()).filter((each) => each.startsWith('arena-pages-'));
    const pages = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return pages.flat().map((each) => new URL(each.url).pathname).sort();
}"""

LEFT = """async () => ({
    notes: Object.keys(localStorage).filter((each) => each.startsWith('arena:')),
    texts: (await indexedDB.databases()).map((each) => each.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"notes": [], "texts": [], "caches": [], "workers": 0}


async def on_a_device(visits: Visits, handle: str, ref: str) -> IdeaPage:
    """Somebody on the idea's page, once the device has kept it."""
    page = await visits.enter(handle, service_workers="allow")
    visits.expect(page, f"{OFFLINE_NOISE}|status of 503")
    window = await IdeaPage(page, ref).open()
    await until_kept(page, ref)
    return window


async def until_kept(page: Page, ref: str) -> None:
    """Wait until this device has the idea's page, and the page of the device with it."""

    async def are_kept() -> bool:
        return {f"/ideas/{ref}", "/device"} <= set(await page.evaluate(KEPT))

    await until_async(are_kept, "the page is kept on this device", timeout_s=60)


async def test_of1_of6_a_page_opens_without_a_network_and_what_is_typed_there_merges_on_return(
    visits: Visits, idea: TestIdea
) -> None:
    one = await on_a_device(visits, "participant", idea.ref)
    await one.type(FREE_SECTION, "Am Tisch.")
    await one.until_state("saved")
    await one.page.context.set_offline(True)
    await one.until_state("offline")
    await one.type(FREE_SECTION, " Ohne Netz.")
    connection = one.page.locator("#connection")
    await expect(connection).to_contain_text("auf diesem Gerät behalten: 11 Änderungen")

    await one.open()  # from this device: nobody else answers
    await expect(one.page.locator("#kept-since")).to_contain_text("Offline – Stand von")
    await one.until_reads(FREE_SECTION, "Am Tisch. Ohne Netz.")
    await expect(connection).to_contain_text("11 Änderungen")
    await one.type(FREE_SECTION, " Und weiter.")
    leaving = one.page.locator("form[action='/sign-out']")
    await leaving.evaluate("form => form.requestSubmit()")  # OF5
    await expect(leaving).to_contain_text("Nichts wurde gesendet")
    await one.until_reads(FREE_SECTION, "Und weiter.")
    await picture(one.page, "offline-idea")
    assert await violations(one.page) == []
    await one.page.goto("/measures")
    await expect(one.page.locator("h1")).to_have_text("Gerade ist keine Verbindung da")
    await picture(one.page, "offline-not-kept")
    await one.page.goto("/device")
    await expect(one.page.locator("[data-unsent]")).to_contain_text("23 Änderungen nur auf diesem")
    await one.page.get_by_text("Text zeigen").click()
    await expect(one.page.locator(".found-text")).to_contain_text("Ohne Netz. Und weiter.")
    await picture(one.page, "offline-device")
    await one.open()

    await one.page.context.set_offline(False)
    await one.until_state("saved", timeout_ms=60_000)
    two = await IdeaPage(await visits.enter("participant-2"), idea.ref).open()
    await two.until_reads(FREE_SECTION, "Am Tisch. Ohne Netz. Und weiter.")
    since = one.page.locator("#kept-since")
    await expect(since.get_by_role("button", name="Neu laden")).to_be_visible(timeout=60_000)


async def test_of2_of7_two_people_one_after_the_other_on_one_tablet_see_nothing_of_each_other(
    visits: Visits, idea: TestIdea
) -> None:
    first = await on_a_device(visits, "participant", idea.ref)
    page = first.page
    name = await page.locator("#dossier").get_attribute("data-name")
    assert name
    # He forgets to sign out, and somebody else signs in.
    await visits.sign_in(page.context, "participant-2")
    await page.goto("/about")
    await until_none_kept(page)
    second = await first.open()
    await until_kept(page, idea.ref)
    await second.type(FREE_SECTION, "Von der Zweiten.")
    await second.until_state("saved")
    await page.context.set_offline(True)
    await second.until_state("offline")
    await second.type(FREE_SECTION, " Noch nicht gesendet.")
    await second.open()
    await expect(page.locator("body")).not_to_contain_text(f"Angemeldet als {name}")

    await page.goto("/device")
    finish = page.get_by_role("button", name="Fertig, Gerät leeren")
    await finish.press("Enter")
    status = page.locator("[data-finish-status]")
    await expect(status).to_contain_text("1 Text liegt nur auf diesem Gerät und wäre verloren")
    await picture(page, "device-unsent")
    assert await violations(page) == []
    await page.context.set_offline(False)
    await status.get_by_role("button", name="Noch einmal senden").press("Enter")
    await expect(page.get_by_text("von Ihnen liegt nichts mehr auf diesem Gerät")).to_be_visible(
        timeout=60_000
    )
    await picture(page, "device-cleared")
    three = await IdeaPage(await visits.enter("participant"), idea.ref).open()
    await three.until_reads(FREE_SECTION, "Von der Zweiten. Noch nicht gesendet.")

    await page.goto("/about")  # without a script of ours that keeps anything
    assert await page.evaluate(LEFT) == NOTHING
    await page.goto(f"/ideas/{idea.ref}")
    await expect(page.get_by_role("link", name="Anmelden").first).to_be_visible()


async def until_none_kept(page: Page) -> None:
    """Wait until the worker has seen who is there now, and thrown away what is not his."""

    async def is_empty() -> bool:
        return not await page.evaluate(KEPT)

    await until_async(is_empty, "copies of the other sign-in are gone")
