"""Feeds: valid Atom with lasting ids, what is public and nothing else, and not sent in vain."""

from datetime import timedelta

import httpx2
import pytest

from collab.process.events.ideas import StageChanged
from collab.process.version import TextVersion
from server.actions import ideas
from server.actions.cases import open_case, tell
from server.actions.erasure import people as erasure
from server.actions.erasure.people import CHOICES
from server.actions.ideas import NewIdea
from server.views.record.feed import ENTRIES_MAX
from tests.server.idea.arena_of_all import Everyone
from tests.server.idea.test_stages import move
from tests.server.record.atom import AtomFeed, read
from tests.server.running import ORIGIN


async def fetch(arena: Everyone, path: str, by: str = "guest", **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await (await arena.client(by)).get(path, headers=named)


async def feed(arena: Everyone, path: str, by: str = "guest") -> AtomFeed:
    answer = await fetch(arena, path, by)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return read(answer.content)


async def returned(arena: Everyone) -> str:
    """An idea that was submitted and returned."""
    ref = await arena.idea()
    assert (await move(arena, ref, "open", "author", reason="")).status_code == 200
    arena.arena.clock.pass_by(hours=1)
    assert (await move(arena, ref, "returned", reason="Kosten <fehlen> & mehr.")).status_code == 200
    return ref


async def test_u13_the_feed_of_an_idea_is_valid_and_keeps_its_ids(arena: Everyone) -> None:
    ref = await returned(arena)
    first = await feed(arena, f"/ideas/{ref}/feed.atom")
    assert [each.kind for each in first.entries] == ["stage_changed", "stage_changed"]
    assert first.entries[0].summary == "Kosten <fehlen> & mehr."
    assert "Eingereicht" in first.entries[1].summary
    assert first.entries[0].author == "Moderator"
    assert first.updated == arena.arena.clock.now
    assert first.address == f"{ORIGIN}/ideas/{ref}/feed.atom?lang=de"
    assert all(each.href.startswith(f"{ORIGIN}/ideas/{ref}/timeline#") for each in first.entries)
    arena.arena.clock.pass_by(days=1)
    assert (await move(arena, ref, "open", "author")).status_code == 200
    later = await feed(arena, f"/ideas/{ref}/feed.atom?lang=en")
    assert later.id == first.id
    assert [each.id for each in later.entries[1:]] == [each.id for each in first.entries]
    assert later.language == "en"
    assert "Submitted" in later.entries[0].title


async def test_u13_the_feed_of_the_arena_tells_stages_of_all_ideas(arena: Everyone) -> None:
    empty = await feed(arena, "/feed.atom")
    assert empty.entries == []
    one, other = await returned(arena), await returned(arena)
    found = await feed(arena, "/feed.atom")
    assert found.id == empty.id
    assert [each.title.partition(" ")[0] for each in found.entries] == [other, other, one, one]
    of_idea = await feed(arena, f"/ideas/{one}/feed.atom")
    assert [each.id for each in found.entries[2:]] == [each.id for each in of_idea.entries]


async def test_u13_feeds_are_of_bounded_length(arena: Everyone) -> None:
    ref, services = await arena.idea("open"), arena.arena.services
    actor = await arena.actor("moderator")
    moved = StageChanged("return", "open", "returned", "", TextVersion(1, 1, "c" * 64))
    async with services.database.write() as tx:
        case = await open_case(tx, actor, ref)
        for _ in range(ENTRIES_MAX + 1):
            await tell(tx, case, moved, services.clock())
    for path in ("/feed.atom", f"/ideas/{ref}/feed.atom"):
        assert len((await feed(arena, path)).entries) == ENTRIES_MAX


async def test_u13_what_people_write_cannot_break_the_feed(arena: Everyone) -> None:
    evil = "]]></title><entry> \ufffe \u0085 &amp; <b>"
    new = NewIdea(kind="need", title=evil, sections={"situation": "x", "affected": "y"})
    created = await ideas.create_idea(
        arena.arena.services, await arena.actor("author"), new, submit=True
    )
    found = await feed(arena, f"/ideas/{created.idea.ref}/feed.atom")
    assert "]]></title><entry>" in found.title
    assert len(found.entries) == 1
    await feed(arena, "/feed.atom")


@pytest.mark.parametrize("handle", ["guest", "author", "moderator"])
async def test_u14_nobody_gets_a_feed_of_a_draft(arena: Everyone, handle: str) -> None:
    ref = await arena.idea()
    assert (await fetch(arena, f"/ideas/{ref}/feed.atom", handle)).status_code == 404
    assert (await feed(arena, "/feed.atom", handle)).entries == []
    assert (await fetch(arena, "/ideas/2026-99999/feed.atom", handle)).status_code == 404


async def test_u14_what_is_not_public_is_in_no_feed_whoever_asks(arena: Everyone) -> None:
    ref = await returned(arena)
    moderator = await arena.client("moderator")
    form = {"handle": "participant", "moderation_reason": "Werbung."}
    await moderator.post(f"/ideas/{ref}/mute", data=form)
    await moderator.post(f"/api/v1/ideas/{ref}/comments", json={"text": "Geheim?", "kind": "note"})
    for by in ("guest", "moderator"):
        for path in ("/feed.atom", f"/ideas/{ref}/feed.atom"):
            kinds = {each.kind for each in (await feed(arena, path, by)).entries}
            assert kinds == {"stage_changed"}
    assert "Mehr Schatten" in (await fetch(arena, "/feed.atom")).text


async def test_u14_an_erased_person_is_in_no_feed(arena: Everyone) -> None:
    services = arena.arena.services
    ref = await arena.idea()
    await move(arena, ref, "open", "author")
    assert (await feed(arena, "/feed.atom")).entries[0].author == "Author"
    before = (await fetch(arena, "/feed.atom")).headers["etag"]
    await erasure.erase_person(services, "author", CHOICES["keep"])
    for path in ("/feed.atom", f"/ideas/{ref}/feed.atom"):
        found = await feed(arena, path)
        assert found.entries[0].author.startswith("Ehemalige Person")
    again = await fetch(arena, "/feed.atom", if_none_match=before)
    assert again.status_code == 200


async def test_u15_an_unchanged_feed_is_not_sent_again(arena: Everyone) -> None:
    ref = await returned(arena)
    path = f"/ideas/{ref}/feed.atom"
    first = await fetch(arena, path)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        same = await fetch(arena, path, if_none_match=known)
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == tag
    assert (await fetch(arena, path, if_modified_since=modified)).status_code == 304
    for named in ({"if_none_match": '"other"'}, {"if_modified_since": "gestern"}):
        assert (await fetch(arena, path, **named)).status_code == 200
    both = {"if_none_match": '"other"', "if_modified_since": modified}
    assert (await fetch(arena, path, **both)).status_code == 200
    arena.arena.clock.pass_by(hours=1)
    await move(arena, ref, "open", "author")
    for named in ({"if_none_match": tag}, {"if_modified_since": modified}):
        assert (await fetch(arena, path, **named)).status_code == 200
    assert (await feed(arena, path)).updated > read(first.content).updated + timedelta(minutes=1)


async def test_u13_pages_say_where_their_feeds_are(arena: Everyone) -> None:
    ref = await returned(arena)
    for path in (f"/ideas/{ref}", f"/ideas/{ref}/timeline"):
        page = (await fetch(arena, path)).text
        assert f'href="/ideas/{ref}/feed.atom?lang=de"' in page
        assert 'type="application/atom+xml"' in page
    assert 'href="/feed.atom?lang=en"' in (await fetch(arena, "/?lang=en")).text
