"""Running commands in this process, on a database of the test's own."""

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from server.cli import cli


@dataclass(frozen=True, slots=True)
class Shell:
    """Where commands run: a folder, and the environment that names its database."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, typed: str | None = None) -> Result:
        """What the command did; nothing is a terminal."""
        return CliRunner().invoke(cli, list(arguments), input=typed, env=self.environment)

    def works(self, *arguments: str, typed: str | None = None) -> str:
        """What a command prints that must succeed."""
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 0, f"{arguments}: {result.output}{result.exception!r}"
        return result.stdout

    def fails(self, *arguments: str, typed: str | None = None) -> str:
        """What a command says that must fail with a sentence and not with a traceback."""
        result = self.run(*arguments, typed=typed)
        assert result.exit_code == 1, f"{arguments}: {result.output}{result.exception!r}"
        assert isinstance(result.exception, SystemExit), result.exception
        assert not result.stdout
        return result.stderr

    def count(self, rows: str) -> int:
        """How many rows there are: a table, and which of its rows."""
        with sqlite3.connect(self.folder / "arena.db") as connection:
            (found,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
        connection.close()
        return int(found)

    def json(self, *arguments: str) -> Any:
        """The JSON value that a command prints."""
        return json.loads(self.works(*arguments, "--json"))


def shell(folder: Path, template: Path | None = None) -> Shell:
    """A shell with a copy of the database ``template``, or with none."""
    if template is not None:
        shutil.copyfile(template, folder / "arena.db")
    environment = {
        "ARENA_DATABASE_URL": f"sqlite:///{folder / 'arena.db'}",
        "ARENA_VAR": str(folder / "var"),
        "ARENA_PORT": "0",
    }
    return Shell(folder, environment)
