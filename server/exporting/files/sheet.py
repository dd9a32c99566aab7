"""A table as CSV after RFC 4180, with the mark by which spreadsheets know UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence

from server.exporting.ideas import safe_cell
from server.pages.xml import well_formed


def sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The rows under their header; no cell is taken for a formula where it is opened."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(header)
    for row in rows:
        table.writerow(_cell(value) for value in row)
    return written.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    return safe_cell(well_formed(value) if isinstance(value, str) else value)
