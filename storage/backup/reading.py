"""Archives as they lie on a disk: opened, checked, and read row by row; nothing is believed."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from storage.backup.kinds import decode
from storage.backup.manifest import BadArchive, Manifest, TablePart

MANIFEST: Final = "manifest.json"
KEY: Final = "secrets/signing-key"

MANIFEST_BYTES_MAX: Final = 4 * 1024**2
ROW_BYTES_MAX: Final = 512 * 1024**2
"""More than the largest text that a room takes, in Base64."""
KEY_BYTES_MAX: Final = 1024

_START: Final = b"PK\x03\x04"

Progress = Callable[[int], None]


class Archive:
    """One open archive."""

    def __init__(self, members: ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self._members = members

    def rows(self, table: TablePart) -> Iterator[tuple[list[Any], int]]:
        """The rows of a table, values in the order of its columns, each with its length in bytes.

        Raises:
            BadArchive: a row is damaged, or, at the end, one is missing or was changed.
        """
        kinds = [kind for _, kind in table.columns]
        digest, count = hashlib.sha256(), 0
        for line in self._lines(table):
            digest.update(line)
            count += 1
            try:
                values = json.loads(line)
                row = [decode(*each) for each in zip(kinds, values, strict=True)]
            except (ValueError, TypeError) as error:
                raise BadArchive(f"row {count} of the table {table.name} is damaged") from error
            yield row, len(line)
        if count != table.rows:
            raise BadArchive(f"the table {table.name} has {count} rows instead of {table.rows}")
        if digest.hexdigest() != table.sha256:
            raise BadArchive(f"the table {table.name} is not what was written (its hash differs)")

    def check(self, progress: Progress = lambda count: None) -> None:
        """Read everything once; raises BadArchive if anything is wrong."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                progress(1)
        if self.manifest.has_secrets:
            self.signing_key()

    def signing_key(self) -> str:
        """The signing key that the archive keeps; only if its manifest says so."""
        with _damage_told(KEY), self._members.open(KEY) as reading:
            return reading.read(KEY_BYTES_MAX).decode("ascii", "replace").strip()

    def _lines(self, table: TablePart) -> Iterator[bytes]:
        with _damage_told(table.member), self._members.open(table.member) as reading:
            while line := reading.readline(ROW_BYTES_MAX):
                yield line


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """The archive in ``file``.

    Raises:
        BadArchive: it is none, or damaged; the sentence names the file.
    """
    try:
        with file.open("rb") as reading, ZipFile(_zipped(reading)) as members:
            with _damage_told(MANIFEST), members.open(MANIFEST) as manifest:
                said = manifest.read(MANIFEST_BYTES_MAX)
            yield Archive(members, Manifest.read(said))
    except BadArchive as error:
        raise BadArchive(f"{file} cannot be restored: {error}. Nothing was changed.") from error


def _zipped(reading: IO[bytes]) -> IO[bytes]:
    """The file, if it begins and ends as an archive does."""
    start = reading.read(len(_START))
    reading.seek(0)
    if start != _START:
        raise BadArchive("it is not a backup of Arena" if start else "it is empty")
    try:
        ZipFile(reading).close()
    except (BadZipFile, ValueError, OSError) as error:
        raise BadArchive("it is damaged or cut short, maybe half copied") from error
    return reading


@contextmanager
def _damage_told(member: str) -> Iterator[None]:
    try:
        yield
    except KeyError as error:
        missing = "it is not a backup of Arena" if member == MANIFEST else f"{member} is missing"
        raise BadArchive(missing) from error
    except (BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        raise BadArchive(f"{member} in it is damaged ({error})") from error
