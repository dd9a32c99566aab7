"""Similar ideas while typing and at an idea; what they are kept by, and what stays private."""

import pytest
from structlog.testing import CapturingLogger

from collab.process.similar.shared_words import common_words, is_same_title
from server.actions.ideas import NewIdea, create_idea
from server.clock.runner import Runner
from server.meaning.model import Model
from server.meaning.nearest import Meanings
from storage import ideas
from storage.similar import meanings
from tests.server.idea.arena_of_all import Everyone
from tests.server.similar.conftest import Quick, use


async def idea(arena: Everyone, title: str, stage: str = "open", by: str = "participant") -> str:
    """An idea with that title and no text, known by its meaning; its reference."""
    arena.arena.clock.pass_by(seconds=1)
    services = arena.arena.services
    new = NewIdea(kind="proposal", title=title, sections={})
    created = await create_idea(services, await arena.actor(by), new)
    if stage != "draft":
        async with services.database.write() as tx:
            now = services.clock()
            await ideas.advance(tx, created.idea.id, 1, from_stage="draft", to_stage=stage, now=now)
    await Runner(services).tick()
    return created.idea.ref


async def typed(arena: Everyone, by: str = "expert", **query: str) -> str:
    """What is shown while somebody types."""
    client = await arena.client(by)
    return (await client.get("/ideas/similar", params=query)).text


async def hints(arena: Everyone, ref: str, by: str = "participant") -> list[tuple[str, bool]]:
    answer = await (await arena.client(by)).get(f"/api/v1/ideas/{ref}/similar")
    return [(each["ref"], each["by_meaning"]) for each in answer.json()["hints"]]


def test_y2_a_hint_says_which_words_are_common() -> None:
    assert common_words("Schatten für Höfe und mehr", "Mehr SCHATTEN für Schulhöfe") == (
        "Mehr", "SCHATTEN"
    )  # fmt: skip
    assert common_words("für mehr", "Mehr Bäume", frozenset({"mehr"})) == ()
    assert is_same_title("Mehr  Schatten!", "mehr schatten")
    assert not is_same_title("!", "?")


async def test_y2_while_typing_the_same_title_comes_first_then_the_same_sense(
    arena: Everyone,
) -> None:
    alike = await idea(arena, "Bäume")
    same = await idea(arena, "Schatten")
    page = await typed(arena, title="Schatten")
    assert page.index(same) < page.index(alike)
    assert "Ähnlich im Sinn" in page
    assert "1 Person im Team" in page
    # The text that is typed counts, too.
    assert alike in await typed(arena, title="Ganz anders", text="Hitze Hitze Hitze Hitze")
    assert alike not in await typed(arena, title="Ganz anders")
    assert "similar-title" not in await typed(arena, title="abc")


async def test_y3_private_drafts_appear_to_nobody(arena: Everyone) -> None:
    draft = await idea(arena, "Bäume", "draft")
    public = await idea(arena, "Hitze", by="expert")
    for by in ("guest", "expert", "moderator", "participant"):
        assert draft not in await typed(arena, by, title="Bäume")
        assert await hints(arena, public, by) == []
    stranger = await (await arena.client("expert")).get(f"/api/v1/ideas/{draft}/similar")
    assert stranger.status_code == 404
    assert await hints(arena, draft) == [(public, True)]


async def test_y4_a_vector_follows_its_text_and_is_made_once(arena: Everyone, quick: Quick) -> None:
    await idea(arena, "Bäume")
    runner, services = Runner(arena.arena.services), arena.arena.services
    asked = len(quick.asked)
    await runner.tick()
    assert len(quick.asked) == asked
    async with services.database.read() as tx:
        assert await meanings.due(tx, services.clock(), 10) == []


