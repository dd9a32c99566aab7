"""Rounds over the API: who opens and closes them, what belongs to them, what they hide."""

import json
from typing import Any

import pytest

from tests.server.casefile.records import call, move
from tests.server.feasibility.acts import begin, close, judge, read, tally, tick
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.pages.reading import Page

SECRET = "Geheimer Grund"
READERS = ("guest", "author", "moderator", "auditor")


async def test_j9_a_round_asks_of_one_text_until_a_day(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    version = (await arena.version(ref)).to_json()
    opened = await begin(arena, ref)
    assert opened.status_code == 201, opened.text
    found = opened.json()
    assert (found["text_version"], found["dimensions"]) == (version, ["technical", "legal"])
    assert (await read(arena, ref))["round"] == found
    given = (await judge(arena, ref, round_id=found["id"])).json()
    assert given["round_id"] == found["id"]


async def test_j9_an_idea_has_at_most_one_open_round(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    first = (await begin(arena, ref)).json()
    again = await begin(arena, ref, "moderator")
    assert (again.status_code, again.json()["code"]) == (409, "round-open")
    arena.arena.clock.pass_by(days=4)  # over, though nobody has noted it
    second = (await begin(arena, ref, "moderator")).json()
    found = (await call(arena, "guest", "GET", f"{ref}/rounds")).json()["rounds"]
    assert [each["id"] for each in found] == [second["id"], first["id"]]
    assert found[1]["closed_at"] is not None


@pytest.mark.parametrize("wrong", ["dimension", "text"])
async def test_j9_what_does_not_belong_to_the_round_is_refused(arena: Everyone, wrong: str) -> None:
    ref = await arena.idea("feasibility")
    await begin(arena, ref)
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    if wrong == "dimension":
        answer, code = await judge(arena, ref, dimension="social"), "not-in-round"
    else:
        answer, code = await judge(arena, ref), "round-text"
    assert (answer.status_code, answer.json()["code"]) == (409, code)


async def test_j9_the_text_of_the_round_can_be_judged_after_it_changed(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    given = await judge(arena, ref, text_version=asked["text_version"])
    assert (given.status_code, given.json()["round_id"]) == (200, asked["id"])


async def test_j9_a_vote_on_a_closed_round_is_refused_and_may_be_given_outside(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()
    assert (await close(arena, ref, asked["id"])).json()["closed_reason"] == "Alle waren da."
    late = await judge(arena, ref, round_id=asked["id"])
    assert (late.status_code, late.json()["code"]) == (409, "round-closed")
    assert "außerhalb der Runde" in late.json()["detail"]
    assert (await judge(arena, ref)).json()["round_id"] is None


async def test_j9_nobody_judges_in_a_round_whose_day_is_over(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref, days=0)).json()
    arena.arena.clock.pass_by(days=1)
    late = await judge(arena, ref, round_id=asked["id"])
    assert (late.status_code, late.json()["code"]) == (409, "round-closed")
    again = await close(arena, ref, asked["id"])
    assert (again.status_code, again.json()["code"]) == (409, "round-closed")


async def test_j16_the_clock_closes_a_round_when_its_day_is_over(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref, days=0)).json()
    await judge(arena, ref)
    await tick(arena, days=1)
    (found,) = (await call(arena, "guest", "GET", f"{ref}/rounds")).json()["rounds"]
    assert (found["closed_at"] is not None, found["closed_reason"]) == (True, "")
    log = (await call(arena, "guest", "GET", f"{ref}/events")).json()["events"]
    last = log[-1]
    assert (last["kind"], last["actor"]) == ("judgement_round_closed", None)
    assert last["payload"] == {"round_id": asked["id"], "people": 1, "reason": None}


async def test_j16_closing_early_needs_a_right_and_a_reason(arena: Everyone) -> None:
    ref, other = await arena.idea("feasibility"), await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()["id"]
    assert (await close(arena, ref, asked, "participant")).status_code == 403
    assert (await close(arena, ref, asked, reason=" ")).json()["fields"] == {"reason": "empty"}
    assert (await close(arena, other, asked)).json()["code"] == "round-unknown"


async def everywhere(arena: Everyone, ref: str, by: str) -> tuple[str, str]:
    """Everything that somebody can read of the idea, by page and by program."""
    client = await arena.client(by)
    pages = (
        "",
        "/timeline?show=all",
        "/rounds",
        "/feasibility",
        "/fragments/judgements",
        "/fragments/conditions",
    )
    found = [(await client.get(f"/ideas/{ref}{page}")).text for page in pages]
    parts = ("judgements", "conditions", "events?limit=500", "timeline", "audit?format=jsonl")
    read = [(await call(arena, by, "GET", f"{ref}/{part}")).text for part in parts]
    read += [(await client.get(path)).text for path in (f"/ideas/{ref}/feed.atom", "/feed.atom")]
    return "\n".join(found), "\n".join(read)


@pytest.mark.parametrize("by", READERS)
async def test_j10_nobody_reads_a_hidden_judgement_anywhere(arena: Everyone, by: str) -> None:
    ref = await arena.idea("feasibility")
    await begin(arena, ref)
    assert (await judge(arena, ref, reason=SECRET)).status_code == 200
    pages, read_by_programs = await everywhere(arena, ref, by)
    assert SECRET not in pages + read_by_programs
    assert ':"with_conditions"' not in read_by_programs.replace(" ", "")
    assert 'rect class="is-with_conditions"' not in pages
    found = await tally(arena, ref, by)
    assert (found["n"], found["hidden"], found["spread"]) == (1, True, None)
    assert (found["by_verdict"], found["by_class"], found["minority"]) == ({}, {}, [])


async def test_j10_who_has_judged_a_dimension_sees_it_and_no_other(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, "moderator")  # before the round, so it shows nothing of it
    await begin(arena, ref)
    for dimension in ("legal", "technical"):
        await judge(arena, ref, "expert", dimension, reason=SECRET)
    assert (await tally(arena, ref, "moderator"))["hidden"]
    await judge(arena, ref, "moderator", verdict="open")
    found = await tally(arena, ref, "moderator")
    assert (found["hidden"], found["n"], found["spread"]) == (False, 2, 1.0)
    assert (await tally(arena, ref, "moderator", "technical"))["hidden"]
    page = Page(await (await arena.client("moderator")).get(f"/ideas/{ref}"))
    assert page.source.count(SECRET) == 1
    assert (await tally(arena, ref, "participant"))["hidden"]


async def test_j10_taking_it_back_hides_the_others_again(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await begin(arena, ref)
    await judge(arena, ref)
    await judge(arena, ref, "moderator")
    assert not (await tally(arena, ref, "moderator"))["hidden"]
    await call(arena, "moderator", "DELETE", f"{ref}/judgements/legal")
    assert (await tally(arena, ref, "moderator"))["hidden"]


@pytest.mark.parametrize("how", ["closed", "over", "stage"])
async def test_j10_everybody_sees_everything_once_the_round_is_over(
    arena: Everyone, how: str
) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref, disclosure="after_close")).json()
    await judge(arena, ref, reason=SECRET)
    assert (await tally(arena, ref, "expert"))["hidden"]  # even from who has judged
    if how == "closed":
        await close(arena, ref, asked["id"])
    elif how == "over":
        arena.arena.clock.pass_by(days=4)
    else:
        assert (await move(arena, ref, "returned", "moderator")).status_code == 200
    found = await tally(arena, ref)
    assert (found["hidden"], found["by_verdict"]["with_conditions"]) == (False, 1)
    page = Page(await (await arena.client("guest")).get(f"/ideas/{ref}"))
    assert SECRET in page.source


async def test_j10_an_open_round_hides_nothing(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await begin(arena, ref, disclosure="open")
    await judge(arena, ref)
    assert (await tally(arena, ref))["by_verdict"]["with_conditions"] == 1


async def test_j11_gates_count_what_is_hidden_and_nothing_qualifies_meanwhile(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()
    await judge(arena, ref)
    unmet = await missing(arena, ref)
    legal = [each for each in unmet if each.get("dimension") == "legal"]
    assert [each["found"] for each in legal] == [1]
    assert [each["until"] for each in unmet if each["code"] == "judging-goes-on"] == [
        asked["ends_on"]
    ]
    assert "conditions-open" not in {each["code"] for each in unmet}
    body = {"state": "met", "because": "Liegt vor.", "expected_revision": 1}
    path = f"{ref}/conditions/legal/expert"
    await judge(arena, ref, "qualifier", verdict="feasible")  # who may see it may not settle it
    assert (await call(arena, "qualifier", "PUT", path, **body)).status_code == 404
    await close(arena, ref, asked["id"])
    codes = {each["code"] for each in await missing(arena, ref)}
    assert "conditions-open" in codes
    assert "judging-goes-on" not in codes
    assert (await call(arena, "qualifier", "PUT", path, **body)).status_code == 200


async def missing(arena: Everyone, ref: str) -> list[dict[str, Any]]:
    """What stands against qualifying the idea."""
    answer = await move(arena, ref, "proposal", "qualifier")
    assert answer.status_code == 422, answer.text
    found: list[dict[str, Any]] = answer.json()["unmet"]
    return found


async def test_the_page_of_rounds_works_without_scripts(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    client, path = await arena.client("lead"), f"/ideas/{ref}/rounds"
    fields = {
        each["name"]: each["value"]
        for each in Page(await client.get(path)).all("input")
        if each.attributes.get("type") == "hidden"
    }
    refused = await client.post(path, data=fields | {"disclosure": "open", "ends_on": "morgen"})
    assert (refused.status_code, "Das ist nicht lesbar." in refused.text) == (422, True)
    form = fields | {"dimensions": "legal", "disclosure": "open", "ends_on": "2099-01-01"}
    assert (await client.post(path, data=form)).status_code == 422
    day = (await begin(arena, await arena.idea("feasibility"))).json()["ends_on"]
    done = await client.post(path, data=form | {"ends_on": day}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, path)
    page = Page(await client.get(path))
    closing = next(each["action"] for each in page.all("form") if each["action"].endswith("/close"))
    assert (await client.post(closing, data={"closing_reason": ""})).status_code == 422
    reason = "<script>alert(1)</script>"
    done = await client.post(closing, data={"closing_reason": reason}, follow_redirects=False)
    assert done.status_code == 303
    guest = await (await arena.client("guest")).get(path)
    assert json.dumps(reason)[1:-1] not in guest.text
    assert "&lt;script&gt;" in guest.text


async def test_the_form_of_the_idea_judges_in_the_round(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    asked = (await begin(arena, ref)).json()
    client = await arena.client("participant")
    page = Page(await client.get(f"/ideas/{ref}?dimension=legal"))
    hidden = [each for each in page.all("input") if each.attributes.get("type") == "hidden"]
    names = ("round_id", "epoch", "seq", "sha256")
    form = {each["name"]: each["value"] for each in hidden if each.attributes.get("name") in names}
    form |= {"dimension": "legal", "verdict": "open", "confidence": "low"}
    form |= {"judgement_reason": "Das weiß ich nicht.", "expertise": "lived"}
    path = f"/ideas/{ref}/judgements"
    assert form["round_id"] == asked["id"]
    refused = await client.post(path, data=form)
    assert (refused.status_code, "Das weiß ich nicht." in refused.text) == (422, True)
    form["expertise_note"] = "Ich wohne dort."
    done = await client.post(path, data=form, follow_redirects=False)
    assert done.status_code == 303
    (mine,) = (await read(arena, ref, "participant"))["mine"]
    assert (mine["round_id"], mine["expertise_note"]) == (asked["id"], "Ich wohne dort.")
    await close(arena, ref, asked["id"])
    late = await client.post(path, data=form)
    assert (late.status_code, "Diese Runde ist zu Ende" in late.text) == (409, True)
