"""Links between ideas: who makes them, who sees them, and what they mean to a need."""

import asyncio

import pytest
from limits import parse
from sqlalchemy import update

from server.auth import limits
from server.mail import mails_about
from storage.database import METADATA
from tests.server.casefile.test_requirements import with_address
from tests.server.idea.arena_of_all import Everyone
from tests.server.linking.linked import idea_of, link, links, log, move


async def test_ac_a2b_a_need_leads_to_a_linked_proposal(arena: Everyone) -> None:
    need = await arena.idea("open", kind="need")
    person = await arena.client("participant")
    assert (
        f"/ideas/new?kind=proposal&amp;answers={need}" in (await person.get(f"/ideas/{need}")).text
    )
    step = await person.get(f"/ideas/new?kind=proposal&answers={need}&title=Bäume")
    assert f'name="answers" value="{need}"' in step.text
    form = {"kind": "proposal", "title": "Bäume", "answers": need, "act": "draft"}
    made = await person.post("/ideas/new", data=form, follow_redirects=False)
    ref = made.headers["location"].removeprefix("/ideas/")
    found = await links(arena, ref, "participant")
    assert [(one["kind"], one["ref"], one["is_outward"]) for one in found] == [
        ("answers", need, True)
    ]


async def test_ac_a2b_the_api_begins_a_linked_proposal_at_once(arena: Everyone) -> None:
    need = await arena.idea("open", kind="need")
    body = {"kind": "proposal", "title": "Bäume", "answers": need, "submit": True}
    sections = {"situation": "Heiß.", "idea": "Bäume."}
    person = await arena.client("participant")
    made = await person.post("/api/v1/ideas", json={**body, "sections": sections})
    ref = made.json()["ref"]
    assert [(one["kind"], one["ref"], one["is_outward"]) for one in await links(arena, need)] == [
        ("answers", ref, False)
    ]
    assert ("ideas_linked", {"link_kind": "answers", "from_ref": ref, "to_ref": need}) in (
        await log(arena, need)
    )


async def test_f25_a_need_answers_no_need_not_even_when_begun(arena: Everyone) -> None:
    need = await arena.idea("open", kind="need")
    person = await arena.client("participant")
    body = {"kind": "need", "title": "Noch einer", "answers": need}
    refused = await person.post("/api/v1/ideas", json=body)
    assert (refused.status_code, refused.json()["fields"]) == (422, {"kind": "link-misfit"})


async def test_f27_a_draft_leaves_no_trace_where_others_read(arena: Everyone) -> None:
    need = await arena.idea("open", kind="need")
    draft = await arena.idea("draft")
    assert (await link(arena, draft, need)).status_code == 200
    assert await links(arena, need) == []
    assert draft not in (await (await arena.client("guest")).get(f"/ideas/{need}")).text
    for reader in ("guest", "participant"):
        assert draft not in str(await log(arena, need, reader))
    assert [one["ref"] for one in await links(arena, need, "author")] == [draft]
    assert (await move(arena, draft, "open", "author")).status_code == 200
    assert [one["ref"] for one in await links(arena, need)] == [draft]
    assert (await log(arena, need))[-1][0] == "ideas_linked"


async def test_f27_a_draft_that_is_linked_to_leaves_no_trace_either(arena: Everyone) -> None:
    idea = await arena.idea("open")
    draft = await arena.idea("draft", team={})
    assert (await link(arena, idea, draft, "builds_on", by="author")).status_code == 200
    for reader in ("guest", "participant", "editor"):
        assert draft not in str(await log(arena, idea, reader)), reader
    assert (await move(arena, draft, "open", "author")).status_code == 200
    assert (await log(arena, idea))[-1] == (
        "ideas_linked", {"link_kind": "builds_on", "from_ref": idea, "to_ref": draft},
    )  # fmt: skip


async def test_f27_what_ends_in_private_is_told_to_nobody_outside(arena: Everyone) -> None:
    idea = await arena.idea("open")
    internal = await arena.idea("draft", team={})
    async with arena.arena.services.database.write() as tx:
        table, values = METADATA.tables["idea"], {"process_id": "verwaltung", "process_version": 1}
        await tx.run(update(table).where(table.c.ref == internal).values(values))
    assert (await link(arena, idea, internal, "builds_on", by="author")).status_code == 200
    email = await with_address(arena, "editor")
    assert (await move(arena, internal, "dropped", "author")).status_code == 200
    for reader in ("guest", "editor"):
        assert internal not in str(await log(arena, idea, reader)), reader
    services = arena.arena.services
    await services.mail.close()
    assert mails_about(services.settings.outbox, email, "Editor") == []


