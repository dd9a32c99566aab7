"""Slow mode: for whom, how long, and what whoever must wait is told."""

from collab.sync.suggesting.passages import passage_at
from tests.server.abuse.reporting import call, log, tick
from tests.server.idea.arena_of_all import Everyone
from tests.server.suggestions.suggesting import WORDS, listed, suggest, words

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


async def test_d11_a_suggestion_or_a_requirement_takes_a_turn_as_a_comment_does(
    arena: Everyone,
) -> None:
    ref, path = await slowed(arena)
    client = await arena.client("participant")
    assert (await suggest(arena, ref, text="Eins.")).status_code == 201
    early = await suggest(arena, ref, text="Zwei.")
    assert (early.status_code, early.json()["code"]) == (429, "slow-mode")
    for name, given in (("comments", {"text": "Zwei"}), ("requirements", {"text": "Zwei"})):
        answer = await client.post(f"{path}/{name}", json=given)
        assert (answer.status_code, answer.json()["code"]) == (429, "slow-mode"), name
    form = {"section": "idea", "paragraph": "end", "before": "", "text": "Meine Worte."}
    page = await client.post(f"/ideas/{ref}/suggestions/new", data=form)
    assert (page.status_code, page.headers["retry-after"]) == (429, "60")
    assert "Meine Worte.</textarea>" in page.text
    assert "60 Sekunden" in page.text
    arena.arena.clock.pass_by(seconds=60)
    asked = await client.post(f"{path}/requirements", json={"text": "Ein Dach."})
    assert asked.status_code == 201
    assert (await suggest(arena, ref, text="Drei.")).json()["code"] == "slow-mode"
    for by in ("lead", "lead", "moderator"):
        assert (await suggest(arena, ref, text=f"Von {by}.", by=by)).status_code == 201


async def test_d11_a_comment_that_suggests_other_words_takes_one_turn(arena: Everyone) -> None:
    ref, path = await slowed(arena)
    flat = await words(arena, ref)
    anchor = {**passage_at(flat, 0, len(WORDS)).to_json(), "section": "idea"}
    given = {"text": "So?", "anchor": anchor, "suggestion": "Anders."}
    answer = await call(arena, "participant", "POST", f"{path}/comments", **given)
    assert answer.status_code == 201, answer.text
    assert [each["text"] for each in await listed(arena, ref)] == ["Anders"]
    client = await arena.client("participant")
    for again in (given, {**given, "text": "Oder so?"}):
        refused = await client.post(f"{path}/comments", json=again)
        assert refused.json()["code"] == "slow-mode"
    assert len(await listed(arena, ref)) == 1
