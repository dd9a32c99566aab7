"""Every page and state: axe finds nothing, nothing overflows, nothing is shown by colour alone.

With ``ARENA_TEST_PICTURES=1`` pictures of them are left in ``test-artifacts`` for people to see.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.axe import violations
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits, picture
from tests.harness.api import Api
from tests.harness.ideas import TestIdea
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor

PHONE: ViewportSize = {"width": 390, "height": 844}
NARROWEST: ViewportSize = {"width": 320, "height": 700}

# Media queries follow a new size with the next frame, and colours fade.
# Chromium sometimes keeps the colours of the other light for an element whose style it has shared:
# everything is laid out anew before anybody looks.
CALM = """async () => {
    const page = document.documentElement;
    page.style.display = 'none';
    page.getBoundingClientRect();
    page.style.display = '';
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const fading = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(fading.map((each) => each.finished));
}"""

TOO_WIDE = """() => {
    const edge = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= edge) return [];
    const wide = [...document.body.querySelectorAll('*')]
        .filter((each) => each.getBoundingClientRect().right > edge + 0.5);
    return ['the page', ...wide.map((each) => each.outerHTML.slice(0, 120))];
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """A page as somebody sees it."""

    name: str
    path: str
    handle: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    is_refused: bool = False


PLACES = [
    Place("arena-guest", "/"),
    Place("arena", "/", "participant"),
    Place("arena-search", "/?q=Rad", "participant"),
    Place("arena-nothing-found", "/?q=zzzzqqq"),
    Place("arena-district", "/?district=neukoelln", "participant"),
    Place("about", "/about"),
    Place("sign-in", "/sign-in"),
    Place("password-forgotten", "/password/forgot"),
    Place("new-idea-1", "/ideas/new", "participant"),
    Place("new-idea-2", "/ideas/new?kind=proposal", "participant"),
    Place("new-idea-3", "/ideas/new?kind=proposal&title=Ein+Versuch", "participant"),
    Place("my-ideas", "/ideas/mine", "participant"),
    Place("account", "/account", "participant"),
    Place("account-organisations", "/account/organisations", "participant-2"),
    Place("arena-nobody-responsible", "/?lead=none", "participant"),
    Place("account-mails", "/account/mails", "participant"),
    Place("inbox-empty", "/inbox", "observer"),
    Place("inbox-english", "/inbox?lang=en", "participant", {"locale": "en-GB"}),
    Place("catch-up-empty", "/catch-up", "observer"),
    Place("following-empty", "/following", "observer"),
    Place("my-tasks-empty", "/tasks", "observer"),
    Place("judgements-empty", "/judgements?lang=en", "observer", {"locale": "en-GB"}),
    Place("account-data", "/account/data", "participant"),
    Place("account-data-english", "/account/data?lang=en", "participant", {"locale": "en-GB"}),
    Place("account-erased", "/account/erased"),
    Place("device", "/device", "participant"),
    Place("account-claim", "/account/claim?code=ABCD", "participant"),
    Place("receipt-for-an-account", "/receipt?lang=en", "participant", {"locale": "en-GB"}),
    Place("device-cleared", "/device?cleared=1&lang=en", None, {"locale": "en-GB"}),
    Place("offline", "/offline"),
    Place("offline-unsent", "/offline/unsent?lang=en", None, {"locale": "en-GB"}),
    Place("people", "/people", "moderator"),
    Place("person", "/people/participant", "office"),
    Place("invite", "/people/invite", "moderator"),
    Place("experts", "/experts"),
    Place("account-expertise", "/account/expertise", "participant-2"),
    Place("account-invitations", "/account/invitations", "participant-2"),
    Place("register", "/measures"),
    Place("register-english", "/measures?lang=en", None, {"locale": "en-GB"}),
    Place("register-nothing-found", "/measures?q=zzzzqqq", "participant"),
    Place("central-measure-new", "/central-measures/new", "office"),
    Place("processes", "/processes"),
    Place("process", "/processes/gdb-arena"),
    Place("process-english", "/processes/kiez?lang=en", None, {"locale": "en-GB"}),
    Place("moderation-figures", "/moderation/figures"),
    Place("moderation-figures-english", "/moderation/figures?lang=en", None, {"locale": "en-GB"}),
    Place("not-found", "/ideas/2026-99999", None, is_refused=True),
    Place("not-allowed", "/people/invite", "participant", is_refused=True),
    Place("workshop-code", "/w"),
    Place("workshop-code-wrong", "/w?code=ABC", None, is_refused=True),
    Place("workshops", "/workshops", "moderator"),
    Place("workshops-empty", "/workshops", "observer"),
    Place("workshop-join", "/w/ABEND2"),
    Place("workshop-join-english", "/w/ABEND2?lang=en", "participant", {"locale": "en-GB"}),
    Place("workshop-codes", "/w/ABEND2/codes", "moderator"),
    Place("arena-english", "/?lang=en", "participant", {"locale": "en-GB"}),
]


