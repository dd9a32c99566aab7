"""``audit verify`` and ``audit export``, and the checker that needs nothing of Arena."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server.commands.arena import Shell
from tests.sources import ROOT

CHECKER = ROOT / "docs" / "audit" / "verify.py"
REF = "2026-00001"


def spoil(arena: Shell, *statements: str) -> None:
    """Change the database past Arena."""
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
    connection.close()


def faults(arena: Shell) -> list[tuple[str, int, str, str]]:
    result = arena.run("audit", "verify", "--json")
    assert result.exit_code == 1, result.output
    found = json.loads(result.stdout)["faults"]
    return [(each["chain"], each["number"], each["kind"], each["detail"]) for each in found]


def of(arena: Shell, what: str, where: str) -> Any:
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        (found,) = connection.execute(f"SELECT {what} FROM audit_entry WHERE {where}").fetchone()
    connection.close()
    return found


def checked(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What the checker says of the file, in a Python that sees nothing but its own library."""
    command = [sys.executable, "-I", str(CHECKER), str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=60)


def exported(arena: Shell, *options: str) -> Path:
    file = arena.folder / "audit.jsonl"
    arena.works("audit", "export", str(file), *(options or ("--all",)))
    return file


def test_u1_the_demonstration_has_its_chains_and_they_verify(arena: Shell) -> None:
    found = arena.json("audit", "verify")
    assert found["faults"] == []
    assert found["chains"] == len(found["heads"]) >= 13
    assert found["entries"] == sum(head["number"] for head in found["heads"].values())
    assert f"anchor {found['anchor']}" in arena.works("audit", "verify")
    one = arena.json("audit", "verify", "--idea", REF)
    assert one["heads"] == {REF: found["heads"][REF]}
    assert "does not exist" in arena.fails("audit", "verify", "--idea", "2026-99999")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE audit_entry SET body = replace(body, 'open', 'declined') WHERE {last}", "altered"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE {last}", "altered"),
        ("UPDATE audit_entry SET public = NOT public WHERE {last}", "altered"),
        ("UPDATE audit_entry SET number = 9999 WHERE {first}", "missing"),
        ("DELETE FROM audit_entry WHERE {first}", "missing"),
        ("DELETE FROM audit_entry WHERE {last}", "unrecorded"),
        (
            "INSERT INTO audit_entry SELECT chain, 9999, idea_id, NULL, at, act, public, body, "
            "previous, hash FROM audit_entry WHERE {last}",
            "altered",
        ),
    ],
)
def test_u2_one_changed_row_of_the_log_is_named(arena: Shell, change: str, kind: str) -> None:
    last = of(arena, "max(number)", f"chain = '{REF}' AND act = 'stage_changed'")
    whole = of(arena, "max(number)", f"chain = '{REF}'")
    last = whole if "DELETE" in change else last
    places = {
        "last": f"chain = '{REF}' AND number = {last}",
        "first": f"chain = '{REF}' AND number = 1",
    }
    spoil(arena, change.format(**places))
    found = faults(arena)
    assert kind in {each[2] for each in found}
    assert {each[0] for each in found} == {REF}
    said = arena.run("audit", "verify").stdout
    assert f"{REF}  " in said


def test_u2_two_entries_that_changed_places_are_named(arena: Shell) -> None:
    here = f"chain = '{REF}' AND number"
    spoil(
        arena,
        f"UPDATE audit_entry SET number = 9999 WHERE {here} = 1",
        f"UPDATE audit_entry SET number = 1 WHERE {here} = 2",
        f"UPDATE audit_entry SET number = 2 WHERE {here} = 9999",
    )
    assert {(REF, 1, "altered", ""), (REF, 2, "altered", "")} <= set(faults(arena))


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ("UPDATE stage_change SET reason = 'Anders.' WHERE idea_id = {idea}", "reason"),
        ("UPDATE stage_change SET to_stage = 'declined' WHERE idea_id = {idea}", "to_stage"),
        ("UPDATE stage_change SET seq = seq + 1 WHERE idea_id = {idea}", "version"),
        ("UPDATE idea SET stage = 'declined' WHERE ref = '{ref}'", "stage"),
        (
            "UPDATE event SET actor_id = (SELECT id FROM person WHERE handle = 'cdo') "
            "WHERE idea_id = {idea} AND kind = 'stage_changed'",
            "actor",
        ),
        (
            "UPDATE event SET payload = json_set(payload, '$.reason', 'Anders.') "
            "WHERE idea_id = {idea} AND kind = 'stage_changed'",
            "reason",
        ),
    ],
)
def test_u6_what_contradicts_the_chain_is_named(arena: Shell, change: str, detail: str) -> None:
    idea = f"(SELECT id FROM idea WHERE ref = '{REF}')"
    spoil(arena, change.format(idea=idea, ref=REF))
    found = faults(arena)
    assert {(each[0], each[2]) for each in found} == {(REF, "contradicted")}
    assert all(detail in each[3] for each in found)


