"""From idea to measure: one becomes a recognised network measure, another one is taken over.

Two moderators, an author, a signatory, experts, the qualifier, the coordination office, the CDO
and two districts go the whole way in windows of their own. A program only goes ahead with what is
not the point: long texts, and the judgements of many.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.axe import violations
from tests.e2e.cast import Accounts, Cast, Person
from tests.e2e.idea_page import IdeaPage
from tests.e2e.visits import Visits
from tests.harness.ideas import REQUIRED_SECTIONS
from tests.harness.process import ArenaProcess
from tests.harness.protocols import HocuspocusActor

GOALS = ("guiding-ideas.resilient", "fields-of-action.future_for_all")
CONTRIBUTION = (
    "Wer den Weg kennt und begleitet wird, fährt auch dann, wenn Busse und Bahnen ausfallen."
)
DIMENSIONS = ("technical", "legal", "data_protection")
PRINCIPLES = ("human_centred", "open_and_trustworthy", "effective_and_adaptable")
WORKED_OUT = {
    "benefit": "Mehr Kinder fahren sicher zur Schule.",
    "implementation": "Erst drei Schulen, dann der ganze Bezirk.",
    "resources": "Zwanzig Freiwillige und ein Lastenrad.",
}
INDICATORS = (
    ("output", "Begleitete Fahrten", "Fahrten"),
    ("outcome", "Kinder, die mit dem Rad kommen", "Prozent"),
)


@pytest.fixture(scope="module")
async def accounts(arena: ArenaProcess, tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Everybody's account, for both ways."""
    return await Accounts.make(arena, tmp_path_factory.mktemp("accounts"), times=2)


@pytest.fixture
async def cast(accounts: Accounts, visits: Visits) -> AsyncIterator[Cast]:
    """Everybody, signed in."""
    people = await Cast.enter(accounts, visits)
    yield people
    await people.leave()


async def begin(author: Person, title: str) -> str:
    """Bring an idea in and publish it through the three steps; its reference."""
    page = author.page
    await author.sees("/ideas/new")
    await page.locator('input[name="kind"][value="proposal"]').check()
    await author.press("Weiter")
    await page.get_by_label("Wie heißt Ihre Idee?").fill(title)
    await author.press("Weiter")
    for section, text in REQUIRED_SECTIONS.items():
        await page.locator(f'[name="section-{section}"]').fill(text)
    await author.press("Gleich veröffentlichen")
    await expect(page.locator("#idea-title")).to_have_text(title)
    return page.url.split("/ideas/")[1].split("#")[0]


async def work_out(arena: ArenaProcess, author: Person, ref: str) -> None:
    """Fill the sections that the check of feasibility asks for."""
    document = (await author.api.idea(ref))["document_id"]
    token = author.api.client.headers["Authorization"].removeprefix("Bearer ")
    async with HocuspocusActor(arena.origin, document, token) as writer:
        for section, text in WORKED_OUT.items():
            await writer.type(section, text)
        await writer.until_saved()


async def judge_all(cast: Cast, ref: str, but: tuple[str, str] = ("", "")) -> None:
    """Let both experts judge every dimension, but for one judgement that is given on the page."""
    version = (await cast["expert"].api.text(ref))["version"]
    for handle in ("expert", "expert-b"):
        for dimension in DIMENSIONS:
            if (handle, dimension) != but:
                path = f"/ideas/{ref}/judgements/{dimension}"
                await cast[handle].api.call(
                    "PUT", path, verdict="feasible", confidence="high", text_version=version
                )


async def indicate(lead: Person, ref: str, kind: str, text: str, unit: str) -> None:
    """Set an indicator through its form."""
    window = await lead.open(ref)
    await window.page.locator("#set-indicator > summary").press("Enter")
    await window.page.locator(f'input[name="indicator_kind"][value="{kind}"]').check()
    await lead.fill(
        indicator_text=text, indicator_unit=unit, indicator_target="40", indicator_due="2028-12-31"
    )
    await window.page.locator("#set-indicator").get_by_role("button", name="Speichern").click()
    await expect(window.page.locator("#indicators")).to_contain_text(text)
    await lead.leave()


async def take_the_lead(cast: Cast, ref: str) -> None:
    """The author's association offers to lead; its signatory signs, and the author sees it."""
    author, signatory = cast["author"], cast["signatory"]
    await author.sees(f"/ideas/{ref}/responsibilities/offer")
    await author.press("Anbieten")
    await expect(author.page.locator("#responsibility")).to_contain_text(
        "auf eine Unterschrift warten"
    )
    await signatory.sees("/account/organisations", "Wartet auf Ihre Unterschrift")
    await signatory.page.get_by_role("link", name="Radlotsen Nord e. V.: Federführung").click()
    assert await violations(signatory.page) == []
    await signatory.press("Zeichnen")
    await expect(author.page.locator("#responsibility")).to_contain_text("hat die Federführung")
    await asyncio.gather(author.leave(), signatory.leave())


