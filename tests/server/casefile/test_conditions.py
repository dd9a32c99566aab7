"""Conditions of judgements over the API: settled for a reason, opened by whoever judges again."""

import asyncio
from typing import Any

import httpx2

from tests.server.casefile.records import call
from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import Page


async def judge(
    arena: Everyone, ref: str, by: str = "expert", verdict: str = "with_conditions", **more: Any
) -> None:
    body = {
        "verdict": verdict,
        "confidence": "medium",
        "reason": "Nur mit Genehmigung.",
        "text_version": (await arena.version(ref)).to_json(),
    }
    answer = await call(arena, by, "PUT", f"{ref}/judgements/legal", **(body | more))
    assert answer.status_code == 200, answer.text


async def settle(
    arena: Everyone, ref: str, by: str = "lead", seen: int = 1, of: str = "expert", **more: Any
) -> httpx2.Response:
    body = {"state": "met", "because": "Sie liegt vor.", "expected_revision": seen}
    return await call(arena, by, "PUT", f"{ref}/conditions/legal/{of}", **(body | more))


async def conditions(arena: Everyone, ref: str) -> list[dict[str, Any]]:
    found = (await call(arena, "guest", "GET", f"{ref}/conditions")).json()["conditions"]
    assert isinstance(found, list)
    return found


async def is_missing(arena: Everyone, ref: str) -> bool:
    """Whether the page says that conditions are open."""
    page = Page(await (await arena.client("lead")).get(f"/ideas/{ref}"))
    return any(each["href"].endswith("#conditions") for each in page.all("a"))


async def test_ac_a8b_a_condition_is_open_until_it_is_settled_for_a_reason(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await judge(arena, ref, "author")
    (found,) = await conditions(arena, ref)
    assert (found["by"]["handle"], found["text"], found["settlement"]) == (
        "expert",
        "Nur mit Genehmigung.",
        None,
    )
    assert await is_missing(arena, ref)
    assert (await settle(arena, ref, because=" ")).json()["fields"] == {"because": "empty"}
    done = await settle(arena, ref, state="accepted", because="Das Risiko ist klein.")
    assert done.json()["settlement"]["state"] == "accepted"
    assert not await is_missing(arena, ref)


async def test_ac_a8b_f11_a_changed_judgement_opens_it_again(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await settle(arena, ref)
    await judge(arena, ref)
    assert not await is_missing(arena, ref), "the same judgement again is no new one"
    await judge(arena, ref, reason="Auch mit Gutachten.")
    assert await is_missing(arena, ref)
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    assert "wieder offen" in page.one("div", id="conditions").text
    await judge(arena, ref, verdict="feasible", reason="")
    assert not await conditions(arena, ref)
    assert not await is_missing(arena, ref)


async def test_f11_nobody_settles_what_he_has_not_seen(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await judge(arena, ref, reason="Auch mit Gutachten.")
    late = await settle(arena, ref, seen=1)
    assert (late.status_code, late.json()["code"]) == (409, "condition-moved")
    assert late.json()["current"] == {"revision": 2, "reason": "Auch mit Gutachten."}


async def test_f11_judging_and_settling_do_not_pass_each_other(arena: Everyone) -> None:
    for _ in range(3):
        ref = await arena.idea("feasibility")
        await judge(arena, ref)
        settled, _ = await asyncio.gather(
            settle(arena, ref), judge(arena, ref, reason="Auch mit Gutachten.")
        )
        assert settled.status_code in {200, 409}
        (found,) = await conditions(arena, ref)
        assert (found["revision"], found["settlement"]) == (2, None)


async def test_f10_team_and_qualifiers_settle_and_nobody_else(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    for by in ("expert", "moderator", "office", "cdo"):
        assert (await settle(arena, ref, by)).status_code == 403, by
    for by in ("author", "qualifier"):
        assert (await settle(arena, ref, by, because=f"Sagt {by}.")).status_code == 200, by
    nobody = await settle(arena, ref, of="participant")
    assert nobody.json()["code"] == "condition-unknown"


async def test_the_form_settles_without_scripts(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    client = await arena.client("lead")
    page = Page(await client.get(f"/ideas/{ref}?condition=legal/expert"))
    path = next(each["action"] for each in page.all("form") if "/conditions/" in each["action"])
    form = {"expected_revision": "1", "settlement_because": "Liegt vor."}
    refused = await client.post(path, data=form)
    assert (refused.status_code, "Liegt vor." in refused.text) == (422, True)
    done = await client.post(path, data=form | {"settlement_state": "met"}, follow_redirects=False)
    assert done.headers["location"] == f"/ideas/{ref}#conditions"
    (found,) = await conditions(arena, ref)
    assert found["settlement"]["because"] == "Liegt vor."
