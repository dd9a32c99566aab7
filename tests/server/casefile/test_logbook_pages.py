"""The pages of the logbook: forms that work without scripts and lose nothing."""

from tests.server.casefile.records import RESUBMISSION, TRIAL_PLAN, call, move, put, read
from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import Page


def sent(data: dict[str, str], seen: int, reason: str = "") -> dict[str, str]:
    """The form as a browser sends it."""
    fields = {f"field-{name}": value for name, value in data.items()}
    return {**fields, "expected_revision": str(seen), "reason": reason}


async def test_the_form_puts_evidence_on_record(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    client = await arena.client("editor")
    path = f"/ideas/{ref}/logbook/trial_plan"
    assert "Erfolgskriterium" in (await client.get(path)).text
    answer = await client.post(path, data=sent(TRIAL_PLAN, 0), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/ideas/{ref}/logbook#trial_plan",
    )
    assert (await read(arena, ref, "trial_plan"))["data"] == TRIAL_PLAN


async def test_a_faulty_form_comes_back_with_what_was_typed(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    client = await arena.client("editor")
    wrong = {**TRIAL_PLAN, "begins": "morgen"}
    answer = await client.post(f"/ideas/{ref}/logbook/trial_plan", data=sent(wrong, 0))
    assert answer.status_code == 422
    assert 'href="#f-field-begins"' in answer.text
    assert TRIAL_PLAN["hypothesis"] in answer.text


async def test_f1_a_clash_shows_the_newer_values_beside_what_was_typed(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    await put(arena, ref, "trial_plan", TRIAL_PLAN, by="lead")
    client = await arena.client("editor")
    mine = {**TRIAL_PLAN, "success_criterion": "Ein Mensch mehr."}
    path = f"/ideas/{ref}/logbook/trial_plan"
    answer = await client.post(path, data=sent(mine, 0))
    assert answer.status_code == 409
    assert TRIAL_PLAN["success_criterion"] in answer.text
    assert "Ein Mensch mehr." in answer.text
    assert 'name="expected_revision" value="1"' in answer.text
    again = await client.post(path, data=sent(mine, 1), follow_redirects=False)
    assert again.status_code == 303
    assert (await read(arena, ref, "trial_plan"))["data"] == mine


async def test_f3_the_form_asks_for_a_reason_once_an_act_was_grounded(arena: Everyone) -> None:
    ref = await arena.idea("decision")
    client = await arena.client("cdo")
    path = f"/ideas/{ref}/logbook/resubmission"
    await put(arena, ref, "resubmission", RESUBMISSION, by="cdo")
    assert 'name="reason"' not in (await client.get(path)).text
    await move(arena, ref, "deferred", "cdo")
    assert 'name="reason"' in (await client.get(path)).text
    answer = await client.post(path, data=sent({"date": "2027-07-01"}, 1))
    assert answer.status_code == 422
    assert 'href="#f-reason"' in answer.text


async def test_f2_others_read_and_get_no_form(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    await put(arena, ref, "trial_plan", TRIAL_PLAN)
    for by in ("guest", "participant", "cdo"):
        page = await (await arena.client(by)).get(f"/ideas/{ref}/logbook/trial_plan")
        assert TRIAL_PLAN["hypothesis"] in page.text
        assert 'name="field-hypothesis"' not in page.text


async def test_i4_the_logbook_of_a_draft_is_for_its_team(arena: Everyone) -> None:
    ref = await arena.idea("draft")
    await put(arena, ref, "mandate", {"team": "Wir beide."}, by="author")
    for path in ("logbook", "logbook/mandate"):
        page = await (await arena.client("participant")).get(f"/ideas/{ref}/{path}")
        assert page.status_code == 404
        assert (await call(arena, "participant", "GET", f"{ref}/{path}")).status_code == 404
    assert (await call(arena, "author", "GET", f"{ref}/logbook/mandate")).json()["revision"] == 1


async def test_the_idea_says_what_the_next_steps_ask_for(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    await put(arena, ref, "trial_plan", {"hypothesis": "Schatten hilft."})
    page = await (await arena.client("guest")).get(f"/ideas/{ref}")
    part = Page(page).one("section", id="logbook").text
    assert "Erprobungsplan" in part
    assert "in Teilen" in part
    assert "Übertragungspaket" not in part
