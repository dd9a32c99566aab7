"""Districts of ideas: said by teams, shown to everybody, searched for and followed."""

from typing import Any

import pytest

from tests.server.idea.arena_of_all import Everyone
from tests.server.pages.reading import get, post


async def put(arena: Everyone, ref: str, *districts: str, by: str = "author") -> tuple[int, Any]:
    client = await arena.client(by)
    body = {"districts": list(districts)}
    answer = await client.put(f"/api/v1/ideas/{ref}/districts", json=body)
    return answer.status_code, answer.json()


async def listed(arena: Everyone, **query: str) -> list[str]:
    found = await (await arena.client("guest")).get("/api/v1/ideas", params=query)
    assert found.status_code == 200, found.text
    return [each["ref"] for each in found.json()["ideas"]]


async def test_n17_the_team_says_where_and_everybody_reads_it(arena: Everyone) -> None:
    ref = await arena.idea("open")
    assert await put(arena, ref, "pankow", "mitte", "pankow") == (
        200,
        {"districts": ["mitte", "pankow"]},
    )
    assert (await put(arena, ref, "spandau", by="participant"))[0] == 403
    guest = await arena.client("guest")
    read = (await guest.get(f"/api/v1/ideas/{ref}")).json()
    assert read["districts"] == ["mitte", "pankow"]
    page = await get(guest, f"/ideas/{ref}")
    assert [each.text for each in page.all("a", href="/?district=mitte")] == ["Mitte"]
    assert "2 Bezirke als Ort angegeben" in page.text
    events = (await guest.get(f"/api/v1/ideas/{ref}/events")).json()["events"]
    assert [each["payload"] for each in events if each["kind"] == "districts_set"] == [
        {"districts": "mitte pankow"}
    ]
    assert await put(arena, ref) == (200, {"districts": []})
    assert (await guest.get(f"/api/v1/ideas/{ref}/districts")).json() == {"districts": []}


async def test_n17_saying_the_same_again_is_no_news(arena: Everyone) -> None:
    ref = await arena.idea("open")
    for _ in range(2):
        assert (await put(arena, ref, "city_wide"))[0] == 200
    events = (await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/events")).json()
    assert [each["kind"] for each in events["events"]].count("districts_set") == 1


@pytest.mark.parametrize("count", [4, 21])
async def test_n17_more_than_three_are_refused_and_nothing_changes(
    arena: Everyone, count: int
) -> None:
    ref = await arena.idea("open")
    assert (await put(arena, ref, "mitte"))[0] == 200
    everywhere = ["mitte", "pankow", "spandau", "neukoelln", *["lichtenberg"] * 17]
    status, refusal = await put(arena, ref, *everywhere[:count])
    assert status == 422
    assert "districts" in str(refusal)
    read = (await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/districts")).json()
    assert read == {"districts": ["mitte"]}


async def test_n17_districts_come_with_a_new_idea_or_nothing_is_created(arena: Everyone) -> None:
    author = await arena.client("author")
    new = {"kind": "need", "title": "Bänke am Ufer", "districts": ["spandau"]}
    made = (await author.post("/api/v1/ideas", json=new)).json()
    assert made["districts"] == ["spandau"]
    before = (await author.get("/api/v1/ideas", params={"mine": "true"})).json()["ideas"]
    refused = await author.post("/api/v1/ideas", json={**new, "districts": ["atlantis"]})
    assert refused.status_code == 422
    assert refused.json()["fields"] == {"districts": "unknown-choice"}
    after = (await author.get("/api/v1/ideas", params={"mine": "true"})).json()["ideas"]
    assert [each["ref"] for each in after] == [each["ref"] for each in before]


async def test_i4_a_drafts_districts_are_for_its_team(arena: Everyone) -> None:
    ref = await arena.idea("draft")
    assert (await put(arena, ref, "reinickendorf"))[0] == 200
    for handle in ("guest", "participant"):
        client = await arena.client(handle)
        assert (await client.get(f"/api/v1/ideas/{ref}/districts")).status_code == 404
    assert await listed(arena, district="reinickendorf") == []


async def test_n20_lists_are_narrowed_to_a_district(arena: Everyone) -> None:
    there, elsewhere = await arena.idea("open"), await arena.idea("open")
    await put(arena, there, "lichtenberg", "mitte")
    await put(arena, elsewhere, "city_wide")
    assert await listed(arena, district="lichtenberg") == [there]
    guest = await arena.client("guest")
    unknown = await guest.get("/api/v1/ideas", params={"district": "atlantis"})
    assert unknown.json()["fields"] == {"district": "unknown-choice"}
    page = await get(guest, "/?district=lichtenberg&kind=proposal")
    assert there in page.text
    assert elsewhere not in page.text
    assert "1 Idee" in page.text
    chosen = [each["value"] for each in page.all("option") if "selected" in each.attributes]
    assert "lichtenberg" in chosen
    kept = [each["href"] for each in page.all("a") if "stage=" in each.attributes.get("href", "")]
    assert kept
    assert all("district=lichtenberg" in href for href in kept)
    assert elsewhere in (await get(guest, "/?district=atlantis")).text


async def test_n20_following_a_district_is_a_saved_search(arena: Everyone) -> None:
    reader = await arena.client("participant")
    page = await get(reader, "/following")
    values = [each["value"] for each in page.all("option")]
    assert "district=neukoelln" in values
    assert (await post(reader, "/following/searches", parameters="district=neukoelln")).is_redirect
    page = await get(reader, "/following")
    assert page.one("a", href="/?district=neukoelln").text == "Neukölln"
    assert "district=neukoelln" not in [each["value"] for each in page.all("option")]


async def test_n17_the_form_says_what_is_wrong_and_keeps_what_was_ticked(arena: Everyone) -> None:
    ref = await arena.idea("open")
    author = await arena.client("author")
    path = f"/ideas/{ref}/districts"
    wrong = await author.post(path, data={"districts": ["city_wide", "mitte"]})
    assert wrong.status_code == 422
    assert "„Ganz Berlin“ steht allein" in wrong.text
    assert wrong.text.count(" checked") == 2
    done = await author.post(path, data={"districts": ["mitte"]}, follow_redirects=False)
    assert done.status_code == 303
    stranger = await (await arena.client("guest")).get(path)
    assert stranger.status_code == 303
    assert stranger.headers["location"].startswith("/sign-in")
