"""Who wrote which passage, as coarsely as readers are told: by paragraph, list or quotation.

Each letter is exchanged for one that stands for its author, and the text is rendered as always;
so what a reader sees and whose it is lie beside each other. Who moved words by cutting and pasting
them wrote them anew, as far as a document knows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collab.sync.document import Document
from collab.sync.formats.nodes import Node, Nodes
from collab.sync.removal.erase import changed_texts
from collab.sync.schema import DocumentSchema
from collab.sync.text import DossierText, render

FIRST: Final = 0xE000
LAST: Final = 0xF8FF
"""Characters for private use; the first stands for who is unknown."""

SMALL_LETTERS: Final = 10
SMALL_SHARE: Final = 0.1
"""Who wrote less than both of a passage has corrected it and is not named."""


@dataclass(frozen=True, slots=True)
class Authored:
    """A block of a section and the numbers of those who wrote it; 0 for who is unknown."""

    node: Node
    authors: frozenset[int]


def authored(
    state: bytes,
    schema: DocumentSchema,
    sections: Sequence[str],
    text: DossierText,
    numbers: Mapping[int, int],
) -> dict[str, tuple[Authored, ...]]:
    """The blocks of ``text``, which ``state`` renders to, with their authors.

    ``numbers`` gives the number, from 1 on, of the author behind a client id.
    """
    most = LAST - FIRST

    def tagged(content: str, client: int, clock: int) -> str:
        sign = chr(FIRST + min(numbers.get(client, 0), most))
        # What is not shown stays as it is, so that the same of it is left out.
        return "".join(
            letter if letter < " " or letter in "\ufffe\uffff" else sign * (1 + (letter > "\uffff"))
            for letter in content
        )

    signs = render(Document.load(schema, [changed_texts(state, tagged)]), sections)
    return {
        name: tuple(_paired(nodes, signs.sections.get(name, [])))
        for name, nodes in text.sections.items()
    }


def _paired(nodes: Nodes, signs: Nodes) -> list[Authored]:
    if [node["type"] for node in nodes] != [node["type"] for node in signs]:
        everybody = _authors(signs)
        return [Authored(node, everybody) for node in nodes]
    return [Authored(node, _authors([sign])) for node, sign in zip(nodes, signs, strict=True)]


def _authors(signs: Nodes) -> frozenset[int]:
    """Those who wrote enough of it to be told, at least whoever wrote most."""
    counts = Counter(
        ord(letter) - FIRST for letter in "".join(_texts(signs)) if FIRST <= ord(letter) <= LAST
    )
    if not counts:
        return frozenset()
    enough = min(SMALL_LETTERS, SMALL_SHARE * counts.total(), max(counts.values()))
    return frozenset(number for number, count in counts.items() if count >= enough)


def _texts(nodes: Nodes) -> list[str]:
    """Bounded by the depth of rendered texts."""
    found = []
    for node in nodes:
        found += [str(node.get("text", "")), *_texts(node.get("content", ()))]
    return found
