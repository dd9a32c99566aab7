"""Where archives lie: a new one is there at once and whole, or not at all."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from server.badges.keys import FILE as KEY_FILE
from server.badges.keys import OWNER_ONLY
from server.settings import Misconfigured, Settings
from storage.backup.manifest import BadArchive
from storage.backup.writing import FULL

PREFIX: Final = "arena-"
SUFFIX: Final = ".zip"


def place_of(given: Path, moment: datetime) -> Path:
    """The file to write: the given one, or one in the given folder that is named by its moment.

    Raises:
        Misconfigured: it is there already.
    """
    file = given
    if given.is_dir():
        file = given / f"{PREFIX}{moment:%Y%m%dT%H%M%SZ}{SUFFIX}"
    if file.exists():
        raise Misconfigured(f"{file} is there already, and no backup is written over another.")
    return file


def newest(given: Path) -> Path:
    """The file to read: the given one, or the newest in the given folder.

    Raises:
        BadArchive: there is none.
    """
    if not given.is_dir():
        if not given.exists():
            raise BadArchive(f"There is no file {given}.")
        return given
    found = sorted(given.glob(f"{PREFIX}*{SUFFIX}"))
    if not found:
        raise BadArchive(f"In {given} is no backup ({PREFIX}…{SUFFIX}).")
    return found[-1]


@asynccontextmanager
async def made(file: Path) -> AsyncIterator[IO[bytes]]:
    """Write the file beside its place, for its owner only; it is moved there when it is durable.

    Raises:
        Misconfigured: the disk is full or broken.
    """
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
        _sync(file.parent)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Misconfigured(
            f"The backup cannot be written to {file.parent}: {error.strerror}. Nothing was left "
            "there; free some space, or name another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make the new name durable, where folders can be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def key_to_keep(settings: Settings) -> str | None:
    """The signing key that this Arena uses, if it has one."""
    file = settings.var / KEY_FILE
    if settings.signing_key is not None:
        return settings.signing_key
    return file.read_text().strip() if file.exists() else None


def keep_key(settings: Settings, key: str) -> bool:
    """Put a restored key where it is looked for; False if there is one already, which stays."""
    file = settings.var / KEY_FILE
    if key_to_keep(settings) is not None:
        return key_to_keep(settings) == key
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as out:
        out.write(key + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True
