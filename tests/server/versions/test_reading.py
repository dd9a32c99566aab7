"""Reading how a text came about: two versions beside each other, who wrote what, the replay."""

import re

import pytest

from collab.sync.document import Document
from server.actions.erasure.people import CHOICES, erase_person
from server.realtime.holders import schema_of
from server.views.record import replay as replaying
from server.views.record.replay import replay, step_difference
from storage import documents
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.idea.writing import document_of, write
from tests.server.versions.asking import name, versions


async def page(arena: Everyone, ref: str, path: str, by: str = "guest") -> str:
    answer = await (await arena.client(by)).get(f"/ideas/{ref}/versions{path}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_h3_h4_versions_are_listed_by_name_and_act_and_compared_both_ways(
    arena: Everyone,
) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    await write(arena, ref, "participant", "idea", "Drei <b>neue</b> Bäume.")
    client = await arena.client("moderator")
    version = (await arena.version(ref)).to_json()
    judged = {"verdict": "open", "confidence": "low", "reason": "Ja.", "text_version": version}
    path = f"/api/v1/ideas/{ref}/judgements/legal"
    answer = await (await arena.client("expert")).put(path, json=judged)
    assert answer.status_code == 200, answer.text
    await write(arena, ref, "participant", "idea", "Und Bänke.")
    form = {"name": "Stand nach dem Workshop", "note": "Mit <allen>."}
    done = await client.post(f"/ideas/{ref}/versions", data=form)
    assert done.status_code == 303
    html = await page(arena, ref, "")
    known = html.partition("<ol")[2]
    assert known.index("Stand nach dem Workshop") < known.index("Eingereicht")
    assert "Mit &lt;allen&gt;." in known
    assert "1 weiterer Stand" in html
    one, *_, last = [each["name"] for each in await versions(arena, ref)]
    sides = await page(arena, ref, f"/{one}/diff/now?view=sides")
    assert '<th scope="col">Vorher</th>' in sides
    assert "Drei &lt;b&gt;neue&lt;/b&gt; Bäume." in sides
    assert "steht hier nicht" in sides
    go = f"/ideas/{ref}/versions/compare?earlier={one}&later={last}&view=sides"
    chosen = await (await arena.client("guest")).get(go)
    assert chosen.headers["location"] == f"/ideas/{ref}/versions/{one}/diff/{last}?view=sides"
    odd = f"/ideas/{ref}/versions/compare?earlier=//evil.example&later=now"
    assert (await client.get(odd)).status_code == 404
    refused = await client.post(f"/ideas/{ref}/versions", data={"name": " ", "note": "Bleibt."})
    assert refused.status_code == 422
    assert "Bleibt." in refused.text


async def test_h5_h7_the_form_restores_what_was_chosen_and_keeps_a_refused_reason(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    await write(arena, ref, "participant", "idea", "Kommt wieder weg.")
    path, client = f"/ideas/{ref}/versions/{kept}/restore", await arena.client("participant")
    assert "<del>" in (await client.get(path)).text
    nothing = await client.post(path, data={"restore_reason": "Weil."})
    assert nothing.status_code == 422
    assert "Weil." in nothing.text
    done = await client.post(path, data={"restore_reason": "Weil.", "section": "idea"})
    assert done.status_code == 303
    assert (await client.get(path)).text.count("Der heutige Text lautet schon so.") == 1
    assert (await (await arena.client("observer")).get(path)).status_code == 403


async def test_h9_passages_are_told_by_part_of_society_and_who_left_is_said_to_have(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "idea", "Ein ganzer Absatz von jemand anderem.")
    public = await page(arena, ref, "/now/authors?names=1")
    assert "Participant" not in public
    assert "Berliner:innen" in public
    assert "(Team)" in public
    team = await page(arena, ref, "/now/authors?names=1", "editor")
    assert re.search(r"anderem\.</p></div>\s*<p class=\"by\"><bdi>Participant</bdi>", team)
    assert "Author" in team
    assert not re.search(r"\d+\s?%|\d\d:\d\d", team.partition("<main")[2].partition("</main>")[0])
    kept = (await name(arena, ref, "Mit Absatz")).json()["version"]
    await erase_person(arena.arena.services, "participant", CHOICES["keep"])
    for version in ("now", kept):
        left = await page(arena, ref, f"/{version}/authors?names=1", "editor")
        assert "ehemalige Personen" in left
        assert "Participant" not in left
    answer = await (await arena.client("guest")).get(f"/api/v1/ideas/{ref}/versions/now/authors")
    found = answer.json()
    assert found["sections"]["idea"][-1] == {
        "is_team": False,
        "classes": [],
        "is_several": False,
        "is_former": True,
        "is_unknown": False,
        "names": [],
    }


async def test_i4_nobody_reads_of_a_draft_how_it_came_about(arena: Everyone) -> None:
    ref = await arena.idea()
    kept = (await name(arena, ref, "Anfang")).json()["version"]
    for by, status in (("guest", 404), ("participant", 404), ("editor", 200)):
        client = await arena.client(by)
        for path in ("", "/replay", "/now/authors", f"/{kept}/authors"):
            answer = await client.get(f"/ideas/{ref}/versions{path}")
            assert answer.status_code == status, path


async def test_h10_h11_the_replay_shows_writing_to_who_may_write_and_versions_to_all(
    arena: Everyone,
) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    for text in ("Erst das.", "Dann das.", "Zuletzt das."):
        arena.arena.clock.pass_by(hours=3)
        await write(arena, ref, "participant", "idea", text)
    services, ends = arena.arena.services, []
    found = await replay(services, await arena.actor("editor"), ref)
    assert found.kept_only == 0
    for number in range(len(found.steps)):
        shown = await step_difference(services, found, number)
        added = [run.text for line in shown.sections["idea"] for run in line.runs
                 if run.op.value == "added"]  # fmt: skip
        ends.append(added)
    assert ends == [["Text zu idea."], ["Erst das."], ["Dann das."], ["Zuletzt das."]]
    html = await page(arena, ref, "/replay?step=3", "participant")
    assert "Schritt 3 von 4, nachmittags, 23.11.2026" in html
    assert "<ins>" in html
    assert 'rel="next"' in html
    main = html.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"\d\d:\d\d|Participant", main)
    public = await page(arena, ref, "/replay")
    assert "Schritt 1 von 1" in public
    assert "Erst das." not in public
    for step in ("0", "2", "x", "99999"):
        path = f"/ideas/{ref}/versions/replay?step={step}"
        assert (await (await arena.client("guest")).get(path)).status_code == 404
    api = await (await arena.client("participant")).get(f"/api/v1/ideas/{ref}/versions/replay")
    assert [each["part_of_day"] for each in api.json()["steps"]] == [
        "morning", "afternoon", "afternoon", "evening",
    ]  # fmt: skip


