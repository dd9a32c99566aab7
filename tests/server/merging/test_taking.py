"""Putting a section of one text below that of the other, in the name of who does it."""

import asyncio

import httpx2

from storage import documents
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.writing import write
from tests.server.linking.linked import idea_of, log, move
from tests.server.merging.acts import agreed, merged, pair, propose


async def take(
    arena: Everyone, ref: str, merge_id: str, by: str = "participant", **body: str
) -> httpx2.Response:
    client = await arena.client(by)
    return await client.post(
        f"/api/v1/ideas/{ref}/merges/{merge_id}/sections", json={"section": "idea", **body}
    )


async def test_mg10_a_section_comes_below_with_its_source_and_in_ones_name(
    arena: Everyone,
) -> None:
    source, target = await pair(arena)
    merge_id = await merged(arena, source, target)
    await write(arena, target, "participant", "idea", "Eigenes.")
    done = await take(arena, target, merge_id)
    assert done.status_code == 200, done.text
    markdown = await (await arena.client("guest")).get(
        f"/api/v1/ideas/{target}/text?format=markdown"
    )
    body = markdown.text.replace("\\", "")
    assert body.index("Eigenes.") < body.index(f"Aus „Mehr Bäume“ ({source}):")
    assert body.rindex("Text zu idea.") > body.index(f"({source}):")
    assert (await log(arena, target, "participant"))[-1] == (
        "section_taken_over",
        {"merge_id": merge_id, "source_ref": source, "target_ref": target, "section": "idea"},
    )
    idea, actor = await idea_of(arena, target), await arena.actor("participant")
    async with arena.arena.services.database.read() as tx:
        head = (await documents.heads(tx, [idea.document_id]))[idea.document_id]
        rows = await documents.log(tx, idea.document_id, head.epoch)
    assert [row.actor_id for row in rows][1:] == [actor.person_id, actor.person_id]


async def test_mg10_it_may_come_below_another_section(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = await agreed(arena, source, target)
    assert (await take(arena, target, merge_id, into="benefit")).status_code == 200
    text = (await (await arena.client("guest")).get(f"/api/v1/ideas/{target}/text")).json()
    assert source in str(text["sections"]["benefit"])
    assert source not in str(text["sections"]["idea"])


async def test_mg10_who_types_meanwhile_loses_nothing(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = await merged(arena, source, target)
    words = [f"Wort{number}." for number in range(5)]
    taken, *_ = await asyncio.gather(
        take(arena, target, merge_id),
        *(write(arena, target, "expert", "idea", word) for word in words),
    )
    assert taken is not None
    assert taken.status_code == 200, taken.text
    text = (await (await arena.client("guest")).get(f"/api/v1/ideas/{target}/text")).text
    assert all(word in text for word in words)
    assert text.count(f"({source}):") == 1


async def test_mg10_only_who_writes_there_takes_and_only_what_there_is(
    arena: Everyone,
) -> None:
    source, target = await pair(arena)
    merge_id = await merged(arena, source, target)
    for by, status in (("guest", 401), ("observer", 403), ("auditor", 403), ("expert", 200)):
        assert (await take(arena, target, merge_id, by)).status_code == status, by
    for body, fields in (
        ({"section": "nothing"}, {"section": "unknown-choice"}),
        ({"into": "nothing"}, {"into": "unknown-choice"}),
    ):
        refused = await take(arena, target, merge_id, **body)
        assert (refused.status_code, refused.json()["fields"]) == (422, fields)
    assert (await move(arena, target, "declined")).status_code == 200
    assert (await take(arena, target, merge_id)).status_code == 403


async def test_mg10_what_was_declined_gives_no_text(arena: Everyone) -> None:
    source, target = await pair(arena)
    merge_id = (await propose(arena, source, target)).json()["id"]
    client = await arena.client("author")
    path = f"/api/v1/ideas/{source}/merges/{merge_id}/withdrawal"
    assert (await client.post(path, json={})).status_code == 200
    refused = await take(arena, target, merge_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "merge-over")
