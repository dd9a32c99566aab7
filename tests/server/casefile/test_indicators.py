"""Indicators: set before the start, amended after it; values by day, corrected and never lost."""

import asyncio
from datetime import date
from typing import Any

import httpx2
import pytest

from server.actions.casefile import indicators as actions
from server.views.casefile.chart import HEIGHT, MARGIN, WIDTH, chart
from storage import ideas, stages
from tests.server.casefile.records import call
from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import Page

OUTCOME = {
    "kind": "outcome",
    "text": "Menschen auf dem Platz an einem Sommertag",
    "unit": "Personen",
    "baseline": 120,
    "target": 240,
    "due": "2027-09-30",
}


async def set_new(arena: Everyone, ref: str, by: str = "lead", **changes: Any) -> httpx2.Response:
    return await call(arena, by, "POST", f"{ref}/indicators", **(OUTCOME | changes))


async def change(
    arena: Everyone, ref: str, number: int = 1, seen: int = 1, by: str = "lead", **changes: Any
) -> httpx2.Response:
    body = OUTCOME | {"expected_revision": seen} | changes
    return await call(arena, by, "PUT", f"{ref}/indicators/{number}", **body)


async def measure(
    arena: Everyone, ref: str, day: str, value: float, by: str = "editor"
) -> httpx2.Response:
    path = f"{ref}/indicators/1/measurements"
    return await call(arena, by, "POST", path, day=day, value=value)


async def read(arena: Everyone, ref: str) -> list[dict[str, Any]]:
    found = (await call(arena, "guest", "GET", f"{ref}/indicators")).json()["indicators"]
    assert isinstance(found, list)
    return found


async def accepted(arena: Everyone) -> str:
    """A decentral measure whose act of acceptance demanded its indicators."""
    ref = await arena.idea("decision")
    await set_new(arena, ref)
    services, version = arena.arena.services, await arena.version(ref)
    cdo = (await arena.actor("cdo")).person_id
    assert cdo is not None
    now = services.clock()
    async with services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        await ideas.advance(
            tx, idea.id, 2, from_stage="decision", to_stage="measure_decentral", now=now
        )
        await stages.append(
            tx,
            change_id=idea.id,
            idea_id=idea.id,
            transition="accept_decentral",
            from_stage="decision",
            to_stage="measure_decentral",
            reason="Weil.",
            actor_id=cdo,
            actor_name="Cdo",
            revision=3,
            version=version,
            now=now,
            gates=[{"gate": "indicators", "settings": {}, "unmet": []}],
        )
    return ref


async def test_before_the_start_indicators_are_set_and_changed_freely(arena: Everyone) -> None:
    ref = await arena.idea("elaboration")
    assert (await set_new(arena, ref, "editor")).json()["number"] == 1
    assert (await change(arena, ref, target=300)).status_code == 200
    (found,) = await read(arena, ref)
    assert [each["target"] for each in found["history"]] == [240, 300]
    assert not any(each["amendment"] for each in found["history"])
    for by in ("participant", "moderator", "office"):
        assert (await set_new(arena, ref, by)).status_code == 403


async def test_f12_after_acceptance_every_change_is_an_amendment_with_a_reason(
    arena: Everyone,
) -> None:
    ref = await accepted(arena)
    for refused in (await change(arena, ref, target=150), await set_new(arena, ref)):
        assert refused.json()["fields"] == {"reason": "amendment-reason"}
    done = await change(arena, ref, target=150, reason="Der Sommer war nass.")
    assert done.json()["amendment"]
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    item = page.one("li", id="indicator-1").text
    for words in ("1 Nachtrag", "Der Sommer war nass.", "Ziel, vorher 240", "Ziel, nachher 150"):
        assert words in item


async def test_f12_the_last_indicator_of_its_kind_stays(arena: Everyone) -> None:
    ref = await accepted(arena)
    body = {"expected_revision": 1, "reason": "Unnötig."}
    path = f"{ref}/indicators/1/withdrawal"
    refused = await call(arena, "lead", "POST", path, **body)
    assert (refused.status_code, refused.json()["code"]) == (409, "last-indicator")
    await set_new(arena, ref, text="Bänke", reason="Fehlte.")
    assert (await call(arena, "lead", "POST", path, **body)).json()["is_withdrawn"]
    assert [each["is_withdrawn"] for each in await read(arena, ref)] == [True, False]


