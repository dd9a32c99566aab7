"""``bench``: hands over to the benches, which lie beside the product and are not part of it."""

import subprocess
import sys
from pathlib import Path

import typer

from server.commands.console import fail

CHECKOUT = Path(__file__).resolve().parents[2]


def bench(context: typer.Context) -> None:
    """Measure and torture Arena: load, chaos, fuzzing, failing disks. Without a name: which."""
    if not (CHECKOUT / "bench").is_dir():
        fail("The benches come with a checkout of the sources, not with an installed Arena.")
    command = [sys.executable, "-m", "bench", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=CHECKOUT, check=False).returncode)
