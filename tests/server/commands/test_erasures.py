"""``person export|erase`` and ``documents erase``."""

import json
import sqlite3
from typing import Any

import pytest

from server.actions.erasure import people as erasure
from storage.erasure.purge import StillRead
from tests.server.commands.arena import Shell

NAME = "Aylin Demirtaş"


def bytes_of(arena: Shell) -> bytes:
    """Everything in the files of the database."""
    return b"".join(path.read_bytes() for path in sorted(arena.folder.glob("arena.db*")))


def test_x1_a_person_is_exported_to_the_screen_or_a_file(arena: Shell) -> None:
    held = arena.json("person", "export", "participant")
    assert held["account"]["name"] == NAME
    assert held["texts"]
    file = arena.folder / "person.json"
    assert not arena.works("person", "export", "participant", "--output", str(file))
    assert json.loads(file.read_text())["account"] == held["account"]
    assert file.stat().st_mode & 0o077 == 0
    assert arena.fails("person", "export", "nobody")


def test_x2_without_yes_nothing_happens(arena: Shell) -> None:
    before = arena.works("export", "ideas", "--drafts")
    plan = arena.works("person", "erase", "participant", "--text", "erase")
    assert "text erased: 2026-00001" in plan
    assert "text kept" not in plan
    kept = arena.json("person", "erase", "participant")
    assert {removal["ref"] for removal in kept["kept"]} >= {"2026-00001"}
    assert arena.json("documents", "erase", "2026-00001")["pinned"] == []
    assert arena.works("export", "ideas", "--drafts") == before


def test_x2_x3_a_person_is_erased_and_the_rest_verifies(arena: Shell) -> None:
    assert NAME.encode() in bytes_of(arena)
    assert b"alleinstehend" in bytes_of(arena)
    outcome = arena.json("person", "erase", "participant", "--text", "erase", "--yes")
    assert outcome["pseudonym"].startswith("Ehemalige Person")
    assert outcome["warnings"] == []
    assert NAME.encode() not in bytes_of(arena)
    assert b"alleinstehend" not in bytes_of(arena)
    assert arena.json("documents", "verify") == {
        "documents": arena.count("document"),
        "broken": [],
        "kept_apart": {},
    }
    assert arena.json("documents", "compact")["snapshots"] > 0
    assert "participant " not in arena.works("person", "list")
    assert arena.fails("person", "erase", "participant", "--yes")


def test_x7_an_erasure_whose_files_were_still_read_is_finished_by_the_same_command(
    arena: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: Any) -> Any:
        raise StillRead("somebody reads")

    with monkeypatch.context() as reading:
        reading.setattr(erasure, "purge", busy)
        said = arena.fails("person", "erase", "participant", "--text", "erase", "--yes")
    assert "Run the command again" in said
    again = arena.run("person", "erase", "participant", "--text", "erase", "--yes")
    assert (again.exit_code, "was finished" in again.stderr) == (0, True)
    assert NAME.encode() not in bytes_of(arena)
    assert arena.json("documents", "purge")["warnings"] == []


def test_x6_the_past_of_a_document_goes(arena: Shell) -> None:
    arena.works("documents", "erase", "2026-00002", "--yes")
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        rows = connection.execute(
            "SELECT epoch, seq FROM document_log WHERE document_id = "
            "(SELECT document_id FROM idea WHERE ref = '2026-00002')"
        ).fetchall()
    connection.close()
    assert rows == [(2, 1)]
    assert arena.json("documents", "verify")["broken"] == []
    assert arena.fails("documents", "erase", "2026-09999", "--yes")


def test_x8_a_slip_of_the_pen_erases_nothing(arena: Shell) -> None:
    assert "--text takes" in arena.fails("person", "erase", "participant", "--text", "alles")
    assert arena.fails("person", "erase", "participant", "--text", "2026-09999", "--yes")
    assert NAME.encode() in bytes_of(arena)
