"""``python -m bench NAME [OPTIONS]``: runs one of the benches; each has a folder of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import __doc__ as purpose

FOLDER = Path(__file__).parent


def benches() -> dict[str, str]:
    """The name of each bench and the first line of what it says about itself."""
    return {path.parent.name: first_line(path) for path in sorted(FOLDER.glob("*/command.py"))}


def first_line(path: Path) -> str:
    """The first line of a module's docstring, read without importing it."""
    return path.read_text(encoding="utf-8").split('"""', 2)[1].strip().splitlines()[0]


def main(arguments: Sequence[str]) -> int:
    """Run the bench that is named, or say which there are."""
    known = benches()
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if name in known:
        command = importlib.import_module(f"bench.{name}.command")
        command.app(rest, prog_name=f"arena bench {name}")
        return 0
    print(purpose)
    for each, says in known.items():
        print(f"  arena bench {each:12} {says}")
    return 0 if name in {"", "--help", "-h"} else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
