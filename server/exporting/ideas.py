"""Ideas with their text as JSON lines or CSV; the text is the last one that was committed."""

import csv
import json
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import IO, Any

from collab.process.processes import stages_with
from collab.process.stages import StageAccess
from storage import ideas, people, texts
from storage.database import Transaction
from storage.ideas import IdeaFilter
from storage.tables.ideas import Idea
from storage.tables.texts import IdeaText

IDEAS_PER_READ = 100
COLUMNS = (
    "ref", "kind", "title", "stage", "revision", "created_at", "active_at", "created_by",
    "latitude", "longitude", "source", "epoch", "seq", "sha256", "text",
)  # fmt: skip

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Exported:
    """One idea as it is written out."""

    idea: Idea
    author: str
    text: IdeaText | None

    def to_json(self) -> dict[str, Any]:
        """The idea with its sections as nodes."""
        row = self.row()
        version = {name: row.pop(name) for name in ("epoch", "seq", "sha256")}
        sections = self.text.sections["sections"] if self.text else {}
        return {**row, "text_version": version if self.text else None, "sections": sections}

    def row(self) -> dict[str, Any]:
        """The idea as flat values."""
        idea, text = self.idea, self.text
        return {
            "ref": idea.ref,
            "kind": idea.kind,
            "title": idea.title,
            "stage": idea.stage,
            "revision": idea.revision,
            "created_at": idea.created_at.isoformat(),
            "active_at": idea.active_at.isoformat(),
            "created_by": self.author,
            "latitude": idea.latitude,
            "longitude": idea.longitude,
            "source": idea.source,
            "epoch": text.epoch if text else None,
            "seq": text.seq if text else None,
            "sha256": text.sha256 if text else None,
            "text": text.plain if text else "",
        }


async def exported(tx: Transaction, *, drafts: bool) -> AsyncIterator[Exported]:
    """All ideas in the order of references, as one moment saw them; drafts only if wanted."""
    private = stages_with(StageAccess.PRIVATE)
    wanted = IdeaFilter(hidden_stages=frozenset() if drafts else private)
    found = sorted([idea async for idea in _all(tx, wanted)], key=lambda idea: idea.number)
    for start in range(0, len(found), IDEAS_PER_READ):
        some = found[start : start + IDEAS_PER_READ]
        read = await texts.of_ideas(tx, [idea.id for idea in some])
        authors = await people.named(tx, {idea.created_by for idea in some})
        for idea in some:
            yield Exported(idea, authors[idea.created_by].handle, read.get(idea.id))


def write_json_lines(found: Iterable[Exported], file: IO[str]) -> None:
    """One JSON object per line."""
    for one in found:
        file.write(json.dumps(one.to_json(), ensure_ascii=False) + "\n")


def write_csv(found: Iterable[Exported], file: IO[str]) -> None:
    """A table with a header; no cell can act as a formula where it is opened."""
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in found:
        writer.writerow({name: safe_cell(value) for name, value in one.row().items()})


def safe_cell(value: object) -> object:
    """The value as a cell; text that a spreadsheet would run begins with an apostrophe."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


async def _all(tx: Transaction, wanted: IdeaFilter) -> AsyncIterator[Idea]:
    cursor: str | None = None
    while True:
        page = await ideas.page(tx, wanted, cursor, IDEAS_PER_READ)
        for idea in page.ideas:
            yield idea
        if page.next_cursor is None:
            return
        cursor = page.next_cursor