async def look_at(page: Page, name: str) -> None:
    """axe and a picture on a desktop and on a dark phone, and no overflow at 320 px."""
    assert not await violations(page), f"{name} on a desktop"
    await picture(page, f"{name}-desktop")
    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size(PHONE)
    await page.evaluate(CALM)
    assert not await violations(page), f"{name} on a dark phone"
    await picture(page, f"{name}-phone-dark")
    await page.set_viewport_size(NARROWEST)
    await page.evaluate(CALM)
    assert not await page.evaluate(TOO_WIDE), f"{name} overflows at 320 px"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_page_is_accessible_and_fits(place: Place, visits: Visits) -> None:
    page = await visits.enter(place.handle, **place.options)
    if place.is_refused:
        visits.expect(page, r"status of 4(0[34]|22)")
    await page.goto(place.path)
    await expect(page.locator("main")).to_be_visible()
    await look_at(page, place.name)


@pytest.mark.parametrize("handle", [None, "observer", "participant", "moderator"])
async def test_idea_page_is_accessible_and_fits(
    handle: str | None, visits: Visits, idea: TestIdea
) -> None:
    window = IdeaPage(await visits.enter(handle), idea.ref)
    await window.open(is_editable=handle in {"participant", "moderator"})
    if handle == "moderator":
        await window.page.locator("#decide > summary").click()
        await window.page.locator("#judge > summary").click()
    await look_at(window.page, f"idea-{handle or 'guest'}")


async def test_the_pages_of_a_comment_and_of_a_pinned_text_are_accessible(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        comment = await api.call(
            "POST", f"/ideas/{idea.ref}/comments", 201, text="Wer zahlt das?", kind="question"
        )
    page = await visits.enter("moderator")
    await page.goto(f"/report?idea={idea.ref}")
    await expect(page.locator("#f-target")).to_be_visible()
    await look_at(page, "report")
    await page.goto(f"/ideas/{idea.ref}/slow")
    await look_at(page, "slow-mode")
    for deed in ("edit", "hide"):
        await page.goto(f"/ideas/{idea.ref}/comments/{comment['id']}/{deed}")
        await expect(page.get_by_role("textbox")).to_be_visible()
        await look_at(page, f"comment-{deed}")
    await page.goto(f"/ideas/{idea.ref}")
    await page.locator("#history > summary").click()
    await page.locator("#history a").first.click()
    await expect(page.locator("main")).to_contain_text("sichere Wege")
    await look_at(page, "pinned-text")


async def test_the_record_of_an_idea_is_accessible(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str], idea: TestIdea
) -> None:
    async with HocuspocusActor(arena.origin, idea.document, tokens["participant"]) as author:
        await author.type("benefit", "Alle kommen sicher an, auch Kinder.")
        await author.until_saved()
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.change_stage(idea.ref, "returned", reason="Bitte die Kosten ergänzen.")
    page = await visits.enter("moderator", f"/ideas/{idea.ref}/timeline?show=all")
    await expect(page.locator(".step")).to_have_count(3)
    await look_at(page, "timeline")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.get_by_role("link", name="Änderungen seit").first.click()
    await expect(page.locator("ins").first).to_be_visible()
    await look_at(page, "difference")
    guest = await visits.enter(
        None, f"/ideas/{idea.ref}/timeline?show=talk&lang=en", locale="en-GB"
    )
    await expect(guest.locator(".empty")).to_be_visible()
    await look_at(guest, "timeline-empty-english")
    await guest.goto(f"/ideas/{idea.ref}/timeline")
    await guest.emulate_media(media="print")
    await expect(guest.locator(".filter-links")).to_be_hidden()
    await picture(guest, "timeline-print")


