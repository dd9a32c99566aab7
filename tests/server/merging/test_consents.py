"""Who proposes that an idea goes on in another one, who is asked, and what an answer does."""

import pytest

from collab.process.actors import Role
from storage import ideas
from storage.database import METADATA
from tests.server.alignment.stating import state
from tests.server.feasibility.acts import told
from tests.server.idea.arena_of_all import Everyone
from tests.server.linking.linked import idea_of, log, move
from tests.server.merging.acts import (
    ONE,
    agreed,
    answer,
    carry_out,
    merges,
    pair,
    propose,
)


async def test_mg1_a_member_of_either_team_and_a_moderator_propose_nobody_else(
    arena: Everyone,
) -> None:
    for by, status in (
        ("guest", 401), ("observer", 403), ("expert", 403), ("qualifier", 403),
        ("author", 201), ("participant", 201), ("moderator", 201), ("office", 201),
    ):  # fmt: skip
        source, target = await pair(arena)
        made = await propose(arena, source, target, by)
        assert made.status_code == status, (by, made.text)


async def test_mg1_what_cannot_be_proposed_is_refused_by_name(arena: Everyone) -> None:
    source, target = await pair(arena)
    for to, reason, fields in (
        (source, "Weil.", {"to": "same-idea"}),
        ("2026-99999", "Weil.", {"to": "unknown-idea"}),
        (target, " ", {"reason": "empty"}),
        (target, "x" * 2001, {"reason": "too-long"}),
        (await arena.idea("feasibility"), "Weil.", {"to": "target-closed"}),
    ):
        refused = await propose(arena, source, to, reason=reason)
        assert (refused.status_code, refused.json()["fields"]) == (422, fields)
    draft = await arena.idea("draft", team=ONE)
    assert (await propose(arena, draft, target)).json()["code"] == "not-allowed"
    assert (await propose(arena, source, target)).status_code == 201
    again = await propose(arena, source, target)
    assert (again.status_code, again.json()["code"]) == (409, "merge-asked")


async def test_mg1_what_is_not_worked_on_any_more_goes_nowhere(arena: Everyone) -> None:
    _, target = await pair(arena)
    source = await arena.idea("feasibility", team=ONE)
    refused = await propose(arena, source, target, "participant")
    assert (refused.status_code, refused.json()["code"]) == (409, "no-way-to-merge")


async def test_mg12_an_idea_of_an_older_process_waits_for_the_office(arena: Everyone) -> None:
    source, target = await pair(arena)
    async with arena.arena.services.database.write() as tx:
        table = METADATA.tables["idea"]
        await tx.run(table.update().where(table.c.ref == source).values(process_version=2))
    refused = await propose(arena, source, target)
    assert (refused.status_code, refused.json()["code"]) == (409, "no-way-to-merge")
    # The other way round it goes: the one that stays needs no such way.
    assert (await propose(arena, target, source)).status_code == 201


async def test_mg2_mg11_the_leads_are_asked_else_the_authors_and_are_told(
    arena: Everyone,
) -> None:
    source, target = await pair(arena)
    idea = await idea_of(arena, source)
    lead = await arena.actor("lead")
    assert lead.person_id is not None
    async with arena.arena.services.database.write() as tx:
        await ideas.add_role(tx, idea.id, lead.person_id, Role.LEAD)
    made = (await propose(arena, source, target)).json()
    assert [(each["handle"], each["side"], each["answer"]) for each in made["asked"]] == [
        ("lead", "source", None),
        ("participant", "target", None),
    ]
    for handle in ("lead", "participant"):
        assert await told(arena, source, handle, "merge_asked") == 1
    assert await told(arena, source, "author", "merge_asked") == 0


async def test_mg2_whoever_proposes_it_has_agreed_and_hears_of_answers(arena: Everyone) -> None:
    source, target = await pair(arena)
    made = (await propose(arena, source, target)).json()
    assert [(each["handle"], each["answer"]) for each in made["asked"]] == [
        ("author", "yes"),
        ("participant", None),
    ]
    assert (made["waiting"], made["days"], made["state"]) == (1, 0, "asked")
    said = (await answer(arena, target, made["id"], "participant")).json()
    assert (said["waiting"], said["state"]) == (0, "asked")
    assert await told(arena, source, "author", "merge_answered") == 1
    for ref in (source, target):
        assert [kind for kind, _ in await log(arena, ref)][-2:] == [
            "merge_proposed",
            "merge_answered",
        ]


