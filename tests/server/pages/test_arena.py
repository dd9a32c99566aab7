"""All ideas, one's own, and bringing one in, without scripts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from collab.process.actors import Role
from server.pages.arena import PAGE_SIZE
from server.pages.forms import local
from server.views.arena.cards import EXCERPT_CHARS_MAX, excerpt
from server.views.arena.seats import ROWS, seats
from tests.server.pages.reading import Page, add, bring_in, get, post, signed_in
from tests.server.running import Arena, Listener, running


@dataclass(frozen=True)
class Face:
    person_id: UUID | None
    handle: str
    name: str
    colour: str = "c1"


class Crowd(Listener):
    """Says who is at which document."""

    def __init__(self) -> None:
        super().__init__()
        self.faces: dict[UUID, list[Face]] = {}

    def presence(self) -> dict[UUID, int]:
        return {document: len(faces) for document, faces in self.faces.items()}

    def present(self, document_id: UUID) -> list[Face]:
        return self.faces.get(document_id, [])

    def __getattr__(self, name: str) -> Any:
        async def nothing(*_: object) -> None: ...

        return nothing


@pytest.fixture
def crowd() -> Crowd:
    return Crowd()


@pytest.fixture
async def arena(tmp_path: Path, crowd: Crowd) -> AsyncIterator[Arena]:
    async with running(tmp_path, realtime=crowd.realtime) as arena:
        await add(arena, "ana", Role.PARTICIPANT)
        await add(arena, "ben", Role.PARTICIPANT)
        await add(arena, "obs", Role.OBSERVER)
        yield arena


def titles(page: Page) -> list[str]:
    """The titles of the cards in their order."""
    return [each.text for each in page.all("h3") if each.text]


def refs(page: Page) -> list[str]:
    return [each["data-key"] for each in page.all("li") if "data-key" in each.attributes]


async def test_an_empty_arena_greets_guests_and_says_how_to_begin(arena: Arena) -> None:
    page = await get(arena.client, "/")

    assert "Gemeinsam" in page.one("h1").text
    assert page.one("div", class_="empty").text.startswith("Die Arena ist noch leer")


async def test_who_is_signed_in_gets_to_the_ideas_at_once(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        page = await get(client, "/")

    assert page.one("h1").text == "Alle Ideen"
    assert page.one("body")["data-person"] == "ana"


async def test_the_arena_lists_public_ideas_with_newest_activity_first(arena: Arena) -> None:
    await bring_in(arena, "Erste")
    await bring_in(arena, "Entwurf", is_public=False)
    await bring_in(arena, "Zweite", kind="proposal")

    assert titles(await get(arena.client, "/")) == ["Zweite", "Erste"]


async def test_filters_say_how_many_ideas_each_would_show(arena: Arena) -> None:
    await bring_in(arena, "Bedarf 1")
    await bring_in(arena, "Bedarf 2")
    await bring_in(arena, "Vorschlag", kind="proposal")
    await bring_in(arena, "Entwurf", is_public=False)

    page = await get(arena.client, "/?kind=need")

    links = {each.text: each["href"] for each in page.all("a")}
    assert links["Offene Idee 2"] == "/?kind=need&stage=open"
    assert links["Alle Arten 3"] == "/"
    assert links["Maßnahmenvorschläge 1"] == "/?kind=proposal"
    assert page.one("h2").text == "2 Ideen"


async def test_unknown_kinds_and_stages_in_an_address_narrow_nothing(arena: Arena) -> None:
    await bring_in(arena, "Erste")

    assert titles(await get(arena.client, "/?kind=wish&stage=draft")) == ["Erste"]


async def test_words_are_found_and_what_is_not_found_is_said(arena: Arena) -> None:
    idea = await bring_in(arena, "Mehr Schatten auf Schulhöfen")
    await bring_in(arena, "Leiser Verkehr")

    assert titles(await get(arena.client, "/?q=Schulhof")) == ["Mehr Schatten auf Schulhöfen"]
    assert titles(await get(arena.client, f"/?q={idea.ref}")) == ["Mehr Schatten auf Schulhöfen"]
    nothing = await get(arena.client, "/?q=Seilbahn")
    assert nothing.one("div", class_="empty").text.startswith("Dazu gibt es hier noch nichts")


async def test_a_long_list_is_read_page_by_page(arena: Arena) -> None:
    for number in range(PAGE_SIZE + 2):
        await bring_in(arena, f"Idee {number}")

    first = await get(arena.client, "/?kind=need")
    second = await get(arena.client, first.one("a", rel="next")["href"])

    assert len(titles(first)) == PAGE_SIZE
    assert titles(second) == ["Idee 1", "Idee 0"]
    assert second.one("a", rel="prev")["href"] == "/?kind=need"


async def test_a_cursor_that_is_not_ours_is_refused(arena: Arena) -> None:
    assert (await get(arena.client, "/?cursor=nonsense")).status == 422


async def test_cards_count_who_is_there_and_name_them_to_the_signed_in(
    arena: Arena, crowd: Crowd
) -> None:
    idea = await bring_in(arena, "Erste")
    crowd.faces[idea.document_id] = [Face(uuid4(), "ben", "Ben"), Face(uuid4(), "eva", "Eva")]

    guests = await get(arena.client, "/")
    async with signed_in(arena, "ana") as client:
        persons = await get(client, "/")

    assert "2 sind hier" in guests.text
    assert "Eva" not in guests.text
    assert "2 sind hier : Ben, Eva" in persons.text


async def test_a_person_at_two_ideas_takes_one_seat(arena: Arena, crowd: Crowd) -> None:
    ben = Face(uuid4(), "ben", "Ben")
    crowd.faces = {uuid4(): [ben], uuid4(): [ben, Face(None, "", "Gast")]}

    page = await get(arena.client, "/fragments/pulse")

    assert "2 Personen sind gerade da" in page.text
    assert len(page.all("circle", class_="is-taken")) == 2


async def test_a_live_list_keeps_its_order_and_offers_what_is_new(arena: Arena) -> None:
    await bring_in(arena, "Erste")
    await bring_in(arena, "Zweite")
    page = await get(arena.client, "/")
    fragment = next(
        each["data-fragment"] for each in page.all("div") if "shown" in str(each.attributes)
    )
    shown = refs(page)
    third = await bring_in(arena, "Dritte")

    fresh = await get(arena.client, fragment)

    assert refs(fresh) == shown
    assert third.ref not in refs(fresh)
    assert fresh.one("p", class_="fresh").text == "Eine neue oder geänderte Idee zeigen"


async def test_a_live_list_shows_no_drafts_and_survives_nonsense(arena: Arena) -> None:
    draft = await bring_in(arena, "Entwurf", is_public=False)

    page = await get(arena.client, f"/fragments/ideas?shown={draft.ref},nonsense,2026-99999,")

    assert page.status == 200
    assert refs(page) == []


async def test_drafts_are_listed_for_their_author_only(arena: Arena) -> None:
    await bring_in(arena, "Entwurf", is_public=False)
    await bring_in(arena, "Von Ben", handle="ben")

    async with signed_in(arena, "ana") as ana, signed_in(arena, "obs") as observer:
        assert titles(await get(ana, "/ideas/mine")) == ["Entwurf"]
        assert "Hier ist noch Platz" in (await get(observer, "/ideas/mine")).text


async def test_guests_sign_in_before_they_see_their_own_pages(arena: Arena) -> None:
    for path in ("/ideas/mine", "/ideas/new", "/account", "/people"):
        response = await arena.client.get(path)
        assert (response.status_code, response.headers["location"]) == (
            303,
            f"/sign-in?next={path}",
        )


async def test_observers_bring_no_ideas_in(arena: Arena) -> None:
    async with signed_in(arena, "obs") as client:
        assert (await get(client, "/ideas/new")).status == 403
        assert "Idee einbringen" not in (await get(client, "/")).text


async def test_a_new_idea_takes_three_steps(arena: Arena) -> None:
    async with signed_in(arena, "ana") as client:
        kinds = await get(client, "/ideas/new")
        title = await get(client, "/ideas/new?kind=need")
        text = await get(client, "/ideas/new?kind=need&title=Mehr+Schatten")
        form = {"kind": "need", "title": "Mehr Schatten", "section-situation": "Zu heiß."}
        response = await post(client, "/ideas/new", **form, act="draft")

    assert [each["value"] for each in kinds.all("input", type="radio")] == ["need", "proposal"]
    assert title.one("input", name="title")
    assert {each["name"] for each in text.all("textarea")} == {
        "section-situation",
        "section-affected",
    }
    assert response.status_code == 303
    assert response.headers["location"].startswith("/ideas/2026-")


@pytest.mark.parametrize("title", ["", "%20%20", "x" * 201])
async def test_a_faulty_title_stays_on_its_step(arena: Arena, title: str) -> None:
    async with signed_in(arena, "ana") as client:
        page = await get(client, f"/ideas/new?kind=need&title={title}")

    assert set(page.errors) == {"title"}
    assert page.status == 422


async def test_publishing_names_all_that_lacks_and_keeps_what_was_typed(arena: Arena) -> None:
    form = {"kind": "need", "title": "Mehr Schatten", "section-situation": "Zu heiß."}
    async with signed_in(arena, "ana") as client:
        page = Page(await post(client, "/ideas/new", **form, act="submit"))
        nothing = await get(client, "/ideas/mine")

    assert page.status == 422
    assert set(page.errors) == {"section-affected"}
    assert page.one("textarea", name="section-situation").text == "Zu heiß."
    assert titles(nothing) == []


async def test_published_at_once_everybody_reads_it(arena: Arena) -> None:
    form = {"section-situation": "Zu heiß.", "section-affected": "Kinder."}
    async with signed_in(arena, "ana") as client:
        await post(client, "/ideas/new", kind="need", title="Schatten", **form, act="submit")

    assert titles(await get(arena.client, "/")) == ["Schatten"]


async def test_similar_titles_are_shown_before_anything_is_made(arena: Arena) -> None:
    await bring_in(arena, "Mehr Schatten auf Schulhöfen")

    fragment = await get(arena.client, "/ideas/similar?title=Schatten+auf+Schulhof")
    async with signed_in(arena, "ana") as client:
        step = await get(client, "/ideas/new?kind=need&title=Schatten+auf+Schulhof")

    assert "Mehr Schatten auf Schulhöfen" in fragment.text
    assert "Mehr Schatten auf Schulhöfen" in step.text


async def test_what_people_typed_is_text_and_never_markup(arena: Arena) -> None:
    await bring_in(arena, "<script>alert(1)</script>")

    page = await get(arena.client, "/?q=<script>alert(1)</script>")

    assert "<script>alert" not in page.source
    assert titles(page)[:1] == ["<script>alert(1)</script>"]


async def test_the_arena_explains_its_stages_and_rules(arena: Arena) -> None:
    page = await get(arena.client, "/about")

    terms = [each.text for each in page.all("dt")]
    assert {"Entwurf", "Ausarbeitung", "Qualifizierter Vorschlag"} <= set(terms)
    assert page.one("h2", id="accessibility")


def test_seats_fill_from_the_middle_of_the_front_row() -> None:
    taken = [seat for seat in seats(3) if seat.is_taken]

    assert len(taken) == 3
    assert min(seat.y for seat in seats(9) if seat.is_taken) >= min(seat.y for seat in taken)


def test_more_people_than_seats_take_all_seats() -> None:
    assert sum(seat.is_taken for seat in seats(1_000)) == sum(ROWS)


def test_an_excerpt_is_one_line_cut_between_words() -> None:
    assert excerpt("kurz\n\nund gut") == "kurz und gut"
    cut = excerpt("Wort " * 100)
    assert cut.endswith("Wort …")
    assert len(cut) <= EXCERPT_CHARS_MAX + 2


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/ideas/2026-00001", "/ideas/2026-00001"),
        ("/people?q=a", "/people?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_led_to_a_foreign_page(asked: str, led_to: str) -> None:
    assert local(asked) == led_to
