"""The queue: who sees it, who decides, one at a time and several."""

import asyncio
import re

import pytest

from tests.server.abuse.reporting import (
    CASES,
    call,
    cases,
    comment,
    decide,
    hide,
    log,
    report,
    text_of,
    told,
)
from tests.server.idea.arena_of_all import Everyone


async def reported(arena: Everyone, by: str = "participant") -> tuple[str, str, str]:
    """A comment that was reported: reference, comment, case."""
    ref = await arena.idea("open")
    said = await comment(arena, ref, by)
    await report(arena, ref, said)
    (case,) = [each for each in await cases(arena) if each["target_id"] == said]
    return ref, said, case["id"]


@pytest.mark.parametrize("outcome", ["hidden", "acted", "dismissed"])
async def test_d6_a_decision_ends_all_reports_with_a_reason(arena: Everyone, outcome: str) -> None:
    ref, said, case = await reported(arena)
    await report(arena, ref, said, "expert")
    empty = await decide(arena, case, outcome, reason=" ")
    assert (empty.status_code, empty.json()["fields"]) == (422, {"reason": "empty"})
    assert (await decide(arena, case, outcome)).status_code == 204
    assert await cases(arena) == []
    is_hidden = outcome == "hidden"
    assert await text_of(arena, ref, said) == (None if is_hidden else "Idiot!")
    assert await told(arena, "participant") == (["hidden"] if is_hidden else [])
    assert await told(arena, "expert") == ["report"]


async def test_d6_of_two_decisions_one_wins_and_the_other_is_told(arena: Everyone) -> None:
    _, _, case = await reported(arena)
    answers = await asyncio.gather(
        decide(arena, case, "hidden", "moderator"), decide(arena, case, "dismissed", "moderator-2")
    )
    assert sorted(each.status_code for each in answers) == [204, 409]
    (late,) = [each.json() for each in answers if each.status_code == 409]
    assert late["code"] == "report-decided"
    assert late["winner"]["name"] in {"Moderator", "Moderator-2"}
    page = await (await arena.client("moderator-2")).post(
        f"/moderation/{case}", data={"outcome": "dismissed", "reason": "Mein Grund."}
    )
    assert page.status_code == 409
    assert "hat schon entschieden" in page.text
    assert "Mein Grund." in page.text


async def test_d6_nobody_decides_on_his_own_and_auditors_look_on(arena: Everyone) -> None:
    ref, said, case = await reported(arena, "moderator")
    own = await decide(arena, case, "dismissed", "moderator")
    assert (own.status_code, own.json()["code"]) == (403, "own-content")
    direct = await hide(arena, ref, said, "moderator")
    assert (direct.status_code, direct.json()["code"]) == (403, "own-content")
    assert [each["may_decide"] for each in await cases(arena, "moderator")] == [False]
    assert [each["may_decide"] for each in await cases(arena, "auditor")] == [False]
    assert (await decide(arena, case, "dismissed", "auditor")).status_code == 403
    page = (await (await arena.client("auditor")).get("/moderation")).text
    assert "Idiot!" in page
    assert "many-form" not in page
    for by in ("participant", "lead", "cdo", "observer"):
        assert (await call(arena, by, "GET", CASES)).status_code == 403
        assert (await (await arena.client(by)).get("/moderation")).status_code == 403
    assert (await decide(arena, case, "hidden", "moderator-2")).status_code == 204


async def test_d6_the_text_of_ones_own_team_is_decided_by_others(arena: Everyone) -> None:
    ref = await arena.idea("open", team={"author": "author", "moderator": "lead"})  # type: ignore[dict-item]
    await report(arena, ref, "situation", target="section")
    (case,) = await cases(arena)
    assert (await decide(arena, case["id"], "dismissed")).json()["code"] == "own-content"
    hidden = await decide(arena, case["id"], "hidden", "office")
    assert hidden.json()["fields"] == {"outcome": "not-hideable"}
    assert (await decide(arena, case["id"], "acted", "office")).status_code == 204


async def test_d6_hiding_at_the_comment_ends_its_reports_too(arena: Everyone) -> None:
    ref, said, _ = await reported(arena)
    await hide(arena, ref, said)
    assert await cases(arena) == []


