"""A paper as PDF/UA-1: tagged, with title and language, set by typst in ``paper.typ``.

What people wrote goes in as JSON beside the template and is shown as text; nothing of it is ever
part of the program. The fonts are those inside typst and never the machine's, so that the same
paper is the same file everywhere.

PDF/UA forbids signs that no font can draw. Those are shown as a box, and the paper says so.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal
from unicodedata import bidirectional

from server.exporting.files.paper import Block, Facts, Heading, Inline, Paper, Prose, Table, prose

BOX: Final = "\u25a1"
UNUSUAL_MAX: Final = 200
"""So many different signs beyond the usual ones are tried; what comes after them is a box."""

MISSED_MAX: Final = 4
"""After so many misses and no hit among 256 neighbours the rest of them counts as missing."""

COLUMN_MAX: Final = 8
"""A column is at most so many times as wide as the narrowest."""

# What the fonts inside typst can draw for certain: Latin, Greek, Cyrillic, usual punctuation.
_USUAL = re.compile(
    "[\n\u0020-\u007e\u00a0-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f"
    "\u2010-\u2015\u2018-\u201e\u2026\u20ac\u25a1]"
)
# They choose how a sign looks that we draw in one way, or are no letters at all.
_INVISIBLE = re.compile("[\ufe00-\ufe0f\U000e0000-\U000e01ef]")
_JOINED = re.compile(f"{BOX}\u200d+")
_NOT_DRAWN = frozenset({"title", "authors", "href"})
_FONTLESS = re.compile("the text .* could not be displayed")
_PROBE = b'#set document(title: "sign")\n#text(font: "Libertinus Serif", sys.inputs.sign)'


def pdf(paper: Paper) -> bytes:
    """The settled paper; the same paper is the same file.

    It claims to be PDF/UA wherever each of its signs can be drawn: one that only joins to what no
    font has is found by the compiler alone, and costs the file this claim, not its text.
    """
    data = _data(paper)
    unknown = _without_font(data)
    data = _redrawn(data, dict.fromkeys(map(ord, unknown), BOX))
    if unknown:
        data["body"].append(_block(prose(paper.boxed)))
    given = {"paper": json.dumps(data)}
    source = files(__package__).joinpath("paper.typ").read_bytes()
    try:
        return _compiled(source, given, paper.at, "ua-1")
    except RuntimeError as error:
        if not _FONTLESS.search(str(error)):
            raise
    return _compiled(source, given, paper.at)


def _compiled(
    source: bytes,
    given: dict[str, str],
    at: datetime | None = None,
    standard: Literal["ua-1"] | None = None,
) -> bytes:
    import typst

    made: bytes = typst.compile(
        source,
        sys_inputs=given,
        format="pdf",
        pdf_standards=standard,
        timestamp=int(at.timestamp()) if at else None,
        ignore_system_fonts=True,
    )
    return made


@lru_cache(4_096)
def can_draw(sign: str) -> bool:
    """Whether a font inside typst has this sign."""
    try:
        _compiled(_PROBE, {"sign": sign}, standard="ua-1")
    except RuntimeError as error:
        return not _FONTLESS.search(str(error))
    return True


def _data(paper: Paper) -> dict[str, Any]:
    """The paper as ``paper.typ`` reads it."""
    at = paper.at.astimezone(UTC)
    return {
        "title": paper.title,
        "shown_title": paper.title,
        "language": paper.language,
        "authors": list(paper.authors),
        "foot": paper.foot,
        "at": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "body": [_block(block) for block in paper.body],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", **_values(block)}
        case Prose():
            nodes = [_turned(node) for node in block.nodes]
            return {"kind": "prose", "language": block.language, "nodes": nodes}
        case Facts():
            return {"kind": "facts", "language": None, **_values(block)}
        case Table():
            rows = [[{"nodes": list(cell)} for cell in row] for row in block.rows]
            return {
                "kind": "table",
                "language": None,
                "header": list(block.header),
                "widths": _widths(block),
                "rows": rows,
            }


def _values(block: Heading | Facts) -> dict[str, Any]:
    return {field.name: getattr(block, field.name) for field in fields(block)}


def _widths(table: Table) -> list[int]:
    """How wide the columns are to each other: as what is in them is long, within a measure."""
    columns = zip(table.header, *(map(_length, row) for row in table.rows), strict=True)
    longest = [max(len(str(head)), *map(int, cells or (0,))) for head, *cells in columns]
    least = max(1, min(longest))
    return [max(1, min(COLUMN_MAX, round((each / least) ** 0.5 * 2))) for each in longest]


def _length(cell: Inline) -> int:
    return sum(len(node.get("text", " ")) for node in cell)


def _turned(node: Mapping[str, Any]) -> dict[str, Any]:
    """The node with a word where a paragraph runs from right to left."""
    content = node.get("content", ())
    if node["type"] == "paragraph":
        return {**node, "rtl": runs_from_right(content)}
    inside = [_turned(each) if "content" in each else each for each in content]
    return {**node, "content": inside} if content and node["type"] != "heading" else dict(node)


def runs_from_right(nodes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the first letter with a direction is of a script that runs to the left."""
    signs = (bidirectional(sign) for node in nodes for sign in node.get("text", ""))
    return next((sign in {"R", "AL"} for sign in signs if sign in {"L", "R", "AL"}), False)


def _without_font(data: Mapping[str, Any]) -> list[str]:
    """The signs in what a file says that are to be boxes; few are tried of a script we lack."""
    unusual = sorted(set(_USUAL.sub("", json.dumps(data, ensure_ascii=False))))
    unknown, drawn = unusual[UNUSUAL_MAX:], Counter[int]()
    missed = Counter[int]()
    for sign in unusual[:UNUSUAL_MAX]:
        script = ord(sign) >> 8
        if (missed[script] < MISSED_MAX or drawn[script]) and can_draw(sign):
            drawn[script] += 1
        else:
            missed[script] += 1
            unknown.append(sign)
    return unknown


def _redrawn(value: Any, boxes: Mapping[int, str]) -> Any:
    """The data with boxes in all texts; what is not drawn stays."""
    if isinstance(value, str):
        return _JOINED.sub(BOX, _INVISIBLE.sub("", value).translate(boxes))
    if isinstance(value, list | tuple):
        return [_redrawn(each, boxes) for each in value]
    if isinstance(value, dict):
        return {
            key: each if key in _NOT_DRAWN else _redrawn(each, boxes) for key, each in value.items()
        }
    return value
