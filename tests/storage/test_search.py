"""Finding ideas: German words by their stems, alike titles, the same on both engines."""

from __future__ import annotations

import pytest

from storage import ideas, texts
from storage.database import Database
from storage.ideas import IdeaFilter
from storage.search import stems as stems_module
from storage.search import words
from storage.search.stems import STEMS_BYTES_MAX, query_stems, stems
from tests.storage.making import NOW, a_person, an_idea, later, make_idea, version


async def found(database: Database, q: str) -> set[str]:
    async with database.read() as tx:
        return {idea.title for idea in (await ideas.page(tx, IdeaFilter(q=q))).ideas}


@pytest.mark.parametrize(
    ("q", "written"),
    [
        ("Spielplätze", "Ein Spielplatz für alle"),
        ("Spielplatz", "Mehr Spielplätze in Mitte"),
        ("SPIELPLÄTZEN", "Der Spielplatz"),
        ("Spiel", "Der Spielplatz"),
        ("radwege mitte", "In Mitte fehlt ein Radweg"),
        ("Straße", "Die STRASSE ist laut"),
        ("Bibliotheken!", "„Bibliothek“"),
        ("E-Mail", "per E-Mail"),
        ("3 Bänke", "nur 3 Bänke"),
    ],
)
async def test_words_are_found_in_every_form(database: Database, q: str, written: str) -> None:
    await an_idea(database, title="match", plain=written)
    await an_idea(database, title="other", plain="Etwas ganz anderes")
    assert await found(database, q) == {"match"}


async def test_titles_are_searched_too(database: Database) -> None:
    await an_idea(database, title="Trinkbrunnen am Ufer", plain="Wasser")
    assert await found(database, "Trinkbrunnen") == {"Trinkbrunnen am Ufer"}


async def test_every_word_must_be_there(database: Database) -> None:
    await an_idea(database, title="a", plain="Radweg in Mitte")
    await an_idea(database, title="b", plain="Radweg in Pankow")
    assert await found(database, "Radwege Pankow") == {"b"}
    assert await found(database, "Radwege Spandau") == set()


async def test_a_reference_finds_its_idea(database: Database) -> None:
    idea = await an_idea(database, title="a")
    await an_idea(database, title="b", plain=f"siehe {idea.ref}")
    assert await found(database, f" {idea.ref} ") == {"a"}


@pytest.mark.parametrize(
    "q",
    ["'", '"', '" OR "', "a' OR '1'='1", "NEAR(a b)", "*", "a:*", "!a & |", "\\", "%", "_", "\x00"],
)
async def test_signs_of_query_languages_are_only_signs(database: Database, q: str) -> None:
    await an_idea(database, plain="Spielplatz")
    assert await found(database, q) == set()


async def test_search_and_filters_hold_together(database: Database) -> None:
    ana = await a_person(database)
    await an_idea(database, ana, title="a", plain="Radweg", kind="need", stage="draft")
    await an_idea(database, title="b", plain="Radweg", kind="need")
    await an_idea(database, title="c", plain="Radweg", kind="proposal")
    wanted = IdeaFilter(q="radweg", kind="need", reader=ana)
    async with database.read() as tx:
        assert {idea.title for idea in (await ideas.page(tx, wanted)).ideas} == {"a", "b"}
        assert await ideas.count(tx, wanted) == 2
        assert await ideas.count(tx, IdeaFilter(q="radweg", mine=ana)) == 0


async def test_a_search_with_many_hits_pages_like_any_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as tx:
        for number in range(12):
            await make_idea(tx, title=str(number), plain="Radweg", now=later(minutes=number))
    pages = []
    for hits_sorted_max in (1, 500):
        monkeypatch.setattr(words, "HITS_SORTED_MAX", hits_sorted_max)
        async with database.read() as tx:
            first = await ideas.page(tx, IdeaFilter(q="radweg"), limit=7)
            second = await ideas.page(tx, IdeaFilter(q="radweg"), first.next_cursor, limit=7)
        pages.append([idea.title for idea in first.ideas + second.ideas])
    assert pages == [[str(number) for number in range(11, -1, -1)]] * 2


async def test_changed_text_is_found_by_its_new_words_only(database: Database) -> None:
    idea = await an_idea(database, title="a", plain="Radweg")
    async with database.write() as tx:
        await texts.project(
            tx, idea.id, version(2, "new"), title="a", plain="Brunnen", sections={}, now=NOW
        )
    assert await found(database, "Radweg") == set()
    assert await found(database, "Brunnen") == {"a"}


async def similar(database: Database, title: str, **given: object) -> list[str]:
    async with database.read() as tx:
        return [one.title for one in await ideas.similar(tx, title, **given)]  # type: ignore[arg-type]


async def test_alike_titles_are_found_best_first(database: Database) -> None:
    for title in ("Mehr Bänke im Park", "Bänke und Tische im Park", "Digitale Wahlkarte"):
        await an_idea(database, title=title)
    assert await similar(database, "mehr bänke im Parks") == [
        "Mehr Bänke im Park",
        "Bänke und Tische im Park",
    ]


@pytest.mark.parametrize("title", ["", "  ", "?", "a", "x" * 10_000, "' | ''", '"'])
async def test_odd_titles_are_like_none(database: Database, title: str) -> None:
    await an_idea(database)
    assert await similar(database, title) == []


async def test_drafts_and_the_idea_itself_are_not_named_as_alike(database: Database) -> None:
    await an_idea(database, title="Mehr Bänke", stage="draft")
    own = await an_idea(database, title="Mehr Bänke")
    assert await similar(database, "Mehr Bänke", without=own.id) == []
    assert await similar(database, "Mehr Bänke", hidden_stages=()) == ["Mehr Bänke"] * 2


def test_stems_are_distinct_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert stems("Der Platz, die Plätze, des Platzes") == "der des die platz"
    monkeypatch.setattr(stems_module, "STEMS_BYTES_MAX", 3_000)
    endless = " ".join(f"wort{number:03}" for number in range(1_000))
    kept = stems(endless)
    assert kept == endless[: len(kept)]
    assert 3_000 - len(" wort000") <= len(kept.encode()) <= 3_000


def test_a_query_has_so_many_words_at_most() -> None:
    assert len(query_stems(" ".join(f"wort{number}" for number in range(1_000)))) == 12


async def test_a_text_as_long_as_can_be_is_indexed(database: Database) -> None:
    # Stems are slow to find and remembered: the same words again make it long.
    once = " ".join(f"ü{number:061d}ü" for number in range(5_000))
    assert STEMS_BYTES_MAX - 100 < len(stems(once).encode()) <= STEMS_BYTES_MAX
    endless = " ".join([once] * 4)
    await an_idea(database, title="long", plain=endless)
    assert await found(database, f"ü{1:061d}ü") == {"long"}
