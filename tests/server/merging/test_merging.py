"""What readers find at both ideas once one went on in the other, and once they are two again."""

from typing import Any

from collab.process.actors import Role
from storage import ideas
from storage.people import by_handle
from tests.server.feasibility.acts import change, judge, told
from tests.server.idea.arena_of_all import Everyone
from tests.server.linking.linked import idea_of, link, links, log
from tests.server.merging.acts import (
    answer,
    carry_out,
    comment,
    comments,
    followers,
    merged,
    merges,
    pair,
    propose,
    separate,
)


async def with_people(arena: Everyone) -> tuple[str, str]:
    """Two ideas at which people spoke, judged, followed, planned and linked."""
    source, target = await pair(arena)
    first = await comment(arena, source, "expert", "Wo genau?")
    await comment(arena, source, "author", "Überall.", reply_to=first["id"])
    await comment(arena, target, "signatory", "Schön.")
    for ref, by, verdict in (
        (source, "expert", "feasible"), (source, "signatory", "open"),
        (target, "signatory", "not_feasible"),
    ):  # fmt: skip
        assert (await judge(arena, ref, by, verdict=verdict)).status_code == 200
    follower = await arena.client("auditor")
    assert (await follower.put(f"/api/v1/ideas/{source}/follow", json={"follows": True})).is_success
    task = {"text": "Bäume zählen", "comment_id": None}
    made = await (await arena.client("author")).post(f"/api/v1/ideas/{source}/tasks", json=task)
    assert made.status_code in {200, 201, 422}, made.text
    return source, target


async def state_of(arena: Everyone, ref: str) -> dict[str, Any]:
    """All that a reader sees of an idea's people and talk."""
    guest = await arena.client("guest")
    judged = (await guest.get(f"/api/v1/ideas/{ref}/judgements")).json()
    idea = (await guest.get(f"/api/v1/ideas/{ref}")).json()
    return {
        "comments": await comments(arena, ref),
        "followers": await followers(arena, ref),
        "links": [(each["kind"], each["ref"]) for each in await links(arena, ref)],
        "judged": [(each["dimension"], each["n"]) for each in judged["tallies"] if each["n"]],
        "team": sorted((each["person"]["handle"], each["role"]) for each in idea["team"]),
        "text": (await guest.get(f"/api/v1/ideas/{ref}/text")).json()["version"],
        "stage": idea["stage"],
    }


async def test_ac_a12a_mg5_everybody_is_at_the_idea_that_stays(arena: Everyone) -> None:
    source, target = await with_people(arena)
    before = await state_of(arena, source), await state_of(arena, target)
    merge_id = await merged(arena, source, target)
    after = await state_of(arena, target)
    assert sorted(after["comments"]) == sorted(before[0]["comments"] + before[1]["comments"])
    assert after["followers"] == before[0]["followers"] | before[1]["followers"]
    assert {*after["team"]} == {*before[0]["team"], *before[1]["team"]}
    (found,) = await merges(arena, target)
    assert (found["id"], found["state"]) == (merge_id, "done")
    assert found["moved"]["comments"] == 2


async def test_ac_a12b_mg6_who_judged_both_counts_once_and_the_other_is_asked(
    arena: Everyone,
) -> None:
    source, target = await with_people(arena)
    await merged(arena, source, target)
    guest = await arena.client("guest")
    tallies = (await guest.get(f"/api/v1/ideas/{target}/judgements")).json()["tallies"]
    (legal,) = [each for each in tallies if each["dimension"] == "legal"]
    assert (legal["n"], legal["outdated"]) == (2, 1)
    assert legal["by_verdict"]["not_feasible"] == legal["by_verdict"]["feasible"] == 1
    assert await told(arena, target, "expert", "judgement_moved") == 1
    assert await told(arena, target, "signatory", "judgement_moved") == 0


