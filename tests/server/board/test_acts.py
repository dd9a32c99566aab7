"""Acts on many ideas, and acts that are prepared and published together."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from collab.process.board.prepared import ACTS_MAX
from storage import events
from storage.events import StoredEvent
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write

DECISIONS = "/api/v1/board/decisions"


async def body(arena: Everyone, ref: str, to: str, **changes: Any) -> dict[str, Any]:
    """A move as an honest client asks for it, but for ``changes``."""
    revision, version = await arena.state(ref)
    found = {"ref": ref, "to": to, "expected_revision": revision, "text_version": version}
    return {**found, "reason": f"Darum {ref}.", **changes}


async def stage(arena: Everyone, ref: str) -> str:
    return str((await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}")).json()["stage"])


async def reasons(arena: Everyone, ref: str) -> list[str]:
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/stages")
    return [each["reason"] for each in answer.json()["changes"]]


async def prepare(
    arena: Everyone, *acts: dict[str, Any], by: str = "moderator", name: str = "Mai"
) -> httpx2.Response:
    client = await arena.client(by)
    return await client.post(DECISIONS, json={"list_name": name, "acts": acts})


async def publish(
    arena: Everyone, acts: Sequence[dict[str, Any]], by: str = "moderator-2", name: str = "Mai"
) -> list[dict[str, Any]]:
    client, ids = await arena.client(by), [act["id"] for act in acts]
    answer = await client.post(f"{DECISIONS}/publish", json={"list_name": name, "acts": ids})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def listed(arena: Everyone, name: str = "Mai") -> list[dict[str, Any]]:
    answer = await (await arena.client("office")).get(DECISIONS)
    return [act for each in answer.json()["lists"] if each["name"] == name for act in each["acts"]]


async def test_b7_each_of_many_has_its_own_reason_and_its_own_fate(arena: Everyone) -> None:
    good, late, empty = [await arena.idea("open") for _ in range(3)]
    client = await arena.client("moderator")
    moves = [
        await body(arena, good, "returned", reason="Bitte kürzen."),
        await body(arena, late, "returned", expected_revision=1),
        await body(arena, empty, "returned", reason=" "),
    ]
    answer = await client.post("/api/v1/board/moves", json={"moves": moves})
    done, beaten, lacking = answer.json()["results"]
    assert (answer.status_code, done["ref"], done["done"]) == (200, good, True)
    assert (beaten["done"], beaten["code"]) == (False, "stage-moved")
    assert (lacking["done"], lacking["code"]) == (False, "unmet")
    assert [each["code"] for each in lacking["detail"]["unmet"]] == ["reason-missing"]
    assert [await stage(arena, ref) for ref in (good, late, empty)] == ["returned", "open", "open"]
    assert await reasons(arena, good) == ["Bitte kürzen."]


async def test_b7_fifty_are_taken_and_one_more_is_not(arena: Everyone) -> None:
    ref = await arena.idea("open")
    client, one = await arena.client("moderator"), await body(arena, ref, "returned")
    # None of these exists, so each is refused by itself.
    many = [{**one, "ref": f"2031-{number:05d}"} for number in range(1, ACTS_MAX + 2)]
    answer = await client.post("/api/v1/board/moves", json={"moves": many[:ACTS_MAX]})
    assert answer.status_code == 200
    assert {each["code"] for each in answer.json()["results"]} == {"not-found"}
    answer = await client.post("/api/v1/board/moves", json={"moves": many})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"moves": "too-long"})
    answer = await client.post("/api/v1/board/moves", json={"moves": [one, one]})
    assert (answer.status_code, answer.json()["fields"]) == (422, {"refs": "twice"})


async def test_b8_a_prepared_act_decides_nothing_and_is_not_public(arena: Everyone) -> None:
    ref = await arena.idea("open")
    answer = await prepare(arena, await body(arena, ref, "returned", reason="geheimgrund"))
    assert answer.status_code == 201
    (act,) = answer.json()["acts"]
    assert (act["to"], act["prepared_by"], act["is_current"]) == ("returned", "Moderator", True)
    assert await stage(arena, ref) == "open"
    for handle in ("guest", "author", "participant"):
        client = await arena.client(handle)
        assert (await client.get(DECISIONS)).status_code in {401, 403}
        assert "geheimgrund" not in (await client.get(f"/ideas/{ref}")).text
        assert "geheimgrund" not in (await client.get(f"/api/v1/ideas/{ref}/events")).text


async def test_b8_what_no_longer_fits_is_not_executed_stays_and_says_why(
    either: Everyone,
) -> None:
    fits, moved, written, lacking = [await either.idea("open") for _ in range(4)]
    acts = [await body(either, ref, "returned") for ref in (fits, moved, written)]
    acts.append(await body(either, lacking, "returned", reason=""))
    prepared = (await prepare(either, *acts)).json()["acts"]
    client = await either.client("office")
    act = await body(either, moved, "declined")
    answer = await client.post(
        f"/api/v1/ideas/{moved}/stage", json={key: act[key] for key in act if key != "ref"}
    )
    assert answer.status_code == 200, answer.text
    await write(either, written, "author", "situation", "Neu ist das hier.")
    results = {each["ref"]: each for each in await publish(either, prepared)}
    assert {ref: each["code"] for ref, each in results.items()} == {
        fits: None, moved: "stage-moved", written: "text-moved", lacking: "unmet",
    }  # fmt: skip
    assert results[moved]["detail"]["winner"]["name"] == "Office"
    stages = [await stage(either, ref) for ref in (fits, moved, written, lacking)]
    assert stages == ["returned", "declined", "open", "open"]
    left = {each["ref"]: each for each in await listed(either)}
    assert left.keys() == {moved, written, lacking}
    assert {ref: each["refusal"]["code"] for ref, each in left.items()} == {
        moved: "stage-moved", written: "text-moved", lacking: "unmet",
    }  # fmt: skip
    assert "Office" not in str(left)
    assert not left[moved]["is_current"]
    history = (await client.get(f"/api/v1/ideas/{fits}/stages")).json()["changes"]
    assert [each["actor"] for each in history] == ["Moderator-2"]


async def test_b9_all_that_fit_are_committed_before_any_of_them_is_told(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [await arena.idea("open") for _ in range(4)]
    acts = [await body(arena, ref, "returned") for ref in refs]
    prepared = (await prepare(arena, *acts)).json()["acts"]
    services = arena.arena.services
    announce, rounds = services.announcer.announce, []

    async def note(stored: Sequence[StoredEvent]) -> None:
        told = [each for each in stored if each.kind == "stage_changed"]
        if told:
            async with services.database.read() as tx:
                known = [each.kind for each in await events.since(tx, told[0].id - 1)]
            rounds.append((len(told), known.count("stage_changed")))
        await announce(stored)

    monkeypatch.setattr(services.announcer, "announce", note)
    assert all(each["done"] for each in await publish(arena, prepared))
    # The tail may have read them once more.
    assert set(rounds) == {(len(refs), len(refs))}


async def test_b9_only_what_was_reviewed_is_published(arena: Everyone) -> None:
    one, other = await arena.idea("open"), await arena.idea("open")
    seen = (await prepare(arena, await body(arena, one, "returned"))).json()["acts"]
    await prepare(arena, await body(arena, other, "returned"), by="office")
    assert [each["ref"] for each in await publish(arena, seen)] == [one]
    assert [each["ref"] for each in await listed(arena)] == [other]


async def test_b8_of_two_who_publish_at_once_each_act_is_made_once(either: Everyone) -> None:
    refs = [await either.idea("open") for _ in range(3)]
    acts = [await body(either, ref, "returned") for ref in refs]
    prepared = (await prepare(either, *acts)).json()["acts"]
    results = await asyncio.gather(
        publish(either, prepared, "moderator"), publish(either, prepared, "office")
    )
    done = [each["ref"] for found in results for each in found if each["done"]]
    assert sorted(done) == sorted(refs)
    assert await listed(either) == []
    for ref in refs:
        assert len(await reasons(either, ref)) == 1


async def test_b8_a_list_takes_fifty_and_an_idea_once(arena: Everyone) -> None:
    ref = await arena.idea("open")
    await prepare(arena, await body(arena, ref, "returned", reason="Erst so."))
    await prepare(arena, await body(arena, ref, "elaboration", reason="Dann so."))
    (act,) = await listed(arena)
    assert (act["to"], act["reason"]) == ("elaboration", "Dann so.")
    wrong = await prepare(arena, await body(arena, ref, "proposal"))
    assert (wrong.status_code, wrong.json()["code"]) == (409, "no-transition")
    nameless = await prepare(arena, await body(arena, ref, "returned"), name="  ")
    assert (nameless.status_code, nameless.json()["fields"]) == (422, {"list_name": "empty"})
    client = await arena.client("moderator")
    assert (await client.delete(f"{DECISIONS}/{act['id']}")).status_code == 204
    assert (await client.delete(f"{DECISIONS}/{act['id']}")).status_code == 404
    assert await listed(arena) == []


async def test_b9_what_was_prepared_anew_since_the_review_is_not_published(
    either: Everyone,
) -> None:
    ref = await either.idea("open")
    seen = (await prepare(either, await body(either, ref, "returned", reason="Geprüft."))).json()
    anew = await body(either, ref, "declined", reason="Nie geprüft.")
    assert (await prepare(either, anew, by="office")).status_code == 201
    assert await publish(either, seen["acts"]) == []
    assert await stage(either, ref) == "open"
    (left,) = await listed(either)
    assert (left["to"], left["reason"]) == ("declined", "Nie geprüft.")
    (done,) = await publish(either, [left])
    assert done["done"]
