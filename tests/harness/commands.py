"""Several ``arena`` commands in one process, because starting Python for each takes seconds.

Reads a JSON list of arguments per line and answers with a line ``PRINTED`` + JSON of what the
command has printed.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import TextIO

PRINTED = "printed: "


def serve(lines: TextIO, answers: TextIO) -> None:
    """Run the command of each line; a command that fails ends the process."""
    from server.cli import cli

    for line in lines:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            cli(json.loads(line), standalone_mode=False)
        answers.write(f"{PRINTED}{json.dumps(printed.getvalue())}\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
