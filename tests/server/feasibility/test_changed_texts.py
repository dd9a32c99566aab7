"""What becomes of a judgement when its text changes: told, kept, changed, taken back."""

import pytest

from tests.server.casefile.records import call, move
from tests.server.feasibility.acts import begin, change, judge, read, tally, tick, told
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.pages.reading import Page

CHANGED = "judged_text_changed"


async def counted(arena: Everyone, ref: str) -> dict[str, int]:
    """How many people the gate finds for the legal side, and how many judged an earlier text."""
    unmet = (await move(arena, ref, "proposal", "qualifier")).json()["unmet"]
    found = next(each for each in unmet if each.get("dimension") == "legal")
    return {"found": found["found"], "earlier": found.get("earlier", 0)}


async def keep(arena: Everyone, ref: str, by: str = "expert") -> int:
    """Keep the judgement for the text of now."""
    version = (await arena.version(ref)).to_json()
    path = f"{ref}/judgements/legal/keep"
    return (await call(arena, by, "POST", path, text_version=version)).status_code


async def test_j3_j12_a_judgement_of_a_materially_different_text_counts_once_it_is_kept(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    assert await counted(arena, ref) == {"found": 1, "earlier": 0}
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    assert (await tally(arena, ref))["outdated"] == 1
    assert await counted(arena, ref) == {"found": 0, "earlier": 1}
    assert await keep(arena, ref) == 200
    assert (await tally(arena, ref))["outdated"] == 0
    assert await counted(arena, ref) == {"found": 1, "earlier": 0}


async def test_j3_j12_mere_spelling_leaves_a_judgement_as_it_is(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    seen = (await judge(arena, ref)).json()["text_version"]
    await write(arena, ref, "author", "situation", "…")
    assert (await arena.version(ref)).to_json() != seen
    assert (await tally(arena, ref))["outdated"] == 0
    assert await counted(arena, ref) == {"found": 1, "earlier": 0}
    assert (await read(arena, ref, "expert"))["mine"][0]["text_version"] == seen


async def test_j13_keeping_binds_to_the_text_that_was_seen_and_settles_nothing_anew(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    body = {"state": "met", "because": "Liegt vor.", "expected_revision": 1}
    await call(arena, "lead", "PUT", f"{ref}/conditions/legal/expert", **body)
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    seen = (await arena.version(ref)).to_json()
    await write(arena, ref, "author", "situation", "Nein, 40 Euro.")
    path = f"{ref}/judgements/legal/keep"
    kept = (await call(arena, "expert", "POST", path, text_version=seen)).json()
    assert (kept["text_version"], kept["reason"]) == (seen, "Nur mit Genehmigung.")
    assert (await tally(arena, ref))["outdated"] == 1  # he has not seen the 40
    (condition,) = (await call(arena, "guest", "GET", f"{ref}/conditions")).json()["conditions"]
    assert condition["settlement"]["state"] == "met"
    again = (await call(arena, "expert", "POST", path, text_version=seen)).json()
    assert again["updated_at"] == kept["updated_at"]


async def test_j13_nobody_keeps_what_he_has_not_given_or_for_a_text_nobody_saw(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    assert await keep(arena, ref, "participant") == 404
    await judge(arena, ref)
    path, version = f"{ref}/judgements/legal/keep", await arena.version(ref)
    unseen = version.to_json() | {"seq": 99}
    answer = await call(arena, "expert", "POST", path, text_version=unseen)
    assert (answer.status_code, answer.json()["code"]) == (409, "text-version-unknown")


async def test_j13_keeping_while_a_round_is_open_is_for_its_text(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro mehr.")
    asked = (await begin(arena, ref)).json()
    await write(arena, ref, "author", "situation", "Nein, 40 Euro.")
    assert await keep(arena, ref) == 409
    path = f"{ref}/judgements/legal/keep"
    kept = await call(arena, "expert", "POST", path, text_version=asked["text_version"])
    assert kept.json()["round_id"] == asked["id"]


async def test_j14_a_judgement_taken_back_leaves_nothing_and_no_settlement_for_a_later_one(
    arena: Everyone,
) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, expertise="lived", expertise_note="Nachbarin")
    path, settling = f"{ref}/judgements/legal", f"{ref}/conditions/legal/expert"
    body = {"state": "met", "because": "Liegt vor.", "expected_revision": 1}
    await call(arena, "lead", "PUT", settling, **body)
    assert (await call(arena, "expert", "DELETE", path)).status_code == 204
    assert (await call(arena, "expert", "DELETE", path)).status_code == 404
    assert (await tally(arena, ref))["n"] == 0
    assert (await call(arena, "guest", "GET", f"{ref}/conditions")).json()["conditions"] == []
    own = (await (await arena.client("expert")).get("/api/v1/me/data")).text
    assert "Nachbarin" not in own
    await judge(arena, ref)
    (condition,) = (await call(arena, "guest", "GET", f"{ref}/conditions")).json()["conditions"]
    assert (condition["settlement"], condition["revision"]) == (None, 2)
    stale = await call(arena, "lead", "PUT", settling, **body)
    assert (stale.status_code, stale.json()["code"]) == (409, "condition-moved")


async def test_j15_who_judged_is_told_once_the_text_has_rested(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    await judge(arena, ref, dimension="social")
    await judge(arena, ref, "qualifier")

    async def news(by: str) -> int:
        return await told(arena, ref, by, CHANGED)

    await change(arena, ref)
    await tick(arena, minutes=9)
    assert await news("expert") == 0
    await tick(arena, minutes=1)
    assert [await news("expert"), await news("qualifier")] == [1, 1]
    await tick(arena, minutes=1)
    assert await news("expert") == 1
    await change(arena, ref, "Nein, 40 Euro.")
    await tick(arena, hours=12)
    assert await news("expert") == 1  # not twice a day
    assert await keep(arena, ref, "qualifier") == 200
    await tick(arena, hours=12)
    assert [await news("expert"), await news("qualifier")] == [2, 1]
    log = (await call(arena, "guest", "GET", f"{ref}/events")).json()["events"]
    outdated = [each for each in log if each["kind"] == "judgements_outdated"]
    assert [each["payload"]["people"] for each in outdated] == [2, 1]


async def test_j15_nobody_is_told_of_mere_spelling_or_where_nothing_is_judged_any_more(
    arena: Everyone,
) -> None:
    spelt, moved = await arena.idea("feasibility"), await arena.idea("feasibility")
    for ref in (spelt, moved):
        await judge(arena, ref)
    await change(arena, spelt, "…")
    await change(arena, moved)
    await move(arena, moved, "returned", "moderator")
    await tick(arena, hours=1)
    for ref in (spelt, moved):
        assert await told(arena, ref, "expert", CHANGED) == 0


async def test_j18_who_made_a_condition_is_told_when_it_is_settled(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    body = {"state": "accepted", "because": "Gilt nur ein Jahr.", "expected_revision": 1}
    await call(arena, "lead", "PUT", f"{ref}/conditions/legal/expert", **body)
    assert await told(arena, ref, "expert", "condition") == 1


async def test_the_review_shows_both_texts_and_names_what_matters(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref, reason="<b>Nur</b> mit Genehmigung.")
    await write(arena, ref, "author", "situation", "Das kostet 30 Euro <img src=x>.")
    client, path = await arena.client("expert"), f"/ideas/{ref}/judgements/legal"
    page = Page(await client.get(f"{path}/review"))
    named = [each.text for each in page.all("span") if each.attributes.get("class") == "badge warn"]
    assert named == ["Kosten"]
    assert any("30 Euro" in each.text for each in page.all("ins"))
    assert "<img src=x" not in page.source
    assert "&lt;b&gt;Nur" in page.source
    form = {
        each["name"]: each["value"]
        for each in page.all("input")
        if each.attributes.get("type") == "hidden"
    }
    assert (await client.post(f"{path}/keep", data=form | {"sha256": "0" * 64})).status_code == 409
    done = await client.post(f"{path}/keep", data=form, follow_redirects=False)
    assert done.headers["location"] == f"/ideas/{ref}#judgements"
    assert "Der Text ist noch derselbe." in (await client.get(f"{path}/review")).text
    gone = await client.post(f"{path}/withdraw", data={}, follow_redirects=False)
    assert gone.status_code == 303
    assert (await client.get(f"{path}/review")).status_code == 404


@pytest.mark.parametrize("by", ["guest", "participant", "moderator"])
async def test_nobody_reviews_the_judgement_of_another(arena: Everyone, by: str) -> None:
    ref = await arena.idea("feasibility")
    await judge(arena, ref)
    answer = await (await arena.client(by)).get(f"/ideas/{ref}/judgements/legal/review")
    assert answer.status_code == 404


async def test_j17_what_is_open_for_me_is_on_one_page(arena: Everyone) -> None:
    client = await arena.client("signatory")
    ref, asking = await arena.idea("feasibility"), await arena.idea("feasibility")
    await judge(arena, ref, "signatory")
    await change(arena, ref)
    await begin(arena, asking)
    links = {each["href"] for each in Page(await client.get("/judgements")).all("a")}
    assert f"/ideas/{ref}/judgements/legal/review" in links
    assert f"/ideas/{asking}?dimension=legal#judge" in links
    await keep(arena, ref, "signatory")
    await judge(arena, asking, "signatory")
    page = Page(await client.get("/judgements"))
    links = {each["href"] for each in page.all("a")}
    assert f"/ideas/{asking}?dimension=legal#judge" not in links
    assert f"/ideas/{asking}?dimension=technical#judge" in links
    assert "Für einen früheren Text" not in page.source


async def test_j17_nothing_is_named_that_one_may_not_read(arena: Everyone) -> None:
    ref = await arena.idea("feasibility")
    await begin(arena, ref)
    answer = await (await arena.client("guest")).get("/judgements", follow_redirects=False)
    assert answer.status_code in {303, 401}
    seen = (await (await arena.client("observer")).get("/judgements")).text
    assert ref not in seen  # an observer judges nothing, so nothing is open for him