async def test_h11_erased_text_is_not_replayed_and_what_was_cut_is_said(arena: Everyone) -> None:
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    arena.arena.clock.pass_by(hours=3)
    await write(arena, ref, "participant", "idea", "Geheimnis.")
    services, editor = arena.arena.services, await arena.actor("editor")
    found = await replay(services, editor, ref)
    assert "Geheimnis" in str(await step_difference(services, found, len(found.steps) - 1))
    await erase_person(services, "participant", CHOICES["erase"])
    found = await replay(services, editor, ref)
    for number in range(len(found.steps)):
        assert "Geheimnis" not in str(await step_difference(services, found, number))
    assert found.kept_only >= 1
    html = await page(arena, ref, "/replay", "editor")
    assert "liegen nur noch festgehaltene Fassungen vor" in html


async def test_h11_a_log_that_was_cut_or_is_too_long_leaves_the_kept_versions(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea("open")
    document_id = await document_of(arena, ref)
    await name(arena, ref, "Anfang")
    services, editor = arena.arena.services, await arena.actor("editor")
    for count in range(3):
        await write(arena, ref, "author", "idea", f"Satz {count}.")
        await services.hub.flush(document_id)
        async with services.database.write() as tx:
            found = await documents.load(tx, document_id)
            assert isinstance(found, documents.Found)
            state = Document.load(schema_of(found.head), found.updates).state()
            head = found.head
            await documents.save_snapshot(
                tx, document_id, head.epoch, head.seq, state, services.clock()
            )
    async with services.database.write() as tx:
        assert await documents.trim(tx, document_id, services.clock().replace(year=2099)) == 2
    cut = await replay(services, editor, ref)
    assert cut.kept_only == 1
    assert [step.seq for step in cut.steps] == [1, 4]
    shown = await step_difference(services, cut, 1)
    assert "Satz 2." in str(shown)
    monkeypatch.setattr(replaying, "ROWS_MAX", 0)
    long = await replay(services, editor, ref)
    assert [step.seq for step in long.steps] == [1]
    assert long.kept_only == 1


async def test_h12_a_moderator_sees_what_would_go_and_takes_it_back_since_a_moment(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    await write(arena, ref, "participant", "idea", "Das ist gut und bleibt.")
    arena.arena.clock.pass_by(hours=2)
    await write(arena, ref, "author", "idea", "Auch das bleibt.")
    since = arena.arena.clock.now.isoformat()
    await write(arena, ref, "participant", "idea", "Lauter Werbung.")
    moderator = await arena.client("moderator")
    asked = {"handle": "participant", "since": since}
    html = (await moderator.get(f"/ideas/{ref}/versions/revert", params=asked)).text
    assert "<del" in html
    assert html.count("Das ist gut und bleibt.") <= 1
    before = (await arena.version(ref)).sha256
    api = f"/api/v1/ideas/{ref}/reverts"
    shown = (await moderator.post(f"{api}/preview", json=asked)).json()
    gone = [line["runs"] for line in shown["sections"]["idea"] if line["change"] == "removed"]
    assert gone == [[{"op": "removed", "text": "Lauter Werbung."}]]
    assert (await arena.version(ref)).sha256 == before
    form = {**asked, "revert_reason": "Werbung."}
    assert (await moderator.post(f"/ideas/{ref}/versions/revert", data=form)).status_code == 303
    text = (await moderator.get(f"/api/v1/ideas/{ref}/text?format=markdown")).text
    assert "Werbung" not in text
    assert "Das ist gut und bleibt." in text
    assert "Auch das bleibt." in text
    odd = await moderator.post(f"/ideas/{ref}/versions/revert", data={**form, "since": "gestern"})
    assert odd.status_code == 422
    author = await arena.client("author")
    assert (await author.get(f"/ideas/{ref}/versions/revert")).status_code == 403
