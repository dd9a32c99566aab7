"""Statements on guiding ideas and fields of action, and the people who review them."""

import asyncio
from collections.abc import Collection

import pytest
from limits import parse

from collab.process.gates.checks import unmet
from server.auth import limits
from tests.server.alignment.stating import (
    LEARNING,
    LONG,
    RESILIENT,
    facts,
    qualify_gate,
    review,
    state,
    statements,
)
from tests.server.idea.arena_of_all import Everyone

OPEN_CODES = {
    "guiding-ideas-missing",
    "fields-missing",
    "alignment-doubts",
    "alignment-not-reviewed",
}


async def missing(arena: Everyone, ref: str) -> list[str]:
    """What the gate of the proposal still misses of the alignment."""
    found = unmet(qualify_gate(), await facts(arena, ref))
    return [each.code for each in found if each.code in OPEN_CODES]


async def test_ac_m7a_gate_asks_for_a_guiding_idea_and_a_field_in_enough_words(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    assert await missing(arena, ref) == [
        "guiding-ideas-missing",
        "fields-missing",
        "alignment-not-reviewed",
    ]
    assert (await state(arena, ref)).status_code == 200
    await state(arena, ref, LEARNING, contribution="Zu kurz.")
    assert await missing(arena, ref) == ["fields-missing", "alignment-not-reviewed"]
    await state(arena, ref, LEARNING, expected_revision=1)
    assert await missing(arena, ref) == ["alignment-not-reviewed"]


async def test_ac_a10_statements_pass_by_nobody_but_a_named_person_outside_the_team(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await state(arena, ref)
    await state(arena, ref, LEARNING)
    refused = await review(arena, ref, by="editor")
    assert (refused.status_code, refused.json()["code"]) == (403, "reviewer-in-team")
    await review(arena, ref)
    assert await missing(arena, ref) == ["alignment-not-reviewed"]
    await review(arena, ref, LEARNING)
    assert await missing(arena, ref) == []
    assert [one["reviews"][0]["person"]["name"] for one in await statements(arena, ref)] == [
        "Expert",
        "Expert",
    ]


async def test_f23_a_reviewer_who_joins_the_team_no_longer_counts(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    for goal in (RESILIENT, LEARNING):
        await state(arena, ref, goal)
        await review(arena, ref, goal)
    lead = await arena.client("author")
    await lead.put(f"/api/v1/ideas/{ref}/team/expert/editor", json={})
    assert await missing(arena, ref) == ["alignment-not-reviewed"]
    assert (await statements(arena, ref))[0]["reviews"][0]["is_of_team"] is True


async def test_ac_m7c_a_doubt_stops_the_gate_until_the_team_answers(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    for goal in (RESILIENT, LEARNING):
        await state(arena, ref, goal)
        await review(arena, ref, goal)
    doubted = await review(arena, ref, verdict="doubt", text="Und im Winter?")
    assert await missing(arena, ref) == ["alignment-doubts"]
    doubt = doubted.json()["reviews"][0]
    path = f"/api/v1/ideas/{ref}/alignment/reviews/{doubt['id']}/answer"
    stranger = await (await arena.client("participant")).post(path, json={"text": "Doch."})
    assert stranger.status_code == 403
    answered = await (await arena.client("editor")).post(path, json={"text": "Dann wärmt es."})
    assert answered.json()["reviews"][0]["answer"] == "Dann wärmt es."
    assert await missing(arena, ref) == []
    again = await (await arena.client("author")).post(path, json={"text": "Anders."})
    assert (again.status_code, again.json()["code"]) == (409, "already-answered")


async def test_f22_a_changed_statement_keeps_the_doubt_and_needs_a_new_review(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    for goal in (RESILIENT, LEARNING):
        await state(arena, ref, goal)
        await review(arena, ref, goal)
    await review(arena, ref, by="participant", verdict="doubt", text="Wirklich?")
    await state(arena, ref, contribution=LONG + " Messbar.", expected_revision=1)
    assert await missing(arena, ref) == ["alignment-doubts", "alignment-not-reviewed"]
    stale = await review(arena, ref)
    assert (stale.status_code, stale.json()["code"]) == (409, "statement-moved")
    await review(arena, ref, revision=2)
    assert await missing(arena, ref) == ["alignment-doubts"]
    await review(arena, ref, by="participant", revision=2)
    assert await missing(arena, ref) == []


async def test_f20_of_two_who_change_a_statement_at_once_one_is_told(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answers = await asyncio.gather(
        *(state(arena, ref, contribution=f"Beitrag {each}", by=each) for each in ("author", "lead"))
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    lost = next(each for each in answers if each.status_code == 409).json()
    assert (lost["code"], lost["current"]) == ("statement-moved", 1)
    assert len(await statements(arena, ref)) == 1


async def test_f20_the_same_words_again_make_no_new_revision(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    again = await state(arena, ref, expected_revision=1)
    assert (again.status_code, again.json()["revision"]) == (200, 1)


async def test_f20_a_withdrawn_statement_is_gone_and_can_be_made_anew(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    author = await arena.client("author")
    path = f"/api/v1/ideas/{ref}/alignment/{RESILIENT}?expected_revision="
    assert (await author.delete(path + "2")).json()["code"] == "statement-moved"
    assert (await author.delete(path + "1")).status_code == 204
    assert (await author.delete(path + "2")).json()["code"] == "statement-unknown"
    assert await statements(arena, ref) == []
    assert (await state(arena, ref)).json()["revision"] == 3


@pytest.mark.parametrize(
    ("goal", "field"),
    [("principles/open_and_trustworthy", "catalogue"), ("guiding-ideas/nowhere", "entry")],
)
async def test_f20_only_entries_of_the_two_catalogues_can_be_paid_into(
    arena: Everyone, goal: str, field: str
) -> None:
    ref = await arena.idea("open")
    refused = await state(arena, ref, goal)
    assert (refused.status_code, refused.json()["fields"]) == (422, {field: "unknown-choice"})


async def test_f21_the_same_review_again_tells_nobody(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    for _ in range(2):
        await review(arena, ref)
    log = (await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")).json()["events"]
    kinds = [each["kind"] for each in log if each["kind"].startswith("alignment")]
    assert kinds == ["alignment_stated", "alignment_reviewed"]


async def test_f21_events_tell_what_happened_and_none_of_the_words(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    await review(arena, ref, verdict="doubt", text="Geheimes Wort.")
    log = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")
    assert "Schatten kühlt" not in log.text
    assert "Geheimes Wort" not in log.text


async def test_f22_agreement_is_not_answered(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref)
    agreed = (await review(arena, ref)).json()["reviews"][0]["id"]
    path = f"/api/v1/ideas/{ref}/alignment/reviews/{agreed}/answer"
    refused = await (await arena.client("author")).post(path, json={"text": "Danke."})
    assert refused.json()["code"] == "nothing-to-answer"


async def test_f20_statements_have_a_limit(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ALIGN_PER_PERSON", parse("2/hour"))
    ref = await arena.idea("open")
    for revision in range(2):
        await state(arena, ref, contribution=f"Beitrag {revision}", expected_revision=revision)
    assert (await state(arena, ref, expected_revision=2)).status_code == 429


async def listed(arena: Everyone, query: str, among: Collection[str]) -> set[str]:
    """Which of these ideas the list holds."""
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas?limit=100&{query}")
    assert answer.status_code == 200, answer.text
    return {each["ref"] for each in answer.json()["ideas"]} & set(among)


async def test_ac_m7b_the_list_holds_exactly_what_pays_into_a_goal(arena: Everyone) -> None:
    made = [await arena.idea(each) for each in ("measure_decentral", "open", "open", "draft")]
    measure, idea, other, draft = made
    for ref, goal in (
        (measure, RESILIENT),
        (idea, RESILIENT),
        (idea, LEARNING),
        (other, "guiding-ideas/cooperative"),
        (draft, RESILIENT),
    ):
        assert (await state(arena, ref, goal)).status_code == 200
    assert await listed(arena, "guiding_idea=resilient", among=made) == {measure, idea}
    narrower = "guiding_idea=resilient&field=learning_together"
    assert await listed(arena, narrower, among=made) == {idea}
    at_measures = "guiding_idea=resilient&stage=measure_decentral"
    assert await listed(arena, at_measures, among=made) == {measure}
    author = await arena.client("author")
    await author.delete(f"/api/v1/ideas/{idea}/alignment/{RESILIENT}?expected_revision=1")
    assert await listed(arena, "guiding_idea=resilient", among=made) == {measure}


async def test_f24_who_pays_into_a_sub_field_pays_into_its_field(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await state(arena, ref, LEARNING)
    assert await listed(arena, "field=future_for_all", among=[ref]) == {ref}
    assert await listed(arena, "field=regenerative_economy", among=[ref]) == set()


async def test_f24_an_unknown_goal_is_named(arena: Everyone) -> None:
    refused = await (await arena.client("guest")).get("/api/v1/ideas?guiding_idea=nowhere")
    assert refused.json()["fields"] == {"guiding_idea": "unknown-choice"}


async def test_f24_the_page_of_all_ideas_narrows_to_a_goal(arena: Everyone) -> None:
    paying, other = await arena.idea("open"), await arena.idea("open")
    await state(arena, paying)
    guest = await arena.client("guest")
    narrowed = (await guest.get("/?goal=guiding-ideas.resilient")).text
    assert paying in narrowed
    assert other not in narrowed
    assert 'value="guiding-ideas.resilient" selected' in narrowed
    assert other in (await guest.get("/?goal=guiding-ideas.nowhere")).text