def test_u6_an_act_without_an_entry_is_named(arena: Shell) -> None:
    spoil(
        arena,
        "INSERT INTO event (idea_id, kind, payload, public, at) SELECT id, 'kind_changed', "
        """'{"from_kind": "need", "to_kind": "proposal"}', 1, '2026-11-23 09:00:00.000000' """
        f"FROM idea WHERE ref = '{REF}'",
    )
    ((chain, _, kind, detail),) = faults(arena)
    assert (chain, kind, detail) == (REF, "unrecorded", "kind_changed")


def test_u5_an_export_is_checked_without_arena(arena: Shell) -> None:
    file, inside = exported(arena), arena.json("audit", "verify")
    outside = checked(file)
    assert (outside.returncode, outside.stderr) == (0, "")
    assert f"anchor {inside['anchor']}" in outside.stdout
    assert checked(file, "--anchor", inside["anchor"], "--heads", str(file)).returncode == 0
    assert checked(file, "--anchor", "0" * 64).returncode == 1
    one = exported(arena, "--idea", REF)
    assert "1 chains" in checked(one).stdout
    assert "Say which" in arena.fails("audit", "export", str(file))


SPOILT: list[tuple[Callable[[list[str]], list[str]], str]] = [
    (lambda lines: [lines[0].replace('"need"', '"proposal"'), *lines[1:]], "altered"),
    (lambda lines: lines[:1] + lines[2:], "entries 2 to 2 are missing"),
    (lambda lines: [lines[1], lines[0], *lines[2:]], "stands where it does not belong"),
    (lambda lines: [lines[0], *lines], "stands where it does not belong"),
    (lambda lines: lines[:-2] + lines[-1:], "the heads are others"),
    (lambda lines: lines[:-1], "the line with the heads is missing"),
    (lambda lines: ["{", *lines], "line 1"),
    (lambda lines: [*lines, lines[0]], "nothing may follow"),
    (lambda lines: [lines[0].replace("{", '{"act": "x", ', 1), *lines[1:]], "twice"),
    (lambda lines: ["[]", *lines], "no object"),
    (lambda lines: [lines[0].replace('"number": 1', '"number": true'), *lines[1:]], "wrong kind"),
]


@pytest.mark.parametrize(("change", "said"), SPOILT, ids=[said for _, said in SPOILT])
def test_u5_the_checker_finds_a_planted_alteration(
    arena: Shell, change: Callable[[list[str]], list[str]], said: str
) -> None:
    file = exported(arena, "--idea", REF)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(change(lines)) + "\n")
    answer = checked(file)
    assert answer.returncode == 1, answer.stdout
    assert said in answer.stdout


def test_u5_a_file_that_is_not_there_is_no_good_export(arena: Shell) -> None:
    assert checked(arena.folder / "nothing").returncode == 2


def test_u3_the_export_names_nobody_and_an_erasure_leaves_it_valid(arena: Shell) -> None:
    file = exported(arena)
    earlier = file.read_text()
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        people = connection.execute("SELECT name, handle, hex(id), id FROM person").fetchall()
        reasons = connection.execute(
            "SELECT reason FROM stage_change WHERE reason <> ''"
        ).fetchall()
    connection.close()
    words = {str(word).lower() for person in people for word in person if len(str(word)) > 12}
    words |= {reason.lower() for (reason,) in reasons}
    assert [word for word in words if word in earlier.lower()] == []
    arena.works("person", "erase", "participant", "--text", "erase", "--yes")
    assert arena.json("audit", "verify")["faults"] == []
    kept = arena.folder / "earlier.jsonl"
    kept.write_text(earlier)
    assert checked(exported(arena), "--heads", str(kept)).returncode == 0
    assert arena.json("person", "export", "moderator")["audited"]
