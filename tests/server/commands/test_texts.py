"""``documents verify`` and ``documents compact``."""

import sqlite3

import pytest

from tests.server.commands.arena import Shell

# Those of which somebody has written something, besides what they began with.
WRITTEN = "document WHERE seq > 1"


def execute(arena: Shell, statement: str) -> None:
    """Change the database behind Arena's back."""
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


def test_sound_documents_are_verified(arena: Shell) -> None:
    assert arena.json("documents", "verify") == {
        "documents": arena.count("document"),
        "broken": [],
        "kept_apart": {},
    }


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ("UPDATE document_log SET \"update\" = x'00' WHERE seq = 2", "damaged"),
        ("DELETE FROM document_log WHERE seq = 2", "missing"),
        ("UPDATE idea_text SET sha256 = replace(sha256, 'a', 'b')", "lists show another text"),
        ("DELETE FROM idea_text", "no text is shown"),
    ],
)
def test_s6_damage_is_found_and_named(arena: Shell, damage: str, problem: str) -> None:
    execute(arena, damage)
    result = arena.run("documents", "verify")
    assert result.exit_code == 1
    assert problem in result.stdout
    assert "2026-" in result.stdout


def test_compacted_documents_are_the_same_and_the_second_time_nothing_is_done(
    arena: Shell,
) -> None:
    before = arena.works("export", "ideas", "--drafts")
    written = arena.count(WRITTEN)
    assert written > 10
    assert arena.json("documents", "compact") == {"snapshots": written, "rows_cut": 0}
    assert arena.json("documents", "compact") == {"snapshots": 0, "rows_cut": 0}
    assert arena.json("documents", "verify")["broken"] == []
    assert arena.works("export", "ideas", "--drafts") == before


def test_s6_compacting_leaves_unreadable_documents_alone(arena: Shell) -> None:
    execute(arena, "UPDATE document_log SET sha256 = replace(sha256, 'a', 'b') WHERE seq = 2")
    damaged = len(arena.run("documents", "verify").stdout.splitlines())
    told = arena.json("documents", "compact")
    assert told["snapshots"] + damaged == arena.count(WRITTEN)
