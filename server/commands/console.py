"""What every command needs: settings, services, and errors as sentences instead of tracebacks."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from collab.errors import Refusal
from server.app import running_services
from server.importing.decoding import UnreadableFile
from server.messages import field_message, message
from server.pages.render import arena_pages
from server.services import Services
from server.settings import Misconfigured, Settings, load_settings
from server.starting.same_time import ClockDiffers
from storage import migrate
from storage.backup.manifest import BadArchive
from storage.database import Database, StorageUnavailable
from storage.relay.unavailable import RelayUnavailable

Answer = TypeVar("Answer")
OUTSIDE = (
    Misconfigured,
    StorageUnavailable,
    RelayUnavailable,
    UnreadableFile,
    BadArchive,
    ClockDiffers,
)
"""What can go wrong for reasons outside Arena; each carries its sentence."""

JSON_HELP = "Print JSON for programs."


def fail(text: str) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    typer.echo(f"arena: {text}", err=True)
    raise typer.Exit(1)


def note(text: str) -> None:
    """Say something that is no result, so programs that read the output do not see it."""
    typer.echo(text, err=True)


def show_json(value: object) -> None:
    """Print one JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on the terminal, moved on by calling it; silent where there is none."""
    console = Console(stderr=True)
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what can go wrong for reasons outside Arena into a sentence and an exit code."""
    try:
        yield
    except OUTSIDE as error:
        fail(str(error))
    except Refusal as refusal:
        fail(_worded(refusal))
    except OSError as error:
        fail(f"{error.filename or ''}: {error.strerror or error}".removeprefix(": "))


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of ``work``, with errors explained."""
    with explained():
        return asyncio.run(work)


def settings_of(**overrides: Any) -> Settings:
    """The settings of this command; options that were not given do not override."""
    return load_settings(**{name: each for name, each in overrides.items() if each is not None})


@asynccontextmanager
async def services(settings: Settings | None = None) -> AsyncIterator[Services]:
    """The services of a process that serves nobody.

    Raises:
        StorageUnavailable: the database is not there, or migrations are pending.
    """
    async with running_services(settings or settings_of()) as found:
        yield found


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """The database alone, for commands that only read and write it."""
    opened = await Database.open(settings_of().database_url)
    try:
        await migrate.require_current(opened)
        yield opened
    finally:
        await opened.close()


def _worded(refusal: Refusal) -> str:
    catalogue = arena_pages().catalogues["en"]
    fields = refusal.data.get("fields")
    faults = [
        f"{name}: {field_message(str(code), catalogue)}"
        for name, code in (fields.items() if isinstance(fields, dict) else ())
    ]
    return " ".join([message(refusal.code, refusal.data, catalogue), *faults])