async def test_the_pages_of_responsibility_are_accessible(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        (body,) = (await api.call("GET", "/me/affiliations"))["affiliations"]
        path, organisation = f"/ideas/{idea.ref}/responsibilities", body["organisation_id"]
        offered = await api.call("POST", path, 201, organisation_id=organisation, note="Gern.")
    page = await visits.enter("moderator-2", f"{path}/offer")
    await expect(page.locator("main form")).to_be_visible()
    await look_at(page, "responsibility-offer")
    await page.goto(f"{path}/{offered['id']}")
    await page.locator("main details > summary").click()
    await look_at(page, "responsibility-sign")
    await page.get_by_role("button", name="Zeichnen").click()
    await expect(page.locator("#responsibility")).to_contain_text("hat die Federführung")
    await page.goto(f"{path}/{offered['id']}")
    for fold in await page.locator("main details > summary").all():
        await fold.click()
    await look_at(page, "responsibility-end")


async def test_the_pages_of_a_measure_are_accessible(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("office", "/central-measures/new")
    await page.locator("#f-title").fill("Offenes Netz")
    await page.locator("#f-text").fill("Für alle, überall.")
    await page.locator("#f-organisation_id").select_option(index=1)
    await page.locator("main form button[type=submit]").click()
    await expect(page.locator("main h1")).to_contain_text("Offenes Netz")
    await look_at(page, "central-measure")
    for name in (
        "central-measures",
        "commitment",
        "links/new",
        "logbook",
        "merge",
        "similar",
        "suggestions/new",
    ):
        await page.goto(f"/ideas/{idea.ref}/{name}")
        await expect(page.locator("main h1")).to_be_visible()
        await look_at(page, f"idea-{name.replace('/', '-')}")


async def test_the_pages_of_an_act_and_of_undoing_it_are_accessible(
    visits: Visits, idea: TestIdea, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    async with Api(arena.origin, tokens["moderator"]) as api:
        done = await api.change_stage(idea.ref, "declined", "Im Nachbarbezirk gibt es das schon.")
    page = await visits.enter("moderator", f"/ideas/{idea.ref}/acts/{done['revision']}")
    visits.expect(page, r"status of 422")
    await expect(page.locator("main")).to_contain_text("Widersprechen")
    await look_at(page, "act")
    await page.goto(f"/ideas/{idea.ref}")
    await page.locator("#history > summary").click()
    await page.locator("#history").get_by_role("link", name="Rückgängig machen").click()
    await look_at(page, "act-undo")
    await page.locator("form.form").evaluate("form => { form.noValidate = true; form.submit(); }")
    await expect(page.locator(".error-summary")).to_be_visible()
    await look_at(page, "act-undo-with-errors")
    await page.get_by_label("Warum?").fill("Versehen.")
    await page.get_by_role("button", name="Rückgängig machen").click()
    await expect(page.locator('#stage [aria-current="step"]')).to_contain_text("Offene Idee")


async def test_forms_with_errors_are_accessible(visits: Visits) -> None:
    page = await visits.enter("participant", "/account")
    visits.expect(page, r"status of 4\d\d")
    form = page.locator("#password form")
    await form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    await expect(page.locator(".error-summary")).to_be_visible()
    await look_at(page, "account-with-errors")


async def test_everything_about_a_person_is_accessible(visits: Visits) -> None:
    page = await visits.enter("participant", "/account/data")
    for fold in await page.locator("details.fold > summary").all():
        await fold.click()
    await expect(page.locator("#held blockquote").first).to_be_visible()
    await look_at(page, "account-data-open")


@pytest.mark.parametrize("stage", ["draft", "open", "elaboration", "feasibility", "returned"])
async def test_every_stage_of_the_demonstration_is_accessible(stage: str, visits: Visits) -> None:
    page = await visits.enter("moderator", f"/?stage={stage}")
    card = page.locator(".idea-card a").first
    await card.click()
    await expect(page.locator("#stage")).to_be_visible()
    await look_at(page, f"idea-in-{stage}")


async def test_the_current_stage_shows_in_forced_colours(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}", forced_colors="active")
    current = page.locator('#stage [aria-current="step"]')
    await expect(current).to_contain_text("aktuell")
    await picture(page, "idea-forced-colours")


async def test_the_idea_prints_as_text(visits: Visits, idea: TestIdea) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}")
    await page.emulate_media(media="print")
    await expect(page.locator("#composer")).to_be_hidden()
    await expect(page.locator('[data-section="situation"]')).to_be_visible()
    await picture(page, "idea-print")


async def test_the_page_of_districts_is_accessible_right_and_wrong(
    visits: Visits, idea: TestIdea
) -> None:
    page = await visits.enter("participant", f"/ideas/{idea.ref}/districts")
    visits.expect(page, r"status of 422")
    await page.get_by_label("Ganz Berlin").check()
    await page.get_by_label("Pankow").check()
    await page.locator("main form button[type=submit]").click()
    await expect(page.locator(".error-summary")).to_be_visible()
    await look_at(page, "districts-wrong")
    await page.get_by_label("Ganz Berlin").uncheck()
    await page.locator("main form button[type=submit]").click()
    await expect(page.locator("#districts")).to_contain_text("Ort: Pankow")
