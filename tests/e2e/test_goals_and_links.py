"""What ideas pay into and how they hang together, in a browser and by keyboard."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import expect

from storage import ideas, people
from storage.database import Database
from storage.process.casefile import evidence
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import TestIdea, open_idea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor
from tests.server.linking.taking_over import KIT

GOAL = "guiding-ideas.resilient"
LONG = "Der Radweg hält die Wege auch dann offen, wenn Busse und Bahnen ausfallen."


async def test_f20_a_statement_is_written_reviewed_and_answered_by_keyboard(
    visits: Visits, idea: TestIdea
) -> None:
    team = await visits.enter("participant", f"/ideas/{idea.ref}")
    expert = await visits.enter("expert", f"/ideas/{idea.ref}")
    await look_at(team, "goals-empty")
    await team.set_viewport_size({"width": 1280, "height": 900})
    await team.get_by_label("Worauf zahlt die Idee noch ein?").select_option(GOAL)
    await team.get_by_role("button", name="Aussage schreiben").press("Enter")
    await team.get_by_label("Beitrag").fill(LONG)
    await team.get_by_label("Woran man es merkt").fill("Zahl der Fahrten je Woche")
    await look_at(team, "goals-statement")
    await team.get_by_role("button", name="Speichern").press("Enter")
    await expect(team.locator("#alignment")).to_contain_text(LONG)
    await expect(expert.locator("#alignment")).to_contain_text(LONG)
    await expert.locator("#alignment").get_by_role("link", name="Prüfen").press("Enter")
    await expert.get_by_label("Ich habe Zweifel").check()
    await expert.get_by_label("In Ihren Worten").fill("Und im Winter?")
    await look_at(expert, "goals-review")
    await expert.get_by_role("button", name="Prüfung abgeben").press("Enter")
    await expect(team.locator("#alignment")).to_contain_text("Und im Winter?")
    await team.get_by_role("link", name="Antworten").press("Enter")
    await team.get_by_label("Antwort des Teams").fill("Geräumt wird zuerst hier.")
    await look_at(team, "goals-answer")
    await team.get_by_role("button", name="Antwort veröffentlichen").press("Enter")
    await expect(expert.locator("#alignment")).to_contain_text("Geräumt wird zuerst hier.")
    await look_at(expert, "goals-full")


async def test_f24_the_list_narrows_to_a_goal(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["participant"]) as api:
        path = f"/ideas/{idea.ref}/alignment/guiding-ideas/cooperative"
        await api.call("PUT", path, 200, contribution=LONG, expected_revision=0)
    page = await visits.enter(None, "/")
    await page.get_by_label("Zahlt ein auf").select_option("guiding-ideas.cooperative")
    await page.get_by_role("button", name="Filtern").click()
    await expect(page.locator(".idea-card")).to_have_count(1)
    await look_at(page, "arena-goal")


async def test_f25_an_idea_is_found_and_linked(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    other = await open_idea(arena.origin, tokens["participant"], "Fahrradbügel am Bahnhof")
    page = await visits.enter("participant", f"/ideas/{idea.ref}")
    await page.locator("#links").get_by_role("link", name="Verknüpfen").click()
    await page.get_by_label("Diese Idee").select_option("builds_on")
    await page.get_by_label("Titel, Text oder Nummer").fill(other.ref)
    await page.get_by_role("button", name="Suchen").click()
    await look_at(page, "links-found")
    await page.get_by_role("button", name="Verknüpfen").click()
    await expect(page.locator("#links")).to_contain_text("Fahrradbügel am Bahnhof")
    moderator = await visits.enter("moderator", f"/ideas/{other.ref}")
    await moderator.locator("#decide > summary").press("Enter")
    await expect(moderator.locator(".closing").first).to_contain_text(idea.ref)
    await look_at(moderator, "closing-warning")


async def a_measure(arena: ArenaProcess, ref: str) -> None:
    """Let the idea be a measure with a transfer kit, and the expert another organisation's."""
    database = await Database.open(arena.database_url)
    try:
        async with database.write() as tx:
            found = await ideas.by_ref(tx, ref)
            expert = await people.by_handle(tx, "expert-2")
            assert found is not None
            assert expert is not None
            now = found.created_at
            await ideas.advance(
                tx, found.id, found.revision, from_stage="open", to_stage="implementation", now=now
            )
            await ideas.set_measure_type(tx, found.id, "decentral")
            await evidence.append(
                tx, idea_id=found.id, kind="transfer_kit", revision=1, data=KIT,
                by=found.created_by, by_name="Anna", now=now,
            )  # fmt: skip
            body = await people.create_organisation(
                tx,
                organisation_id=uuid4(),
                name="Bezirksamt Pankow",
                actor_class="administration",
                kind="district",
            )
            await people.affiliate(tx, expert.id, body.id, confirmed_at=now)
    finally:
        await database.close()


async def test_ac_m10_a_measure_is_taken_over_and_its_change_too(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    await a_measure(arena, idea.ref)
    page = await visits.enter("expert-2", f"/ideas/{idea.ref}")
    await page.get_by_role("link", name="Für die eigene Organisation übernehmen").click()
    await page.get_by_label("Titel").fill("Sicherer Radweg in Pankow")
    await look_at(page, "replicate")
    await page.get_by_role("button", name="Gleich veröffentlichen").click()
    await expect(page.locator("#replicas")).to_contain_text("Übernommen von")
    replica = page.url.split("/")[-1].split("#")[0]
    await page.goto(f"/ideas/{replica}/offers")
    await look_at(page, "offers-empty")
    async with HocuspocusActor(arena.origin, idea.document, tokens["participant"]) as author:
        await author.type("idea", " Mit Brunnen am Weg.")
        await author.until_saved()
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "prototype")
    await page.goto(f"/ideas/{replica}")
    await page.get_by_role("link", name="Eine Änderung am Original ansehen").click()
    await expect(page.locator("ins")).to_contain_text("Mit Brunnen am Weg.")
    await look_at(page, "offers-open")
    await page.locator(".offer button[value=take]").press("Enter")
    await expect(page.locator(".offer .badge")).to_have_text("übernommen")
    await page.goto(f"/ideas/{replica}")
    await expect(page.locator('[data-section="idea"]')).to_contain_text("Mit Brunnen am Weg.")
    origin = await visits.enter("participant", f"/ideas/{idea.ref}")
    await origin.locator("#lineage > summary").click()
    await look_at(origin, "replicas-lineage")
