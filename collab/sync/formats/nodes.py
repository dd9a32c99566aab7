"""The nodes of a rendered text: ProseMirror's JSON shape, known types only.

A node is ``{"type", "attrs"?, "content"?}`` or ``{"type": "text", "text", "marks"?}``; a mark is
``{"type", "attrs"?}``. Keys without a value are left out, never ``None`` or empty.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

Node = dict[str, Any]
Nodes = Sequence[Node]

BLOCKS: Final = frozenset(
    {
        "paragraph",
        "heading",
        "bulletList",
        "orderedList",
        "listItem",
        "blockquote",
        "horizontalRule",
    }
)
ELEMENTS: Final = BLOCKS | {"hardBreak"}
MARKS: Final = frozenset({"strong", "em", "link"})

HREF = re.compile(r"(?i)(https?://|mailto:)[^\x00-\x20\x7f<>\"\\]+")


def safe_href(mark: Node) -> str | None:
    """The address of a link if it may be followed: http, https or mailto, nothing odd in it."""
    href = mark.get("attrs", {}).get("href")
    return href if isinstance(href, str) and HREF.fullmatch(href) else None
