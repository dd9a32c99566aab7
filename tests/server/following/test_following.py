"""Who follows what, what is news to whom, and what was seen."""

import json
import re

from tests.server.board.test_onlookers import follow, token
from tests.server.following.news import News
from tests.server.sockets import socket


async def followed(arena: News, handle: str) -> dict[str, str]:
    found = await arena.call(handle, "GET", "/me/following")
    return {each["ref"]: each["why"] for each in found["ideas"]}


async def test_n3_team_and_speakers_follow_until_they_say_otherwise(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.comment("participant", ref)
    assert await followed(arena, "author") == {ref: "team"}
    assert await followed(arena, "participant") == {ref: "spoke"}
    assert await followed(arena, "expert") == {}
    await arena.call("participant", "DELETE", f"/ideas/{ref}/follow")
    await arena.comment("participant", ref, "Und noch etwas.")
    assert await followed(arena, "participant") == {}, "speaking again does not undo his choice"
    await arena.call("author", "DELETE", f"/ideas/{ref}/follow")
    assert await followed(arena, "author") == {}
    await arena.call("author", "PUT", f"/ideas/{ref}/follow")
    assert await followed(arena, "author") == {ref: "chosen"}


async def test_n3_who_wants_to_follow_nothing_by_himself_does_not(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.comment("participant", ref)
    wanted = {"follows_own": False}
    for handle in ("participant", "author"):
        await arena.call(handle, "PUT", "/me/mails", json=wanted)
        assert await followed(arena, handle) == {}
    await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    assert await followed(arena, "participant") == {ref: "chosen"}


async def test_n2_news_are_each_idea_once_the_newest_first_and_not_ones_own(arena: News) -> None:
    first, second = await arena.all.idea("open"), await arena.all.idea("open")
    for ref in (first, second):
        await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    for ref in (first, second, first):
        arena.pass_by(minutes=1)
        await arena.comment("expert", ref)
    arena.pass_by(minutes=1)
    await arena.comment("participant", second)
    found = (await arena.call("participant", "GET", "/me/news"))["news"]
    assert [(each["idea"], each["counts"]) for each in found] == [
        (first, {"comment": 2}),
        (second, {"comment": 1}),
    ]
    assert await arena.refs("signatory") == []


async def test_n4_what_was_seen_live_is_no_news_and_a_later_act_is(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.call("participant", "PUT", f"/ideas/{ref}/follow")
    await arena.comment("expert", ref)
    event = await arena.address("participant", ref)
    await arena.call("participant", "POST", f"/ideas/{ref}/seen", json={"event": event.id})
    assert await arena.refs("participant") == []
    inbox = await arena.call("participant", "GET", "/me/notices")
    assert (inbox["unread"], [each["read"] for each in inbox["notices"]]) == (0, [True])
    arena.pass_by(minutes=1)
    await arena.comment("expert", ref)
    assert await arena.refs("participant") == [ref]
    # A number that lies in the future promises nothing: what comes after is news.
    await arena.call("participant", "POST", f"/ideas/{ref}/seen", json={"event": 10**9})
    arena.pass_by(minutes=1)
    await arena.comment("expert", ref)
    assert await arena.refs("participant") == [ref]


async def test_n5_the_page_says_once_what_happened_since_the_last_visit(arena: News) -> None:
    ref = await arena.all.idea("open")
    async with await arena.browser("participant") as browser:
        assert "Seit Ihrem letzten Besuch" not in (await browser.get(f"/ideas/{ref}")).text
        arena.pass_by(hours=3)
        said = await arena.comment("expert", ref, "Bitte an <b>alle</b> denken.")
        arena.pass_by(minutes=1)
        page = (await browser.get(f"/ideas/{ref}")).text
        assert "Seit Ihrem letzten Besuch am 23.11.2026, 10:30: 1 Kommentar." in " ".join(
            page.split()
        ).replace("</p>", "")
        again = (await browser.get(f"/ideas/{ref}")).text
        assert "1 Kommentar." in again, "reading it again takes nothing away"
        since = (await browser.get(f"/ideas/{ref}/since")).text
        assert f"#comment-{said}" in since
        assert "<b>alle</b>" not in since
        arena.pass_by(minutes=31)
        assert "letzten Besuch" not in (await browser.get(f"/ideas/{ref}")).text
        assert "Seitdem ist nichts geschehen" in (await browser.get(f"/ideas/{ref}/since")).text


async def test_n18_what_one_follows_and_saves_is_bounded(arena: News) -> None:
    for number in range(20):
        body = {"parameters": f"q=rad{number}&cursor=x&unknown=1"}
        await arena.call("participant", "POST", "/me/searches", json=body)
    body = {"parameters": "q=eins-zu-viel"}
    refused = await arena.call("participant", "POST", "/me/searches", 422, json=body)
    assert list(refused["fields"]) == ["parameters"]
    again = {"parameters": "q=rad0", "alert": False}
    await arena.call("participant", "POST", "/me/searches", json=again)
    found = (await arena.call("participant", "GET", "/me/following"))["searches"]
    assert len(found) == 20
    assert {"q=rad0": False}.items() <= {e["parameters"]: e["alert"] for e in found}.items()
    await arena.call("expert", "DELETE", f"/me/searches/{found[0]['id']}", 404)
    await arena.call("participant", "DELETE", f"/me/searches/{found[0]['id']}")
    nothing = {"parameters": "kind=nonsense"}
    await arena.call("participant", "POST", "/me/searches", 422, json=nothing)


async def test_n12_hidden_words_and_drafts_are_news_to_nobody_else(arena: News) -> None:
    ref, draft = await arena.all.idea("open"), await arena.all.idea("draft")
    async with await arena.browser("participant") as browser:
        await browser.get(f"/ideas/{ref}")
        arena.pass_by(hours=1)
        said = await arena.comment("expert", ref, "Das soll niemand lesen.")
        hide = f"/ideas/{ref}/comments/{said}/hide"
        await arena.call("moderator", "POST", hide, json={"reason": "Beleidigend."})
        since = (await browser.get(f"/ideas/{ref}/since")).text
        assert "Das soll niemand lesen." not in since
        assert "Beleidigend." not in since
        for path in (f"/ideas/{draft}/since", f"/api/v1/ideas/{draft}/follow"):
            assert (await browser.get(path)).status_code in {404, 405}
        assert (
            await browser.post(f"/ideas/{draft}/follow", data={"follow": "yes"})
        ).status_code == 404
        assert (await browser.post(f"/ideas/{draft}/seen", data={"event": "1"})).status_code == 404
    async with await arena.browser("editor") as browser:
        assert (await browser.get(f"/ideas/{draft}/since")).status_code == 200
        await browser.get(f"/ideas/{draft}")
    await arena.address("participant", draft)
    assert await arena.reasons("participant") == []
    assert await arena.refs("participant") == []


async def test_n19_only_his_own_pages_hear_of_a_persons_inbox(arena: News) -> None:
    ref = await arena.all.idea("open")
    await arena.address("participant", ref)
    async with await arena.browser("participant") as browser:
        assert "1 ungelesen" in (await browser.get("/fragments/inbox")).text
        page = (await browser.get("/inbox")).text
        assert "1 ungelesen" in page, "being shown the list is not reading it"
        arena.pass_by(minutes=10)
        assert await arena.mail() == [], "but what was shown is not mailed"
        (up_to,) = set(re.findall(r'name="up_to" value="(\d+)"', page))
        await browser.post("/inbox/read", data={"up_to": up_to, "ref": ref})
        assert "ungelesen" not in (await browser.get("/fragments/inbox")).text
    async with arena.all.arena.browser() as guest:
        for path in ("/inbox", "/fragments/inbox", "/catch-up", "/following", "/account/mails"):
            assert (await guest.get(path)).status_code != 200, path


async def test_n19_a_socket_tells_only_its_own_person(arena: News) -> None:
    ref = await arena.all.idea("open")
    named = await token(arena.all, "participant")
    other = await token(arena.all, "expert")
    async with (
        socket(arena.all, "/live", **named) as mine,
        socket(arena.all, "/live", **other) as theirs,
        socket(arena.all, "/live") as guests,
    ):
        assert await follow(mine, "inbox") == await follow(theirs, "inbox") == ["inbox"]
        assert await follow(guests, "inbox") == []
        await arena.tell("participant", ref)
        told = await mine.until(lambda each: isinstance(each, str) and "changed" in each)
        assert isinstance(told, str)
        assert json.loads(told)["changed"] == ["inbox"]
        # Whatever came before the answer to another question would have come by now.
        theirs.say(json.dumps({"subscribe": ["inbox"]}))
        heard = await theirs.until(lambda each: "changed" in str(each) or "subscribed" in str(each))
        assert "changed" not in str(heard)