async def test_y4_many_vectors_are_read_bit_by_bit_and_bounded(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch, quick: Quick
) -> None:
    monkeypatch.setattr("server.meaning.nearest.READ_AT_ONCE", 2)
    refs = [await idea(arena, title) for title in ("Bäume", "Hitze", "Schatten", "Velo", "Rad")]
    model = Model(lambda: quick)
    model.load_now()
    for ideas_max, expected in ((5, 3), (2, 2)):
        known = Meanings(is_on=True, model=model, ideas_max=ideas_max)
        vector = await known.vector("Schatten")
        assert vector is not None
        async with arena.arena.services.database.read() as tx:
            assert len(await known.nearest(tx, vector, 10)) == expected
    assert len(refs) == 5


async def test_y5_a_model_that_cannot_be_loaded_leaves_words_and_says_so_once(
    arena: Everyone, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = CapturingLogger()
    monkeypatch.setattr("server.meaning.model.log", heard)

    def broken() -> Quick:
        raise ImportError("no such package")

    model = Model(broken)
    model.load_now()
    use(arena, Meanings(is_on=True, model=model))
    ref = await idea(arena, "Mehr Schatten auf Schulhöfen")
    for _ in range(2):
        page = await typed(arena, title="Mehr Schatten auf Schulhof")
        assert ref in page
        assert "Ähnlicher Titel." in page
    assert [call.args for call in heard.calls] == [("ideas are compared by words only",)]


async def test_y5_by_words_only_no_model_is_loaded(arena: Everyone) -> None:
    def never() -> Quick:
        raise AssertionError("nobody asked for it")

    use(arena, Meanings(is_on=False, model=Model(never)))
    ref = await idea(arena, "Mehr Schatten auf Schulhöfen")
    assert ref in await typed(arena, title="Mehr Schatten auf Schulhof")
    assert "Bäume" not in await typed(arena, title="Bäume")


async def test_y6_a_team_dismisses_a_hint_and_links_by_hand(arena: Everyone) -> None:
    own, other = await idea(arena, "Bäume"), await idea(arena, "Hitze", by="expert")
    client = await arena.client("participant")
    page = (await client.get(f"/ideas/{own}/similar")).text
    assert "Maschinell vorgeschlagen" in page
    assert f"/ideas/{own}/links/new?kind=complements&amp;q={other}" in page
    assert f'href="/ideas/{own}/similar"' in (await client.get(f"/ideas/{own}")).text
    stranger = await arena.client("expert")
    assert "Passt nicht" not in (await stranger.get(f"/ideas/{own}/similar")).text
    refused = await stranger.post(f"/ideas/{own}/similar", data={"other": other})
    assert refused.status_code == 403
    await client.post(f"/ideas/{own}/similar", data={"other": other})
    assert await hints(arena, own) == []
    # The other team decides for itself.
    assert await hints(arena, other) == [(own, True)]
    path = f"/api/v1/ideas/{own}/similar/dismissed"
    for wrong, code in ((own, "same-idea"), ("2026-99999", "unknown-idea")):
        answer = await client.post(path, json={"other": wrong})
        assert answer.json()["fields"] == {"other": code}


async def test_y7_what_was_typed_is_taken_along_and_kept(arena: Everyone) -> None:
    other = await idea(arena, "Bäume", by="expert")
    client = await arena.client("participant")
    form = (await client.get("/ideas/new", params={"kind": "proposal", "title": "Hitze"})).text
    assert f'name="join" value="{other}"' in form
    fields = {
        "kind": "proposal",
        "title": "Hitze",
        "section-idea": "<b>Kanarie</b>",
        "process": "gdb-arena",
    }
    page = (await client.post("/ideas/join", data=fields | {"join": other})).text
    assert f'action="/ideas/{other}/comments"' in page
    assert page.count("&lt;b&gt;Kanarie&lt;/b&gt;") == 2
    back = await client.post("/ideas/new", data=fields | {"act": "again"})
    assert back.status_code == 200
    assert "&lt;b&gt;Kanarie&lt;/b&gt;" in back.text
    assert (await client.get("/api/v1/ideas?q=Hitze")).json()["ideas"] == []
    draft = await idea(arena, "Geheim", "draft", by="expert")
    missing = await client.post("/ideas/join", data=fields | {"join": draft})
    assert missing.status_code == 404
