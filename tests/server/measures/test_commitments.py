"""Commitments over HTTP: drafted, signed, shown word for word, made anew."""

import asyncio
from typing import Any

import pytest
from limits import parse

from collab.process.measures.commitment import TEXT_CHARS_MAX
from server.auth import limits
from tests.server.measures.measuring import COMPLETE, PRINCIPLES, Measures
from tests.server.responsibility.organisations import MEMBER, OTHER, SIGNATORY


async def test_ac_m5a_without_a_complete_signed_commitment_nothing_is_recognised(
    arena: Measures,
) -> None:
    ref = await arena.pending()

    async def unmet() -> list[dict[str, Any]]:
        refused = await arena.move(ref, "measure_network", "office", 422)
        return list(refused["unmet"])

    assert [each["code"] for each in await unmet()] == ["commitment-missing"]
    await arena.draft(ref, {"human_centred": COMPLETE["human_centred"]})
    assert await unmet() == [
        {"code": "commitment-incomplete", "principles": list(PRINCIPLES[1:])},
        {"code": "commitment-unsigned"},
    ]
    await arena.draft(ref, seen=1)
    assert [each["code"] for each in await unmet()] == ["commitment-unsigned"]
    path = f"{ref}/commitment/signature"
    await arena.call(SIGNATORY, "POST", path, expected_revision=2)
    moved = await arena.move(ref, "measure_network", "office")
    assert moved["stage"] == "measure_network"


async def test_m2_an_incomplete_draft_is_not_signed_and_every_gap_is_named(
    arena: Measures,
) -> None:
    ref = await arena.decided()
    half = {**COMPLETE, "open_and_trustworthy": {"keeps": True, "how": "Offen."}}
    draft = await arena.draft(ref, half)
    gaps = {each["principle"]: each["missing"] for each in draft["answers"]}
    assert gaps == {name: [] for name in PRINCIPLES} | {"open_and_trustworthy": ["evidence"]}
    path = f"{ref}/commitment/signature"
    refused = await arena.call(SIGNATORY, "POST", path, 422, expected_revision=1)
    assert refused["unmet"][0]["principles"] == ["open_and_trustworthy"]


async def test_m2_a_draft_is_written_by_the_leading_organisations_people_only(
    arena: Measures,
) -> None:
    ref = await arena.decided()
    body = {"answers": COMPLETE, "expected_revision": 0}
    path = f"{ref}/commitment"
    for handle, status in (("guest", 401), ("observer", 403), ("author", 403), ("office", 403)):
        await arena.call(handle, "PUT", path, status, **body)
    refused = await arena.call("moderator", "PUT", path, 403, **body)
    assert refused["code"] == "not-of-organisation"
    await arena.call(OTHER, "PUT", path, **body)


async def test_m2_nobody_writes_over_anothers_answers(arena: Measures) -> None:
    ref = await arena.decided()
    body = {"answers": COMPLETE, "expected_revision": 0}
    clients = [await arena.arena.client(handle) for handle in (MEMBER, OTHER)] * 4
    path = f"/api/v1/ideas/{ref}/commitment"
    answers = await asyncio.gather(*(client.put(path, json=body) for client in clients))
    assert sorted(each.status_code for each in answers) == [200] + [409] * 7
    lost = next(each.json() for each in answers if each.status_code == 409)
    assert (lost["code"], lost["current"]) == ("commitment-moved", {"revision": 1})


async def test_m3_only_who_signs_for_the_leading_organisation_signs_and_only_what_he_saw(
    arena: Measures,
) -> None:
    ref = await arena.decided()
    await arena.draft(ref)
    path = f"{ref}/commitment/signature"
    for handle in ("guest", MEMBER, OTHER, "author", "moderator", "office", "cdo"):
        status = 401 if handle == "guest" else 403
        await arena.call(handle, "POST", path, status, expected_revision=1)
    await arena.draft(ref, {}, seen=1)
    refused = await arena.call(SIGNATORY, "POST", path, 409, expected_revision=1)
    assert refused["current"] == {"revision": 2}
    foreign = await arena.decided("firma")
    await arena.draft(foreign)
    await arena.join(SIGNATORY, "firma", may_sign=False)
    refused = await arena.call(
        SIGNATORY, "POST", f"{foreign}/commitment/signature", 403, expected_revision=1
    )
    assert refused["code"] == "not-entitled-to-sign"
    await arena.join(SIGNATORY, "firma", may_sign=True)


async def test_m3_nobody_commits_himself_while_nobody_leads(arena: Measures) -> None:
    ref = await arena.arena.idea("open", team={})
    body = {"answers": COMPLETE, "expected_revision": 0}
    refused = await arena.call(MEMBER, "PUT", f"{ref}/commitment", 409, **body)
    assert refused["code"] == "no-lead"


async def test_m2_answers_are_bounded_and_every_fault_is_named(arena: Measures) -> None:
    ref = await arena.decided()
    longest = "x" * TEXT_CHARS_MAX
    await arena.draft(ref, {"human_centred": {"how": longest}})
    body = {"nonsense": {}, "human_centred": {"how": longest + "x"}}
    refused = await arena.call(
        MEMBER, "PUT", f"{ref}/commitment", 422, answers=body, expected_revision=1
    )
    assert refused["fields"] == {"nonsense": "unknown-choice", "human_centred.how": "too-long"}


