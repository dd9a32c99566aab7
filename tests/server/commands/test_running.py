"""Starting, migrating, filling: what they say when something is in the way."""

import os
import socket
from pathlib import Path

import pytest

from server.commands.running import _with_demonstration
from server.settings import load_settings
from tests.server.commands.arena import Shell, shell


def test_migrate_says_what_it_did_and_the_second_time_that_it_did_nothing(nowhere: Shell) -> None:
    assert "went from empty" in nowhere.run("migrate").stderr
    assert "was up to date" in nowhere.run("migrate").stderr


def test_demo_fills_once_and_then_leaves_everything_alone(arena: Shell) -> None:
    before = arena.works("export", "ideas", "--drafts")
    assert "nothing was changed" in arena.run("demo").stderr
    assert arena.works("export", "ideas", "--drafts") == before


@pytest.mark.parametrize(
    "command",
    [
        ("demo",),
        ("token", "office"),
        ("person", "list"),
        ("export", "ideas"),
        ("documents", "verify"),
    ],
)
def test_missing_database_says_how_to_make_one(nowhere: Shell, command: tuple[str, ...]) -> None:
    assert "python3 run.py migrate" in nowhere.fails(*command)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_unwritable_folder_says_what_to_do(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    assert "write permission" in shell(closed).fails("migrate")


def test_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "ARENA_DATABASE_URL" in shell(tmp_path / "file" / "below").fails("migrate")


@pytest.mark.parametrize("command", ["start", "serve"])
def test_taken_port_says_which_and_what_to_do(nowhere: Shell, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = nowhere.fails(command, "--port", port)
    assert f"Port {port} is taken" in said
    assert "ARENA_PORT=" in said


def test_taken_port_is_told_before_the_database_is_touched(nowhere: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        nowhere.fails("start", "--port", str(taken.getsockname()[1]))
    assert not (nowhere.folder / "arena.db").exists()


def test_wrong_variable_is_named(nowhere: Shell) -> None:
    wrong = Shell(nowhere.folder, nowhere.environment | {"ARENA_PORT": "eighty"})
    assert "ARENA_PORT" in wrong.fails("migrate")


def test_wrong_database_url_says_what_one_looks_like(nowhere: Shell) -> None:
    wrong = Shell(nowhere.folder, {"ARENA_DATABASE_URL": "mysql://x"})
    assert "sqlite:///" in wrong.fails("migrate")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"demo": False}, False),
        ({"host": "0.0.0.0"}, False),
        ({"base_url": "https://arena.example"}, False),
    ],
)
def test_start_signs_in_demonstration_persons_only_on_this_machine(
    given: dict[str, object], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARENA_DEMO", raising=False)
    assert _with_demonstration(load_settings(**given)).demo is expected
