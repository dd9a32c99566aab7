"""``backup`` and ``restore`` as an operator types them."""

import errno
import json
import os
import re
import sqlite3
import stat
from pathlib import Path

import pytest

from server.badges.keys import FILE, signer_of
from server.realtime.crash import child
from server.settings import load_settings
from storage.backup import writing
from tests.harness.process import free_port
from tests.server.commands.arena import Shell, shell


def elsewhere(arena: Shell) -> Shell:
    """A shell at a database that is not there yet."""
    folder = arena.folder / "elsewhere"
    folder.mkdir()
    return shell(folder)


def exported(arena: Shell) -> str:
    """All ideas with their texts, whatever epoch those are of."""
    return re.sub(r'"epoch": \d+, "seq": \d+', "", arena.works("export", "ideas", "--drafts"))


def backups(arena: Shell) -> list[str]:
    return sorted(each.name for each in (arena.folder / "kept").iterdir())


@pytest.fixture
def kept(arena: Shell) -> Path:
    """A folder for backups."""
    (arena.folder / "kept").mkdir()
    return arena.folder / "kept"


def test_t30_t31_the_newest_of_a_folder_is_restored_and_verified(arena: Shell, kept: Path) -> None:
    file = Path(arena.works("backup", str(kept)).strip())
    assert [file.name] == backups(arena)
    (kept / "arena-20200101T000000Z.zip").write_text("an older one, and no archive at all")
    checked = arena.json("backup", str(kept), "--check")
    assert checked["file"] == str(file)
    assert checked["tables"]["document_log"] == arena.count("document_log")
    there = elsewhere(arena)
    told = there.json("restore", str(kept))
    assert (told["left"], told["faults"]) == ({}, [])
    assert told["documents"] == there.count("document") == there.count("document WHERE epoch > 9")
    assert exported(there) == exported(arena)


def test_t31_a_text_that_cannot_be_read_is_named_and_the_others_go_on(
    arena: Shell, kept: Path
) -> None:
    with sqlite3.connect(arena.folder / "arena.db") as connection:
        one = "document_id = (SELECT document_id FROM document_log WHERE seq = 2 LIMIT 1)"
        connection.execute(f"DELETE FROM document_log WHERE seq = 2 AND {one}")
    connection.close()
    arena.works("backup", str(kept))
    there = elsewhere(arena)
    result = there.run("restore", str(kept), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    (name,) = told["left"]
    assert told["faults"] == [f"{name}: {told['left'][name]}"]
    assert there.count("document WHERE epoch > 9") == there.count("document") - 1


def test_t33_a_backup_is_for_its_owner_and_holds_the_key_only_if_asked(
    arena: Shell, kept: Path
) -> None:
    settings = load_settings(var=arena.folder / "var")
    key = signer_of(settings).jwks
    file = Path(arena.works("backup", str(kept)).strip())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 or os.name != "posix"
    assert not arena.json("backup", "--check", str(file))["has_secrets"]
    file = Path(arena.works("backup", str(kept / "secret.zip"), "--with-secrets").strip())
    there = elsewhere(arena)
    there.works("restore", str(file))
    restored = load_settings(var=there.folder / "var")
    assert signer_of(restored).jwks == key
    assert stat.S_IMODE((restored.var / FILE).stat().st_mode) == 0o600 or os.name != "posix"


def test_t33_a_key_that_is_there_stays(arena: Shell, kept: Path) -> None:
    signer_of(load_settings(var=arena.folder / "var"))
    arena.works("backup", str(kept), "--with-secrets")
    there = elsewhere(arena)
    own = signer_of(load_settings(var=there.folder / "var")).jwks
    said = there.run("restore", str(kept))
    assert "was not taken" in said.stderr
    assert signer_of(load_settings(var=there.folder / "var")).jwks == own


def test_t32_what_cannot_be_done_is_said(arena: Shell, kept: Path) -> None:
    assert f"In {kept} is no backup" in arena.fails("restore", str(kept))
    assert "There is no file" in arena.fails("restore", str(kept / "none.zip"))
    file = kept / "one.zip"
    arena.works("backup", str(file))
    assert "no backup is written over another" in arena.fails("backup", str(file))
    assert "is not empty (" in arena.fails("restore", str(file))
    assert "No such file or directory" in arena.fails("backup", str(kept / "nowhere" / "x.zip"))
    file.write_bytes(file.read_bytes()[:-40])
    for command in (("backup", "--check"), ("restore",)):
        said = arena.fails(*command, str(file))
        assert "cut short, maybe half copied. Nothing was changed." in said
    assert backups(arena) == ["one.zip"], "something half done was left"


def test_t32_a_full_disk_leaves_nothing_half_done(
    arena: Shell, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing, "_table", full)
    said = arena.fails("backup", str(kept))
    assert f"cannot be written to {kept}: No space left on device. Nothing was left" in said
    assert backups(arena) == []


def test_t37_a_database_that_is_away_is_named(arena: Shell, kept: Path) -> None:
    arena.environment["ARENA_DATABASE_URL"] = f"postgresql://a@127.0.0.1:{free_port()}/arena"
    assert "No PostgreSQL answers at 127.0.0.1" in arena.fails("backup", str(kept))
    assert backups(arena) == []


def test_t32_where_nothing_can_be_read_nothing_is_restored(
    arena: Shell, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arena.works("backup", str(kept))
    there = elsewhere(arena)
    with monkeypatch.context() as patch:
        patch.setattr(child, "COMMAND", ("/nowhere/python",))
        said = there.fails("restore", str(kept))
    assert "cannot be read on this machine" in said
    assert "Nothing was changed." in said
    there.works("restore", str(kept))


def test_t32_no_database_is_made_by_a_backup(nowhere: Shell) -> None:
    assert "There is no database" in nowhere.fails("backup", str(nowhere.folder / "x.zip"))
    assert not list(nowhere.folder.iterdir())
