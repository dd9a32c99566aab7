"""Workshops over the API: programs open, join and lead them."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.server.workshop.evening import Evening

KEY = "0123456789abcdef" * 2
WORKSHOPS = "/api/v1/workshops"


async def test_ws17_a_program_opens_leads_and_ends_an_evening(kiez: Evening) -> None:
    boss = await kiez.everyone.client("moderator")
    (template, *_) = (await boss.get("/api/v1/workshop-templates")).json()["templates"]
    assert (template["id"], template["minutes"], len(template["agenda"])) == ("idea-evening", 90, 6)
    body: dict[str, Any] = {"title": "Abend", "tables": ["A", "B"], "template": "check-in"}
    opened = (await boss.post(WORKSHOPS, json=body)).json()
    assert [each["name"] for each in opened["tables"]] == ["A", "B", "Fern"]
    code = opened["code"]
    at = f"{WORKSHOPS}/{code}"
    mine = (await boss.get(WORKSHOPS)).json()["workshops"]
    assert {each["code"] for each in mine} == {code, kiez.code}
    led = await call(boss, "POST", f"{at}/step", 200, step=2, starts_timer=True, revision=0)
    assert led == {"revision": 1, "step": 2}
    await call(boss, "POST", f"{at}/step", 409, step=3, revision=0)
    await call(boss, "POST", f"{at}/timer", 200, deed="extend", minutes=3)
    await call(boss, "PUT", f"{at}/frozen", 200, on=True)
    await call(boss, "PUT", f"{at}/names", 200, on=True)
    added = await call(boss, "POST", f"{at}/tables", 201, name="C")
    await call(boss, "PUT", f"{at}/tables/{added['number']}", 204, name="Balkon")
    await call(boss, "POST", f"{at}/facilitators", 204, handle="office")
    held = (await boss.get(at)).json()
    assert sorted(held["facilitators"]) == ["Moderator", "Office"]
    await call(boss, "DELETE", f"{at}/facilitators/office", 204)
    await call(boss, "POST", f"{at}/timer", 200, deed="stop")
    await call(boss, "POST", f"{at}/door", 204, deed="prolong", hours=48)
    await call(boss, "POST", f"{at}/door", 204, deed="end")
    held = (await boss.get(at)).json()
    assert (held["step"], held["timer_ends_at"], held["is_open"]) == (2, None, False)
    assert held["tables"][-1]["name"] == "Balkon"
    await call(boss, "POST", f"{at}/frozen", 405)
    for faulty, field in (
        ({"template": "none"}, "template"),
        ({"agenda": [{"kind": "dance", "label": {"de": "x"}, "minutes": 1}]}, "agenda.0.kind"),
        ({"tables": []}, "tables"),
        ({"hours": 0}, "hours"),
        ({"dots_per_person": 51}, "dots_per_person"),
    ):
        problem = await call(boss, "POST", WORKSHOPS, 422, **{**body, **faulty})
        assert list(problem["fields"]) == [field]
    agenda = [{"kind": "vote", "label": {"de": "Los"}, "minutes": 3, "hint": {"de": "Leise."}}]
    own = await call(boss, "POST", WORKSHOPS, 201, **{**body, "template": "", "agenda": agenda})
    assert own["agenda"] == [{**agenda[0], "is_silent": False, "instruction": {}}]


async def test_jn13_a_program_comes_in_and_acts_with_its_token(kiez: Evening) -> None:
    at = f"{WORKSHOPS}/{kiez.code}"
    nobody = await kiez.everyone.client("guest")
    seen = (await nobody.get(at)).json()
    # Who has the code and is not in learns what it is, and of nobody who is there.
    assert (seen["standing"], seen["is_open"], seen["people"]) == ("outside", True, [])
    assert (seen["agenda"], seen["steps"], seen["facilitators"]) == ([], 4, [])
    assert {each["code"] for each in seen["tables"]} == {None}
    twice = [
        await call(nobody, "POST", f"{at}/join", 201, name="Ana", table=2, key=KEY) for _ in "xx"
    ]
    assert [each["name"] for each in twice] == ["Ana", "Ana"]
    guest = kiez.everyone.arena.browser(Authorization=f"Bearer {twice[0]['token']}")
    await call(guest, "PUT", f"{at}/hand", 204, up=True)
    held = (await guest.get(f"{WORKSHOPS}/{kiez.tables[0].code}")).json()
    assert [(each["name"], each["table"]) for each in held["people"]] == [("Ana", 2)]
    assert held["people"][0]["hand_raised_at"] is not None
    await call(guest, "PUT", f"{at}/seat", 204, table=1)
    await call(guest, "POST", f"{at}/step", 403, step=2)
    boss = await kiez.everyone.client("moderator")
    person = f"{at}/people/{held['people'][0]['id']}"
    await call(boss, "DELETE", f"{person}/hand", 204)
    await call(boss, "PUT", f"{person}/seat", 204, table=3)
    (there,) = (await boss.get(at)).json()["people"]
    assert (there["table"], there["hand_raised_at"]) == (3, None)
    await call(boss, "DELETE", person, 204)
    assert (await guest.get(at)).status_code == 401
    member = await kiez.everyone.client("participant")
    joined = await call(member, "POST", f"{at}/join", 201)
    assert (joined["name"], joined["token"]) == ("Participant", None)
    await call(nobody, "POST", f"{WORKSHOPS}/ZZZZZZ/join", 404, name="Ana")
    await guest.aclose()


async def call(
    client: httpx2.AsyncClient, method: str, path: str, status: int, **body: Any
) -> dict[str, Any]:
    """What the call answers, which must have that status."""
    answer = await client.request(method, path, json=body if method != "DELETE" else None)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found
