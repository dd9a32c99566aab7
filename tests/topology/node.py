"""One node of the topology: a server process whose lines to the others can be cut."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tests.harness.process import ArenaProcess
from tests.topology.forwarder import Forwarder


class Node(ArenaProcess):
    """A server that reaches PostgreSQL and Valkey over lines of its own."""

    def __init__(
        self, number: int, folder: Path, *, database_url: str, redis_url: str, **variables: str
    ) -> None:
        self.name = f"node-{number}"
        self._served: Counter[str] = Counter()
        self._read = 0
        self.database, self.redis = Forwarder(), Forwarder()
        for line, url in ((self.database, database_url), (self.redis, redis_url)):
            line.start(make_url(url).port or 0)
        own = folder / self.name
        own.mkdir()
        over = _by_way_of(database_url, self.database)
        variables["ARENA_REDIS_URL"] = _by_way_of(redis_url, self.redis)
        super().__init__(over, own, **variables)

    @property
    def upstream(self) -> str:
        """How the proxy names it."""
        return f"127.0.0.1:{self.port}"

    def pause(self) -> None:
        """Let it stand still with all it holds, as a machine does that swaps."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on where it stood."""
        self._signal(signal.SIGCONT)

    def restart(self) -> None:
        """End it in order and start it again."""
        self.stop()
        self.start()

    def ready(self) -> bool:
        """It takes people in."""
        return self.is_alive and self._is_ready()

    def served(self) -> Counter[str]:
        """How many requests it has answered, by the pattern of their route."""
        events = self._logged_since()
        self._served.update(line["route"] for line in events if line["event"] == "request")
        return Counter(self._served)

    def _logged_since(self) -> list[dict[str, Any]]:
        """What it has logged since this was asked last, whole lines only."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as file:
            file.seek(self._read)
            whole, _, _ = file.read().rpartition(b"\n")
        self._read += len(whole)
        return [json.loads(line) for line in whole.splitlines() if line.startswith(b"{")]

    def end(self) -> None:
        """End it, however it stands, and its lines."""
        if self.is_alive:
            self.resume()
            self.stop()
        for line in (self.database, self.redis):
            line.stop()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, f"{self.name} was never started"
        os.kill(self._process.pid, number)


def _by_way_of(url: str, line: Forwarder) -> str:
    return make_url(url).set(port=line.port).render_as_string(hide_password=False)
