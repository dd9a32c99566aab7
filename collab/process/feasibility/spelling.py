"""Words as they are compared: without what is mere spelling, and the slips of who types them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

SHORT: Final = 4
"""Words of fewer letters are compared exactly: there a slip makes another word."""

LONG: Final = 8
"""From so many letters on two slips are one word still."""

NAME: Final = 6
"""A known name of fewer letters is compared exactly."""

_GROUPS = re.compile(r"(?<![\w.,])(\d{1,3})((?:[ .'\u00a0\u2009\u202f]\d{3})+)(?![\d])")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
# An address is bounded, or one that never ends is read to its end from each of its beginnings.
_TOKEN = re.compile(
    r"<https?://[^<>\s]{1,2000}>|(?<!\S)[-\u2212]\d+(?:[.,:/]\w+)*|\w+(?:[.,:/'’\u2010-]\w+)*|[%€$£§°‰<>≤≥±=+]"
)
_INSIDE = re.compile(r"['’\u2010-]")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands there, and what of it is compared."""

    raw: str
    folded: str

    @property
    def is_exact(self) -> bool:
        """Whether every sign of it counts: numbers, signs and addresses."""
        return not self.folded.isalpha()


def words(line: str) -> list[Word]:
    """The words, numbers and signs of a line; punctuation is not among them."""
    plain = unicodedata.normalize("NFKC", line.translate(_UNSEEN))
    plain = _GROUPS.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), plain)
    return [Word(raw, _folded(raw)) for raw in _TOKEN.findall(plain)]


def is_slip(one: str, other: str, *, is_name: bool = False) -> bool:
    """Whether two folded words are one word with a slip of the finger.

    A slip is a letter left out, doubled, replaced or swapped with its neighbour, never the first.
    """
    shorter = min(len(one), len(other))
    if one == other:
        return True
    if shorter < (NAME if is_name else SHORT) or one[0] != other[0]:
        return False
    return _distance(one, other, 2 if shorter >= LONG else 1)


def _folded(raw: str) -> str:
    small = raw.casefold()
    if any(sign.isdigit() for sign in small):
        return _POINT.sub(",", small.replace("\u2212", "-"))
    if small.startswith("<http"):
        return small
    return _INSIDE.sub("", small).translate(_UMLAUTS)


def _distance(one: str, other: str, limit: int) -> bool:
    """Whether at most ``limit`` slips lead from one word to the other."""
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != wanted))
            swapped = at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted
            row.append(min(cost, last[place - 2] + 1) if swapped else cost)
        if min(row) > limit:
            return False
    return row[-1] <= limit
