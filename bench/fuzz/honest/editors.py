"""ProseMirror editors on yjs, run in Node: unmodified packages, our own schema and commands."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.fuzz.honest.court import Court, Tally, seed
from collab.sync.text import CONTROLS
from collab.sync.yjs.update import parse_state_vector
from tests.harness.node import node, node_environment
from tests.sources import ROOT

SCRIPT = Path(__file__).with_suffix(".mjs")
PACKAGES = ROOT / "web" / "node_modules"


def missing() -> str | None:
    """Why the editors cannot be run here, if they cannot."""
    try:
        node()
    except FileNotFoundError as error:
        return str(error)
    if not (PACKAGES / "esbuild" / "bin" / "esbuild").exists():
        return "the npm packages of web/ are missing; `python3 run.py` installs them"
    return None


def write(tally: Tally, *, updates: int, chance: int) -> None:
    """Let editors write until they have sent so many updates, and judge each."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "editors.mjs"
        bundle(script)
        with subprocess.Popen(
            [node(), str(script), base64.b64encode(seed()).decode(), str(chance), str(updates)],
            stdout=subprocess.PIPE,
            env=node_environment(),
        ) as process:
            assert process.stdout is not None
            _judge(tally, process.stdout, chance)
        if process.returncode:
            raise RuntimeError(f"the editors failed with {process.returncode}")


def bundle(script: Path) -> None:
    """Put the script, our TypeScript and the packages into one file that Node can run."""
    subprocess.run(
        [
            node(),
            str(PACKAGES / "esbuild" / "bin" / "esbuild"),
            str(SCRIPT),
            "--bundle",
            "--platform=node",
            "--format=esm",
            "--log-level=warning",
            f"--outfile={script}",
        ],
        check=True,
        env={**node_environment(), "NODE_PATH": str(PACKAGES)},
        cwd=ROOT,
    )


def _judge(tally: Tally, lines: Iterable[bytes], chance: int) -> None:
    dice = random.Random(chance)
    court = Court(tally, dice, f"yjs {chance}, text 1")
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(b" ")
        if kind == b"u":
            actor, _, update = rest.partition(b" ")
            court.what = f"yjs {chance}, line {number}"
            court.hear(base64.b64decode(update), actor.decode())
        else:
            _compare(court, json.loads(rest))
            court = Court(tally, dice, f"yjs {chance}, line {number}")
    tally.texts -= 1  # the last one was not begun


def _compare(court: Court, told: dict[str, Any]) -> None:
    """The server's text is the editors' text, unless an undo has divided them."""
    text = court.settle()
    vector = base64.b64decode(told["vector"])
    if parse_state_vector(vector) != parse_state_vector(court.document.state_vector()):
        court.differ("other clocks than in the editors")
    court.tally.divided_texts += not told["same"]
    if court.is_doubtful:
        return
    if not told["same"]:
        court.differ("the editors differ, without doubt")
    _, *sections = (shown(root["content"]) for root in told["shown"])
    if list(text.sections.values()) != sections:
        court.differ("the editors show something else")


def shown(nodes: Iterable[Any]) -> list[Any]:
    """ProseMirror's JSON as we write it: sorted marks, no defaults, nothing empty."""
    found = []
    for each in nodes:
        kept = {"type": each["type"]}
        if "text" in each:
            kept["text"] = each["text"].translate(CONTROLS)
        if each.get("marks"):
            kept["marks"] = sorted(each["marks"], key=lambda mark: str(mark["type"]))
        start = (each.get("attrs") or {}).get("start")
        if each["type"] == "heading" or start not in (None, 1):
            kept["attrs"] = each["attrs"]
        if content := shown(each.get("content", ())):
            kept["content"] = content
        found.append(kept)
    return found
