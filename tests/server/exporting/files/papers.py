"""Papers with everything in them, and what readers of the formats find in the files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from collab.sync.formats.nodes import Node
from server.exporting.files.paper import Facts, Heading, Paper, Prose, Table, prose, words

AT = datetime(2026, 11, 26, 19, 30, tzinfo=UTC)
BOXED = "Ein Kästchen (□) steht für ein Zeichen."
HOSTILE = (
    '#panic("ran") #read("/etc/passwd") #import "@preview/x:1.0.0" $ x $ ] } ) *b* _e_ \\ '
    "`raw` @ref <label> // /* = 1 - 2 + 3 ~ --- {{ 7*7 }} <w:p/> &amp; ]]> ${x}"
)


def text(said: str, *marks: str, href: str | None = None) -> Node:
    """A text node."""
    found: list[Node] = [{"type": mark} for mark in marks]
    if href is not None:
        found.append({"type": "link", "attrs": {"href": href}})
    return {"type": "text", "text": said, "marks": found}


def block(kind: str, *content: Node, **attrs: Any) -> Node:
    """A block node."""
    return {"type": kind, "content": list(content), **({"attrs": attrs} if attrs else {})}


def item(*content: Node) -> Node:
    return block("listItem", *content)


def whole() -> Paper:
    """A paper with each kind of block and mark, and hostile words wherever there are words."""
    nodes = (
        block("paragraph", text(HOSTILE), text(" fest", "strong"), text(" betont", "em")),
        block("heading", text("Unter drei"), level=4),
        block(
            "orderedList",
            item(block("paragraph", text("drei"))),
            item(block("paragraph", text("vier")), block("paragraph", text("weiter"))),
            start=3,
        ),
        block("bulletList", item(block("paragraph", text("Punkt")))),
        block("blockquote", block("paragraph", text("Zitat"))),
        {"type": "horizontalRule"},
        block("paragraph", text("Link", href="https://example.org/?a=1&b=|")),
        block("paragraph", text("böse", href="javascript:alert(1)")),
    )
    rows = ((words("1"), words(HOSTILE)), (words("2"), ()))
    return Paper(
        title=f"Titel {HOSTILE}",
        language="de",
        at=AT,
        body=(
            Facts((("Kennung", words("2026-00042", "https://example.org/ideas/1")), ("Leer", ()))),
            Heading(2, f"Abschnitt {HOSTILE}"),
            Prose(nodes),
            Heading(2, "In English"),
            prose("First.\n\nSecond.", "en"),
            Heading(2, "Tabelle"),
            Table(("Nr.", "Was"), rows),
        ),
        authors=("Ada", HOSTILE),
        foot=f"2026-00042 · {HOSTILE}",
        boxed=BOXED,
    )


def saying(*said: str, title: str = "Titel", language: str = "de") -> Paper:
    """A paper of some paragraphs."""
    nodes = tuple(block("paragraph", text(each)) for each in said)
    return Paper(title, language, AT, (Prose(nodes),), boxed=BOXED)


def holding(*nodes: Node) -> Paper:
    """A paper of these blocks."""
    return Paper("Titel", "de", AT, (Prose(nodes),), boxed=BOXED)


class ReadPdf:
    """A PDF as a screen reader finds it."""

    def __init__(self, content: bytes) -> None:
        self._reader = PdfReader(io.BytesIO(content))
        self._root = self._reader.root_object

    @property
    def title(self) -> str | None:
        return self._reader.metadata.title if self._reader.metadata else None

    @property
    def language(self) -> object:
        return self._root.get("/Lang")

    @property
    def is_tagged(self) -> bool:
        return bool(self._root["/MarkInfo"]["/Marked"])  # type: ignore[index]

    @property
    def is_universal(self) -> bool:
        """It claims PDF/UA-1."""
        stream: Any = self._root["/Metadata"]
        return b"<pdfuaid:part>1</pdfuaid:part>" in stream.get_data()

    @property
    def shows_title(self) -> bool:
        """The window is named by the title and not by the file."""
        wishes: Any = self._root.get("/ViewerPreferences", {})
        return bool(wishes.get("/DisplayDocTitle"))

    @property
    def text(self) -> str:
        return "\n".join(page.extract_text() for page in self._reader.pages)

    def tags(self) -> list[str]:
        """The kinds of all elements in reading order."""
        return [str(each["/S"]) for each in self._elements(self._root["/StructTreeRoot"])]

    def languages(self) -> set[str]:
        """The languages that parts are said to be in."""
        tree = self._elements(self._root["/StructTreeRoot"])
        return {str(each["/Lang"]) for each in tree if "/Lang" in each}

    def links(self) -> list[str]:
        """The addresses that links lead to."""
        found: list[Any] = [
            note.get_object() for page in self._reader.pages for note in page.get("/Annots", ())
        ]
        return [str(each["/A"]["/URI"]) for each in found]

    def _elements(self, found: Any) -> Iterator[DictionaryObject]:
        if isinstance(found, IndirectObject):
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            if "/S" in found:
                yield found
            yield from self._elements(found.get("/K"))
        elif isinstance(found, list):
            for each in found:
                yield from self._elements(each)
