"""A paper as DOCX: real headings, lists and table headers, with language and title."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from collab.sync.formats.nodes import Node, Nodes
from server.exporting.files.paper import Facts, Heading, Paper, Prose, Table, words
from server.exporting.files.pdf import runs_from_right

REGIONS: Final = {"de": "de-DE", "en": "en-GB"}
LEVELS_MAX: Final = 3
"""Word has so many styles for lists in one another."""

FONT: Final = "Calibri"
LINK: Final = RGBColor(0x0B, 0x4F, 0x9E)
ZIP_EPOCH: Final = datetime(1980, 1, 1, tzinfo=UTC)


def docx(paper: Paper) -> bytes:
    """The settled paper as one file; the same paper is the same file."""
    document = Document()
    _set_up(document, paper)
    writer = _Writer(document)
    writer.line(document.add_paragraph(style="Title"), words(paper.title), None)
    for block in paper.body:
        writer.block(block)
    _foot(document, paper.foot)
    written = io.BytesIO()
    document.save(written)
    return _packed(written, paper.at)


class _Writer:
    """Writes blocks one after the other into a document."""

    def __init__(self, document: Docx) -> None:
        self._document = document

    def block(self, block: Heading | Prose | Facts | Table) -> None:
        match block:
            case Heading():
                self._heading(block.level, words(block.text), block.language)
            case Prose():
                self._blocks(block.nodes, block.language, 0)
            case Facts():
                for term, said in block.pairs:
                    paragraph = self._document.add_paragraph(style="List Bullet")
                    self.line(paragraph, (*words(f"{term}: ", strong=True), *said), None)
            case Table():
                self._table(block)

    def line(self, paragraph: Paragraph, nodes: Iterable[Node], language: str | None) -> None:
        """Runs and links of one paragraph."""
        nodes = list(nodes)
        is_turned = runs_from_right(nodes)
        if is_turned:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for node in nodes:
            if node["type"] == "hardBreak":
                paragraph.add_run().add_break()
                continue
            run = _run(paragraph, node)
            if language:
                _speak(run, language)
            if is_turned:
                run.font.rtl = True

    def _heading(self, level: int, nodes: Nodes, language: str | None) -> None:
        """The paper's title is ``Title``, so what is level 2 in it is Word's first level."""
        self.line(self._document.add_heading("", level - 1), nodes, language)

    def _blocks(self, nodes: Nodes, language: str | None, depth: int, first: Any = None) -> None:
        """Blocks of a text; ``first`` is the paragraph that begins the item they stand in."""
        for node in nodes:
            kind = node["type"]
            if kind == "horizontalRule":
                self._document.add_paragraph("* * *")
            elif kind == "heading":
                self._heading(node["attrs"]["level"], node["content"], language)
            elif kind == "paragraph":
                style = _leveled("List Continue", depth) if depth else "Normal"
                paragraph, first = first or self._document.add_paragraph(style=style), None
                self.line(paragraph, node["content"], language)
            elif kind == "blockquote":
                self._quote(node["content"], language, depth)
            else:
                self._list(node, language, depth + 1)

    def _quote(self, nodes: Nodes, language: str | None, depth: int) -> None:
        for node in nodes:
            if node["type"] == "paragraph":
                paragraph = self._document.add_paragraph(style="Quote")
                self.line(paragraph, node["content"], language)
            else:
                self._blocks([node], language, depth)

    def _list(self, node: Node, language: str | None, depth: int) -> None:
        is_numbered = node["type"] == "orderedList"
        style = _leveled("List Number" if is_numbered else "List Bullet", depth)
        start = node.get("attrs", {}).get("start", 1)
        number = self._numbering(style, int(start)) if is_numbered else None
        for item in node["content"]:
            paragraph = self._document.add_paragraph(style=style)
            if number is not None:
                found = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                found.get_or_add_ilvl().val = 0
                found.get_or_add_numId().val = number
            content = item["content"]
            begins = content[0]["type"] == "paragraph"
            self._blocks(content, language, depth, paragraph if begins else None)

    def _numbering(self, style: str, start: int) -> int:
        """A numbering of its own, or lists of one style would count on."""
        own: Any = self._document.styles[style].element
        numbering: Any = self._document.part.numbering_part.element
        number = numbering.num_having_numId(own.pPr.numPr.numId.val)
        made = numbering.add_num(number.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(made.numId)

    def _table(self, table: Table) -> None:
        made = self._document.add_table(rows=1, cols=len(table.header), style="Table Grid")
        for cell, text in zip(made.rows[0].cells, table.header, strict=True):
            self.line(cell.paragraphs[0], words(text, strong=True), None)
        head = made.rows[0]._tr.get_or_add_trPr()
        head.append(OxmlElement("w:tblHeader"))
        for row in table.rows:
            for cell, said in zip(made.add_row().cells, row, strict=True):
                self.line(cell.paragraphs[0], said, None)
        self._document.add_paragraph()


def _leveled(style: str, depth: int) -> str:
    return style if depth == 1 else f"{style} {min(depth, LEVELS_MAX)}"


def _run(paragraph: Paragraph, node: Node) -> Run:
    """The run of a text, within a link if it is one."""
    marks = {mark["type"]: mark for mark in node.get("marks", ())}
    run = paragraph.add_run(node["text"])
    run.bold = True if "strong" in marks else None
    run.italic = True if "em" in marks else None
    if "link" in marks:
        run.font.underline = True
        run.font.color.rgb = LINK
        href = marks["link"]["attrs"]["href"]
        link = OxmlElement("w:hyperlink")
        link.set(
            qn("r:id"),
            paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
        )
        paragraph._p.append(link)
        link.append(run._r)
    return run


def _speak(run: Run, language: str) -> None:
    properties = run._r.get_or_add_rPr()
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), REGIONS.get(language, language))
    properties.append(spoken)


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
