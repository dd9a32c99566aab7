"""What the columns mean, and the one idea that each row holds."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collab.process.dossier import TITLE_CHARS_MAX
from server.actions.seeds import LINES_MAX, SECTION_CHARS_MAX
from server.importing.decoding import UnreadableFile
from server.importing.table import Fault, Row

KEY_CHARS_MAX = 200
URL_CHARS_MAX = 2_000
# What is left of a section once title and link may have been added to it.
TEXT_CHARS_MAX = SECTION_CHARS_MAX - 4 * URL_CHARS_MAX
TEXT_LINES_MAX = LINES_MAX - 10
TITLE_CHARS_READ_MAX = 2_000

# What columns are called in files we met; compared without case, spaces and underscores.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "documentid", "nr", "nummer", "number", "kennung", "ref", "key"),
    "title": ("title", "titel", "überschrift", "betreff", "name", "headline", "subject"),
    "text": ("text", "beschreibung", "description", "inhalt", "content", "body", "beitrag"),
    "url": ("url", "link", "adresse", "permalink"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "geobreite"),
    "lon": ("lon", "lng", "long", "longitude", "länge", "längengrad", "geolänge"),
}

_DECIMAL = re.compile(r"[+-]?[0-9]{1,4}(?:[.,][0-9]{1,20})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None: the file has none for it."""

    id: int | None
    title: int
    text: int | None
    url: int | None
    lat: int | None
    lon: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One idea of the file."""

    line: int
    key: str  # names it within the file, the same at every import
    title: str
    paragraphs: tuple[str, ...]
    url: str | None
    place: tuple[float, float] | None  # latitude, longitude
    warnings: tuple[str, ...] = ()  # what was done because it did not fit


def choose_columns(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """The column of each field: as ``chosen`` by name or number from 1, else by its name.

    Raises:
        UnreadableFile: a chosen column is not there, or no column can be the title.
    """
    found = {field: _column(field, header, chosen.get(field)) for field in NAMES}
    title = found.pop("title")
    if title is None:
        listed = ", ".join(f"{at} {name!r}" for at, name in enumerate(header, 1))
        raise UnreadableFile(f"No column looks like the title. Choose with --title: {listed}")
    if (found["lat"] is None) is not (found["lon"] is None):
        raise UnreadableFile("A place needs both --lat and --lon; only one column was found.")
    return Columns(title=title, **found)


def read_row(row: Row, columns: Columns) -> Entry | Fault:
    """The idea in ``row``, or why there is none."""

    def cell(column: int | None) -> str:
        text = row.cells[column] if column is not None else ""
        return _CONTROL.sub("", text).strip()

    title = " ".join(cell(columns.title).split())
    text = cell(columns.text)
    key = cell(columns.id) or _fingerprint(row)
    if not title:
        return Fault(row.first_line, "the title is empty")
    if len(title) > TITLE_CHARS_READ_MAX:
        return Fault(row.first_line, f"the title is longer than {TITLE_CHARS_READ_MAX} characters")
    if len(text) > TEXT_CHARS_MAX or text.count("\n") > TEXT_LINES_MAX:
        limit = f"{TEXT_CHARS_MAX} characters or {TEXT_LINES_MAX} lines"
        return Fault(row.first_line, f"the text is longer than {limit}")
    if len(key) > KEY_CHARS_MAX:
        return Fault(row.first_line, f"the id is longer than {KEY_CHARS_MAX} characters")
    warnings: list[str] = []
    short, rest = _shortened(title)
    if rest:
        warnings.append("the title is too long; it stands whole in the text")
    url = cell(columns.url)
    if url and not _is_address(url):
        warnings.append(f"{url[:80]!r} is no web address; kept as text")
        rest, url = (*rest, url[:URL_CHARS_MAX]), ""
    place, problem = _place(cell(columns.lat), cell(columns.lon))
    if problem:
        warnings.append(f"{problem}; imported without a place")
    paragraphs = (*rest, *_paragraphs(text))
    return Entry(row.first_line, key, short, paragraphs, url or None, place, tuple(warnings))


def _column(field: str, header: Sequence[str], chosen: str | None) -> int | None:
    if chosen is None:
        names = [_plain(name) for name in header]
        return next((names.index(name) for name in NAMES[field] if name in names), None)
    if chosen in header:
        return header.index(chosen)
    if chosen.isdigit() and 1 <= int(chosen) <= len(header):
        return int(chosen) - 1
    listed = ", ".join(map(repr, header))
    raise UnreadableFile(f"--{field}: there is no column {chosen!r}. The columns are {listed}")


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


def _fingerprint(row: Row) -> str:
    """A key for rows without an id: the same cells give the same key."""
    return hashlib.sha256("\0".join(row.cells).encode()).hexdigest()[:24]


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://")) and len(url) <= URL_CHARS_MAX and " " not in url


def _place(lat: str, lon: str) -> tuple[tuple[float, float] | None, str]:
    """The place, or none and what is wrong with it."""
    if not lat and not lon:
        return None, ""
    latitude, longitude = _degrees(lat, 90), _degrees(lon, 180)
    if latitude is None or longitude is None:
        return None, f"{lat or 'nothing'!r} / {lon or 'nothing'!r} is no latitude and longitude"
    return (latitude, longitude), ""


def _degrees(text: str, limit: int) -> float | None:
    """A number of degrees, written with a point or a comma."""
    if not _DECIMAL.fullmatch(text):
        return None
    value = float(text.replace(",", "."))
    return value if abs(value) <= limit else None


def _shortened(title: str) -> tuple[str, tuple[str, ...]]:
    """A title that fits; one that does not is cut between words and kept whole in the text."""
    if len(title) <= TITLE_CHARS_MAX:
        return title, ()
    cut = title[: TITLE_CHARS_MAX - 1]
    return cut.rpartition(" ")[0].rstrip(" ,;:.–-") + "…" if " " in cut else cut + "…", (title,)


def _paragraphs(text: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(line for line in lines if line)
