"""One rendering for all of one audience: the same as each would get by himself, and never more."""

import asyncio
import gzip
import os
import random
import sys
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from starlette.requests import HTTPConnection

from collab.process.actors import GUEST, Role
from server.auth.visitor import Visitor
from server.language import LANGUAGES, Language
from server.pages.idea.fragments import ALIKE, FRAGMENTS
from server.pages.many import kept
from server.views.idea.gathering import gather
from storage import ideas, people
from tests.server.idea.arena_of_all import PEOPLE, Everyone
from tests.server.idea.test_comments import ANCHOR, say
from tests.server.idea.test_shared_fragments import rendered

__all__ = ["rendered"]

SEED = int(os.environ.get("ARENA_TEST_SEED") or random.randrange(2**32))
STAGES = ("open", "elaboration", "feasibility", "proposal", "archived")
SPEAKERS = ("participant", "expert", "author", "editor", "lead", "moderator", "office")
REACTIONS = ("agree", "disagree", "unsure")
IDEA_ROLES = (Role.MEMBER, Role.PARTNER, Role.EDITOR, Role.LEAD)


@pytest.fixture(autouse=True)
def kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is rendered is kept until something happens, however slow the machine is."""
    monkeypatch.setattr(kept, "KEPT_S", 3600.0)


def fragment(ref: str, name: str = "comments") -> str:
    return f"/ideas/{ref}/fragments/{name}"


async def look(arena: Everyone, handle: str, path: str, language: Language = "de") -> str:
    client = await arena.client(handle)
    answer = await client.get(f"{path}?lang={language}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def alone(arena: Everyone, handle: str, ref: str, name: str, language: Language) -> str:
    """The fragment as it is rendered for this one person and nobody else."""
    services = arena.arena.services
    actor = GUEST if handle == "guest" else await arena.actor(handle)
    visitor = Visitor(actor, "bearer", None, language)
    scope = {
        "type": "http",
        "app": arena.arena.app,
        "path": fragment(ref, name),
        "query_string": b"",
        "headers": [],
        "state": {"visitor": visitor},
    }
    template, parts = FRAGMENTS[name]
    context = await gather(services, visitor, ref, parts)
    return services.pages.text(HTTPConnection(scope), template, context)


async def ask(
    arena: Everyone, by: str, method: str, path: str, body: Mapping[str, Any] | None = None
) -> httpx2.Response:
    client = await arena.client(by)
    answer = await client.request(method, f"/api/v1/ideas/{path}", json=body)
    assert answer.status_code in {200, 201, 204, 404, 409}, answer.text
    return answer


async def lively(arena: Everyone, chance: random.Random) -> str:
    """An idea whose talk has everything in it that may differ between readers."""
    ref = await arena.idea("open")
    said: list[tuple[str, str]] = []
    for number in range(14):
        by = chance.choice(SPEAKERS)
        reply_to = chance.choice([each for each, _ in said]) if number % 3 == 2 else None
        anchor = {"anchor": ANCHOR} if chance.random() < 0.3 else {}
        named = chance.choice(["", "@author ", "@expert "])
        body = {"text": f"{named}Satz {number}", "reply_to": reply_to, **anchor}
        answer = await say(arena, ref, by, **body)
        assert answer.status_code == 201, answer.text
        said.append((answer.json()["id"], by))
    for number, (comment, by) in enumerate(said):
        path = f"{ref}/comments/{comment}"
        for who in chance.sample(SPEAKERS, 2):
            word = {"reaction": chance.choice(REACTIONS)}
            await ask(arena, who, "PUT", f"{path}/reaction", word)
        match chance.randrange(6):
            case 0:
                await ask(arena, by, "DELETE", path)
            case 1:
                await ask(arena, "moderator-2", "POST", f"{path}/hide", {"reason": "Werbung."})
            case 2 if number % 3 != 2:
                await ask(arena, by, "PATCH", path, {"resolved": True, "note": "Steht im Text."})
            case 3:
                await ask(arena, "lead", "POST", f"{path}/requirement", {"text": "Mehr Bäume."})
    await _into_the_cast(arena, ref, chance)
    return ref


async def _into_the_cast(arena: Everyone, ref: str, chance: random.Random) -> None:
    """Give some people a role at the idea, and put it into a stage."""
    async with arena.arena.services.database.write() as tx:
        idea = await ideas.by_ref(tx, ref)
        assert idea is not None
        for handle in chance.sample(sorted(PEOPLE), 4):
            person = await people.by_handle(tx, handle)
            assert person is not None
            await ideas.add_role(tx, idea.id, person.id, chance.choice(IDEA_ROLES))
        stage, now = chance.choice(STAGES), arena.arena.clock()
        if stage != idea.stage:
            await ideas.advance(
                tx, idea.id, idea.revision, from_stage=idea.stage, to_stage=stage, now=now
            )


async def test_lv1_everybody_is_shown_what_he_would_be_shown_alone(arena: Everyone) -> None:
    sys.stdout.write(f"ARENA_TEST_SEED={SEED}\n")
    chance = random.Random(SEED)
    ref = await lively(arena, chance)
    readers = ["guest", *PEOPLE]
    chance.shuffle(readers)
    for name in sorted(FRAGMENTS):
        for handle in readers if name == "comments" else _some(readers, name, chance):
            language = chance.choice(LANGUAGES)
            shown = await look(arena, handle, fragment(ref, name), language)
            assert shown == await alone(arena, handle, ref, name, language), (handle, name)


def _some(readers: list[str], name: str, chance: random.Random) -> list[str]:
    """Whom to ask of what is nobody's own; of what is, only guests are shown the same."""
    return ["guest", *chance.sample(readers, 3)] if name in ALIKE else ["guest"]


