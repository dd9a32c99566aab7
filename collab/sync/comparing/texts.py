"""Two dossier texts compared by section, line by line, and word by word where lines are alike.

Compared is what a reader reads: words, the kind of each paragraph, and where links lead. Changes
that only concern bold and italics are told of a line without being marked in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from collab.sync.comparing.pairing import paired
from collab.sync.comparing.script import Op, Stretch, TooMuchWork, Work, replaced, script
from collab.sync.comparing.words import Run, compared, counted
from collab.sync.formats.nodes import Node, Nodes, safe_href
from collab.sync.text import DossierText

WORK_MAX: Final = 400_000
"""Steps for one pair of texts, less than a second; past them lines are compared as a whole."""


class Change(StrEnum):
    """What became of a line."""

    SAME = "same"
    RESTYLED = "restyled"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading, list item or rule as it is compared.

    ``depth`` is that of the list or quotation around it, or the level of a heading.
    """

    kind: str
    depth: int
    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line with what changed in it; ``kind`` and ``depth`` are the later ones.

    ``was`` are the earlier ones, if a paragraph became a heading, an item of another list, ….
    """

    change: Change
    kind: str
    depth: int
    runs: tuple[Run, ...]
    was: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Title and sections; ``is_coarse`` if some lines could not be compared word by word."""

    title: ComparedLine
    sections: dict[str, tuple[ComparedLine, ...]]
    is_coarse: bool

    @property
    def is_empty(self) -> bool:
        lines = [self.title, *(line for lines in self.sections.values() for line in lines)]
        return all(line.change is Change.SAME for line in lines)


def compare(earlier: DossierText, later: DossierText, *, steps: int = WORK_MAX) -> Difference:
    """What changed from the earlier to the later text; sections in the order of the later."""
    comparing = _Comparing(Work(steps))
    title = comparing.line(Line("heading", 0, earlier.title), Line("heading", 0, later.title))
    names = [*later.sections, *(name for name in earlier.sections if name not in later.sections)]
    sections = {
        name: tuple(
            comparing.lines(
                lines_of(earlier.sections.get(name, [])), lines_of(later.sections.get(name, []))
            )
        )
        for name in names
    }
    return Difference(title, sections, comparing.is_coarse)


def lines_of(nodes: Nodes, kind: str = "paragraph", depth: int = 0) -> list[Line]:
    """The lines of a section, without empty ones."""
    found: list[Line] = []
    for node in nodes:
        match node["type"]:
            case "bulletList":
                found += lines_of(node.get("content", ()), "item", depth + 1)
            case "orderedList":
                found += lines_of(node.get("content", ()), "numbered", depth + 1)
            case "blockquote":
                found += lines_of(node.get("content", ()), "quote", depth + 1)
            case "listItem":
                found += lines_of(node.get("content", ()), kind, depth)
            case "horizontalRule":
                found.append(Line("rule", depth, ""))
            case other:
                inside = node.get("content", ())
                text = "".join(_words(inside))
                if text.strip():
                    level = node["attrs"]["level"] if other == "heading" else None
                    named, deep = (kind, depth) if level is None else ("heading", level)
                    found.append(Line(named, deep, text, "".join(_marks(inside))))
    return found


def _words(inline: Nodes) -> Iterator[str]:
    for node in inline:
        if node["type"] == "hardBreak":
            yield "\n"
            continue
        text = str(node.get("text", ""))
        hrefs = [href for href in map(safe_href, _links(node)) if href]
        yield text + "".join(f" <{href}>" for href in hrefs if href != text)


def _links(node: Node) -> list[Node]:
    return [mark for mark in node.get("marks", ()) if mark["type"] == "link"]


def _marks(inline: Nodes) -> Iterator[str]:
    """Where something is bold or italic, as a text that can be compared."""
    at = 0
    for node in inline:
        length = len(str(node.get("text", "")))
        names = [mark["type"] for mark in node.get("marks", ()) if mark["type"] != "link"]
        if names:
            yield f"{at}+{length}:{','.join(names)};"
        at += length


class _Comparing:
    """Compares with one budget of work; remembers whether it was enough."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.is_coarse = False

    def lines(self, earlier: Sequence[Line], later: Sequence[Line]) -> Iterator[ComparedLine]:
        """The lines of a section."""
        pending: list[Stretch] = []
        for each in [*self._script(earlier, later), Stretch(Op.SAME, 0, 0)]:
            if each.op is not Op.SAME:
                pending.append(each)
                continue
            removed = [
                line for one in pending if one.op is Op.REMOVED for line in _of(one, earlier)
            ]
            added = [line for one in pending if one.op is Op.ADDED for line in _of(one, later)]
            yield from self._changed(removed, added)
            pending = []
            yield from (_whole(Change.SAME, line) for line in _of(each, earlier))

    def line(self, earlier: Line, later: Line) -> ComparedLine:
        """Two lines that are one and the same, before and after."""
        if earlier == later:
            return _whole(Change.SAME, later)
        shape = (earlier.kind, earlier.depth)
        was = None if shape == (later.kind, later.depth) else shape
        if earlier.text == later.text:
            return replace(_whole(Change.RESTYLED, later), was=was)
        try:
            runs = compared(earlier.text, later.text, self._work)
        except TooMuchWork:
            self.is_coarse = True
            runs = (Run(Op.REMOVED, earlier.text), Run(Op.ADDED, later.text))
        return ComparedLine(Change.CHANGED, later.kind, later.depth, runs, was)

    def _script(self, earlier: Sequence[Line], later: Sequence[Line]) -> list[Stretch]:
        try:
            return script(earlier, later, self._work)
        except TooMuchWork:
            self.is_coarse = True
            return replaced(earlier, later)

    def _changed(self, removed: list[Line], added: list[Line]) -> Iterator[ComparedLine]:
        """Lines that went and came at one place: those that are alike are one changed line."""
        before = after = 0
        for one, other in [*self._pairs(removed, added), (len(removed), len(added))]:
            yield from (_whole(Change.REMOVED, line) for line in removed[before:one])
            yield from (_whole(Change.ADDED, line) for line in added[after:other])
            if one < len(removed):
                yield self.line(removed[one], added[other])
            before, after = one + 1, other + 1

    def _pairs(self, removed: list[Line], added: list[Line]) -> list[tuple[int, int]]:
        """Which removed line became which added one, in order, so that likeness is greatest."""
        words = [counted(line.text) for line in removed]
        return paired(words, [counted(line.text) for line in added])


def _of(stretch: Stretch, lines: Sequence[Line]) -> Sequence[Line]:
    return lines[stretch.start : stretch.end]


def _whole(change: Change, line: Line) -> ComparedLine:
    op = {Change.REMOVED: Op.REMOVED, Change.ADDED: Op.ADDED}.get(change, Op.SAME)
    runs = (Run(op, line.text),) if line.text else ()
    return ComparedLine(change, line.kind, line.depth, runs)
