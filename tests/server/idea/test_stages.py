"""The official act: bound to an exact text, to what was known, and to the gates."""

from typing import Any

import httpx2
import pytest

from collab.sync.document import Document
from collab.sync.text import from_json, render, sha256
from server.actions.seeds import dossier_schema
from storage import documents, events, ideas, stages, texts
from tests.server.idea.arena_of_all import Everyone

SIGNED = ("technical", "legal", "data_protection")


async def move(
    arena: Everyone, ref: str, to: str, by: str = "moderator", **changes: Any
) -> httpx2.Response:
    """Ask for a stage as an honest client would, but for ``changes`` of the request."""
    revision, version = await arena.state(ref, by)
    body = {"to": to, "expected_revision": revision, "text_version": version, "reason": "Darum."}
    client = await arena.client(by)
    return await client.post(f"/api/v1/ideas/{ref}/stage", json={**body, **changes})


async def judge_all(arena: Everyone, ref: str) -> None:
    """Two people from outside the team judge every demanded dimension."""
    version = (await arena.version(ref)).to_json()
    for handle in ("expert", "signatory"):
        client = await arena.client(handle)
        for dimension in SIGNED:
            body = {"verdict": "feasible", "confidence": "high", "text_version": version}
            answer = await client.put(f"/api/v1/ideas/{ref}/judgements/{dimension}", json=body)
            assert answer.status_code == 200, answer.text


async def test_an_author_submits_his_idea(arena: Everyone) -> None:
    ref = await arena.idea()
    answer = await move(arena, ref, "open", "author")
    assert answer.status_code == 200
    assert (answer.json()["stage"], answer.json()["revision"]) == ("open", 2)
    guest = await arena.client("guest")
    assert (await guest.get(f"/api/v1/ideas/{ref}")).json()["stage"] == "open"


async def test_g5_a_stage_change_pins_the_text_it_is_bound_to(arena: Everyone) -> None:
    ref = await arena.idea()
    version = await arena.version(ref)
    answer = await move(arena, ref, "open", "author")
    assert answer.json()["text_version"] == version.to_json()
    async with arena.arena.services.database.read() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        kept = await texts.pinned(tx, idea.document_id, version.epoch, version.seq)
        change = await stages.latest(tx, idea.id)
        head = (await documents.heads(tx, [idea.document_id]))[idea.document_id]
    assert kept is not None
    assert change is not None
    assert change.sha256 == kept.sha256 == version.sha256 == sha256(from_json(kept.sections))
    whole = Document.load(dossier_schema(), [kept.state])
    assert sha256(render(whole, from_json(kept.sections).sections)) == version.sha256
    assert head.access_version == 1


async def test_g5_a_text_that_moved_is_not_decided_upon(arena: Everyone) -> None:
    ref = await arena.idea("open")
    _, version = await arena.state(ref)
    answer = await move(arena, ref, "returned", text_version={**version, "sha256": "0" * 64})
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["current"]) == ("text-moved", version)
    assert (await arena.state(ref))[0] == 2


async def test_g5_a_version_from_the_future_is_not_the_current_one(arena: Everyone) -> None:
    ref = await arena.idea("open")
    _, version = await arena.state(ref)
    answer = await move(arena, ref, "returned", text_version={**version, "seq": 99})
    assert (answer.status_code, answer.json()["code"]) == (409, "text-moved")


async def test_g6_who_could_not_have_acted_is_not_told_who_won(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await move(arena, ref, "returned", "participant", expected_revision=1)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_g1_all_open_conditions_are_named(arena: Everyone) -> None:
    ref = await arena.idea(sections=False)
    answer = await move(arena, ref, "open", "author")
    assert answer.status_code == 422
    unmet = answer.json()["unmet"]
    assert {each["section"] for each in unmet} == {"situation", "idea"}
    assert {each["code"] for each in unmet} == {"section-empty"}


async def test_g2_sending_back_needs_a_reason(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await move(arena, ref, "returned", reason="  ")
    assert answer.json()["unmet"] == [{"code": "reason-missing"}]


async def test_g4_a_proposal_qualifies_once_enough_people_judged_it(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    before = await move(arena, ref, "proposal", "qualifier")
    missing = [each for each in before.json()["unmet"] if each["code"] == "judgements-missing"]
    assert [each["dimension"] for each in missing] == list(SIGNED)
    await judge_all(arena, ref)
    after = await move(arena, ref, "proposal", "qualifier")
    assert not {"judgements-missing"} & {each["code"] for each in after.json()["unmet"]}


@pytest.mark.parametrize("to", ["nowhere", "measure_central"])
async def test_g7_there_is_no_way_to_an_unknown_stage(arena: Everyone, to: str) -> None:
    ref = await arena.idea("open")
    answer = await move(arena, ref, to)
    assert (answer.status_code, answer.json()["fields"]) == (422, {"to": "unknown-stage"})


async def test_g8_an_archived_idea_returns_to_where_it_was(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await move(arena, ref, "archived")
    wrong = await move(arena, ref, "returned")
    assert [each["code"] for each in wrong.json()["unmet"]] == ["archived-from-another-stage"]
    assert (await move(arena, ref, "open")).json()["stage"] == "open"


async def test_no_way_leads_back_to_a_draft(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await move(arena, ref, "draft")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-transition")


async def test_e2_the_event_carries_reason_and_version(arena: Everyone) -> None:
    ref = await arena.idea("open")
    version = await arena.version(ref)
    await move(arena, ref, "returned", reason="Bitte kürzen.")
    client = await arena.client("guest")
    log = (await client.get(f"/api/v1/ideas/{ref}/events?after=0")).json()
    last = log["events"][-1]
    assert (last["kind"], last["actor"]) == ("stage_changed", "Moderator")
    assert last["payload"]["reason"] == "Bitte kürzen."
    assert last["payload"]["version"] == version.to_json()
    after = (await client.get(f"/api/v1/ideas/{ref}/events?after={log['last']}")).json()
    assert after == {"events": [], "last": log["last"]}


async def test_i4_what_happened_to_a_draft_stays_with_its_team(arena: Everyone) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    public = (await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")).json()
    assert [each["kind"] for each in public["events"]] == ["stage_changed"]
    team = (await (await arena.client("author")).get(f"/api/v1/ideas/{ref}/events")).json()
    assert next(each["kind"] for each in team["events"]) == "idea_created"
    async with arena.arena.services.database.read() as tx:
        everything = await events.since(tx, 0)
    assert "idea_created" in {each.kind for each in everything}
