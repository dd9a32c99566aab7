"""The writers: what stands in the files, read back by other programs than made them."""

import csv
import io
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from icalendar import Calendar

from server.exporting.files.markdown import markdown
from server.exporting.files.meetings import Meeting, calendar
from server.exporting.files.paper import Paper
from server.exporting.files.pdf import MISSED_MAX, UNUSUAL_MAX, can_draw, pdf
from server.exporting.files.sheet import sheet
from server.exporting.files.walker import NESTED_MAX, settled
from server.exporting.files.word import docx
from tests.server.exporting.files.papers import (
    AT,
    BOXED,
    HOSTILE,
    ReadPdf,
    block,
    holding,
    item,
    saying,
    text,
    whole,
)


def flat(said: str) -> str:
    """Without white space and hyphens at the ends of lines: they are the page's business."""
    return "".join(re.sub("[-\u2010\u00ad]\n", "", said).split())


def test_hv3_a_pdf_is_tagged_and_universal_with_title_and_language() -> None:
    read = ReadPdf(pdf(settled(whole())))
    assert (read.is_tagged, read.is_universal, read.shows_title) == (True, True, True)
    assert read.title == f"Titel {HOSTILE}"
    assert read.language == "de"
    assert "en" in read.languages()
    tags = read.tags()
    assert [tag for tag in tags if tag.startswith("/H")] == ["/H1", "/H2", "/H3", "/H2", "/H2"]
    assert {"/L", "/LI", "/Lbl", "/LBody", "/BlockQuote", "/Link", "/P", "/Em", "/Strong"} <= {
        *tags
    }
    assert [tag for tag in tags if tag in {"/TH", "/TD", "/THead"}] == [
        "/THead", "/TH", "/TH", "/TD", "/TD", "/TD", "/TD",
    ]  # fmt: skip


def test_hv4_what_people_wrote_is_shown_in_a_pdf_and_never_run() -> None:
    read = ReadPdf(pdf(settled(whole())))
    said = flat(read.text)
    # Title, section, paragraph, cell and the foot of each page.
    assert said.count(flat(HOSTILE)) >= 5
    assert "root:" not in said
    assert "49" not in said
    assert read.links() == ["https://example.org/ideas/1", "https://example.org/?a=1&b=|"]


@pytest.mark.parametrize(
    ("said", "is_boxed"),
    [
        ("Ğüneş, Łódź, Đức, Ελλάδα, Привіт, שלום, مرحبا", False),
        ("½ € → ✓ ☺ a\u0301 \u200d \u00ad \u202e", False),
        ("Bäume 🌳 und 中文", True),
        ("👨‍👩‍👧 \U000e0041 \u0378", True),
    ],
)
def test_hv3_signs_without_a_font_are_boxes_and_the_file_says_so(said: str, is_boxed: bool) -> None:
    read = ReadPdf(pdf(settled(saying(said, title=said))))
    assert read.is_universal
    assert (flat(BOXED) in flat(read.text)) == is_boxed
    assert read.title == said


def test_hv5_however_many_odd_signs_there_are_few_are_tried() -> None:
    odd = "".join(map(chr, range(0x4E00, 0x4E00 + 3 * UNUSUAL_MAX)))
    before = can_draw.cache_info().misses
    read = ReadPdf(pdf(settled(saying(odd))))
    assert can_draw.cache_info().misses - before <= MISSED_MAX * 3
    assert read.is_universal
    assert flat(read.text).count("□") == len(odd) + BOXED.count("□")


def test_hv4_nothing_that_no_file_can_hold_reaches_one() -> None:
    paper = settled(saying("eins\x00zwei\x0bdrei\ufffe\ud800vier", title="T\x01itel\n\n"))
    assert paper.title == "T\ufffditel"
    for written in (markdown(paper).decode(), ReadPdf(pdf(paper)).text, read_docx(docx(paper))):
        assert "drei\ufffd\ufffdvier" in written


def test_hv5_texts_nested_beyond_reason_keep_all_their_words() -> None:
    deep = block("paragraph", text("ganz innen"))
    for number in range(100):
        kind = "bulletList" if number % 2 else "blockquote"
        inside = block("paragraph", text(f"Ebene {number}."))
        deep = block(kind, item(inside, deep)) if number % 2 else block(kind, inside, deep)
    nested = settled(holding(deep))
    read = ReadPdf(pdf(nested))
    for written in (read.text, read_docx(docx(nested)), markdown(nested).decode()):
        found = flat(written)
        assert all(f"Ebene{number}" in found for number in range(100))
        assert "ganzinnen" in found
    assert read.tags().count("/L") + read.tags().count("/BlockQuote") == NESTED_MAX


def test_hv3_no_heading_skips_a_level_however_a_text_is_written() -> None:
    levels = [4, 2, 4, 3, 2, 4, 4]
    nodes = tuple(block("heading", text(f"H{each}"), level=each) for each in levels)
    paper = settled(holding(*nodes))
    read = ReadPdf(pdf(paper))
    found = [int(tag[2:]) for tag in read.tags() if re.fullmatch("/H[1-6]", tag)]
    assert len(found) == len(levels) + 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(found))
    assert found[2] == found[5] == 2