async def test_a_stale_page_overwrites_no_newer_indicator(arena: Everyone) -> None:
    ref = await arena.idea("elaboration")
    await set_new(arena, ref)
    tries = [change(arena, ref, target=300 + n) for n in range(6)]
    answers = await asyncio.gather(*tries)
    assert sorted(each.status_code for each in answers) == [200] + [409] * 5
    late = next(each.json() for each in answers if each.status_code == 409)
    assert (late["code"], late["current"]["revision"]) == ("indicator-moved", 2)


async def test_f14_how_many_indicators_and_values_is_bounded(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "INDICATORS_MAX", 1)
    monkeypatch.setattr(actions, "MEASUREMENTS_MAX", 2)
    ref = await arena.idea("implementation")
    codes = [(await set_new(arena, ref)).status_code for _ in range(2)]
    assert codes == [201, 409]
    values = [(await measure(arena, ref, "2026-11-01", n)).status_code for n in range(3)]
    assert values == [201, 201, 409]


async def test_f13_values_are_entered_by_day_and_corrected_in_the_open(arena: Everyone) -> None:
    ref = await arena.idea("implementation")
    await set_new(arena, ref)
    await measure(arena, ref, "2026-11-01", 130)
    await measure(arena, ref, "2026-10-01", 120.5)
    assert (await measure(arena, ref, "2026-11-01", 131)).json()["revision"] == 2
    (found,) = await read(arena, ref)
    assert [(each["day"], each["value"]) for each in found["measurements"]] == [
        ("2026-10-01", 120.5),
        ("2026-11-01", 130),
        ("2026-11-01", 131),
    ]
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    item = page.one("li", id="indicator-1").text
    for words in ("2 Messwerte", "131", "berichtigt, vorher: 130", "120,5"):
        assert words in item
    assert len(page.all("circle", class_="chart-point")) == 2


async def test_f13_values_belong_to_a_running_measure_and_to_the_past(arena: Everyone) -> None:
    early = await arena.idea("elaboration")
    await set_new(arena, early)
    assert (await measure(arena, early, "2026-11-01", 1)).status_code == 403
    ref = await arena.idea("implementation")
    await set_new(arena, ref)
    assert (await measure(arena, ref, "2026-11-01", 1, "participant")).status_code == 403
    future = await measure(arena, ref, "2030-01-01", 1)
    assert future.json()["fields"] == {"day": "in-the-future"}


async def test_the_forms_read_numbers_as_people_type_them(arena: Everyone) -> None:
    ref = await arena.idea("implementation")
    client = await arena.client("lead")
    form = {f"indicator_{name}": str(value) for name, value in OUTCOME.items()}
    form |= {"expected_revision": "0", "indicator_target": "1.200"}
    refused = await client.post(f"/ideas/{ref}/indicators", data=form)
    assert (refused.status_code, 'href="#f-indicator_target"' in refused.text) == (422, True)
    form["indicator_target"] = "1200,5"
    done = await client.post(f"/ideas/{ref}/indicators", data=form, follow_redirects=False)
    assert done.headers["location"] == f"/ideas/{ref}#indicator-1"
    assert (await read(arena, ref))[0]["target"] == 1200.5
    page = await client.get(f"/ideas/{ref}?indicator=1")
    assert 'id="measured" open' in page.text
    value = {"measured_day": "2026-11-02", "measured_value": "99,5", "measured_note": ""}
    path = f"/ideas/{ref}/indicators/1/measurements"
    assert (await client.post(path, data=value, follow_redirects=False)).status_code == 303
    assert (await read(arena, ref))[0]["measurements"][0]["value"] == 99.5


def test_a_chart_keeps_everything_inside_and_higher_values_higher() -> None:
    days = [(date(2027, month, 1), float(value)) for month, value in ((1, 5), (2, -7), (4, 40))]
    drawn = chart(days, target=20, baseline=0, due=date(2027, 6, 1))
    assert drawn is not None
    assert drawn.baseline_y is not None
    heights = [point.y for point in drawn.points]
    assert heights[2] < drawn.target_y < heights[0] < drawn.baseline_y < heights[1]
    assert all(MARGIN <= y <= HEIGHT - MARGIN for y in (*heights, drawn.target_y))
    assert [point.x for point in drawn.points] == sorted(point.x for point in drawn.points)
    assert all(MARGIN <= point.x <= WIDTH - MARGIN for point in drawn.points)
    assert chart([], target=1, baseline=None, due=date(2027, 6, 1)) is None
    (single,) = chart(days[:1], target=5, baseline=None, due=days[0][0]).points  # type: ignore[union-attr]
    assert (single.x, single.y) == (WIDTH / 2, HEIGHT / 2)
