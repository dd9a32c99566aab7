"""``initiatives import``, ``search`` and ``list`` as typed."""

from pathlib import Path

from tests.harness.existing import INITIATIVES, write_initiatives
from tests.server.commands.arena import Shell


def test_k7_a_folder_is_imported_once(arena: Shell, tmp_path: Path) -> None:
    folder = write_initiatives(tmp_path / "portal")
    (folder / "zz.md").write_text("Nur Text.", "utf-8")
    number = len(INITIATIVES)
    said = arena.run("initiatives", "import", str(folder), "--dry-run").stderr
    assert f"{number} would be new" in said
    assert "zz.md, line 1: the file does not begin with ---" in said
    first = arena.json("initiatives", "import", str(folder))
    assert (first["files"], first["new"], first["written"]) == (number + 1, number, True)
    assert first["faults"] == [
        {"file": "zz.md", "line": 1, "problem": "the file does not begin with ---"}
    ]
    again = arena.json("initiatives", "import", str(folder))
    assert (again["new"], again["changed"], again["same"]) == (0, 0, number)
    assert "no folder" in arena.fails("initiatives", "import", str(tmp_path / "none"))
    listed = arena.json("initiatives", "list")
    brought = {each["source"] for each in listed if each["source"].startswith("import:portal:")}
    assert brought == {f"import:portal:{key}" for key in INITIATIVES}
    (found, *_) = arena.json("initiatives", "search", "Bäume gießen")
    assert found["name"] == "Baumpaten-Karte"
    assert "Baumpaten-Karte  (" in arena.works("initiatives", "search", "Bäume gießen")
    assert "Nothing like it" in arena.run("initiatives", "search", "zzz").stderr
