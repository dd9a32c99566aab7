"""A paper as CommonMark with tables as GitHub writes them; the text by ``formats.markdown``."""

from collections.abc import Iterator
from typing import Any

from collab.sync.formats.markdown import nodes_to_markdown
from collab.sync.formats.nodes import Node
from server.exporting.files.paper import Facts, Heading, Inline, Paper, Prose, Table, words


def markdown(paper: Paper) -> bytes:
    """The settled paper; its foot comes last, under a line."""
    parts = [_heading(1, paper.title), *_parts(paper)]
    if paper.foot:
        parts += ["---", _cell(words(paper.foot))]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _parts(paper: Paper) -> Iterator[str]:
    for block in paper.body:
        match block:
            case Heading():
                yield _heading(block.level, block.text)
            case Prose():
                yield nodes_to_markdown(block.nodes)
            case Facts():
                yield nodes_to_markdown([_list_of(block)])
            case Table():
                yield _table(block)


def _heading(level: int, text: str) -> str:
    return nodes_to_markdown(
        [{"type": "heading", "attrs": {"level": level}, "content": list(words(text))}]
    )


def _list_of(facts: Facts) -> Node:
    items: list[Any] = [
        {"type": "paragraph", "content": [*words(f"{term}:", strong=True), *words(" "), *said]}
        for term, said in facts.pairs
    ]
    return {"type": "bulletList", "content": items}


def _table(table: Table) -> str:
    rows = [[_cell(words(cell)) for cell in table.header], ["---"] * len(table.header)]
    rows += [[_cell(cell) for cell in row] for row in table.rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(nodes: Inline) -> str:
    """On one line, as a row of a table is one; an address needs its bar escaped there."""
    flat = [node if node["type"] == "text" else {"type": "text", "text": " "} for node in nodes]
    written = nodes_to_markdown([{"type": "paragraph", "content": flat}])
    return written.replace("\\|", "|").replace("|", "\\|")
