"""Slow mode: for whom, how long, and what whoever must wait is told."""

from tests.server.abuse.reporting import call, log, tick
from tests.server.idea.arena_of_all import Everyone

SLOW = {"seconds": 60, "hours": 1, "reason": "Es geht hoch her."}


async def slowed(arena: Everyone) -> tuple[str, str]:
    """An idea in slow mode: its reference and its path."""
    ref = await arena.idea("open")
    path = f"/api/v1/ideas/{ref}"
    assert (await call(arena, "moderator", "PUT", f"{path}/slow-mode", **SLOW)).status_code == 204
    return ref, path


async def test_d11_people_outside_the_team_wait_their_turn(arena: Everyone) -> None:
    ref, path = await slowed(arena)
    first = await call(arena, "participant", "POST", f"{path}/comments", text="Eins")
    assert first.status_code == 201
    client = await arena.client("participant")
    early = await client.post(f"{path}/comments", json={"text": "Zwei"})
    assert (early.status_code, early.json()["code"]) == (429, "slow-mode")
    assert early.headers["retry-after"] == "60"
    assert "60 Sekunden" in early.json()["detail"]
    page = await client.post(f"/ideas/{ref}/comments", data={"text": "Mein langer Text."})
    assert (page.status_code, page.headers["retry-after"]) == (429, "60")
    assert "Mein langer Text.</textarea>" in page.text
    # Others have their own turns, and the team and moderators need none.
    for by in ("expert", "lead", "lead", "moderator", "moderator"):
        said = await call(arena, by, "POST", f"{path}/comments", text="Ich")
        assert said.status_code == 201, by
    arena.arena.clock.pass_by(seconds=60)
    assert (await client.post(f"{path}/comments", json={"text": "Zwei"})).status_code == 201


async def test_d11_what_is_refused_for_another_reason_costs_no_turn(arena: Everyone) -> None:
    _, path = await slowed(arena)
    nowhere = "0a0b0c0d-0000-4000-8000-000000000000"
    wrong = await call(
        arena, "participant", "POST", f"{path}/comments", text="An wen?", reply_to=nowhere
    )
    assert wrong.status_code == 404
    right = await call(arena, "participant", "POST", f"{path}/comments", text="An alle.")
    assert right.status_code == 201


async def test_d11_everybody_sees_that_why_and_how_long(arena: Everyone) -> None:
    ref, path = await slowed(arena)
    await call(arena, "participant", "POST", f"{path}/comments", text="Eins")
    for by in ("guest", "participant", "lead"):
        client = await arena.client(by)
        for page in (f"/ideas/{ref}", f"/ideas/{ref}/fragments/slow"):
            text = (await client.get(page)).text
            assert "Es geht hoch her." in text
            assert ("Ihr nächster Beitrag geht in" in text) is (by == "participant")
    found = (await call(arena, "guest", "GET", f"{path}/slow-mode")).json()["slow"]
    assert (found["seconds"], found["wait_s"]) == (60, 0)
    kinds = [kind for kind, _ in await log(arena, ref, "guest")]
    assert kinds[0] == "slow_mode_set"


async def test_d11_it_ends_by_itself_or_before(arena: Everyone) -> None:
    ref, path = await slowed(arena)
    await call(arena, "participant", "POST", f"{path}/comments", text="Eins")
    arena.arena.clock.pass_by(hours=1)
    # Over is over, also before the clock has come round.
    assert (await call(arena, "guest", "GET", f"{path}/slow-mode")).json()["slow"] is None
    await tick(arena)
    await tick(arena)
    ended = [payload for kind, payload in await log(arena, ref, "guest")
             if kind == "slow_mode_ended"]  # fmt: skip
    assert ended == [{"cause": "over"}]
    assert (await call(arena, "moderator", "DELETE", f"{path}/slow-mode")).status_code == 404
    await call(arena, "moderator", "PUT", f"{path}/slow-mode", **SLOW)
    assert (await call(arena, "office", "DELETE", f"{path}/slow-mode")).status_code == 204
    assert (await log(arena, ref, "guest"))[-1] == ("slow_mode_ended", {"cause": "ended"})


async def test_d11_the_form_is_for_moderators_and_names_faults(arena: Everyone) -> None:
    ref = await arena.idea("open")
    moderator = await arena.client("moderator")
    page = f"/ideas/{ref}/slow"
    assert page in (await moderator.get(f"/ideas/{ref}")).text
    wrong = {"seconds": "7", "hours": "viele", "reason": ""}
    assert (await moderator.post(page, data=wrong)).status_code == 422
    sent = await moderator.post(
        page, data={k: str(v) for k, v in SLOW.items()}, follow_redirects=False
    )
    assert sent.status_code == 303
    assert "Es geht hoch her." in (await moderator.get(page)).text
    for by, status in (("lead", 403), ("participant", 403), ("cdo", 403)):
        assert (await (await arena.client(by)).get(page)).status_code == status
    assert (await moderator.post(f"{page}/end", follow_redirects=False)).status_code == 303
