"""Text to rows: separator and header, cells over several lines, and where each row stands.

A row that cannot be read is a fault with its line; the rows after it are read all the same.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from server.importing.decoding import UnreadableFile

SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
ROWS_MAX = 200_000
_SAMPLE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row and the physical lines of the file, from 1, that it takes."""

    cells: tuple[str, ...]
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row cannot be imported."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows below its header; faulty ones stand beside."""

    separator: str
    separator_is_guess: bool
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_table(text: str, separator: str | None = None, *, quote: str | None = '"') -> Table:
    """The table in ``text``; the first row that is not empty is the header.

    ``quote`` None takes quotation marks for ordinary characters. Raises UnreadableFile if there
    is no table of at least one column and one row.
    """
    chosen = separator or guess_separator(text, quote)
    found = list(_records(text, chosen, quote))
    header = next((one for one in found if isinstance(one, Row)), None)
    if header is None:
        raise UnreadableFile("The file has no header row that can be read.")
    names = tuple(name.strip() for name in header.cells)
    body = found[found.index(header) + 1 :]
    if not body:
        raise UnreadableFile("The file has a header but no rows.")
    if len(body) > ROWS_MAX:
        raise UnreadableFile(f"The file has more than {ROWS_MAX} rows; split it.")
    faults = [one for one in body if isinstance(one, Fault)]
    rows: list[Row] = []
    for row in (one for one in body if isinstance(one, Row)):
        if len(row.cells) == len(names):
            rows.append(row)
        else:
            problem = f"{len(row.cells)} cells, but the header has {len(names)}"
            faults.append(Fault(row.first_line, problem))
    faults.sort(key=lambda fault: fault.line)
    return Table(chosen, separator is None, names, tuple(rows), tuple(faults))


def guess_separator(text: str, quote: str | None = '"') -> str:
    """The separator that cuts most rows into equally many cells, and at least two."""

    def score(separator: str) -> tuple[float, int]:
        widths = Counter(
            len(one.cells)
            for one, _ in zip(_records(text, separator, quote), range(_SAMPLE_ROWS), strict=False)
            if isinstance(one, Row)
        )
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        return (count / widths.total() if width > 1 else 0.0, width)

    return max(SEPARATORS, key=score)


def _records(text: str, separator: str, quote: str | None) -> Iterator[Row | Fault]:
    """Rows in order, empty ones left out."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        quotechar=quote,
        quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
        strict=True,
    )
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Fault(line, _problem(str(error)))
        else:
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield Row(tuple(cells), line, reader.line_num)
        line = reader.line_num + 1


def _problem(error: str) -> str:
    if "unexpected end" in error:
        return "a quotation mark that is opened here is never closed (--quote none ignores them)"
    if "expected after" in error:
        return "text follows a closing quotation mark (--quote none ignores quotation marks)"
    if "field larger" in error:
        return "a cell is longer than 131,072 characters"
    return error
