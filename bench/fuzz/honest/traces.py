"""Recorded keystrokes of real people, typed again on yrs: one update for each edit."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.fuzz.honest.court import Court, Tally, seed
from collab.sync.text import CONTROLS
from tests.harness.text import SharedText
from tests.sources import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "editing-traces"
SECTION = "idea"


def missing(folder: Path = FOLDER) -> str | None:
    """Why there are no traces here, if there are none."""
    return None if folder.is_dir() else "no editing traces at ../shared/data; name their folder"


def write(tally: Tally, *, updates: int, chance: int, folder: Path = FOLDER) -> None:
    """Type every trace, each up to so many updates, and judge each update."""
    for path in sorted((folder / "sequential").glob("*.json.gz")):
        with gzip.open(path) as opened:
            trace = json.load(opened)
        court = Court(tally, random.Random(chance), f"trace {path.name}")
        copy = SharedText(partial(court.hear, actor="writer"), 4_711)
        copy.apply(seed())
        is_whole = True
        start = tally.updates
        for edits in _edits(trace):
            copy.splice(SECTION, edits)
            if tally.updates - start >= updates:
                is_whole = False
                break
        text = court.settle()
        wanted = trace["endContent"] if is_whole else copy.read(SECTION)
        if _written(text.sections[SECTION]) != wanted.translate(CONTROLS):
            court.differ("the end is not the recorded one")


def _edits(trace: dict[str, Any]) -> Iterator[list[tuple[int, int, str]]]:
    for transaction in trace["txns"]:
        yield [(at, deleted, inserted) for at, deleted, inserted in transaction["patches"]]


def _written(nodes: object) -> str:
    """All text in the JSON of a section."""
    if isinstance(nodes, list):
        return "".join(map(_written, nodes))
    if isinstance(nodes, dict):
        return str(nodes.get("text", "")) + _written(nodes.get("content", []))
    return ""
