"""Folders of existing initiatives: what is read, what is left out, and what is found again."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from collab.process.initiatives.initiative import ABSTRACT_CHARS_MAX, LABELS_MAX, TEXT_CHARS_MAX
from server.actions.catalogues.initiatives import (
    INITIATIVES_PER_TRANSACTION,
    Imported,
    import_initiatives,
)
from server.importing import initiatives as importing
from server.importing.decoding import UnreadableFile
from server.importing.initiatives import FILE_BYTES_MAX, read_folder
from storage.database import Database
from storage.process import initiatives
from storage.search import existing as searching
from storage.search.existing import existing
from tests.harness.existing import INITIATIVES, markdown, write_initiatives
from tests.sources import ROOT
from tests.storage.making import NOW

PORTAL = ROOT.parent / "shared" / "data" / "berlin-opensource-initiatives"


async def bring_in(database: Database, folder: Path) -> Imported:
    return await import_initiatives(database, read_folder(folder, "portal").found, NOW)


async def names_like(database: Database, query: str) -> list[str]:
    async with database.read() as tx:
        return [each.initiative.name for each in await existing(tx, query)]


# Reading


def test_a_file_becomes_an_initiative(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("\ufeff" + markdown("baumpaten"), "utf-8")
    (found,) = read_folder(tmp_path, "portal").found
    assert (found.source, found.name) == ("import:portal:baumpaten", "Baumpaten-Karte")
    assert found.url == "https://baumpaten.example"
    assert found.tags == ("Stadt", "Offene Daten")
    assert (found.run_by, found.since) == (("Werkstatt Stadt",), date(2024, 3, 1))
    assert found.text == f"Zusammenfassung\n\n{INITIATIVES['baumpaten'][2]}\n\nMehr hier."


MANY = json.dumps(["a"] * (LABELS_MAX + 1))
FAULTS = {
    "no front matter": ("Nur Text.", 1, "does not begin with ---"),
    "not closed": ("---\ntitle: A\n", 2, "not closed"),
    "no title": (markdown("rampen", title=""), 1, "title missing"),
    "a nested value": ("---\ntitle: A\n  - b\n---\n", 3, "expected a line like"),
    "a broken list": (markdown("rampen", tags='["a", b]'), 3, "expected a list"),
    "another scheme": (markdown("rampen", link="javascript:alert(1)"), 1, "link malformed"),
    "long": (markdown("rampen", abstract="x" * (ABSTRACT_CHARS_MAX + 1)), 1, "abstract too-long"),
    "many tags": (markdown("rampen", tags=MANY), 1, "tags too-long"),
    "too big": ("x" * (FILE_BYTES_MAX + 1), 1, "bigger than"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_k7_a_file_without_an_initiative_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    text, line, problem = FAULTS[name]
    write_initiatives(tmp_path)
    (tmp_path / "zz.md").write_text(text, "utf-8")
    read = read_folder(tmp_path, "portal")
    assert len(read.found) == len(INITIATIVES)
    ((file, fault),) = read.faults
    assert (file, fault.line) == ("zz.md", line)
    assert problem in fault.problem


def test_k7_what_is_not_utf8_or_there_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(markdown("rampen"), "utf-8")
    (tmp_path / "b.md").write_text(markdown("rampen"), "utf-8")
    (tmp_path / "c.md").write_bytes(markdown("leihrad").encode("cp1252"))
    read = read_folder(tmp_path, "portal")
    assert [file for file, _ in read.faults] == ["b.md", "c.md"]


def test_folders_without_files_or_with_too_many_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, said in ((tmp_path / "none", "no folder"), (tmp_path, "no .md file")):
        with pytest.raises(UnreadableFile, match=said):
            read_folder(folder, "portal")
    write_initiatives(tmp_path)
    monkeypatch.setattr(importing, "FILES_MAX", len(INITIATIVES))
    assert read_folder(tmp_path, "portal").found
    monkeypatch.setattr(importing, "FILES_MAX", len(INITIATIVES) - 1)
    with pytest.raises(UnreadableFile, match="more than 11 files"):
        read_folder(tmp_path, "portal")


def test_a_long_description_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(markdown("rampen") + "wort " * TEXT_CHARS_MAX, "utf-8")
    (found,) = read_folder(tmp_path, "portal").found
    assert len(found.text) == TEXT_CHARS_MAX


# Writing


async def test_k7_importing_again_writes_only_what_has_changed(
    database: Database, tmp_path: Path
) -> None:
    folder, number = write_initiatives(tmp_path), len(INITIATIVES)
    assert await bring_in(database, folder) == Imported(new=number)
    assert await bring_in(database, folder) == Imported(same=number)
    async with database.read() as tx:
        (before,) = (await initiatives.by_sources(tx, ["import:portal:rampen"])).values()
    changed = markdown("rampen", abstract="Hindernisse für Rollatoren anzeigen")
    (folder / "rampen.md").write_text(changed, "utf-8")
    dry = await import_initiatives(database, read_folder(folder, "portal").found, NOW, dry_run=True)
    assert dry == Imported(changed=1, same=number - 1)
    later = NOW + timedelta(days=1)
    again = await import_initiatives(database, read_folder(folder, "portal").found, later)
    assert again == dry
    assert "Rampen-Melder" in await names_like(database, "Rollatoren")
    assert await names_like(database, "Kinderwagen") == []
    async with database.read() as tx:
        after = await initiatives.get(tx, before.id)
        assert after is not None
        assert (after.updated_at, await initiatives.count(tx)) == (later, number)


async def test_more_than_one_transaction_is_written(database: Database, tmp_path: Path) -> None:
    number = INITIATIVES_PER_TRANSACTION + 1
    for each in range(number):
        (tmp_path / f"{each}.md").write_text(markdown("rampen", id=str(each)), "utf-8")
    seen: list[int] = []
    found = read_folder(tmp_path, "portal").found
    done = await import_initiatives(database, found, NOW, progress=seen.append)
    assert (done.new, seen) == (number, [INITIATIVES_PER_TRANSACTION, 1])


# Finding


async def test_ac_g8b_an_abstract_finds_its_own_initiative_among_three(
    database: Database, tmp_path: Path
) -> None:
    await bring_in(database, write_initiatives(tmp_path))
    for name, abstract, _ in INITIATIVES.values():
        assert name in (await names_like(database, abstract))[:3]


@pytest.mark.skipif(not PORTAL.is_dir(), reason="no initiatives at ../shared/data")
async def test_ac_g8b_on_real_initiatives(database: Database) -> None:
    read = read_folder(PORTAL, "portal")
    assert (len(read.found), read.faults) == (19, ())
    assert await bring_in(database, PORTAL) == Imported(new=19)
    for each in read.found:
        assert each.name in (await names_like(database, each.abstract))[:3]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Bäume gießen", "Baumpaten-Karte"),  # inside Straßenbäume
        ("Wo kann ich mich im Sommer abkühlen, im Schatten?", "Kühle Wege"),
        ("Sanierungen", "Energiespiegel"),  # begins as Sanierungsstand
        ("Mietradverleih", "Leihrad-Ströme"),  # begins with the stem of Mieträder
        ("THEATER", "Fundus für Bühnen"),
    ],
)
async def test_k8_german_words_are_found_in_other_forms_and_inside_others(
    database: Database, tmp_path: Path, query: str, name: str
) -> None:
    await bring_in(database, write_initiatives(tmp_path))
    assert (await names_like(database, query))[0] == name


async def test_k8_each_find_names_the_words_that_say_so(database: Database, tmp_path: Path) -> None:
    await bring_in(database, write_initiatives(tmp_path))
    async with database.read() as tx:
        found = await existing(tx, "Freie Plätze in Kindertagesstätten und auf dem Markt")
    assert set(found[0].words) >= {"Plätze", "Kindertagesstätten"}
    assert not {"in", "und", "dem", "Markt"} & set(found[0].words)


@pytest.mark.parametrize(
    "query", ["", "und der die das", "Quantencomputer", "%_'\"*()", "\U0010ffff\x00", "Labore"]
)
async def test_k8_what_shares_nothing_is_not_named(
    database: Database, tmp_path: Path, query: str
) -> None:
    await bring_in(database, write_initiatives(tmp_path))
    assert await names_like(database, query) == []


async def test_nothing_is_found_where_nothing_is_known(database: Database) -> None:
    assert await names_like(database, "Bäume gießen") == []


async def test_a_whole_book_may_be_asked_for(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bring_in(database, write_initiatives(tmp_path))
    book = "Kulissen für freie Theater " + " ".join(f"wort{n}ende" for n in range(5_000))
    assert (await names_like(database, book))[0] == "Fundus für Bühnen"
    # What would read too much is left out, common words first.
    monkeypatch.setattr(searching, "POSTINGS_MAX", 2)
    assert (await names_like(database, "Kulissen in der Stadt"))[0] == "Fundus für Bühnen"
    assert await names_like(database, "Stadt") == []