async def test_d6_a_deleted_comment_is_not_hidden_but_its_reports_end(arena: Everyone) -> None:
    ref, said, case = await reported(arena)
    await call(arena, "participant", "DELETE", f"/api/v1/ideas/{ref}/comments/{said}")
    assert (await decide(arena, case, "hidden")).status_code == 404
    page = (await (await arena.client("moderator")).get(f"/moderation/{case}")).text
    assert "inzwischen gelöscht" in page
    assert (await decide(arena, case, "dismissed")).status_code == 204


async def test_d6_who_looks_at_a_case_is_seen_and_hinders_nobody(arena: Everyone) -> None:
    _, _, case = await reported(arena)
    for by, method, expected in (
        ("moderator", "PUT", "moderator"),
        ("office", "DELETE", "moderator"),
        ("office", "PUT", "office"),
        ("office", "DELETE", None),
        ("moderator", "PUT", "moderator"),
    ):
        assert (await call(arena, by, method, f"{CASES}/{case}/claim")).status_code == 204
        assert [each["claimed_by"] for each in await cases(arena)] == [expected]
    page = (await (await arena.client("office")).get("/moderation")).text
    assert "Moderator sieht sich das an" in page
    assert (await decide(arena, case, "dismissed", "office")).status_code == 204
    late = await call(arena, "moderator", "PUT", f"{CASES}/{case}/claim")
    assert late.json()["code"] == "report-decided"


async def test_d7_several_are_decided_each_by_itself(arena: Everyone) -> None:
    found = [await reported(arena) for _ in range(3)]
    ids = [case for _, _, case in found]
    moderator = await arena.client("moderator")
    asked = await moderator.post("/moderation/many", data={"case": ids, "reason": "Beleidigt."})
    assert len(re.findall(r">\nBeleidigt\.</textarea>", asked.text)) == 3
    assert [await text_of(arena, ref, said) for ref, said, _ in found] == ["Idiot!"] * 3
    await decide(arena, ids[1], "dismissed", "moderator-2")
    fields = {"case": ids, "outcome": "hidden", "ground": "insult", "reason": ["Eins.", "Z", "D"]}
    done = await moderator.post("/moderation/many/do", data=fields)
    assert done.text.count("schon entschieden") == 1
    assert [await text_of(arena, ref, said) for ref, said, _ in found] == [None, "Idiot!", None]
    hidden = [payload["reason"] for kind, payload in await log(arena, found[0][0], "moderator")
              if kind == "comment_hidden"]  # fmt: skip
    assert hidden == ["Eins."]


@pytest.mark.parametrize("count", [0, 50, 51])
async def test_d7_at_most_fifty_at_a_time(arena: Everyone, count: int) -> None:
    _, _, case = await reported(arena)
    others = [f"0a0b0c0d-0000-4000-8000-{number:012d}" for number in range(max(count - 1, 0))]
    fields = {"case": [case, *others][:count], "reason": "x"}
    answer = await (await arena.client("moderator")).post("/moderation/many", data=fields)
    assert answer.status_code == (200 if count == 50 else 422)
    guest = await (await arena.client("guest")).post(
        "/moderation/many", data=fields, follow_redirects=False
    )
    assert guest.status_code == 401


async def test_d12_the_log_tells_moderators_all_and_everybody_what_concerns_him(
    arena: Everyone,
) -> None:
    ref, _, case = await reported(arena)
    await decide(arena, case, "hidden")
    for by in ("guest", "author"):
        public = await log(arena, ref, by)
        assert public[-1][0] == "comment_hidden"
        assert public[-1][1]["reason"] == ""
        assert not [kind for kind, _ in public if kind.startswith("report")]
    kinds = [kind for kind, _ in await log(arena, ref, "moderator")]
    assert kinds[-3:] == ["report_received", "comment_hidden", "reports_decided"]
    answer = await call(arena, "moderator", "GET", f"/api/v1/ideas/{ref}/audit")
    acts = answer.json()["entries"][-3:]
    assert [each["act"] for each in acts] == kinds[-3:]
    assert "So nicht." not in answer.text
    assert acts[-1]["facts"]["outcome"] == "hidden"
