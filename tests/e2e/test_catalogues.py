"""Catalogues, organisations and what exists already, in a browser: seen, used, and live."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.test_every_page import Place, look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.charts import chart
from tests.harness.existing import write_initiatives
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess

PLACES = [
    Place("catalogues", "/catalogues"),
    Place("catalogue", "/catalogues/principles"),
    Place("catalogue-fields", "/catalogues/fields-of-action"),
    Place("catalogue-empty", "/catalogues/success-factors?lang=en", None, {"locale": "en-GB"}),
    Place("catalogue-office", "/catalogues/guiding-ideas?edit=resilient#change", "office"),
    Place("initiatives", "/initiatives"),
    Place("initiatives-found", "/initiatives?q=Bäume gießen"),
    Place("initiatives-nothing-found", "/initiatives?q=zzzqqq"),
    Place("organisations", "/organisations?show=all"),
    Place("organisations-office", "/organisations", "office"),
]


@pytest.fixture(scope="module", autouse=True)
def filled(arena: ArenaProcess, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The invented initiatives and the invented chart are there."""
    folder: Path = tmp_path_factory.mktemp("existing")
    file = folder / "chart.json"
    file.write_text(json.dumps(chart()), "utf-8")
    portal = write_initiatives(folder / "portal")
    arena.run_all([["initiatives", "import", str(portal)], ["organisations", "import", str(file)]])


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_page_is_accessible_and_fits(place: Place, visits: Visits) -> None:
    page = await visits.enter(place.handle, **place.options)
    await page.goto(place.path)
    await expect(page.locator("main")).to_be_visible()
    await unfold(page)
    await look_at(page, place.name)


async def test_the_pages_of_one_initiative_and_one_organisation_are_accessible(
    visits: Visits,
) -> None:
    page = await visits.enter("office", "/initiatives?q=Baumpaten")
    await page.locator(".card a").first.click()
    await expect(page.locator("h1")).to_have_text("Baumpaten-Karte")
    await look_at(page, "initiative")
    await page.goto("/organisations")
    await page.get_by_role("link", name="Abteilung A").click()
    await unfold(page)
    await look_at(page, "organisation")


async def test_the_office_looks_at_what_a_version_would_do_and_publishes_it(
    visits: Visits,
) -> None:
    page = await visits.enter("office", "/catalogues/principles")
    visits.expect(page, r"status of 422")
    await page.locator("#change > summary").press("Enter")
    await page.locator("#change button").press("Enter")
    await page.get_by_label("Kennung").fill("Groß")
    await page.locator("#change form").evaluate("form => { form.noValidate = true; }")
    await page.get_by_label("Name auf Deutsch").fill("Sparsam")
    await page.get_by_label("Name auf Englisch").fill("Thrifty")
    await page.locator("#change button").press("Enter")
    await expect(page.locator(".error-summary")).to_contain_text("Nur Kleinbuchstaben")
    await look_at(page, "catalogue-with-errors")
    await page.get_by_label("Kennung").fill("thrifty")
    await page.locator("#change button").press("Enter")
    await expect(page.locator("h1")).to_have_text("Was Fassung 2 ändern würde")
    await look_at(page, "catalogue-plan")
    await page.get_by_label("Begründung").fill("Ein Beispiel von uns.")
    await page.get_by_role("button", name="Fassung veröffentlichen").press("Enter")
    await expect(page.locator("#entry-thrifty")).to_contain_text("Beispiel")
    await expect(page.locator("main")).to_contain_text("Ein Beispiel von uns.")
    await look_at(page, "catalogue-published")


async def test_what_exists_is_said_by_keyboard_and_shows_on_other_pages(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}?exists=Kulissen")
    other = await visits.enter("expert", f"/ideas/{idea.ref}")
    await expect(page.locator("#existing")).to_have_attribute("open", "")
    await page.get_by_label("Fundus für Bühnen").press("Space")
    await page.get_by_label("baut darauf auf").press("Space")
    await page.get_by_label("Wie genau?").fill("Wir nehmen deren Liste.")
    await look_at(page, "idea-exists-already")
    await page.get_by_role("button", name="Festhalten").press("Enter")
    await expect(said_on(page)).to_contain_text("Wir nehmen deren Liste.")
    await expect(said_on(other)).to_contain_text("Fundus für Bühnen")
    await look_at(other, "idea-with-initiative")
    await said_on(other).get_by_role("button", name="Zurücknehmen").press("Enter")
    await expect(said_on(page)).to_contain_text("Noch hat niemand festgehalten")
    await page.locator("#nothing-found > summary").press("Enter")
    await page.get_by_label("Wonach und wo gesucht wurde").fill("Kulissen, im Portal")
    await page.get_by_role("button", name="Suche festhalten").press("Enter")
    await expect(said_on(other)).to_contain_text("Kulissen, im Portal")
    await look_at(page, "idea-nothing-found")
    async with Api(arena.origin, tokens["participant"]) as api:
        left = await api.call("GET", f"/ideas/{idea.ref}/initiatives", 200)
    assert left == {"relations": []}


async def unfold(page: Page) -> None:
    """Show everything that is folded away."""
    await page.locator("details.fold").evaluate_all(
        "all => all.forEach(each => (each.open = true))"
    )


def said_on(page: Page) -> Locator:
    """What was said about existing initiatives on a page."""
    return page.locator("#initiatives [data-fragment]")
