"""A paper as DOCX: real headings, lists and table headers, with language and title."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from collab.sync.formats.nodes import Node, Nodes
from server.exporting.files.paper import Block, Facts, Heading, Paper, Prose, Table, words
from server.exporting.files.pdf import runs_from_right

REGIONS: Final = {"de": "de-DE", "en": "en-GB"}
LEVELS_MAX: Final = 3
"""Word has so many styles for lists in one another."""

FONT: Final = "Calibri"
LINK: Final = "0B4F9E"
ZIP_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def docx(paper: Paper) -> bytes:
    """The settled paper as one file; the same paper is the same file."""
    document = Document()
    _set_up(document, paper)
    writer = _Writer(document)
    writer.title(paper.title)
    for block in paper.body:
        writer.block(block)
    _foot(document, paper.foot)
    written = io.BytesIO()
    document.save(written)
    return _packed(written, paper.at)


class _Writer:
    """Writes blocks one after the other into a document.

    Elements are made by hand: python-docx looks through all styles for each paragraph, which takes
    minutes for a long text.
    """

    def __init__(self, document: Docx) -> None:
        self._document = document
        self._end: Any = document.element.body.sectPr
        self._styles = {style.name: style.style_id for style in document.styles}
        self._links: dict[str, str] = {}
        self._numbers: Any = document.part.numbering_part.element
        self._newest: Any = self._numbers.num_lst[-1]
        self._last = int(max(number.numId for number in self._numbers.num_lst))
        self._abstract: dict[str, str] = {}

    def title(self, text: str) -> None:
        """The title of the paper."""
        self._line(self._paragraph("Title"), words(text), None)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block.level, words(block.text), block.language)
            case Prose():
                self._blocks(block.nodes, block.language, 0)
            case Facts():
                for term, said in block.pairs:
                    line = (*words(f"{term}: ", strong=True), *said)
                    self._line(self._paragraph("List Bullet"), line, None)
            case Table():
                self._table(block)

    def _paragraph(self, style: str) -> Any:
        """A new last paragraph."""
        made: Any = OxmlElement("w:p")
        made.get_or_add_pPr().style = self._styles[style]
        self._end.addprevious(made)
        return made

    def _line(self, paragraph: Any, nodes: Iterable[Node], language: str | None) -> None:
        """Runs and links of one paragraph."""
        nodes = list(nodes)
        is_turned = runs_from_right(nodes)
        if is_turned:
            paragraph.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for node in nodes:
            run: Any = OxmlElement("w:r")
            if node["type"] == "hardBreak":
                run.append(OxmlElement("w:br"))
                paragraph.append(run)
                continue
            marks = {mark["type"]: mark for mark in node.get("marks", ())}
            _look(run, marks.keys(), language, is_turned=is_turned)
            run.add_t(node["text"])
            if "link" in marks:
                link: Any = OxmlElement("w:hyperlink")
                link.set(qn("r:id"), self._link(marks["link"]["attrs"]["href"]))
                link.append(run)
                paragraph.append(link)
            else:
                paragraph.append(run)

    def _link(self, href: str) -> str:
        """The id of an address in the file."""
        if href not in self._links:
            name, kind = f"rIdLink{len(self._links)}", RELATIONSHIP_TYPE.HYPERLINK
            self._document.part.rels.add_relationship(kind, href, name, is_external=True)
            self._links[href] = name
        return self._links[href]

    def _heading(self, level: int, nodes: Nodes, language: str | None) -> None:
        """The paper's title is ``Title``, so what is level 2 in it is Word's first level."""
        self._line(self._paragraph(f"Heading {level - 1}"), nodes, language)

    def _blocks(self, nodes: Nodes, language: str | None, depth: int, first: Any = None) -> None:
        """Blocks of a text; ``first`` is the paragraph that begins the item they stand in."""
        for node in nodes:
            kind = node["type"]
            if kind == "horizontalRule":
                self._line(self._paragraph("Normal"), words("* * *"), None)
            elif kind == "heading":
                self._heading(node["attrs"]["level"], node["content"], language)
            elif kind == "paragraph":
                style = _leveled("List Continue", depth) if depth else "Normal"
                paragraph = self._paragraph(style) if first is None else first
                first = None
                self._line(paragraph, node["content"], language)
            elif kind == "blockquote":
                self._quote(node["content"], language, depth)
            else:
                self._list(node, language, depth + 1)

    def _quote(self, nodes: Nodes, language: str | None, depth: int) -> None:
        for node in nodes:
            if node["type"] == "paragraph":
                self._line(self._paragraph("Quote"), node["content"], language)
            else:
                self._blocks([node], language, depth)

    def _list(self, node: Node, language: str | None, depth: int) -> None:
        is_numbered = node["type"] == "orderedList"
        style = _leveled("List Number" if is_numbered else "List Bullet", depth)
        start = node.get("attrs", {}).get("start", 1)
        number = self._numbering(style, int(start)) if is_numbered else None
        for item in node["content"]:
            content = item["content"]
            paragraph = self._paragraph(style)
            if number is not None:
                found = paragraph.get_or_add_pPr().get_or_add_numPr()
                found.get_or_add_ilvl().val = 0
                found.get_or_add_numId().val = number
            begins = content[0]["type"] == "paragraph"
            self._blocks(content, language, depth, paragraph if begins else None)

    def _numbering(self, style: str, start: int) -> int:
        """A numbering of its own, or lists of one style would count on."""
        if style not in self._abstract:
            own: Any = self._document.styles[style].element
            number = self._numbers.num_having_numId(own.pPr.numPr.numId.val)
            self._abstract[style] = str(number.abstractNumId.val)
        self._last += 1
        made = _element("w:num", {"w:numId": str(self._last)})
        made.append(_element("w:abstractNumId", {"w:val": self._abstract[style]}))
        override = _element("w:lvlOverride", {"w:ilvl": "0"})
        override.append(_element("w:startOverride", {"w:val": str(start)}))
        made.append(override)
        self._newest.addnext(made)
        self._newest = made
        return self._last

    def _table(self, table: Table) -> None:
        made = self._document.add_table(rows=1, cols=len(table.header), style="Table Grid")
        for cell, text in zip(made.rows[0].cells, table.header, strict=True):
            self._line(cell.paragraphs[0]._p, words(text, strong=True), None)
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in table.rows:
            line: Any = OxmlElement("w:tr")
            for said in row:
                cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
                self._line(paragraph, said, None)
                cell.append(paragraph)
                line.append(cell)
            made._tbl.append(line)
        self._paragraph("Normal")


def _leveled(style: str, depth: int) -> str:
    return style if depth == 1 else f"{style} {min(depth, LEVELS_MAX)}"


def _look(run: Any, marks: Iterable[str], language: str | None, *, is_turned: bool) -> None:
    """How a run looks and in which language it is, in the order that the format asks for."""
    kinds = set(marks)
    wanted: list[tuple[str, dict[str, str]]] = []
    wanted += [("w:b", {})] if "strong" in kinds else []
    wanted += [("w:i", {})] if "em" in kinds else []
    if "link" in kinds:
        wanted += [("w:color", {"w:val": LINK}), ("w:u", {"w:val": "single"})]
    wanted += [("w:rtl", {})] if is_turned else []
    wanted += [("w:lang", {"w:val": REGIONS.get(language, language)})] if language else []
    if not wanted:
        return
    properties: Any = run.get_or_add_rPr()
    for name, values in wanted:
        properties.append(_element(name, values))


def _element(name: str, attributes: Mapping[str, str]) -> Any:
    made: Any = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def _set_up(document: Docx, paper: Paper) -> None:
    """What the file says of itself, and how its styles look."""
    about, at = document.core_properties, paper.at.astimezone(UTC).replace(tzinfo=None)
    about.title, about.author = paper.title[:255], "; ".join(paper.authors)[:255]
    about.language = REGIONS.get(paper.language, paper.language)
    about.comments = about.keywords = about.subject = about.last_modified_by = ""
    about.created = about.modified = at
    about.revision = 1
    styles: Any = document.styles.element
    spoken = styles.find(".//" + qn("w:rPrDefault")).find(".//" + qn("w:lang"))
    spoken.set(qn("w:val"), about.language)
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)


def _foot(document: Docx, foot: str) -> None:
    """The line under each page, with the number of the page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{foot}\t" if foot else "\t")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _packed(written: io.BytesIO, at: datetime) -> bytes:
    """The archive anew with the paper's own date, where the clock's would stand."""
    moment = max(at.astimezone(UTC), ZIP_EPOCH).timetuple()[:6]
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=_first):
            target.writestr(_entry(name, moment), source.read(name))
    return packed.getvalue()


def _entry(name: str, moment: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, moment)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _first(name: str) -> tuple[bool, str]:
    """The list of content types comes first, as readers expect."""
    return name != "[Content_Types].xml", name
