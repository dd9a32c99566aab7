"""The same logs replayed by yjs in Node: another implementation must read the same document."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.chaos.forms import Form, replay, state_of, written
from bench.chaos.machines.ledger import SCHEMA
from bench.chaos.simulation import Evidence
from tests.harness.node import node, node_environment, packages

SCRIPT = Path(__file__).with_name("replay.mjs")


def differences(evidence: Sequence[Evidence]) -> list[tuple[int, str]]:
    """Which documents yjs reads otherwise, and what differs.

    Raises:
        FileNotFoundError: there is no Node, or yjs is not installed.
    """
    if not evidence:
        return []
    lines = [
        json.dumps({"roots": SCHEMA.roots, "updates": [_text(each) for each in one.updates]})
        for one in evidence
    ]
    done = subprocess.run(
        [node(), str(SCRIPT)],
        cwd=packages().parent,
        env=node_environment(),
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = zip(evidence, map(json.loads, done.stdout.splitlines()), strict=True)
    found = [_difference(one, told["text"], base64.b64decode(told["state"])) for one, told in pairs]
    return [(at, difference) for at, difference in enumerate(found) if difference is not None]


def _difference(one: Evidence, text: str, state: bytes) -> str | None:
    """What yjs reads otherwise, once it has told what it has tidied up by itself.

    yjs deletes boundaries of marks that it takes for superfluous, and an editor sends that on. So
    all else must be the same at once, and everything when the log holds that too.
    """
    read = Form(text, state_of(state))
    ours, theirs = written(one.form), written(read)
    if ours.state != theirs.state:
        return ours.differs_from(theirs)
    return replay([*one.updates, state]).differs_from(read)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
