"""``import ideas`` and ``export ideas`` as typed."""

import csv
import json
from pathlib import Path

import pytest

from tests.server.commands.arena import Shell

BONN = Path(__file__).parents[4] / "shared/data/cimt-bonn/dataset_location_CDB.csv"
ROWS = "Nr;Titel;Beschreibung\n1;Mehr Bänke;Im Park fehlen Bänke.\n2;;ohne Titel\n3;Schatten;x\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A small file in cp1252 with one faulty row."""
    path = tmp_path / "wünsche.csv"
    path.write_text(ROWS, encoding="cp1252")
    return str(path)


def count(arena: Shell) -> int:
    """How many ideas are there, drafts too."""
    return len(arena.works("export", "ideas", "--drafts").splitlines())


def test_first_run_shows_what_would_happen_and_writes_nothing(arena: Shell, file: str) -> None:
    before = count(arena)
    said = arena.run("import", "ideas", file).stderr
    assert "cp1252  (guessed)" in said
    assert "semicolon  (guessed)" in said
    assert "title ← 'Titel'" in said
    assert "line 3: the title is empty" in said
    assert "2 new, 0 already here, 1 left out" in said
    assert "--yes" in said
    assert count(arena) == before


def test_dry_run_wins_over_yes(arena: Shell, file: str) -> None:
    before = count(arena)
    arena.works("import", "ideas", file, "--yes", "--dry-run")
    assert count(arena) == before


def test_i6_yes_writes_and_the_second_time_nothing_is_new(arena: Shell, file: str) -> None:
    before = count(arena)
    assert "2 ideas were imported" in arena.run("import", "ideas", file, "--yes").stderr
    assert "0 new, 2 already here" in arena.run("import", "ideas", file, "--yes").stderr
    assert count(arena) == before + 2


def test_json_tells_programs_everything(arena: Shell, file: str) -> None:
    told = arena.json("import", "ideas", file, "--yes")
    assert (told["rows"], told["new"], told["created"]) == (2, 2, 2)
    assert told["faults"] == [{"line": 3, "problem": "the title is empty"}]


def test_options_override_what_is_guessed(arena: Shell, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text('a|b\n"x" y|Text\n', encoding="utf-16")
    told = arena.json(
        "import", "ideas", str(path), "--encoding", "utf-16", "--separator", "bar", "--quote",
        "none", "--title", "a", "--text", "2", "--kind", "proposal", "--section", "situation",
        "--author", "participant", "--name", "odd", "--yes",
    )  # fmt: skip
    assert (told["created"], told["kind"], told["section"]) == (1, "proposal", "situation")
    found = [json.loads(line) for line in arena.works("export", "ideas").splitlines()]
    idea = next(idea for idea in found if (idea["source"] or "").startswith("import:odd:"))
    assert (idea["title"], idea["created_by"], idea["text"]) == ('"x" y', "participant", "Text")


def test_useless_files_and_options_are_told(arena: Shell, file: str, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.csv"
    nothing.write_bytes(b"")
    ideas = ("import", "ideas")
    assert "empty" in arena.fails(*ideas, str(nothing))
    assert "No such file" in arena.fails(*ideas, str(tmp_path / "missing.csv"))
    assert "no column 'x'" in arena.fails(*ideas, file, "--text", "x")
    assert "no separator" in arena.fails(*ideas, file, "--separator", "ab")
    assert "no encoding" in arena.fails(*ideas, file, "--encoding", "klingon")
    assert arena.fails(*ideas, file, "--author", "nobody")


def test_file_of_nothing_but_faults_fails(arena: Shell, tmp_path: Path) -> None:
    path = tmp_path / "faults.csv"
    path.write_text("title;text\n;x\n;y\n")
    result = arena.run("import", "ideas", str(path), "--yes")
    assert result.exit_code == 1
    assert "2 left out" in result.stderr


def test_export_writes_files(arena: Shell, tmp_path: Path) -> None:
    arena.works("export", "ideas", "--format", "csv", "--output", str(tmp_path / "ideas.csv"))
    with (tmp_path / "ideas.csv").open(encoding="utf-8-sig", newline="") as written:
        rows = list(csv.DictReader(written))
    arena.works("export", "ideas", "-o", str(tmp_path / "ideas.jsonl"))
    lines = (tmp_path / "ideas.jsonl").read_text("utf-8").splitlines()
    assert [row["ref"] for row in rows] == [json.loads(line)["ref"] for line in lines]


def test_unknown_format_and_unwritable_output_are_told(arena: Shell, tmp_path: Path) -> None:
    assert "no format" in arena.fails("export", "ideas", "--format", "xml")
    assert "No such file" in arena.fails("export", "ideas", "-o", str(tmp_path / "a" / "b"))


@pytest.mark.skipif(not BONN.exists(), reason="the real file is not on this machine")
def test_bonn_is_imported_as_it_is(arena: Shell) -> None:
    told = arena.json("import", "ideas", str(BONN), "--yes")
    assert (told["created"], told["faults"]) == (2163, [])
    assert arena.json("import", "ideas", str(BONN), "--yes")["new"] == 0
