"""What is missing, over the real rows: the panel and the act say the same, and lead somewhere."""

import random
import re
from pathlib import Path

import pytest

import collab.process.gates
from server.actions.cases import open_case
from server.actions.facts.case import case_facts
from server.views.casefile.doing import NOWHERE, PLACES
from server.views.ways import open_to_actor
from tests.server.casefile.records import AGENDA, LEARNINGS, RESUBMISSION, TRIAL_PLAN, move, put
from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import Page

WHOLE = {
    "agenda": AGENDA,
    "resubmission": RESUBMISSION,
    "trial_plan": TRIAL_PLAN,
    "learnings": LEARNINGS,
}
RECORDERS = {"agenda": "office", "resubmission": "cdo", "trial_plan": "editor"}
SITUATIONS = [
    ("proposal", "decision", "office"),
    ("decision", "deferred", "cdo"),
    ("measure_decentral", "prototype", "lead"),
    ("measure_network", "closed_learned", "office"),
    ("implementation", "closed_learned", "lead"),
]


async def panel(arena: Everyone, ref: str, to: str, by: str) -> list[dict[str, object]]:
    """What the page says is missing for ``by`` to move the idea to ``to``."""
    services = arena.arena.services
    actor = await arena.actor(by)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        text, _ = await services.hub.text(case.idea.document_id)
        facts = await case_facts(tx, case, text, now=services.clock())
        ways = open_to_actor(case, facts)
    (way,) = [way for way in ways if way.target.id == to]
    return [{"code": each.code, **each.data} for each in way.unmet]


@pytest.mark.parametrize("seed", range(12))
async def test_f6_ac_a4a_the_panel_is_empty_exactly_if_the_act_is_allowed(
    arena: Everyone, seed: int
) -> None:
    dice = random.Random(seed)
    stage, to, by = dice.choice(SITUATIONS)
    ref = await arena.idea(stage, sections=dice.random() < 0.7)
    for kind in dice.sample(sorted(WHOLE), dice.randint(1, 4)):
        left = WHOLE[kind] if dice.random() < 0.6 else {}
        data = left or {name: WHOLE[kind][name] for name in list(WHOLE[kind])[:1]}
        await put(arena, ref, kind, data, by=RECORDERS.get(kind, "author"))
    missing = await panel(arena, ref, to, by)
    answer = await move(arena, ref, to, by)
    if missing:
        assert (answer.status_code, answer.json()["unmet"]) == (422, missing)
    else:
        assert answer.status_code == 200, answer.text


def test_f6_every_condition_leads_somewhere_or_is_known_to_lead_nowhere() -> None:
    folder = Path(next(iter(collab.process.gates.__path__)))
    sources = "".join(each.read_text("utf-8") for each in folder.glob("*.py"))
    codes = set(re.findall(r'UnmetCondition\("([a-z-]+)"', sources))
    codes |= set(re.findall(r'^ {8}\("([a-z-]+-missing)", gate', sources, re.MULTILINE))
    assert len(codes) > 20
    assert codes == set(PLACES) | NOWHERE
    assert not set(PLACES) & NOWHERE


async def test_f6_who_may_act_is_led_to_the_form(arena: Everyone) -> None:
    ref = await arena.idea("decision")
    form = f"/ideas/{ref}/logbook/resubmission"
    for by, words in (("cdo", ["Jetzt erledigen"]), ("moderator", [])):
        page = Page(await (await arena.client(by)).get(f"/ideas/{ref}"))
        ways = page.all("a", class_="condition-way")
        assert [each.text for each in ways if each["href"] == form] == words


async def test_f6_who_may_not_act_is_led_to_what_is_there(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral", sections=False)
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    ways = {each["href"]: each.text for each in page.all("a", class_="condition-way")}
    assert ways[f"/ideas/{ref}/logbook/trial_plan"] == "Ansehen"


async def test_f6_the_places_of_sections_and_evidence_are_there(arena: Everyone) -> None:
    ref = await arena.idea("draft", sections=False)
    client = await arena.client("author")
    page = Page(await client.get(f"/ideas/{ref}"))
    ways = [each["href"] for each in page.all("a", class_="condition-way")]
    assert f"/ideas/{ref}#section-situation" in ways
    names = {each.attributes.get("id") for each in page.elements}
    assert {path.partition("#")[2] for path in ways if "#section-" in path} <= names


async def test_f6_the_parts_that_conditions_lead_to_are_on_the_page(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    page = Page(await (await arena.client("lead")).get(f"/ideas/{ref}"))
    paths = [each["href"].partition("#") for each in page.all("a", class_="condition-way")]
    anchors = {anchor for path, _, anchor in paths if path == f"/ideas/{ref}"}
    assert {"responsibility", "initiatives"} <= anchors
    missing = anchors - {each.attributes.get("id") for each in page.elements}
    assert missing <= {"alignment"}


async def test_f15_ac_a4b_the_page_says_for_how_long_an_idea_rests(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client, clock = await arena.client("guest"), arena.arena.clock
    clock.pass_by(days=59)
    assert "ruht seit" not in (await client.get(f"/ideas/{ref}")).text
    clock.pass_by(days=2)
    assert "ruht seit 61 Tagen" in (await client.get(f"/ideas/{ref}")).text