async def test_lv1_an_audience_is_rendered_once_and_of_own_things_only_the_piece(
    arena: Everyone, rendered: list[str]
) -> None:
    ref = await arena.idea("open")
    for by in ("participant", "expert", "signatory"):
        await say(arena, ref, by, text=f"Das meint {by}.")
    await arena.client("author")
    rendered.clear()
    readers = ["cdo", "deputy", "cdo", "deputy", "participant", "participant", "expert"]
    shown = await asyncio.gather(*(look(arena, each, fragment(ref)) for each in readers))
    # Those who decide see it in one way each; whoever takes part in one, but for his own comment.
    assert rendered.count("idea/comments.html") == len({"cdo", "deputy", "participant", "expert"})
    assert rendered.count("talk/piece.html") == 2
    assert [each.count("data-own") for each in shown] == [0, 0, 0, 0, 1, 1, 1]
    rendered.clear()
    await look(arena, "cdo", fragment(ref))
    assert rendered == []
    await say(arena, ref, "moderator", text="Danke.")
    assert "Danke." in await look(arena, "cdo", fragment(ref))
    assert rendered == ["idea/comments.html"]


async def test_lv2_a_right_that_is_gone_is_gone_with_the_next_look(arena: Everyone) -> None:
    ref = await arena.idea("open")
    comment = (await say(arena, ref, "expert", text="Kauft bei mir!")).json()["id"]
    await ask(arena, "moderator", "POST", f"{ref}/comments/{comment}/hide", {"reason": "Werbung."})
    assert "Kauft" in await look(arena, "moderator-2", fragment(ref))
    assert "Kauft" not in await look(arena, "participant", fragment(ref))
    async with arena.arena.services.database.write() as tx:
        person = await people.by_handle(tx, "moderator-2")
        assert person is not None
        await people.remove_role(tx, person.id, Role.MODERATOR)
    assert "Kauft" not in await look(arena, "moderator-2", fragment(ref))
    draft = await arena.idea("draft")
    lead = await arena.client("lead")
    assert (await lead.get(fragment(draft))).status_code == 200
    async with arena.arena.services.database.write() as tx:
        idea, person = await ideas.by_ref(tx, draft), await people.by_handle(tx, "lead")
        assert idea is not None
        assert person is not None
        await ideas.remove_role(tx, idea.id, person.id, Role.LEAD)
    assert (await lead.get(fragment(draft))).status_code == 404


async def test_lv3_what_somebody_does_himself_he_sees_with_the_next_look(arena: Everyone) -> None:
    ref = await arena.idea("open")
    comment = (await say(arena, ref, "author", text="Einverstanden?")).json()["id"]
    path = f"{ref}/comments/{comment}/reaction"
    for word, pressed in (("agree", 1), ("unsure", 1), (None, 0), ("agree", 1)):
        arena.arena.clock.pass_by(seconds=1)
        # No event comes of it.
        if word is None:
            await ask(arena, "expert", "DELETE", path)
        else:
            await ask(arena, "expert", "PUT", path, {"reaction": word})
        assert (await look(arena, "expert", fragment(ref))).count('aria-pressed="true"') == pressed
        other = await look(arena, "participant", fragment(ref))
        assert 'aria-pressed="true"' not in other
        assert ('class="mood-n"' in other) is bool(pressed)


async def test_lv4_a_rendering_is_compressed_once_and_not_sent_to_a_guest_who_has_it(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await arena.idea("open")
    await say(arena, ref, text="Wer zahlt das? " * 20)
    compressed: list[int] = []

    def compress(data: bytes, *given: Any, **named: Any) -> bytes:
        compressed.append(len(data))
        return original(data, *given, **named)

    original = gzip.compress
    monkeypatch.setattr(gzip, "compress", compress)
    guest = await arena.client("guest")
    answers = [await guest.get(fragment(ref), headers={"Accept-Encoding": "gzip"}) for _ in "abc"]
    assert [each.headers["content-encoding"] for each in answers] == ["gzip"] * 3
    assert "Accept-Encoding" in answers[0].headers["vary"]
    assert len(compressed) == 1
    plain = await guest.get(fragment(ref), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answers[0].text
    named = {"If-None-Match": f'"other", {plain.headers["etag"]}'}
    again = await guest.get(fragment(ref), headers=named)
    assert (again.status_code, again.content) == (304, b"")
    await say(arena, ref, text="Niemand.")
    assert "Niemand." in (await guest.get(fragment(ref), headers=named)).text
    signed_in = await (await arena.client("expert")).get(fragment(ref), headers=named)
    assert (signed_in.status_code, signed_in.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in signed_in.headers
