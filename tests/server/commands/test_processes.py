"""``arena process``: look, check, plan, migrate, draw."""

import json
from pathlib import Path

from collab.process.processes import current_processes
from server.views.process.map import drawing
from tests.server.commands.arena import Shell
from tests.sources import ROOT

REASON = ("--by", "office", "--reason", "Der Beirat hat zugestimmt.")


def test_all_shipped_processes_are_sound(nowhere: Shell) -> None:
    told = nowhere.works("process", "check")
    assert told.count("sound") == len(nowhere.json("process", "list")) >= 4


def test_g9_a_faulty_file_is_told_all_its_faults(nowhere: Shell, tmp_path: Path) -> None:
    source = ROOT / "collab/process/templates/process/kiez.v1.json"
    data = json.loads(source.read_text("utf-8"))
    data["stages"].append({**data["stages"][1], "id": "limbo"})
    data["transitions"][0]["gates"].append({"type": "evidence", "evidence": "omen"})
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(data))
    told = nowhere.fails("process", "check", str(file))
    assert "stage limbo is unreachable" in told
    assert "unknown evidence 'omen'" in told
    file.write_text("{")
    assert "no JSON" in nowhere.fails("process", "check", str(file))


def test_ac_g14_nothing_moves_before_approval(arena: Shell) -> None:
    plan = arena.json("process", "plan", "gdb-arena", "3", "1")
    assert plan["cases"]
    assert arena.json("process", "plan", "gdb-arena", "3", "1") == plan
    told = arena.fails("process", "migrate", "gdb-arena", "3", "1", "--approve", "guess", *REASON)
    assert "look at the plan again" in told
    assert arena.json("process", "plan", "gdb-arena", "3", "1") == plan


def test_ac_g14_an_approved_plan_moves_every_case_once(arena: Shell) -> None:
    """Back to the first version; what is a measure by now has no stage there and stays."""
    plan = arena.json("process", "plan", "gdb-arena", "3", "1")
    stay = [case["ref"] for case in plan["cases"] if case["obstacle"]]
    assert 0 < len(stay) < len(plan["cases"])
    approve = ("--approve", plan["digest"], *REASON)
    moved = arena.json("process", "migrate", "gdb-arena", "3", "1", *approve)
    assert moved["cases"] == plan["cases"]
    left = arena.json("process", "plan", "gdb-arena", "3", "1")["cases"]
    assert [case["ref"] for case in left] == stay


def test_only_the_coordination_office_approves(arena: Shell) -> None:
    digest = arena.json("process", "plan", "gdb-arena", "3", "1")["digest"]
    told = arena.fails(
        "process", "migrate", "gdb-arena", "3", "1", "--approve", digest,
        "--by", "moderator", "--reason", "Weil.",
    )  # fmt: skip
    assert "right" in told


def test_a_version_that_is_not_shipped_is_named(arena: Shell) -> None:
    assert "process" in arena.fails("process", "plan", "gdb-arena", "1", "99")


def test_the_drawings_in_the_documents_are_those_of_the_templates() -> None:
    for process in current_processes():
        drawn = (ROOT / f"docs/images/process-{process.id}.svg").read_text("utf-8")
        assert drawn == drawing(process, "en"), "run: python3 run.py process draw docs/images"
