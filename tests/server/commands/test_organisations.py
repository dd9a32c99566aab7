"""``organisations import``, ``list`` and ``export`` as typed."""

import json
from pathlib import Path

from tests.harness.charts import ADDRESS, chart
from tests.server.commands.arena import Shell


def test_ac_g3a_a_chart_is_imported_once_and_written_out(arena: Shell, tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    file.write_text(json.dumps(chart()), "utf-8")
    before = len(arena.json("organisations", "list"))
    said = arena.run("organisations", "import", str(file), "--dry-run").stderr
    assert "7 units: 7 would be new" in said
    assert "1 parts without an address" in said
    first = arena.json("organisations", "import", str(file), "--valid-from", "2026-01-01")
    assert (first["units"], first["new"], first["left_out"]) == (7, 7, 1)
    again = arena.json("organisations", "import", str(file))
    assert (again["new"], again["same"], again["differing"]) == (0, 7, [])
    assert len(arena.json("organisations", "list")) == before + 7
    assert "\n    Abteilung A\n" in arena.works("organisations", "list")
    written = json.loads(arena.works("organisations", "export"))
    assert ADDRESS + "top" in {node["@id"] for node in written["@graph"]}
    copy = tmp_path / "copy.json"
    arena.works("organisations", "export", "--output", str(copy))
    again = arena.json("organisations", "import", str(copy))
    assert (again["new"], again["differing"]) == (0, [])


def test_what_is_no_chart_or_class_is_refused(arena: Shell, tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    file.write_text("{", "utf-8")
    assert "no JSON" in arena.fails("organisations", "import", str(file))
    file.write_text(json.dumps(chart()), "utf-8")
    said = arena.fails("organisations", "import", str(file), "--class", "resident")
    assert "actor_class" in said