async def test_f27_what_one_may_not_read_cannot_be_linked_to(arena: Everyone) -> None:
    proposal, draft = await arena.idea("open"), await arena.idea("draft", kind="need")
    person = await arena.client("participant")
    begun = {"kind": "proposal", "title": "Bäume", "answers": draft}
    refused = await person.post("/api/v1/ideas", json=begun)
    assert refused.json()["fields"] == {"to": "unknown-idea"}
    nowhere = await link(arena, proposal, "2026-99999")
    assert nowhere.json()["fields"] == {"to": "unknown-idea"}


async def test_f25_links_are_many_to_many_and_made_once(arena: Everyone) -> None:
    needs = [await arena.idea("open", kind="need") for _ in range(2)]
    proposals = [await arena.idea("open") for _ in range(2)]
    answers = await asyncio.gather(
        *(link(arena, one, two) for one in proposals for two in needs for _ in range(2))
    )
    assert {each.status_code for each in answers} == {200}
    for need in needs:
        assert {one["ref"] for one in await links(arena, need)} == set(proposals)
        told = [
            payload["from_ref"]
            for kind, payload in await log(arena, need)
            if kind == "ideas_linked"
        ]
        assert sorted(told) == sorted(proposals)


async def test_f25_two_ideas_complement_each_other_once(arena: Everyone) -> None:
    one, two = await arena.idea("open"), await arena.idea("open")
    await link(arena, one, two, "complements")
    refused = await link(arena, two, one, "complements")
    assert (refused.status_code, refused.json()["code"]) == (409, "linked-reversed")


async def test_ac_a2c_a_changed_kind_keeps_its_links_and_marks_them(arena: Everyone) -> None:
    need, proposal = await arena.idea("open", kind="need"), await arena.idea("open")
    await link(arena, proposal, need)
    client, revision = await arena.client("author"), (await idea_of(arena, proposal)).revision
    changed = await client.put(
        f"/api/v1/ideas/{proposal}/kind", json={"kind": "need", "expected_revision": revision}
    )
    assert changed.status_code == 200
    assert [one["fits"] for one in await links(arena, need)] == [False]
    assert "passt nicht mehr" in (await client.get(f"/ideas/{need}")).text
    assert [kind for kind, _ in await log(arena, proposal)][-1] == "kind_changed"
    await client.put(
        f"/api/v1/ideas/{proposal}/kind",
        json={"kind": "proposal", "expected_revision": revision + 1},
    )
    assert [one["fits"] for one in await links(arena, need)] == [True]


async def test_f26_an_unlinked_idea_keeps_the_history(arena: Everyone) -> None:
    need, proposal = await arena.idea("open", kind="need"), await arena.idea("open")
    await link(arena, proposal, need)
    author = await arena.client("author")
    path = f"/api/v1/ideas/{proposal}/links/answers/{need}"
    assert (await author.delete(path)).status_code == 204
    assert (await author.delete(path)).json()["code"] == "not-linked"
    assert await links(arena, need) == []
    for ref in (need, proposal):
        kinds = [kind for kind, _ in await log(arena, ref)]
        assert kinds[-2:] == ["ideas_linked", "ideas_unlinked"]


async def test_f25_the_forms_find_link_and_unlink(arena: Everyone) -> None:
    need, proposal = await arena.idea("open", kind="need"), await arena.idea("open")
    author = await arena.client("author")
    page = f"/ideas/{proposal}/links/new"
    assert "beantwortet den Bedarf" in (await author.get(page)).text
    for words in (need, "Schatten"):
        assert f'value="{need}"' in (await author.get(f"{page}?kind=answers&q={words}")).text
    own = await author.get(f"{page}?kind=complements&q={proposal}")
    assert f'value="{proposal}"' not in own.text.split("<h2>")[1]
    refused = await author.post(
        f"/ideas/{proposal}/links", data={"kind": "answers", "to": "x", "q": "x"}
    )
    assert refused.status_code == 422
    form = {"kind": "answers", "to": need}
    done = await author.post(f"/ideas/{proposal}/links", data=form, follow_redirects=False)
    assert done.headers["location"] == f"/ideas/{proposal}#links"
    assert proposal in (await author.get(f"/ideas/{need}")).text
    await author.post(f"/ideas/{proposal}/links/remove", data=form)
    assert await links(arena, need) == []


async def test_f25_strangers_neither_link_nor_unlink(arena: Everyone) -> None:
    need, proposal = await arena.idea("open", kind="need"), await arena.idea("open")
    assert (await link(arena, proposal, need, by="participant")).status_code == 403
    assert (await link(arena, proposal, need, by="moderator")).status_code == 200
    stranger = await arena.client("participant")
    path = f"/api/v1/ideas/{proposal}/links/answers/{need}"
    assert (await stranger.delete(path)).status_code == 403


async def test_f25_links_have_a_limit(arena: Everyone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LINK_IDEAS_PER_PERSON", parse("1/hour"))
    one, two = await arena.idea("open"), await arena.idea("open")
    assert (await link(arena, one, two, "complements")).status_code == 200
    assert (await link(arena, one, two, "builds_on")).status_code == 429
