"""Bytes of a file to text: by the encoding that was named, or by a guess that is shown."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

FILE_BYTES_MAX = 100 * 1024 * 1024
# What a guess looks at; enough umlauts lie in it.
SAMPLE_BYTES = 512 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How much worse than the best guess cp1252 may look and still be taken: German files that are
# not UTF-8 nearly always are cp1252, and for their letters cp1250 and others are the same bytes.
_CHAOS_SLACK = 0.01
_COHERENCE_SLACK = 0.05


class UnreadableFile(Exception):
    """The file as a whole cannot be imported; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and the encoding it was read in."""

    text: str
    encoding: str
    is_guess: bool


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text in ``data``; ``encoding`` as Python names it, or None to guess.

    Raises:
        UnreadableFile: it is no text, too big, or not in that encoding.
    """
    _refuse_other_files(data)
    chosen = encoding or guess(data)
    try:
        return Decoded(data.decode(chosen), chosen, is_guess=encoding is None)
    except LookupError:
        raise UnreadableFile(
            f"There is no encoding named {chosen!r}; try utf-8 or cp1252."
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"Line {line} is not {chosen}: byte 0x{data[error.start]:02x} makes no sense there. "
            "Name the right encoding with --encoding, for instance cp1252."
        ) from error


def guess(data: bytes) -> str:
    """The encoding that ``data`` is most probably in.

    A byte order mark and valid UTF-8 decide; the rest is a guess that prefers cp1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess_one_byte_encoding(data)
    return "utf-8"


def _guess_one_byte_encoding(data: bytes) -> str:
    matches = list(from_bytes(_telling_lines(data)))
    if not matches:
        return "cp1252"
    best = matches[0]
    for match in matches:
        close = (
            match.chaos <= best.chaos + _CHAOS_SLACK
            and match.coherence >= best.coherence - _COHERENCE_SLACK
        )
        if close and "cp1252" in match.could_be_from_charset:
            return "cp1252"
    return best.encoding


def _telling_lines(data: bytes) -> bytes:
    """The lines beyond ASCII, which alone can tell encodings apart."""
    lines = (line for line in data.splitlines(keepends=True) if not line.isascii())
    return b"".join(lines)[:SAMPLE_BYTES]


def _refuse_other_files(data: bytes) -> None:
    if not data.strip():
        raise UnreadableFile("The file is empty.")
    if len(data) > FILE_BYTES_MAX:
        raise UnreadableFile(f"The file is larger than {FILE_BYTES_MAX // 1024**2} MB; split it.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFile("This is a spreadsheet or archive; save it as CSV and import that.")
    if b"\0" in data and not data.startswith(tuple(mark for mark, _ in _MARKS)):
        raise UnreadableFile("This is not a text file: it contains zero bytes.")