async def test_mg6_who_judged_keeps_changes_or_takes_it_back(arena: Everyone) -> None:
    for act in ("keep", "change", "withdraw"):
        source, target = await with_people(arena)
        await merged(arena, source, target)
        client, path = await arena.client("expert"), f"/api/v1/ideas/{target}/judgements/legal"
        seen = {"text_version": (await arena.version(target)).to_json()}
        page = await client.get(f"/ideas/{target}/judgements/legal/review")
        assert page.status_code == 200
        assert source in page.text
        if act == "keep":
            done = await client.post(f"{path}/keep", json=seen)
        elif act == "change":
            done = await judge(arena, target, "expert", verdict="not_feasible")
        else:
            done = await client.delete(path)
        assert done.is_success, (act, done.text)
        tallies = (await client.get(f"/api/v1/ideas/{target}/judgements")).json()["tallies"]
        (legal,) = [each for each in tallies if each["dimension"] == "legal"]
        assert (legal["n"], legal["outdated"]) == (1 if act == "withdraw" else 2, 0), act


async def test_mg7_the_merged_idea_is_read_and_nobody_writes_there(arena: Everyone) -> None:
    source, target = await with_people(arena)
    await merged(arena, source, target)
    guest, author = await arena.client("guest"), await arena.client("author")
    page = await guest.get(f"/ideas/{source}")
    assert page.status_code == 200
    assert f'href="/ideas/{target}"' in page.text
    assert 'data-access="read"' in (await author.get(f"/ideas/{source}")).text
    body = {"kind": "note", "text": "Noch etwas."}
    refused = await author.post(f"/api/v1/ideas/{source}/comments", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    there = await guest.get(f"/ideas/{target}")
    assert f'href="/ideas/{source}"' in there.text
    assert "Author" in there.text
    for ref in (source, target):
        assert "ideas_merged" in [kind for kind, _ in await log(arena, ref)]


async def test_mg5_a_link_to_a_comment_finds_it_where_it_is_now(arena: Everyone) -> None:
    source, target = await pair(arena)
    said = await comment(arena, source, "expert", "Wo genau?")
    await merged(arena, source, target)
    guest = await arena.client("guest")
    found = await guest.get(f"/ideas/{source}/comments/{said['id']}", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (
        303,
        f"/ideas/{target}#comment-{said['id']}",
    )


async def test_mg7_the_merged_idea_leaves_lists_and_hints_and_is_found_by_its_number(
    arena: Everyone,
) -> None:
    source, target = await pair(arena)
    guest = await arena.client("guest")
    assert source in (await guest.get("/?q=Bäume")).text
    await merged(arena, source, target)
    assert source not in (await guest.get("/")).text
    hints = await guest.get(f"/api/v1/ideas/{target}/similar")
    assert hints.status_code == 200
    assert source not in hints.text
    found = await guest.get("/api/v1/ideas", params={"stage": "merged"})
    assert source in found.text
    # Another one can go on in it as well; the form for that is one click away.
    page = await (await arena.client("moderator")).get(f"/ideas/{target}/merge")
    assert f"/ideas/{target}/merge?new=1" in page.text
    assert (
        'name="to"'
        in (await (await arena.client("moderator")).get(f"/ideas/{target}/merge?new=1")).text
    )


async def test_mg8_an_open_page_shows_the_talk_that_is_left(arena: Everyone) -> None:
    source, target = await pair(arena)
    said = await comment(arena, source, "expert", "Wo genau?")
    await comment(arena, target, "expert", "Wann?")
    guest = await arena.client("guest")
    for ref, there in ((source, "Wo genau?"), (target, "Wann?")):
        assert there in (await guest.get(f"/ideas/{ref}")).text
    await merged(arena, source, target)
    left = await guest.get(f"/ideas/{source}/fragments/comments?from={said['id']}")
    assert left.status_code == 200
    assert "Wo genau?" not in left.text
    both = await guest.get(f"/ideas/{target}/fragments/comments")
    assert "Wo genau?" in both.text
    assert "gesagt bei" in both.text


async def test_mg11_authors_speakers_and_followers_are_told_once(arena: Everyone) -> None:
    source, target = await with_people(arena)
    await merged(arena, source, target)
    for handle in ("author", "auditor", "signatory"):
        assert await told(arena, target, handle, "merged") == 1, handle
    assert await told(arena, target, "expert", "merged") == 0  # his judgement is what he hears of
    assert await told(arena, target, "participant", "merged") == 0
    # Who followed the one follows the other, and has one button to leave it.
    follower = await arena.client("auditor")
    leave = f'action="/ideas/{target}/follow"'
    assert leave in (await follower.get("/inbox")).text
    await follower.post(f"/ideas/{target}/follow", data={"follow": "no", "back": "/inbox"})
    assert leave not in (await follower.get("/inbox")).text
    assert "auditor" not in await followers(arena, target)


async def test_ac_a12c_mg8_a_moderator_separates_them_and_both_are_as_before(
    arena: Everyone,
) -> None:
    source, target = await with_people(arena)
    need = await arena.idea("open", kind="need", team={})
    assert (await link(arena, source, need)).status_code == 200
    before = await state_of(arena, source), await state_of(arena, target)
    await merged(arena, source, target)
    assert ("answers", need) in (await state_of(arena, target))["links"]
    assert (await separate(arena, source, "author")).status_code == 403
    done = await separate(arena, source)
    assert done.status_code == 200, done.text
    assert (await state_of(arena, source), await state_of(arena, target)) == before
    assert [each["state"] for each in await merges(arena, source)] == ["undone"]
    for ref in (source, target):
        assert (await log(arena, ref))[-1][0] == "ideas_unmerged"


async def test_mg8_what_was_said_since_stays_and_a_changed_judgement_too(
    arena: Everyone,
) -> None:
    source, target = await with_people(arena)
    await merged(arena, source, target)
    await comment(arena, target, "author", "Seitdem.")
    assert (await judge(arena, target, "expert", verdict="not_feasible")).status_code == 200
    assert (await separate(arena, source)).status_code == 200
    assert sorted(await comments(arena, target)) == ["Schön.", "Seitdem."]
    assert sorted(await comments(arena, source)) == ["Wo genau?", "Überall."]
    guest = await arena.client("guest")
    for ref, verdict in ((source, "feasible"), (target, "not_feasible")):
        found = (await guest.get(f"/api/v1/ideas/{ref}/judgements")).json()["tallies"]
        (legal,) = [each for each in found if each["dimension"] == "legal"]
        assert legal["by_verdict"][verdict] >= 1


async def test_mg9_the_last_merge_is_taken_back_first(arena: Everyone) -> None:
    source, target = await pair(arena)
    third, _ = await pair(arena)
    await comment(arena, source, "expert", "Aus der ersten.")
    await merged(arena, source, target)
    await merged_by_participant(arena, target, third)
    assert await comments(arena, third) == ["Aus der ersten."]
    refused = await separate(arena, source)
    assert [each["code"] for each in refused.json()["unmet"]] == ["merged-onward"]
    assert (await separate(arena, target)).status_code == 200
    assert await comments(arena, target) == ["Aus der ersten."]
    assert (await separate(arena, source)).status_code == 200
    assert await comments(arena, source) == ["Aus der ersten."]


async def test_mg8_what_the_target_wrote_since_stays_in_its_text(arena: Everyone) -> None:
    source, target = await pair(arena)
    await merged(arena, source, target)
    await change(arena, target)
    assert (await separate(arena, source)).status_code == 200
    guest = await arena.client("guest")
    assert "30 Euro" in (await guest.get(f"/api/v1/ideas/{target}/text")).text
    assert (
        'data-access="write"' in (await (await arena.client("expert")).get(f"/ideas/{source}")).text
    )


async def test_mg5_mg3_everyone_of_the_old_team_writes_on_and_nobody_leads(
    arena: Everyone,
) -> None:
    source, target = await pair(arena)
    idea = await idea_of(arena, source)
    async with arena.arena.services.database.write() as tx:
        person = await by_handle(tx, "lead")
        assert person is not None
        await ideas.add_role(tx, idea.id, person.id, Role.LEAD)
    merge_id = (await propose(arena, source, target, "moderator")).json()["id"]
    for by in ("lead", "participant"):
        assert (await answer(arena, source, merge_id, by)).status_code == 200
    assert (await carry_out(arena, source)).status_code == 200
    team = (await state_of(arena, target))["team"]
    assert team == [("author", "author"), ("lead", "editor"), ("participant", "author")]


async def merged_by_participant(arena: Everyone, source: str, target: str) -> None:
    """The same, with ``participant`` as the one who proposes it."""
    made = await propose(arena, source, target, "participant")
    assert made.status_code == 201, made.text
    for each in made.json()["asked"]:
        if each["answer"] is None:
            said = await answer(arena, source, made.json()["id"], each["handle"])
            assert said.status_code == 200, said.text
    assert (await carry_out(arena, source)).status_code == 200