async def test_mg2_a_no_says_why_and_ends_it_and_it_can_be_asked_anew(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = (await propose(arena, source, target)).json()["id"]
    silent = await answer(arena, target, merge_id, "participant", "no")
    assert (silent.status_code, silent.json()["fields"]) == (422, {"note": "empty"})
    said = await answer(arena, target, merge_id, "participant", "no", "Zu verschieden.")
    assert (said.json()["state"], said.json()["ended_reason"]) == ("declined", "Zu verschieden.")
    late = await answer(arena, target, merge_id, "participant")
    assert (late.status_code, late.json()["code"]) == (409, "merge-over")
    refused = await carry_out(arena, source)
    assert [each["code"] for each in refused.json()["unmet"]] == ["merge-not-proposed"]
    arena.arena.clock.pass_by(seconds=1)
    assert (await propose(arena, source, target)).status_code == 201
    assert [each["state"] for each in await merges(arena, target)] == ["asked", "declined"]


async def test_mg2_who_has_agreed_can_still_say_no(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = await agreed(arena, source, target)
    said = await answer(arena, source, merge_id, "author", "no", "Doch nicht.")
    assert said.json()["state"] == "declined"


@pytest.mark.parametrize("by", ["guest", "expert", "moderator", "observer"])
async def test_mg2_who_is_not_asked_answers_nothing(arena: Everyone, by: str) -> None:
    source, target = await pair(arena)
    merge_id = (await propose(arena, source, target)).json()["id"]
    refused = await answer(arena, target, merge_id, by)
    assert refused.status_code == (401 if by == "guest" else 403)
    assert [each["answer"] for each in (await merges(arena, source))[0]["asked"]] == ["yes", None]


async def test_mg3_a_moderator_carries_it_out_when_all_agree(arena: Everyone) -> None:
    source, target = await pair(arena)
    await agreed(arena, source, target)
    for by in ("author", "participant", "expert", "qualifier"):
        assert (await carry_out(arena, source, by)).status_code in {403, 409}, by
    assert (await carry_out(arena, source)).status_code == 200
    (found,) = await merges(arena, source)
    assert (found["state"], found["waiting"]) == ("done", None)


async def test_mg3_silence_holds_it_up_for_the_days_the_process_names(arena: Everyone) -> None:
    source, target = await pair(arena)
    await propose(arena, source, target)
    early = await carry_out(arena, source)
    assert early.status_code == 422
    assert early.json()["unmet"] == [
        {"code": "merge-waits", "waiting": 1, "found": 0, "needed": 14}
    ]
    arena.arena.clock.pass_by(days=13, hours=23)
    assert (await carry_out(arena, source)).status_code == 422
    arena.arena.clock.pass_by(hours=1)
    assert (await carry_out(arena, source)).status_code == 200


async def test_mg3_an_idea_that_has_closed_meanwhile_takes_nothing_in(arena: Everyone) -> None:
    source, target = await pair(arena)
    await agreed(arena, source, target)
    assert (await move(arena, target, "declined")).status_code == 200
    refused = await carry_out(arena, source)
    assert [each["code"] for each in refused.json()["unmet"]] == ["merge-target-closed"]


async def test_mg1_it_is_taken_back_by_who_proposed_it_or_a_moderator(arena: Everyone) -> None:
    for by, status in (("participant", 403), ("expert", 403), ("author", 200), ("moderator", 200)):
        source, target = await pair(arena)
        merge_id = (await propose(arena, source, target)).json()["id"]
        client = await arena.client(by)
        path = f"/api/v1/ideas/{target}/merges/{merge_id}/withdrawal"
        done = await client.post(path, json={"reason": ""})
        assert done.status_code == status, by
        state = (await merges(arena, source))[0]["state"]
        assert state == ("withdrawn" if status == 200 else "asked")


async def test_a_merge_of_other_ideas_is_not_found_here(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = (await propose(arena, source, target)).json()["id"]
    elsewhere = await arena.idea("open")
    refused = await answer(arena, elsewhere, merge_id, "participant")
    assert (refused.status_code, refused.json()["code"]) == (404, "merge-unknown")


async def test_mg1_the_form_is_for_who_may_propose_it(arena: Everyone) -> None:
    source, target = await pair(arena)
    for by, query, there in (
        ("author", "", True),
        ("moderator", "", True),
        ("participant", "", False),
        ("participant", f"?to={target}", True),
        ("expert", f"?to={target}", False),
        ("guest", "", False),
    ):
        page = await (await arena.client(by)).get(f"/ideas/{source}/merge{query}")
        assert page.status_code == 200
        assert ('name="reason"' in page.text) is there, (by, query)


async def test_mg13_before_agreeing_one_reads_what_stays_in_numbers(arena: Everyone) -> None:
    source, target = await pair(arena)
    assert (await propose(arena, source, target)).is_success
    path = f"/ideas/{source}/merge"
    before = (await (await arena.client("guest")).get(path)).text
    assert f"Was bei {source} bleibt" in before
    assert "Der Text und das Logbuch." in before
    for words in ("1 Indikator mit seinen Messungen", "1 Aussage zu Leitgedanken", "Nachweis"):
        assert words not in before
    author = await arena.client("author")
    outcome: dict[str, object] = {
        "kind": "outcome",
        "text": "Menschen am Platz",
        "unit": "Personen",
    }
    outcome |= {"baseline": 120, "target": 240, "due": "2027-09-30"}
    made = await author.post(f"/api/v1/ideas/{source}/indicators", json=outcome)
    assert made.is_success, made.text
    assert (await state(arena, source, by="author")).is_success
    after = (await (await arena.client("guest")).get(path)).text
    assert "1 Indikator mit seinen Messungen" in after
    assert "1 Aussage zu Leitgedanken" in after
    # What was taken back does not count.
    gone = await author.post(
        f"/api/v1/ideas/{source}/indicators/{made.json()['number']}/withdrawal",
        json={"expected_revision": 1, "reason": "Doch nicht."},
    )
    assert gone.is_success, gone.text
    assert "Indikator mit seinen" not in (await (await arena.client("guest")).get(path)).text