async def race(cast: Cast, ref: str) -> None:
    """Two moderators return the idea at once: one does, the other is told and keeps his words."""
    reasons = {"moderator": "Bitte die Kosten nennen.", "moderator-b": "Bitte die Schulen fragen."}
    windows = {handle: await cast[handle].open(ref) for handle in reasons}
    for window in windows.values():
        await window.until_ready()
        cast.visits.expect(window.page, r"status of 409")
    await asyncio.gather(*(windows[each].decide("returned", reasons[each]) for each in reasons))
    beaten = await who_is_beaten(windows)
    winner = next(handle for handle in reasons if handle != beaten)
    main = windows[beaten].page.locator("main")
    await expect(main).to_contain_text(cast[winner].name)
    await expect(main.locator("blockquote")).to_contain_text(reasons[winner])
    await expect(main.get_by_role("textbox", name="Begründung")).to_have_value(reasons[beaten])
    assert await violations(windows[beaten].page) == []
    await expect(windows[winner].stage()).to_contain_text("Zurückgegeben")
    acts = [each for each in await told(cast, ref) if each["to_stage"] == "returned"]
    assert len(acts) == 1
    await asyncio.gather(*(cast[each].leave() for each in windows))


async def who_is_beaten(windows: dict[str, IdeaPage]) -> str:
    """Whose window says that somebody was quicker."""
    waiting = {
        asyncio.create_task(
            window.page.get_by_role("heading", name="Jemand war schneller").wait_for()
        ): handle
        for handle, window in windows.items()
    }
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    (task,) = done
    await task
    return waiting[task]


async def told(cast: Cast, ref: str) -> list[dict[str, str]]:
    """The changes of stage that the log tells."""
    log = (await cast["office"].api.call("GET", f"/ideas/{ref}/events?limit=200"))["events"]
    return [each["payload"] for each in log if each["kind"] == "stage_changed"]


async def qualify(cast: Cast, ref: str) -> None:
    """Goals, their review, the search and a judgement on the page; then the qualifier's act."""
    author, expert = cast["author"], cast["expert"]
    qualifier = await cast["qualifier"].open(ref)
    await expect(qualifier.page.locator("#next")).to_contain_text("Gibt es das schon?")
    for goal in GOALS:
        await author.sees(f"/ideas/{ref}/alignment/statement?goal={goal}")
        await author.fill(contribution=CONTRIBUTION)
        await author.press("Speichern")
        await expect(author.page.locator("#alignment")).to_contain_text(CONTRIBUTION)
    for goal in GOALS:
        await expert.sees(f"/ideas/{ref}/alignment/review?goal={goal}")
        await expert.page.locator('input[name="verdict"][value="agree"]').check()
        await expert.press("Prüfung abgeben")
        await expect(expert.page.locator("#alignment")).to_contain_text(expert.name)
    await judge_all(cast, ref, but=("expert", "legal"))
    await expect(qualifier.page.locator("#next")).to_contain_text("1 von 2")
    await expert.open(ref)
    await IdeaPage(expert.page, ref).judge("legal", "feasible")
    await author.record(ref, "initiative_search", terms="Schulradeln, Bicibus", date="2026-05-04")
    # What was missing is met on the page that was open all the while.
    await expect(qualifier.page.locator("#next")).to_contain_text("Alles da.")
    await qualifier.decide("proposal", "Alle Bedingungen sind erfüllt.")
    await expect(qualifier.stage()).to_contain_text("Qualifizierter Vorschlag")
    await asyncio.gather(*(cast[each].leave() for each in ("author", "expert", "qualifier")))


async def power_cut(cast: Cast, arena: ArenaProcess, ref: str) -> None:
    """The server dies; the page that was open comes back by itself and shows the same stage."""
    window = await cast["office"].open(ref)
    arena.kill()
    await window.until_state("offline")
    arena.start()
    await expect(window.page.locator("#connection")).not_to_have_attribute(
        "data-state", "offline", timeout=60_000
    )
    await expect(window.stage()).to_contain_text("Qualifizierter Vorschlag")
    await cast["office"].leave()


async def commit(cast: Cast, ref: str) -> None:
    """The association answers to every principle, and its signatory signs that."""
    author, signatory = cast["author"], cast["signatory"]
    await author.sees(f"/ideas/{ref}/commitment", "Selbstverpflichtung")
    for principle in PRINCIPLES:
        await author.page.locator(f'input[name="{principle}.keeps"]').check()
        how, sign = f"{principle}.how", f"{principle}.evidence"
        await author.fill(**{how: "Wir fragen vorher.", sign: "Der Bericht im Herbst."})
    await author.press("Entwurf speichern")
    await expect(author.page.locator("#draft")).to_contain_text("Vollständig.")
    await signatory.sees(f"/ideas/{ref}/commitment", "wird jedes Wort öffentlich")
    await signatory.press("Für Radlotsen Nord e. V. unterschreiben")
    await expect(signatory.page.locator("#signed")).to_contain_text(signatory.name)


