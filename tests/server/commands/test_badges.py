"""``badge verify`` and ``badge key``, and the file in which the key lies."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from collab.process.measures.badge import FORM
from server.badges.keys import FILE, Signer, _kept_seed, new_seed, signer_of
from server.settings import Misconfigured, load_settings
from tests.server.commands.arena import Shell

BADGE = {
    "form": FORM,
    "recognition": "A-2026-0001",
    "measure": "M-2026-0001",
    "organisation": "Verein",
    "state": "valid",
    "issued_at": "2026-11-26T09:30:00+00:00",
    "url": "https://arena.example/measures/M-2026-0001",
}


def signer(arena: Shell) -> Signer:
    """The signer of the arena that the shell's commands belong to."""
    return signer_of(load_settings(var=arena.folder / "var"))


def written(arena: Shell, name: str, value: object) -> str:
    """A file with the JSON value; its path."""
    path = arena.folder / name
    path.write_text(json.dumps(value))
    return str(path)


def test_m10_a_genuine_badge_is_told_from_a_changed_one(arena: Shell) -> None:
    good = signer(arena).sign(BADGE)
    result = arena.run("badge", "verify", written(arena, "good.json", good))
    assert result.exit_code == 0, result.output
    assert "Genuine: A-2026-0001 (M-2026-0001, Verein), valid when issued" in result.stderr
    assert arena.json("badge", "verify", written(arena, "good.json", good)) == BADGE
    bad = {**good, "badge": {**BADGE, "state": "withdrawn"}}
    said = arena.fails("badge", "verify", written(arena, "bad.json", bad))
    assert "somebody has changed it" in said


def test_m10_a_badge_of_another_arena_is_checked_with_its_published_keys(arena: Shell) -> None:
    other = signer_of(load_settings(signing_key=new_seed()))
    file = written(arena, "other.json", other.sign(BADGE))
    assert "is not among" in arena.fails("badge", "verify", file)
    keys = written(arena, "keys.json", other.jwks)
    assert arena.run("badge", "verify", file, "--keys", keys).exit_code == 0


@pytest.mark.parametrize("content", ["", "{}", "no badge"])
def test_m10_what_is_no_badge_is_said_to_be_none(arena: Shell, content: str) -> None:
    path = arena.folder / "file.json"
    path.write_text(content)
    assert "no badge" in arena.fails("badge", "verify", str(path))
    assert "cannot be read" in arena.fails("badge", "verify", str(arena.folder / "nothing.json"))


def test_m10_a_new_key_is_one_for_the_settings(arena: Shell) -> None:
    made = arena.works("badge", "key").strip()
    assert signer_of(load_settings(signing_key=made)).public_key
    assert made != arena.works("badge", "key").strip()
    with pytest.raises(Misconfigured, match="ARENA_SIGNING_KEY"):
        load_settings(signing_key=made[:-2])
    assert made not in repr(load_settings(signing_key=made))


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_m10_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "var" / FILE
    with ThreadPoolExecutor(8) as together:
        seeds = list(together.map(lambda _: _kept_seed(file), range(16)))
    assert len(set(seeds)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [FILE]
