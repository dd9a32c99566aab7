"""The short path of a need, through the API alone."""

from tests.server.idea.arena_of_all import Everyone
from tests.server.linking.linked import idea_of, link, make_measure, move

NEED = {"situation": "Auf dem Schulhof ist es zu heiß.", "affected": "600 Kinder."}


async def a_need(arena: Everyone, handle: str = "author", **changes: object) -> str:
    """A need as somebody brings it in who has no solution."""
    body = {"kind": "need", "title": "Schatten fehlt", "sections": NEED, "submit": True, **changes}
    made = await (await arena.client(handle)).post("/api/v1/ideas", json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["ref"])


async def test_ac_a2a_a_need_is_published_without_a_solution(arena: Everyone) -> None:
    ref = await a_need(arena, submit=False)
    assert (await move(arena, ref, "open", "author", reason="")).status_code == 200
    assert (await idea_of(arena, ref)).stage == "open"


async def test_ac_a2a_a_need_without_those_affected_says_what_is_missing(arena: Everyone) -> None:
    ref = await a_need(arena, submit=False, sections={"situation": "Zu heiß."})
    refused = await move(arena, ref, "open", "author", reason="")
    assert refused.status_code == 422
    assert refused.json()["unmet"] == [{"code": "section-empty", "section": "affected"}]


async def test_f28_a_need_is_covered_once_a_measure_answers_it_and_its_author_says_so(
    arena: Everyone,
) -> None:
    ref = await a_need(arena)
    refused = await move(arena, ref, "covered", "author")
    assert [each["code"] for each in refused.json()["unmet"]] == ["not-answered"]
    proposal = await arena.idea("measure_decentral")
    await link(arena, proposal, ref)
    assert (await move(arena, ref, "covered", "author")).json()["unmet"][0][
        "code"
    ] == "not-answered"
    await make_measure(arena, proposal)
    covered = await move(arena, ref, "covered", "author", reason="")
    assert (covered.status_code, covered.json()["stage"]) == (200, "covered")


async def test_f28_others_wait_four_weeks_before_they_say_a_need_is_covered(
    arena: Everyone,
) -> None:
    ref, proposal = await a_need(arena), await arena.idea("measure_decentral")
    await link(arena, proposal, ref)
    await make_measure(arena, proposal)
    arena.arena.clock.pass_by(days=28, seconds=-1)
    refused = await move(arena, ref, "covered")
    assert refused.json()["unmet"] == [{"code": "answer-waits", "found": 27, "needed": 28}]
    arena.arena.clock.pass_by(seconds=1)
    assert (await move(arena, ref, "covered")).status_code == 200


async def test_f28_an_answer_that_is_a_need_by_now_covers_nothing(arena: Everyone) -> None:
    ref, proposal = await a_need(arena), await arena.idea("open")
    await link(arena, proposal, ref)
    revision = (await idea_of(arena, proposal)).revision
    await (await arena.client("author")).put(
        f"/api/v1/ideas/{proposal}/kind", json={"kind": "need", "expected_revision": revision}
    )
    await make_measure(arena, proposal)
    assert (await move(arena, ref, "covered", "author")).status_code == 422


async def test_a_need_is_declined_with_a_reason_archived_and_restored(arena: Everyone) -> None:
    ref = await a_need(arena)
    bare = await move(arena, ref, "declined", reason="")
    assert bare.json()["unmet"] == [{"code": "reason-missing"}]
    for stage in ("declined", "archived", "declined"):
        moved = await move(arena, ref, stage)
        assert (moved.status_code, moved.json().get("stage")) == (200, stage), moved.text
