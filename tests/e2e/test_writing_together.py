"""Two people write one section: at once, apart, and over the death of the server."""

from __future__ import annotations

import asyncio

from playwright.async_api import WebSocketRoute

from tests.e2e.idea_page import IdeaPage, two_writers
from tests.e2e.visits import OFFLINE_NOISE, Visits
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea
from tests.harness.node import NpmClient
from tests.harness.process import ArenaProcess


async def assert_same(one: IdeaPage, two: IdeaPage, *words: str) -> None:
    """Both windows show the same section and it holds the words."""
    for word in words:
        await one.until_reads(FREE_SECTION, word)
        await two.until_reads(FREE_SECTION, word)
    text = await one.text(FREE_SECTION)
    assert text == await two.text(FREE_SECTION)
    for word in words:
        assert text.count(word) == 1, text


async def test_two_people_type_at_once_in_one_section(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    one, two = await two_writers(visits, idea)
    await one.type(FREE_SECTION, "Mitte.")
    await two.until_reads(FREE_SECTION, "Mitte.")
    first, second = "Vorne steht das Grüße 🌳. ", " Hinten steht das Ende 🚲."
    await asyncio.gather(
        one.type(FREE_SECTION, first, at="Home"), two.type(FREE_SECTION, second, at="End")
    )
    await assert_same(one, two, first.strip(), "Mitte.", second.strip())
    await one.until_state("saved")
    await two.until_state("saved")
    text = await one.text(FREE_SECTION)
    assert text == f"{first}Mitte.{second}"
    async with Api(arena.origin, tokens["moderator"]) as api:
        assert text in str((await api.text(idea.ref))["sections"][FREE_SECTION])


async def test_each_sees_the_others_name_and_only_undoes_his_own(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    await one.type(FREE_SECTION, "Von der Ersten.")
    await two.until_reads(FREE_SECTION, "Von der Ersten.")
    await two.type(FREE_SECTION, " Vom Zweiten.")
    await assert_same(one, two, "Von der Ersten.", "Vom Zweiten.")
    name = await two.page.locator("#dossier").get_attribute("data-name")
    assert name
    presence = one.page.locator("#presence")
    assert name in (await presence.inner_text())
    await (
        one.section(FREE_SECTION).locator(".cursor-name", has_text=name).wait_for(state="attached")
    )
    await one.section(FREE_SECTION).click()
    await one.page.keyboard.press("Control+z")
    await two.until_reads(FREE_SECTION, "Vom Zweiten.")
    await one.until_reads(FREE_SECTION, "Vom Zweiten.")
    await asyncio.gather(*(page.until_state("saved") for page in (one, two)))
    assert "Von der Ersten." not in await two.text(FREE_SECTION)


async def test_words_typed_offline_survive_a_reload_and_are_merged(
    visits: Visits, idea: TestIdea
) -> None:
    one, two = await two_writers(visits, idea)
    visits.expect(one.page, OFFLINE_NOISE)
    is_cut = False

    def pass_or_cut(socket: WebSocketRoute) -> None:
        if is_cut:
            asyncio.get_running_loop().create_task(socket.close(code=1013, reason="cut"))
        else:
            socket.connect_to_server()

    await one.page.context.route_web_socket("**/collab*", pass_or_cut)
    await one.type(FREE_SECTION, "Gemeinsam.")
    await two.until_reads(FREE_SECTION, "Gemeinsam.")
    await one.page.context.set_offline(True)
    await one.until_state("offline")
    await one.type(FREE_SECTION, " Unterwegs geschrieben.")
    await two.type(FREE_SECTION, " Inzwischen daheim.")

    is_cut = True  # the page loads again, the live text stays out of reach
    await one.page.context.set_offline(False)
    await one.open(is_editable=False)
    await one.until_ready()
    await one.until_reads(FREE_SECTION, "Unterwegs geschrieben.")
    await one.until_state("offline")

    is_cut = False
    await one.until_state("saved", timeout_ms=60_000)
    await assert_same(one, two, "Gemeinsam.", "Unterwegs geschrieben.", "Inzwischen daheim.")


async def test_killed_server_comes_back_and_the_pages_go_on(
    visits: Visits, idea: TestIdea, arena: ArenaProcess
) -> None:
    one, two = await two_writers(visits, idea)
    for page in (one, two):
        visits.expect(page.page, OFFLINE_NOISE)
    await one.type(FREE_SECTION, "Vor dem Ausfall.")
    await one.until_state("saved")
    arena.kill()
    await one.until_state("offline")
    await one.type(FREE_SECTION, " Während des Ausfalls.")
    await two.until_state("offline")
    await two.type(FREE_SECTION, " Auch ich.")
    arena.start()
    await one.until_state("saved", timeout_ms=60_000)
    await two.until_state("saved", timeout_ms=60_000)
    await assert_same(one, two, "Vor dem Ausfall.", "Während des Ausfalls.", "Auch ich.")


async def test_the_editor_and_the_npm_clients_write_one_text(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    page = IdeaPage(await visits.enter("participant"), idea.ref)
    plain = NpmClient("y-websocket", arena.origin, idea.document, tokens["participant-2"])
    provider = NpmClient("hocuspocus", arena.origin, idea.document, tokens["expert"])
    async with plain, provider:
        await page.open()
        await plain.until_synced()
        await provider.until_synced()
        await page.type(FREE_SECTION, "Aus dem Browser 🌳.")
        await plain.until_reads(FREE_SECTION, "🌳")
        await plain.type(FREE_SECTION, " Aus y-websocket ß.")
        await provider.until_reads(FREE_SECTION, "ß")
        await provider.type(FREE_SECTION, " Aus hocuspocus 🚲.")
        await page.until_reads(FREE_SECTION, "🚲")
        await page.until_state("saved")
        await plain.until_reads(FREE_SECTION, "🚲")
        text = await page.text(FREE_SECTION)
        assert text == await plain.read(FREE_SECTION) == await provider.read(FREE_SECTION)