async def test_an_idea_becomes_a_recognised_network_measure(
    cast: Cast, arena: ArenaProcess, visits: Visits
) -> None:
    author, office, cdo = cast["author"], cast["office"], cast["cdo"]
    ref = await begin(author, "Radlotsen für Schulwege")
    await race(cast, ref)
    await author.act(ref, "open", "Die Kosten stehen jetzt dabei.", "Offene Idee")
    await take_the_lead(cast, ref)
    await author.act(ref, "elaboration", "", "Ausarbeitung")
    await work_out(arena, author, ref)
    await author.act(ref, "feasibility", "", "Umsetzbarkeitsprüfung")
    await qualify(cast, ref)
    await power_cut(cast, arena, ref)
    await office.record(ref, "agenda", date="2027-02-01", conflicts="Keine.")
    await office.act(ref, "decision", "", "Entscheidung")
    for kind, text, unit in INDICATORS:
        await indicate(author, ref, kind, text, unit)
    await cdo.act(ref, "measure_network_pending", "Das hilft der Stadt.", "ohne Anerkennung")
    await commit(cast, ref)
    await office.act(ref, "measure_network", "", "Anerkannte Netzwerkmaßnahme")

    guest = Person("Gast", await visits.enter(None, f"/ideas/{ref}"), author.api)
    await guest.page.locator(".measure-name a").click()
    recognised = guest.page.locator(".recognised")
    await expect(recognised).to_have_attribute("data-state", "valid")
    await expect(recognised).to_contain_text("Anerkannte Netzwerkmaßnahme")
    badge = guest.page.url.split("?")[0] + "/badge.svg"
    picture = await visits.enter(None, badge)
    await expect(picture.locator("svg")).to_contain_text("Anerkannt")
    assert await violations(guest.page) == []

    await office.record(
        ref, "hearing", date="2026-06-01", statement="Wir holen die Berichte nach.", present="Alle."
    )
    await office.act(ref, "measure_network_pending", "Zwei Berichte fehlen.", "ohne Anerkennung")
    for page in (guest.page, picture):
        await page.reload()
    await expect(recognised).to_have_attribute("data-state", "suspended")
    await expect(recognised).to_contain_text("Zwei Berichte fehlen.")
    await expect(picture.locator("svg")).to_contain_text("Ausgesetzt")
    assert await violations(guest.page) == []

    await guest.sees(f"/ideas/{ref}/timeline")
    await tells(
        guest,
        ("Zurückgegeben", "Moderator:in"),
        ("Eingereicht", author.name),
        ("Federführung", cast["signatory"].name),
        ("Ausarbeitung begonnen", f"{author.name}, Federführung"),
        ("Prüfung der Umsetzbarkeit begonnen", f"{author.name}, Federführung"),
        ("Als Vorschlag qualifiziert", f"{cast['qualifier'].name}, Qualifizierung"),
        ("Zur Entscheidung vorgelegt", f"{office.name}, Stabsstelle"),
        ("Als Netzwerkmaßnahme angenommen", f"{cdo.name}, CDO"),
        ("Als Netzwerkmaßnahme anerkannt", f"{office.name}, Stabsstelle"),
        ("Anerkennung ausgesetzt", f"{office.name}, Stabsstelle"),
    )


async def tells(reader: Person, *acts: tuple[str, str]) -> None:
    """The timeline has a step for each act, with who did it in which office."""
    for what, who in acts:
        step = reader.page.locator(".step").filter(has_text=what).filter(has_text=who)
        await expect(step.first).to_be_visible()


