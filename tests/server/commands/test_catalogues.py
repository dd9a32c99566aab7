"""``catalogue list``, ``check``, ``plan`` and ``publish`` as typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from collab.process.catalogues import edits, versions
from server.app import utc_now
from server.commands.keeping.catalogues import FILE_BYTES_MAX
from tests.server.commands.arena import Shell


@pytest.fixture
def data() -> dict[str, Any]:
    """A next version of the principles."""
    newest = versions.shipped("principles")[-1]
    entry = {"id": "kind", "label": {"de": "Freundlich", "en": "Kind"}, "source": "example"}
    tomorrow = utc_now().date().replace(year=utc_now().year + 1, day=1)
    return edits.with_entry(edits.next_version(newest, tomorrow), entry)


def file(folder: Path, content: object) -> str:
    path = folder / "principles.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def test_ac_g2_a_file_is_checked_planned_and_published(
    arena: Shell, tmp_path: Path, data: dict[str, Any]
) -> None:
    path = file(tmp_path, data)
    assert (
        "principles v2 with 4 entries is in order" in arena.run("catalogue", "check", path).stderr
    )
    assert arena.json("catalogue", "plan", path)["affected"] == 0
    said = arena.works("catalogue", "publish", path, "--reason", "Ein Beispiel.")
    assert "added    kind: no case" in said
    assert "exists already" in arena.fails("catalogue", "publish", path, "--reason", "x")
    listed = {row["id"]: row for row in arena.json("catalogue", "list")}
    assert listed["principles"]["version"] == 1, "it begins next year"
    assert "principles         v1  3 entries, incomplete" in arena.works("catalogue", "list")


def test_k1_a_faulty_file_is_refused_with_the_place(
    nowhere: Shell, arena: Shell, tmp_path: Path, data: dict[str, Any]
) -> None:
    assert "no JSON" in nowhere.fails("catalogue", "check", file(tmp_path, "{"))
    assert "no JSON object" in nowhere.fails("catalogue", "check", file(tmp_path, "[]"))
    huge = " " * (FILE_BYTES_MAX + 1)
    assert "bigger than" in nowhere.fails("catalogue", "check", file(tmp_path, huge))
    data["entries"][0]["label"] = {"de": "nur deutsch"}
    path = file(tmp_path, data)
    place = "principles.human_centred.label: missing in en"
    assert place in nowhere.fails("catalogue", "check", path)
    assert place in arena.fails("catalogue", "plan", path)
