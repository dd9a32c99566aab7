"""``documents restore``, ``release`` and ``quarantine``, and ``verify`` of a text that kills."""

import sqlite3
from contextlib import closing

import pytest

from storage.documents import sha256
from tests.collab.sync import wire
from tests.collab.sync.pens import Pen
from tests.server.commands.arena import Shell
from tests.server.crash.test_rescue import killer

REF = "2026-00001"
CLIENTS = (4_242, 4_343, 4_444)


def connected(arena: Shell) -> sqlite3.Connection:
    return sqlite3.connect(arena.folder / "arena.db")


def person(arena: Shell, handle: str) -> str:
    with closing(connected(arena)) as connection:
        query = "SELECT id FROM person WHERE handle = ?"
        return str(connection.execute(query, [handle]).fetchone()[0])


def log(arena: Shell) -> list[bytes]:
    """The rows of the idea's log."""
    with closing(connected(arena)) as connection:
        query = (
            'SELECT "update" FROM document_log WHERE document_id = '
            "(SELECT document_id FROM idea WHERE ref = ?) ORDER BY epoch, seq"
        )
        return [row[0] for row in connection.execute(query, [REF])]


def append(arena: Shell, update: bytes, handle: str, *, is_damaged: bool = False) -> None:
    """Add a row behind Arena's back, under the person's name."""
    with closing(connected(arena)) as connection, connection:
        where = "WHERE id = (SELECT document_id FROM idea WHERE ref = ?)"
        connection.execute(f"UPDATE document SET seq = seq + 1 {where}", [REF])
        digest = "0" * 64 if is_damaged else sha256(update)
        connection.execute(
            'INSERT INTO document_log (document_id, epoch, seq, "update", sha256, actor_id, '
            "clients, at) SELECT id, epoch, seq, ?, ?, ?, '[]', '2026-11-23 10:00:00.000000' "
            f"FROM document {where}",
            [update, digest, person(arena, handle), REF],
        )


def typed(arena: Shell, client: int, text: str) -> bytes:
    """An update that adds text to the title's paragraph, as an honest client makes it."""
    pen = Pen(client, *log(arena)[:1])
    return pen.write(lambda pen: pen.text(0, "title").insert(0, text))


def test_s27_verify_names_a_text_that_kills_and_goes_on(arena: Shell) -> None:
    append(arena, killer(CLIENTS[0]), "expert")
    result = arena.run("documents", "verify")
    assert result.exit_code == 1
    assert f"{REF}  it kills the process that opens it (SIGSEGV)" in result.stdout
    assert f"{arena.count('document')} documents, 1 with problems" in result.stderr


def test_s28_restore_keeps_what_is_good_and_lists_what_is_not(arena: Shell) -> None:
    append(arena, killer(CLIENTS[0]), "expert")
    append(arena, wire.update((CLIENTS[0], 1, [wire.text("Folge", parent=(1, 8))])), "expert")
    append(arena, typed(arena, CLIENTS[1], "Neu: "), "participant")
    told = arena.json("documents", "restore", REF)
    assert told["epoch"] == 2
    assert [(row["why"], row["by"], row["words"]) for row in told["left_out"]] == [
        ("killer", "expert", ""),
        ("dependent", "expert", "Folge"),
    ]
    assert arena.json("documents", "verify") == {
        "documents": arena.count("document"),
        "broken": [],
        "kept_apart": {REF: 2},
    }
    kept = arena.json("documents", "quarantine", REF)
    assert {row["verdict"]: row["words"] for row in kept} == {"killer": "", "dependent": "Folge"}
    assert arena.works("export", "ideas", "--drafts").count("Neu: ") == 1


def test_s30_a_damaged_text_is_restored_on_an_operators_word_who_knows_the_loss(
    arena: Shell,
) -> None:
    append(arena, typed(arena, CLIENTS[1], "Verloren: "), "participant", is_damaged=True)
    append(arena, typed(arena, CLIENTS[2], "Geblieben: "), "participant-2")
    before = arena.run("documents", "verify").stdout
    assert "damaged" in before
    dry = arena.run("documents", "restore", REF, "--dry-run")
    assert "damaged" in dry.stdout
    assert "participant  'Verloren: '" in dry.stdout
    assert "Nothing was changed" in dry.stderr
    assert arena.run("documents", "verify").stdout == before
    assert arena.json("documents", "restore", REF)["epoch"] == 2
    assert arena.json("documents", "verify")["broken"] == []
    titles = arena.works("export", "ideas", "--drafts")
    assert "Geblieben: " in titles
    assert "Verloren: " not in titles
    assert arena.json("documents", "quarantine", REF)[0]["verdict"] == "damaged"
    assert "Nobody is held back" in arena.run("documents", "release", REF).stderr


def test_s30_a_missing_row_is_named_and_the_rest_goes_on(arena: Shell) -> None:
    append(arena, typed(arena, CLIENTS[1], "weg "), "participant")
    append(arena, typed(arena, CLIENTS[2], "da "), "participant")
    with closing(connected(arena)) as connection, connection:
        connection.execute(
            "DELETE FROM document_log WHERE seq = (SELECT max(seq) - 1 FROM document_log WHERE "
            "document_id = (SELECT document_id FROM idea WHERE ref = ?)) AND document_id = "
            "(SELECT document_id FROM idea WHERE ref = ?)",
            [REF, REF],
        )
    gone = len(log(arena))
    assert arena.json("documents", "restore", REF)["missing"] == [[gone, gone]]
    assert arena.json("documents", "verify")["broken"] == []


def test_a_whole_text_is_left_as_it_is(arena: Shell) -> None:
    before = log(arena)
    assert "nothing to restore" in arena.run("documents", "restore", REF).stderr
    assert log(arena) == before


def test_s26_release_lets_a_person_write_again(arena: Shell) -> None:
    append(arena, killer(CLIENTS[0]), "expert")
    arena.works("documents", "restore", REF)
    assert "Nobody is held" in arena.run("documents", "release", REF, "--person", "office").stderr
    assert "1 updates" in arena.run("documents", "release", REF, "--person", "expert").stderr
    assert "Nobody is held" in arena.run("documents", "release", REF).stderr
    assert "(released)" in arena.works("documents", "quarantine", REF)


@pytest.mark.parametrize("command", ["restore", "release", "quarantine"])
def test_an_unknown_idea_or_person_is_said_to_be_so(arena: Shell, command: str) -> None:
    assert "There is no idea 2026-99999" in arena.fails("documents", command, "2026-99999")
    if command == "release":
        assert "Nobody has the handle" in arena.fails("documents", command, REF, "--person", "who")


def test_s30_a_text_without_a_good_state_says_so(arena: Shell) -> None:
    with closing(connected(arena)) as connection, connection:
        connection.execute(
            "DELETE FROM document_log WHERE seq = 1 AND document_id = "
            "(SELECT document_id FROM idea WHERE ref = ?)",
            [REF],
        )
    assert "cannot be restored" in arena.fails("documents", "restore", REF)