def read_docx(written: bytes) -> str:
    """What Word shows: paragraphs, then cells."""
    document = Document(io.BytesIO(written))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_hv3_a_word_file_has_real_headings_lists_table_headers_and_language() -> None:
    document: Any = Document(io.BytesIO(docx(settled(whole()))))
    styles = [(each.style.name, each.text) for each in document.paragraphs if each.style]
    assert styles[0] == ("Title", f"Titel {HOSTILE}")
    names = [name for name, _ in styles]
    assert [name for name in names if name and name.startswith("Heading")] == [
        "Heading 1", "Heading 2", "Heading 1", "Heading 1",
    ]  # fmt: skip
    assert ("List Number", "drei") in styles
    assert ("List Continue", "weiter") in styles
    assert ("Quote", "Zitat") in styles
    (table,) = document.tables
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in table.rows[1].cells] == ["1", HOSTILE]
    about = document.core_properties
    assert (about.title, about.language) == (f"Titel {HOSTILE}", "de-DE")
    assert (about.created, about.modified) == (AT, AT)
    spoken = [each.get(qn("w:val")) for each in document.element.iter(qn("w:lang"))]
    assert spoken == ["en-GB", "en-GB"]
    foot = document.sections[0].footer.paragraphs[0].text
    assert foot.startswith("2026-00042")


def test_hv3_numbered_lists_of_a_word_file_begin_where_they_should() -> None:
    lists = [block("orderedList", item(block("paragraph", text("x"))), start=at) for at in (3, 1)]
    document: Any = Document(io.BytesIO(docx(settled(holding(*lists)))))
    numbers = [each._p.pPr.numPr.numId.val for each in document.paragraphs if each.text == "x"]
    assert len({*numbers}) == 2
    numbering = document.part.numbering_part.element
    starts = [
        numbering.num_having_numId(number).lvlOverride_lst[0].startOverride.val
        for number in numbers
    ]
    assert starts == [3, 1]


def test_hv2_the_same_paper_is_the_same_file() -> None:
    paper = settled(whole())
    assert pdf(paper) == pdf(settled(whole()))
    assert docx(paper) == docx(settled(whole()))
    with zipfile.ZipFile(io.BytesIO(docx(paper))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2026, 11, 26, 19, 30, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_hv4_markdown_escapes_what_it_would_take_as_its_own() -> None:
    said = markdown(settled(whole())).decode()
    assert "javascript" not in said
    assert "\\<label\\>" in said
    assert "| Nr. | Was |\n| --- | --- |\n| 1 |" in said
    row = next(line for line in said.splitlines() if line.startswith("| 1 |"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert "| 2 | – |" in said


def test_hv4_no_cell_of_a_sheet_is_a_formula_and_spreadsheets_know_its_letters() -> None:
    rows = [("=1+1", "+x"), ("-y", "@z"), ("\tw", 'Straße, "schön"\nzweite Zeile'), ("-5", 7)]
    written = sheet(("Was", "Wer"), rows)
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 5
    found = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert found[1:] == [
        ["'=1+1", "'+x"],
        ["'-y", "'@z"],
        ["'\tw", 'Straße, "schön"\nzweite Zeile'],
        ["-5", "7"],
    ]


def meeting(starts_at: datetime, hours: float = 2, **more: str) -> Meeting:
    return Meeting(
        "w-1@arena", "Werkstatt", starts_at, starts_at + timedelta(hours=hours), AT, 3, **more
    )


def test_hv6_a_meeting_keeps_its_hour_in_berlin_over_the_change_of_clocks() -> None:
    moments = [
        datetime(2026, 7, 1, 16, 0, tzinfo=UTC),
        datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    ]
    written = calendar([meeting(at) for at in moments])
    read: Any = Calendar.from_ical(written)
    events = read.walk("VEVENT")
    assert [each.start.astimezone(UTC) for each in events] == moments
    assert {each["DURATION"].dt for each in events} == {timedelta(hours=2)}
    assert b"DTSTART;TZID=Europe/Berlin:20260701T180000\r\n" in written
    assert b"DTSTART;TZID=Europe/Berlin:20261201T180000\r\n" in written
    (zone,) = read.walk("VTIMEZONE")
    own = zone.to_tz(lookup_tzid=False)
    for at in moments[:2]:
        assert at.astimezone(own).hour == 18


def test_hv4_hv6_a_calendar_file_folds_its_lines_and_takes_no_line_from_people() -> None:
    evil = "Ort\r\nEND:VEVENT\r\nBEGIN:VALARM; a, b \\n" + "ä" * 200
    written = calendar([meeting(AT, place=evil, about=evil)])
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert sum(line == b"END:VEVENT" for line in lines) == 1
    assert not any(line.startswith(b"BEGIN:VALARM") for line in lines)
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert str(event["LOCATION"]) == " ".join(evil.split())
    assert (str(event["UID"]), event["SEQUENCE"], event.DTSTAMP) == ("w-1@arena", 3, AT)
    assert calendar([meeting(AT, place=evil, about=evil)]) == written


def test_hv5_a_long_text_takes_a_word_file_as_long_as_it_is_and_not_its_square() -> None:
    def paper(count: int) -> Paper:
        lists = [
            block(
                "orderedList", item(block("paragraph", text(f"{at}", href=f"https://e.org/{at}")))
            )
            for at in range(count)
        ]
        return settled(holding(*lists))

    def seconds(count: int) -> float:
        made = paper(count)
        begun = time.process_time()
        docx(made)
        return time.process_time() - begun

    docx(paper(1))
    few, many = min(seconds(250) for _ in range(2)), seconds(1_000)
    # Four times as much; its square would be sixteen times.
    assert many < 9 * few
