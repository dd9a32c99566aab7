"""``arena bench``: the benches are found, named and handed over to."""

from __future__ import annotations

import subprocess
import sys

from bench.__main__ import benches
from tests.sources import ROOT


def test_arena_bench_names_every_bench_and_refuses_others() -> None:
    command = [sys.executable, "-m", "server.cli", "bench", "nothing-of-this-name"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    for name, says in benches().items():
        assert f"arena bench {name}" in done.stdout
        assert says in done.stdout
