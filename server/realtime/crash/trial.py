"""The child process in which a suspect text is tried: ``python -m server.realtime.crash.trial``.

It does with the text what the server does, within limits of memory and time, and says what came
of it. If it dies, nothing else does. Jobs come on stdin, answers go to stdout, one after the
other; each is a line of JSON and the bytes whose sizes the line tells.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import IO, Any

from collab.sync.document import Admission, Document
from collab.sync.failures import is_poison
from collab.sync.schema import DocumentSchema
from collab.sync.text import DossierText, render, sha256, to_json
from collab.sync.yjs.update import parse_state_vector
from server.realtime.crash.salvage import Sorted, sort_out

MEMORY_BYTES_MAX = 2 * 1024**3
CPU_S = 10
CPU_S_PER_MIB = 4
"""A limit of processor time, not of the clock on the wall: a busy machine accuses nobody."""

EMPTY_STATE_VECTOR = b"\x00"


def main() -> None:
    """Answer jobs until stdin ends."""
    jobs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_AS", MEMORY_BYTES_MAX)
    while line := jobs.readline():
        _answer(json.loads(line), jobs, answers)


def _answer(job: dict[str, Any], jobs: IO[bytes], answers: IO[bytes]) -> None:
    rows = [jobs.read(size) for size in job["rows"]]
    turn = [(jobs.read(size), actor) for size, actor in job["turn"]]
    size = sum(map(len, rows)) + sum(len(update) for update, _ in turn)
    limit("RLIMIT_CPU", int(time.process_time()) + CPU_S + CPU_S_PER_MIB * size // 1024**2)
    try:
        told, state = tried(job, rows, turn)
    except BaseException as error:
        key = "broken" if is_poison(error) else "failed"
        told, state = {key: f"{type(error).__name__}: {error}"}, b""
    answers.write(json.dumps({**told, "size": len(state)}).encode() + b"\n" + state)
    answers.flush()
    if "broken" in told:
        # What broke the text may have broken the process.
        os._exit(0)


def tried(
    job: dict[str, Any], rows: Sequence[bytes], turn: Sequence[tuple[bytes, str | None]]
) -> tuple[dict[str, Any], bytes]:
    """Load the rows, apply the turn, and do all that the server does with a text.

    With ``salvage`` rows that cannot stand are left out and told.

    Raises:
        Exception: the text does not bear it (``is_poison``), or something else is wrong.
    """
    schema = DocumentSchema(job["schema"], tuple(job["roots"]))
    sorted_out = sort_out(rows) if job["salvage"] else Sorted(list(rows), [], [])
    document = Document.load(schema, sorted_out.kept)
    clocks = parse_state_vector(document.state_vector())
    verdicts = document.admit_and_apply(turn, dict(job["owners"])) if turn else []
    # What the guard refuses never reached pycrdt, here and there.
    applied = [
        update
        for (update, _), verdict in zip(turn, verdicts, strict=True)
        if isinstance(verdict, Admission)
    ]
    text, state, again = _read(document, job["sections"], applied)
    told = {
        "unreadable": sorted_out.unreadable,
        "aside": sorted_out.aside,
        "clocks": list(clocks.items()),
        "sha256": sha256(text),
        "reads_same": again == text,
        "text": to_json(text),
    }
    return told, state


def _read(
    document: Document, sections: Sequence[str], updates: Sequence[bytes]
) -> tuple[DossierText, bytes, DossierText]:
    """All that is read from a document: its text and state, and the text of that state."""
    document.merge(updates)
    text = render(document, sections)
    state = document.state()
    document.diff(EMPTY_STATE_VECTOR)
    document.diff(document.state_vector())
    loaded = Document.load(document.schema, [state])
    again = render(loaded, sections)
    loaded.state()
    return text, state, again


def limit(name: str, value: int) -> None:
    """Lower a limit of this process, where the system has it."""
    try:
        import resource

        what = getattr(resource, name)
        _, hard = resource.getrlimit(what)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(what, (value, hard))
    except (ImportError, AttributeError, OSError, ValueError):
        return


if __name__ == "__main__":
    main()
