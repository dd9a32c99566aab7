"""The short codes by which people come in, and the names they give there."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from collab.errors import Invalid

ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without what is taken for something else when it is read from a wall: I, L, O, 0, 1."""

CODE_CHARS: Final = 6
GUEST_HANDLE: Final = "guest-"
"""How handles of guests begin, and of nobody else: beside what they wrote it is told."""

NAME_CHARS_MAX: Final = 60
TITLE_CHARS_MAX: Final = 120
TABLE_NAME_CHARS_MAX: Final = 60

_CODE = re.compile(f"[{ALPHABET}]{{{CODE_CHARS}}}")


def parse_code(text: str) -> str:
    """The code that was typed, however it was written: small letters, blanks and hyphens count not.

    Raises:
        Invalid: (code-malformed) no code looks like this.
    """
    code = re.sub(r"[\s\-–.]+", "", text).upper()
    if not _CODE.fullmatch(code):
        raise Invalid("code-malformed", fields={"code": "malformed"})
    return code


def spelled(code: str) -> str:
    """A code as it is shown: in two halves, ``ABC DEF``."""
    half = CODE_CHARS // 2
    return f"{code[:half]} {code[half:]}"


def check_name(text: str, field: str = "name", chars_max: int = NAME_CHARS_MAX) -> str:
    """A name on one line, as it will be shown: not empty, not too long, nothing invisible."""
    shown = " ".join("".join(filter(_is_shown, unicodedata.normalize("NFC", text))).split())
    if not shown:
        raise Invalid(fields={field: "missing"})
    if len(shown) > chars_max:
        raise Invalid(fields={field: "too-long"})
    return shown


def numbered(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it if somebody there has it already: ``Ana (2)``."""
    known = {each.casefold() for each in taken}
    shown, number = name, 1
    while shown.casefold() in known:
        number += 1
        mark = f" ({number})"
        shown = name[: NAME_CHARS_MAX - len(mark)].rstrip() + mark
    return shown


def _is_shown(letter: str) -> bool:
    """Neither a control character nor one that turns the direction of what follows."""
    return letter.isspace() or unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
