"""Nodes as plain text, for search, excerpts and counting."""

from collab.sync.formats.nodes import BLOCKS, Node, Nodes


def nodes_to_plain(nodes: Nodes) -> str:
    """Plain text: one line per paragraph or heading, no markers; empty lines are left out."""
    lines: list[str] = []
    _collect(nodes, lines)
    return "\n".join(line for line in lines if line.strip())


def _collect(nodes: Nodes, lines: list[str]) -> None:
    line = ""
    for node in nodes:
        if node["type"] in BLOCKS:
            lines.append(line)
            line = ""
            _collect(node.get("content", ()), lines)
        else:
            line += _inline(node)
    lines.append(line)


def _inline(node: Node) -> str:
    return "\n" if node["type"] == "hardBreak" else str(node.get("text", ""))
