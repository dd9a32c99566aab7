"""What a document is, whoever holds it: its text as a reader sees it, and its normalised state.

Equal state vectors do not mean equal documents, and equal texts do not mean equal states: so both
are compared. The state is normalised to what is deleted and to what lives under which id, since
replicas may cut and collect the same content differently.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from bench.chaos.judge import parsed
from bench.chaos.machines.ledger import SCHEMA
from collab.sync.refusals import FrameRefused
from collab.sync.yjs.content import ANY, DELETED, FORMAT, GC, STRING
from collab.sync.yjs.ranges import IdRanges

Run = tuple[int, int, int, str]
"""Client, clock, kind of content, content."""


@dataclass(frozen=True)
class State:
    """A document without the accidents of its history."""

    clocks: dict[int, int]
    deletes: list[tuple[int, int, int]]
    lives: list[Run]


@dataclass(frozen=True)
class Form:
    """A document as it is compared."""

    text: str
    state: State

    def differs_from(self, other: Form) -> str | None:
        """What differs first, in words; ``None`` if nothing does."""
        if self.state.clocks != other.state.clocks:
            return f"clocks {self.state.clocks} and {other.state.clocks}"
        if self.state.deletes != other.state.deletes:
            return f"deletes {self.state.deletes} and {other.state.deletes}"
        if self.state.lives != other.state.lives:
            return f"content {difference(self.state.lives, other.state.lives)}"
        if self.text != other.text:
            return f"text {self.text} and {other.text}"
        return None


def written(form: Form) -> Form:
    """The form without marks' boundaries: yjs removes those that have become superfluous."""
    lives = [run for run in form.state.lives if run[2] != FORMAT]
    return Form(form.text, State(form.state.clocks, [], lives))


def difference(ones: Iterable[Run], others: Iterable[Run]) -> str:
    """The first runs that differ."""
    ones, others = list(ones), list(others)
    only = [each for each in ones if each not in others][:2]
    return f"{only} and {[each for each in others if each not in ones][:2]}"


def form_of(doc: Doc[XmlFragment]) -> Form:
    return Form(text_of(doc), state_of(doc.get_update()))


def replay(updates: Iterable[bytes]) -> Form:
    """The form of a document that is made from these updates and nothing else."""
    doc: Doc[XmlFragment] = Doc(client_id=1)
    with doc.transaction():
        for update in updates:
            doc.apply_update(update)
    return form_of(doc)


def text_of(doc: Doc[XmlFragment]) -> str:
    """Canonical JSON of all roots: elements, texts and marks in their order."""
    with doc.transaction():
        roots = {
            name: [_node(each) for each in doc.get(name, type=XmlFragment).children]
            for name in SCHEMA.roots
        }
    return canonical(roots)


def canonical(value: Any) -> str:
    """JSON that is the same for the same value, here and in Node."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=16)
def state_of(update: bytes) -> State:
    """The normalised state in an update that holds a whole document.

    A document with gaps has none; then the update itself stands for it, and equals no other.
    """
    try:
        parts = parsed(update)
    except FrameRefused as refusal:
        return State({}, [], [(0, 0, 0, f"{refusal}: {update.hex()}")])
    deletes = IdRanges()
    for each in parts.deletes:
        deletes.add(*each)
    lives: list[Run] = []
    for block in parts.blocks:
        clock = block.clock
        for struct in block.structs:
            if struct.kind not in (GC, DELETED):
                for start, end in deletes.missing(block.client, clock, clock + struct.length):
                    part = _part(struct.kind, struct.content, start - clock, end - clock)
                    _add(lives, (block.client, start, struct.kind, part))
            clock += struct.length
    return State(
        clocks={block.client: block.end for block in parts.blocks},
        deletes=sorted(deletes),
        lives=sorted(lives),
    )


def units(text: str) -> int:
    """The length of a text as JavaScript and clocks count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _part(kind: int, content: Any, start: int, end: int) -> str:
    if kind == STRING:
        if content.isascii():
            return str(content[start:end])
        return str(content.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace"))
    return repr(content[start:end] if kind == ANY else content)


def _add(lives: list[Run], run: Run) -> None:
    """Append a run; consecutive text becomes one."""
    if lives and run[2] == STRING:
        client, clock, kind, text = lives[-1]
        if (client, kind) == (run[0], STRING) and clock + units(text) == run[1]:
            lives[-1] = (client, clock, kind, text + run[3])
            return
    lives.append(run)


def _node(node: Any) -> Any:
    if isinstance(node, XmlText):
        return _chunks(node)
    assert isinstance(node, XmlElement)
    return {
        "tag": node.tag,
        "attributes": dict(cast("Iterable[tuple[str, Any]]", node.attributes)),
        "children": [_node(each) for each in node.children],
    }


def _chunks(text: XmlText) -> list[list[Any]]:
    """``[text, marks]`` with equal marks put together."""
    chunks: list[list[Any]] = []
    for content, marks in text.diff():
        shown = {name: value for name, value in (marks or {}).items() if value is not None}
        if chunks and chunks[-1][1] == shown:
            chunks[-1][0] += content
        else:
            chunks.append([content, shown])
    return chunks