async def test_ac_m5c_what_was_signed_is_public_word_for_word_with_date_and_version(
    arena: Measures,
) -> None:
    ref = await arena.decided()
    await arena.draft(ref)
    seen = await arena.call("guest", "GET", f"{ref}/commitment")
    assert (seen["signed"], seen["draft"]) == (None, None), "a draft is not public"
    signed = await arena.call(SIGNATORY, "POST", f"{ref}/commitment/signature", expected_revision=1)
    seen = (await arena.call("guest", "GET", f"{ref}/commitment"))["signed"]
    assert seen == signed
    said = {each["principle"]: each for each in seen["answers"]}
    for name, answer in COMPLETE.items():
        assert {key: said[name][key] for key in answer} == answer
    assert (seen["catalogue"], seen["catalogue_version"]) == ("principles", 1)
    assert (seen["organisation"], seen["signed_by"]) == ("Kiezverein e. V.", "Signatory")
    page = (await arena.get(f"/ideas/{ref}/commitment")).text
    for answer in COMPLETE.values():
        assert str(answer["how"]) in page
    assert "Fassung 1" in page
    assert "23.11.2026" in page


async def test_m1_a_unit_of_the_administration_complies_or_explains(arena: Measures) -> None:
    ref = await arena.decided("amt")
    refused = await arena.move(ref, "measure_decentral", "cdo", 422)
    assert refused["unmet"] == [{"code": "principles-open", "principles": list(PRINCIPLES)}]
    said = {
        "human_centred": {"keeps": True},
        "open_and_trustworthy": {"how": "Die Daten sind personenbezogen."},
    }
    await arena.draft(ref, said)
    refused = await arena.move(ref, "measure_decentral", "cdo", 422)
    assert refused["unmet"][0]["principles"] == ["effective_and_adaptable"]
    await arena.draft(ref, {**said, "effective_and_adaptable": {"keeps": True}}, seen=1)
    await arena.move(ref, "measure_decentral", "cdo")
    seen = await arena.call("guest", "GET", f"{ref}/commitment")
    assert seen["duty"] == "explain"
    assert seen["draft"]["answers"][1]["how"] == "Die Daten sind personenbezogen."


async def test_m4_the_commitment_of_a_former_lead_does_not_count(arena: Measures) -> None:
    ref = await arena.pending()
    await arena.commit(ref)
    held = (await arena.at(ref))[0]["id"]
    path = f"{ref}/responsibilities/{held}/hand-over"
    body = {"organisation_id": str(arena.ids["firma"]), "note": "Alles liegt im Ordner."}
    offer = await arena.call(MEMBER, "POST", path, 201, **body)
    await arena.sign(ref, offer["id"])
    refused = await arena.move(ref, "measure_network", "office", 422)
    assert [each["code"] for each in refused["unmet"]] == ["commitment-missing"]
    await arena.tick()
    task = (await arena.call("guest", "GET", f"{ref}/commitment"))["renewal"]
    assert (task["cause"], task["organisation"]) == ("lead", "Spreewerk eG")
    await arena.commit(ref)
    await arena.move(ref, "measure_network", "office")


async def test_m4_a_signature_taken_back_stays_readable_and_has_to_be_given_anew(
    arena: Measures,
) -> None:
    ref = await arena.pending()
    signed = await arena.commit(ref)
    path = f"{ref}/commitment/withdrawal"
    await arena.call(MEMBER, "POST", path, 403, reason="Zu teuer.")
    refused = await arena.call(SIGNATORY, "POST", path, 422, reason=" ")
    assert refused["fields"] == {"reason": "missing"}
    await arena.call(SIGNATORY, "POST", path, reason="Zu teuer.")
    await arena.call(SIGNATORY, "POST", path, 404, reason="Noch einmal.")
    seen = await arena.call("guest", "GET", f"{ref}/commitment")
    assert seen["signed"] is None
    assert (seen["past"][0]["id"], seen["past"][0]["ended_reason"]) == (signed["id"], "Zu teuer.")
    await arena.tick()
    assert (await arena.call("guest", "GET", f"{ref}/commitment"))["renewal"][
        "cause"
    ] == "withdrawn"
    await arena.move(ref, "measure_network", "office", 422)


async def test_m2_how_often_a_person_writes_answers_and_links_is_bounded(
    arena: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECORD_PER_PERSON", parse("2/hour"))
    monkeypatch.setattr(limits, "RELATE_PER_PERSON", parse("2/hour"))
    ref = await arena.decided()
    client = await arena.arena.client(MEMBER)
    for seen, status in ((0, 200), (1, 200), (2, 429)):
        body = {"answers": COMPLETE, "expected_revision": seen}
        answer = await client.put(f"/api/v1/ideas/{ref}/commitment", json=body)
        assert answer.status_code == status
    path = f"/api/v1/ideas/{ref}/central-measures/M-2026-0001/builds_on"
    for status in (404, 404, 429):
        assert (await client.delete(path)).status_code == status
