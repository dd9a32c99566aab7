"""What one person does appears on the other's page without a reload, and disturbs nobody."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import OFFLINE_NOISE, Visits
from tests.harness.api import Api
from tests.harness.ideas import FREE_SECTION, TestIdea, open_idea
from tests.harness.process import ArenaProcess

REFUSED_NOISE = OFFLINE_NOISE + r"|status of 40[13]"


async def test_a_comment_appears_and_leaves_the_open_composer_alone(
    visits: Visits, idea: TestIdea
) -> None:
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    reader = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await asyncio.gather(writer.open(), reader.open())
    draft = reader.page.locator("#composer").get_by_label("Ihr Beitrag")
    await draft.fill("Ich schreibe gerade noch")
    await draft.evaluate("element => element.setSelectionRange(4, 12)")
    await writer.comment("Wer übernimmt den Winterdienst?")
    await expect(reader.comments()).to_contain_text("Winterdienst")
    await expect(draft).to_be_focused()
    await expect(draft).to_have_value("Ich schreibe gerade noch")
    selection = await draft.evaluate("element => [element.selectionStart, element.selectionEnd]")
    assert selection == [4, 12]
    await expect(writer.comments()).to_contain_text("Winterdienst")
    await expect(writer.page.locator("#composer").get_by_label("Ihr Beitrag")).to_have_value("")


async def test_a_guest_reads_new_comments_live_too(visits: Visits, idea: TestIdea) -> None:
    guest = IdeaPage(await visits.enter(), idea.ref)
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    await asyncio.gather(guest.open(is_editable=False), writer.open())
    await expect(guest.section("situation")).to_be_visible()
    await writer.comment("Das sehen auch Gäste.")
    await expect(guest.comments()).to_contain_text("Das sehen auch Gäste.")
    await guest.until_read_only()


async def test_a_comment_is_text_and_never_markup(visits: Visits, idea: TestIdea) -> None:
    writer = IdeaPage(await visits.enter("participant"), idea.ref)
    reader = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await asyncio.gather(writer.open(), reader.open())
    hostile = "<img src=x onerror=\"document.title='übernommen'\"> javascript:alert(1)"
    await writer.comment(hostile)
    await expect(reader.comments()).to_contain_text(hostile)
    assert await reader.comments().locator("img").count() == 0
    assert "übernommen" not in await reader.page.title()


async def test_a_judgement_moves_the_tally_on_the_other_page(
    visits: Visits, idea: TestIdea
) -> None:
    expert = IdeaPage(await visits.enter("expert"), idea.ref)
    reader = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await asyncio.gather(expert.open(), reader.open())
    await expert.judge("technical", "with_conditions", "Nur mit einer Brücke.")
    tally = reader.page.locator("#dimension-technical")
    await expect(tally).to_contain_text("1 Urteil")
    await expert.page.wait_for_load_state()
    await expert.judge("technical", "feasible")
    await expect(tally).to_contain_text("Machbar")
    await expect(tally).to_contain_text("1 Urteil")


async def test_a_stage_change_is_seen_by_all_and_ends_the_writing(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    author = IdeaPage(await visits.enter("participant-2"), idea.ref)
    moderator = IdeaPage(await visits.enter("moderator"), idea.ref)
    all_ideas = await visits.enter(path=f"/?q={idea.ref}")
    await asyncio.gather(author.open(), moderator.open())
    await author.type(FREE_SECTION, "Das steht zuletzt da.")
    await author.until_state("saved")
    await moderator.until_reads(FREE_SECTION, "Das steht zuletzt da.")
    async with Api(arena.origin, tokens["moderator"]) as api:
        await moderator.until_bound_to((await api.text(idea.ref))["version"]["seq"])
    await moderator.decide("returned", "Bitte die Kosten ergänzen.")
    await expect(author.stage()).to_contain_text("Zurückgegeben")
    await author.until_read_only()
    await expect(moderator.stage()).to_contain_text("Zurückgegeben")
    await expect(all_ideas.locator(".idea-card")).to_contain_text("Zurückgegeben")
    await author.until_reads(FREE_SECTION, "Das steht zuletzt da.")
    history = author.page.locator("#history")
    await history.locator("> summary").click()
    await expect(history).to_contain_text("Bitte die Kosten ergänzen.")


async def test_p6_a_muted_person_stops_writing_at_once(visits: Visits, idea: TestIdea) -> None:
    writer = IdeaPage(await visits.enter("participant-2"), idea.ref)
    await writer.open()
    await writer.type(FREE_SECTION, "Das stört.")
    await writer.until_state("saved")
    moderator = IdeaPage(await visits.enter("moderator"), idea.ref)
    await moderator.open()
    panel = moderator.page.locator("#moderation")
    await panel.get_by_text("Jemandem das Schreiben entziehen").click()
    form = panel.locator('form[action$="/mute"]')
    await form.get_by_label("Wer hat geschrieben oder ist hier?").select_option("participant-2")
    await form.get_by_label("Grund").fill("Wiederholte Beleidigungen.")
    await form.get_by_role("button", name="Schreiben entziehen").click()
    await writer.until_read_only()
    await expect(writer.page.locator("#next")).to_contain_text("Wiederholte Beleidigungen.")


async def test_p3_a_suspended_person_is_out_at_once(
    visits: Visits, idea: TestIdea, arena: ArenaProcess
) -> None:
    page = IdeaPage(await visits.enter("expert-2"), idea.ref)
    await page.open()
    visits.expect(page.page, REFUSED_NOISE)
    arena.run("person", "suspend", "expert-2", "--reason", "Probe")
    await page.until_read_only()
    await page.page.reload()
    await expect(page.page.get_by_role("link", name="Anmelden", exact=True)).to_be_visible()


async def test_a_new_idea_is_announced_on_the_arena_page(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    page = await visits.enter(path="/")
    await open_idea(arena.origin, tokens["participant"], "Eine ganz frische Idee")
    await expect(page.locator(".fresh")).to_be_visible()