async def to_a_decision(cast: Cast, arena: ArenaProcess, title: str) -> str:
    """A proposal that the district of Nordhain leads, on the agenda; made by programs."""
    planner, office = cast["planner"].api, cast["office"].api
    made = await planner.create_idea(title)
    ref = str(made["ref"])
    token = planner.client.headers["Authorization"].removeprefix("Bearer ")
    async with HocuspocusActor(arena.origin, made["document_id"], token) as writer:
        for section, text in {**REQUIRED_SECTIONS, **WORKED_OUT}.items():
            await writer.type(section, text)
        await writer.until_saved()
    path = f"/ideas/{ref}"
    await planner.change_stage(ref, "open")
    body = {"organisation_id": cast.organisations["nordhain"], "part": "lead"}
    offer = await planner.call("POST", f"{path}/responsibilities", 201, **body)
    await planner.call(
        "POST", f"{path}/responsibilities/{offer['id']}/confirmation", handle="way-planner"
    )
    await planner.change_stage(ref, "elaboration")
    await planner.change_stage(ref, "feasibility")
    await judge_all(cast, ref)
    for goal in (each.replace(".", "/") for each in GOALS):
        said: dict[str, Any] = {"contribution": CONTRIBUTION, "expected_revision": 0}
        await planner.call("PUT", f"{path}/alignment/{goal}", **said)
        await cast["expert"].api.call(
            "PUT", f"{path}/alignment/{goal}/review", verdict="agree", revision=1
        )
    await put(cast["planner"], ref, "initiative_search", terms="Lotsen", date="2026-05-04")
    await cast["qualifier"].api.change_stage(ref, "proposal")
    await put(cast["office"], ref, "agenda", date="2027-02-01", conflicts="Keine.")
    await office.change_stage(ref, "decision")
    for kind, text, unit in INDICATORS:
        given: dict[str, Any] = {"kind": kind, "text": text, "unit": unit, "target": 40}
        await planner.call("POST", f"{path}/indicators", 201, **given, due="2028-12-31")
    return ref


async def put(person: Person, ref: str, kind: str, **data: str) -> None:
    """Put evidence on record by a program."""
    path = f"/ideas/{ref}/logbook/{kind}"
    await person.api.call("PUT", path, data=data, expected_revision=0)


async def explain(planner: Person, ref: str) -> None:
    """The district gives its mandate, and says which principle it does not keep yet, and why."""
    await planner.record(
        ref,
        "mandate",
        team="Umweltamt und Straßenamt.",
        resources="Eine halbe Stelle.",
        begins="2027-03-01",
        ends="2028-12-31",
    )
    await planner.sees(f"/ideas/{ref}/commitment", "oder erklärt, warum nicht")
    for principle in PRINCIPLES[1:]:
        await planner.page.locator(f'input[name="{principle}.keeps"]').check()
    await planner.fill(**{f"{PRINCIPLES[0]}.how": "Befragt wird erst im zweiten Jahr."})
    await planner.press("Entwurf speichern")
    await planner.press("Für Bezirksamt Nordhain unterschreiben")
    await expect(planner.page.locator("#signed")).to_contain_text("erst im zweiten Jahr")


async def test_an_idea_becomes_a_decentral_measure_that_another_district_takes_over(
    cast: Cast, arena: ArenaProcess, visits: Visits
) -> None:
    planner, neighbour, cdo = cast["planner"], cast["neighbour"], cast["cdo"]
    ref = await to_a_decision(cast, arena, "Kühle Bänke an Haltestellen")
    await explain(planner, ref)
    await cdo.act(ref, "measure_decentral", "Nordhain macht es vor.", "Dezentrale Maßnahme")
    await planner.record(
        ref,
        "transfer_kit",
        needed="Bänke, ein Wasseranschluss.",
        pitfalls="Die Ferien.",
        contacts="Umweltamt Nordhain.",
        licence="cc_by",
        credit="Bezirksamt Nordhain",
    )

    await neighbour.open(ref)
    await neighbour.page.get_by_role("link", name="Für die eigene Organisation übernehmen").click()
    assert await violations(neighbour.page) == []
    await neighbour.page.get_by_label("Titel").fill("Kühle Bänke in Südau")
    await neighbour.press("Gleich veröffentlichen")
    await expect(neighbour.page.locator("#replicas")).to_contain_text("Übernommen von")
    await expect(neighbour.page.locator("#replicas")).to_contain_text("Bezirksamt Nordhain")
    assert await violations(neighbour.page) == []
    replica = neighbour.page.url.split("/ideas/")[1].split("#")[0]
    assert replica != ref

    guest = Person("Gast", await visits.enter(None), planner.api)
    await guest.open(ref)
    replicas = guest.page.locator("#replicas")
    await expect(replicas).to_contain_text("Übernommen in")
    await expect(replicas).to_contain_text("Bezirksamt Südau: Kühle Bänke in Südau")
    await replicas.get_by_role("link", name="Kühle Bänke in Südau").first.click()
    await expect(guest.page.locator("#idea-title")).to_have_text("Kühle Bänke in Südau")
    await guest.page.locator("#replicas").get_by_role("link").first.click()
    await expect(guest.page.locator("#idea-title")).to_have_text("Kühle Bänke an Haltestellen")

    await guest.sees(f"/ideas/{ref}/timeline")
    await tells(
        guest,
        ("Eingereicht", planner.name),
        ("Als Vorschlag qualifiziert", f"{cast['qualifier'].name}, Qualifizierung"),
        ("Zur Entscheidung vorgelegt", f"{cast['office'].name}, Stabsstelle"),
        ("Als dezentrale Maßnahme angenommen", f"{cdo.name}, CDO"),
        (f"{ref} wurde übernommen; daraus ist {replica} geworden", neighbour.name),
    )
