"""Evidence: revision by revision, never over somebody else's; what was a ground is amended."""

import asyncio

import pytest

from storage import ideas, stages
from tests.server.casefile.records import (
    AGENDA,
    LEARNINGS,
    RESUBMISSION,
    TRIAL_PLAN,
    call,
    move,
    put,
    read,
)
from tests.server.idea.arena_of_all import Everyone


async def test_f1_evidence_comes_in_parts_and_every_revision_stays(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    first = {"hypothesis": "Schatten hilft."}
    assert (await put(arena, ref, "trial_plan", first)).json()["state"] == "part"
    arena.arena.clock.pass_by(hours=1)
    done = await put(arena, ref, "trial_plan", TRIAL_PLAN, by="lead", seen=1)
    assert done.json()["state"] == "complete"
    found = await read(arena, ref, "trial_plan")
    assert [(each["by"], each["data"]) for each in found["history"]] == [
        ("Editor", first),
        ("Lead", TRIAL_PLAN),
    ]
    assert not any(each["amendment"] for each in found["history"])


async def test_f1_the_same_again_is_no_revision(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    await put(arena, ref, "trial_plan", TRIAL_PLAN)
    again = await put(arena, ref, "trial_plan", TRIAL_PLAN, seen=0)
    assert (again.status_code, again.json()["revision"]) == (200, 1)


async def test_f1_a_stale_page_overwrites_nothing_and_is_shown_both(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    await put(arena, ref, "trial_plan", TRIAL_PLAN, by="lead")
    mine = TRIAL_PLAN | {"success_criterion": "Ein Mensch mehr."}
    answer = await put(arena, ref, "trial_plan", mine, seen=0)
    assert (answer.status_code, answer.json()["code"]) == (409, "evidence-moved")
    assert answer.json()["current"]["data"] == TRIAL_PLAN
    assert answer.json()["current"]["by"] == "Lead"
    assert answer.json()["yours"] == mine
    assert (await read(arena, ref, "trial_plan"))["revision"] == 1


async def test_f1_of_many_at_once_one_wins(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    tries = [put(arena, ref, "trial_plan", {"hypothesis": f"Nr. {n}"}) for n in range(12)]
    answers = await asyncio.gather(*tries)
    assert sorted(each.status_code for each in answers) == [200] + [409] * 11
    assert (await read(arena, ref, "trial_plan"))["revision"] == 1


async def test_f1_every_faulty_field_is_named(arena: Everyone) -> None:
    ref = await arena.idea("measure_decentral")
    wrong = {"begins": "morgen", "data_protection": "egal", "hypothesis": "x" * 5001, "mood": "gut"}
    answer = await put(arena, ref, "trial_plan", wrong)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "begins": "malformed",
        "data_protection": "unknown-choice",
        "hypothesis": "too-long",
        "mood": "unknown-field",
    }


async def test_f1_what_the_process_does_not_ask_for_has_no_place(arena: Everyone) -> None:
    need = await arena.idea("open", kind="need")
    for kind in ("mandate", "unheard_of"):
        answer = await put(arena, need, kind, {})
        assert (answer.status_code, answer.json()["code"]) == (404, "evidence-unknown")
    found = (await call(arena, "guest", "GET", f"{need}/logbook")).json()
    assert found == {"logbook": []}


@pytest.mark.parametrize(
    ("kind", "data", "may", "may_not"),
    [
        ("agenda", AGENDA, ["office"], ["lead", "cdo", "qualifier"]),
        ("resubmission", RESUBMISSION, ["cdo", "deputy", "office"], ["lead", "qualifier"]),
        ("hearing", {"date": "2027-03-01"}, ["office", "deputy"], ["author"]),
        ("mandate", {"team": "Wir."}, ["author", "lead", "office"], ["cdo", "qualifier"]),
        ("learnings", LEARNINGS, ["editor", "office"], ["cdo", "deputy"]),
        ("initiative_search", {"terms": "Bänke"}, ["qualifier", "author"], ["cdo"]),
    ],
)
async def test_f2_the_catalogue_says_who_records_what(
    arena: Everyone, kind: str, data: dict[str, str], may: list[str], may_not: list[str]
) -> None:
    for by in may_not:
        answer = await put(arena, await arena.idea("decision"), kind, data, by=by)
        assert (answer.status_code, answer.json()["code"]) == (403, "evidence-of-others"), by
    for by in may:
        answer = await put(arena, await arena.idea("decision"), kind, data, by=by)
        assert answer.status_code == 200, by
    outsider = await put(arena, await arena.idea("decision"), kind, data, by="moderator")
    assert (outsider.status_code, outsider.json()["code"]) == (403, "not-allowed")


async def test_f3_ac_m8_after_an_act_a_change_is_an_amendment_with_a_reason(
    arena: Everyone,
) -> None:
    ref = await arena.idea("decision")
    await put(arena, ref, "resubmission", RESUBMISSION, by="cdo")
    assert (await move(arena, ref, "deferred", "cdo")).status_code == 200
    later = {"date": "2027-06-01"}
    refused = await put(arena, ref, "resubmission", later, by="office", seen=1)
    assert refused.json()["fields"] == {"reason": "amendment-reason"}
    done = await put(
        arena, ref, "resubmission", later, by="office", seen=1, reason="Der Saal ist belegt."
    )
    assert done.status_code == 200
    before, after = done.json()["history"]
    assert (before["data"], before["amendment"]) == (RESUBMISSION, False)
    assert (after["data"], after["amendment"]) == (later, True)
    assert after["reason"] == "Der Saal ist belegt."
    page = await (await arena.client("guest")).get(f"/ideas/{ref}/logbook")
    for word in ("Nachtrag", "03.05.2027", "01.06.2027", "Der Saal ist belegt."):
        assert word in page.text


async def test_f3_what_an_act_was_grounded_on_is_not_taken_away(arena: Everyone) -> None:
    ref = await arena.idea("decision")
    await put(arena, ref, "resubmission", RESUBMISSION, by="cdo")
    await move(arena, ref, "deferred", "cdo")
    answer = await put(arena, ref, "resubmission", {}, by="cdo", seen=1, reason="Fort damit.")
    assert answer.json()["fields"] == {"date": "missing"}


async def test_f4_the_act_holds_the_revision_it_was_grounded_on(arena: Everyone) -> None:
    ref = await arena.idea("decision")
    await put(arena, ref, "agenda", AGENDA, by="office")
    await put(arena, ref, "resubmission", {"date": "2027-04-01"}, by="cdo")
    await put(arena, ref, "resubmission", RESUBMISSION, by="cdo", seen=1)
    await move(arena, ref, "deferred", "cdo")
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        last = await stages.latest(tx, idea.id)
    assert last is not None
    assert last.evidence == {"resubmission": 2}


async def test_ac_g12_ending_demands_learnings_and_the_case_stays_findable(
    arena: Everyone,
) -> None:
    ref = await arena.idea("implementation")
    refused = await move(arena, ref, "closed_learned", "lead")
    assert [each["code"] for each in refused.json()["unmet"]] == ["evidence-missing"]
    await put(arena, ref, "learnings", LEARNINGS)
    assert (await move(arena, ref, "closed_learned", "lead")).status_code == 200
    guest = await arena.client("guest")
    found = (await guest.get("/api/v1/ideas?stage=closed_learned")).json()
    assert [each["ref"] for each in found["ideas"]] == [ref]
    assert "Das Wasser." in (await guest.get(f"/ideas/{ref}/logbook")).text


async def test_f4_record_and_act_do_not_pass_each_other(arena: Everyone) -> None:
    """Whoever is second of a change and an act sees the other: no amendment slips in unmarked."""
    for _ in range(4):
        ref = await arena.idea("implementation")
        await put(arena, ref, "learnings", LEARNINGS)
        changed = LEARNINGS | {"worked": "Alles."}
        act, change = await asyncio.gather(
            move(arena, ref, "closed_learned", "lead"),
            put(arena, ref, "learnings", changed, seen=1),
        )
        assert act.status_code == 200
        found = await read(arena, ref, "learnings")
        async with arena.arena.services.database.read() as tx:
            idea = await ideas.by_ref(tx, ref)
            assert idea is not None
            last = await stages.latest(tx, idea.id)
        assert last is not None
        if change.status_code == 200:
            assert last.evidence == {"learnings": 2}
        else:
            assert change.json()["fields"] == {"reason": "amendment-reason"}
            assert (last.evidence, found["revision"]) == ({"learnings": 1}, 1)
