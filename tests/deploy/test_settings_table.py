"""docs/settings.md lists every setting with the default that it has, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from server.settings import SECRETS, Settings
from tests.sources import ROOT

ROW = re.compile(r"^\| `(ARENA_[A-Z_]+)` \| (.+?) \| ", re.MULTILINE)
FILE_ROW = re.compile(r"^\| `(ARENA_[A-Z_]+_FILE)` \| `(ARENA_[A-Z_]+)` \|$", re.MULTILINE)
NONE = "–"
# What is made up of others, or made when it is missing.
DERIVED = {"ARENA_BASE_URL", "ARENA_SIGNING_KEY"}

TABLE = (ROOT / "docs" / "settings.md").read_text("utf-8")


def test_t46_every_setting_is_documented_with_its_default() -> None:
    expected = {
        f"ARENA_{name.upper()}": _shown(field.default)
        for name, field in Settings.model_fields.items()
    }
    documented = {name: shown for name, shown in ROW.findall(TABLE) if not name.endswith("_FILE")}
    assert documented.keys() == expected.keys()
    differing = {
        name: (shown, expected[name])
        for name, shown in documented.items()
        if shown != expected[name] and name not in DERIVED
    }
    assert not differing


def test_t47_every_file_of_a_secret_is_documented() -> None:
    expected = {f"ARENA_{name.upper()}_FILE": f"ARENA_{name.upper()}" for name in SECRETS}
    assert dict(FILE_ROW.findall(TABLE)) == expected


def _shown(default: object) -> str:
    """How the table writes a default."""
    if default in (None, "", ()):
        return NONE
    if isinstance(default, Path | bool):
        return f"`{int(default)}`" if isinstance(default, bool) else f"`{default}`"
    return f"`{default}`"
