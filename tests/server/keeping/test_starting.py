"""A process refuses to start, or turns unready, with a sentence that helps."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from server.commands import running
from server.monitoring.health import Readiness
from server.starting import same_time
from server.starting.same_time import ClockDiffers, SameTime, machine_clock, why_not
from storage.database import Database
from storage.engine.clock import Skew
from tests.harness.process import free_port
from tests.server.commands.arena import Shell, shell
from tests.server.running import running as running_arena


def off_by(seconds: float) -> SameTime:
    def clock() -> datetime:
        return machine_clock() + timedelta(seconds=seconds)

    return SameTime(clock)


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [(60, "is 60 s ahead of the database's"), (-60, "is 60 s behind the database's")],
)
async def test_t38_clocks_that_differ_are_told_with_what_to_do(
    postgres_url: str, seconds: float, sentence: str
) -> None:
    database = await Database.open(postgres_url)
    with pytest.raises(ClockDiffers, match=rf"{sentence}; up to 5 s are allowed\. Set both by NTP"):
        await off_by(seconds).demand(database)
    await off_by(seconds / 60).demand(database)
    await database.close()


async def test_t38_a_process_whose_clock_runs_away_is_not_ready(tmp_path: Path) -> None:
    async with running_arena(tmp_path) as arena:
        assert (await arena.client.get("/readyz")).status_code == 200
        arena.app.state.readiness = Readiness()
        arena.app.state.readiness._same_time = RunAway()
        answer = await arena.client.get("/readyz")
        assert (answer.status_code, answer.json()["clock"]) == (503, "differs")


class RunAway(SameTime):
    """What a process finds whose clock has run away since it started."""

    async def demand(self, database: Database) -> None:
        raise ClockDiffers(str(why_not(Skew(timedelta(seconds=9), timedelta(0)))))


def test_t38_five_seconds_are_allowed_and_no_more() -> None:
    nothing = timedelta(0)
    assert why_not(Skew(timedelta(seconds=5), nothing)) is None
    assert why_not(Skew(timedelta(seconds=-5), nothing)) is None
    assert why_not(Skew(timedelta(seconds=5, microseconds=1), nothing)) is not None
    assert why_not(Skew(timedelta(seconds=8), timedelta(seconds=3))) is None


async def test_t38_a_process_whose_clock_is_wrong_does_not_start(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        same_time.SameTime.__init__, "__defaults__", (lambda: machine_clock() + timedelta(days=1),)
    )
    environment = {
        "ARENA_DATABASE_URL": postgres_url, "ARENA_VAR": str(tmp_path), "ARENA_PORT": "0"
    }  # fmt: skip
    here = Shell(tmp_path, environment)
    said = await refused_in_thread(here, "serve")
    assert "is 86400 s ahead of the database's" in said


async def refused_in_thread(here: Shell, *arguments: str) -> str:
    """What a command says that fails; it has an event loop of its own."""
    return await asyncio.to_thread(here.fails, *arguments)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/arena", "Arena cannot use 'mysql' as database"),
        ("arena.db", "ARENA_DATABASE_URL is not a database URL"),
        ("sqlite:///{folder}", "is a folder. Set ARENA_DATABASE_URL to a file in it"),
        ("sqlite:///{folder}/letter.txt", "is not a readable SQLite database"),
        ("sqlite:///{folder}/new.db", "is empty, this Arena needs revision"),
        ("postgresql://arena@127.0.0.1:{port}/arena", "No PostgreSQL answers at 127.0.0.1:"),
        ("postgresql://arena@db.invalid/arena", "Nobody knows the host 'db.invalid'"),
    ],
)
def test_t37_a_wrong_database_ends_a_start_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, sentence: str
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("it was served")

    monkeypatch.setattr(running, "serve_until_stopped", never)
    (tmp_path / "letter.txt").write_bytes(b"Dear neighbours, " * 100)
    here = shell(tmp_path)
    here.environment["ARENA_DATABASE_URL"] = url.format(folder=tmp_path, port=free_port())
    assert sentence in here.fails("serve")


def test_t37_the_doctor_names_everything_that_is_wrong(nowhere: Shell) -> None:
    nowhere.environment.update(
        ARENA_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
        ARENA_SMTP_URL=f"smtp://127.0.0.1:{free_port()}",
        ARENA_BASE_URL="https://arena.example",
    )
    result = nowhere.run("doctor")
    assert result.exit_code == 1
    told = {line[6:].split()[0]: line for line in result.stdout.splitlines()}
    assert told["database"].startswith("WRONG database  There is no database")
    assert "docs/backup.md says how to move" in told["relay"]
    assert told["address"].startswith("hint  address   ARENA_PROXIES is not set")
    assert told["secrets"].startswith("hint  secrets   ARENA_SIGNING_KEY is not set")
    assert "does not take us in" in told["mail"]
    assert not (nowhere.folder / "arena.db").exists(), "the doctor has made a database"


def test_t37_the_doctor_says_when_all_is_well(arena: Shell) -> None:
    found = {each["name"]: each["state"] for each in arena.json("doctor")}
    assert found.pop("mail") == "hint"
    assert set(found.values()) == {"good"}
    arena.works("migrate")
