"""The passage that a suggestion is about, and finding it in the words as they are now.

Words are compared in one line: every paragraph break and line break is a space, as the editor
reads them. Before words are replaced there must be no doubt which ones are meant: a passage that
stands in two places alike, or whose surroundings are gone, is not found.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Final

from collab.alike import same_after, same_before
from collab.errors import Invalid

QUOTE_CHARS_MAX: Final = 5_000
CONTEXT_CHARS_MAX: Final = 64
POSITION_CHARS_MAX: Final = 512

ALIKE_CHARS_MIN: Final = 12
"""So much of the old surroundings must still stand there, or half of it where there was little."""

EDGE_CHARS: Final = 6
"""What it counts that a passage is still the first or the last of its section."""

PLACES_MAX: Final = 256
"""Words that stand in more places, with the same around them, say nothing of which is meant."""

TELLING_CHARS: Final = 24
"""Words of this length that stand only once need no surroundings."""

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]+={0,2})?")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a section with what stands around them; without words, the point in between.

    ``start`` and ``end`` are relative positions of the live text, opaque to us, or empty.
    """

    quote: str
    prefix: str = ""
    suffix: str = ""
    start: str = ""
    end: str = ""

    @property
    def around(self) -> str:
        """The passage with what stands before and after it."""
        return self.prefix + self.quote + self.suffix

    def to_json(self) -> dict[str, str]:
        """The passage as it is stored and sent."""
        return asdict(self)

    def checked(self) -> "Passage":
        """The passage itself; raises Invalid with every faulty field."""
        faults: dict[str, str] = {}
        bounds = {
            "quote": QUOTE_CHARS_MAX,
            "prefix": CONTEXT_CHARS_MAX,
            "suffix": CONTEXT_CHARS_MAX,
            "start": POSITION_CHARS_MAX,
            "end": POSITION_CHARS_MAX,
        }
        for name, chars_max in bounds.items():
            if len(getattr(self, name)) > chars_max:
                faults[name] = "too-long"
            elif _UNSTORABLE.search(getattr(self, name)):
                faults[name] = "malformed"
        for name in ("start", "end"):
            if not _BASE64.fullmatch(getattr(self, name)):
                faults[name] = "malformed"
        if faults:
            raise Invalid(fields=faults)
        return self


def passage_at(flat: str, start: int, end: int) -> Passage:
    """The passage from ``start`` to ``end`` of a section's words in one line."""
    return Passage(
        flat[start:end],
        flat[max(0, start - CONTEXT_CHARS_MAX) : start],
        flat[end : end + CONTEXT_CHARS_MAX],
    )


def narrowed(passage: Passage, start: int, end: int) -> Passage:
    """The part of the passage from ``start`` to ``end`` of its words, with what is around it.

    Its positions are those of the whole and go.
    """
    if (start, end) == (0, len(passage.quote)):
        return passage
    before, after = passage.prefix + passage.quote[:start], passage.quote[end:] + passage.suffix
    return Passage(passage.quote[start:end], before[-CONTEXT_CHARS_MAX:], after[:CONTEXT_CHARS_MAX])


def find(flat: str, passage: Passage) -> int | None:
    """Where the passage begins now; None if it is gone or could be meant in several places.

    Of several places the one with the most of the old surroundings counts.
    """
    quote = in_one_line(passage.quote)
    prefix, suffix = in_one_line(passage.prefix), in_one_line(passage.suffix)
    if not (quote or prefix or suffix):
        return None if flat else 0
    least = min(ALIKE_CHARS_MIN, (len(prefix) + len(suffix)) // 2)
    places = _places(flat, quote, prefix, suffix, least)
    if len(places) > PLACES_MAX:
        return None
    scored = [(_alike(flat, at, at + len(quote), prefix, suffix), at) for at in places]
    best = max((score for score, _ in scored), default=-1)
    meant = [at for score, at in scored if score == best]
    if best >= least:
        return meant[0] if len(meant) == 1 else None
    return _only(flat, quote)


def in_one_line(text: str) -> str:
    """The words with every kind of break as a space."""
    return text.replace("\n", " ")


def groups(ranges: list[tuple[int, int] | None]) -> list[list[int]]:
    """Indexes of ranges that compete for the same words or point; each found range in one group.

    Two compete if they share a word, or if one is a point inside or at the edge of the other.
    """
    found = sorted((each, at) for at, each in enumerate(ranges) if each is not None)
    joined: list[list[int]] = []
    reach = -1
    is_point_before = False
    for (start, end), at in found:
        touches = start < reach or (start == reach and (is_point_before or start == end))
        if joined and touches:
            joined[-1].append(at)
        else:
            joined.append([at])
        is_point_before = start == end
        reach = max(reach, end) if touches else end
    return joined


def _places(flat: str, quote: str, prefix: str, suffix: str, least: int) -> list[int]:
    """Where the quote stands with enough of its surroundings, and at the ends of the section.

    Of ``least`` characters around a place half stand before it or after it.
    """
    half = -(-least // 2)
    found = {len(prefix), len(flat) - len(suffix) - len(quote)}
    found = {at for at in found if at >= 0 and flat.startswith(quote, at)}
    if len(prefix) >= half:
        before = prefix[len(prefix) - half :]
        found |= {at + half for at in _occurrences(flat, before + quote)}
    if len(suffix) >= half:
        found |= set(_occurrences(flat, quote + suffix[:half]))
    return sorted(found)


def _only(flat: str, quote: str) -> int | None:
    """Where words that are long enough to tell stand, if they stand there only once."""
    places = list(islice(_occurrences(flat, quote), 2)) if len(quote) >= TELLING_CHARS else []
    return places[0] if len(places) == 1 else None


def _occurrences(flat: str, wanted: str) -> Iterator[int]:
    """Where the words stand, one more than ``PLACES_MAX`` at most."""
    at = flat.find(wanted)
    for _ in range(PLACES_MAX + 1):
        if at < 0:
            return
        yield at
        at = flat.find(wanted, at + 1)


def _alike(flat: str, start: int, end: int, prefix: str, suffix: str) -> int:
    """How many characters before and after are still the same; beginning and end count as some."""
    before, after = same_before(flat, start, prefix), same_after(flat, end, suffix)
    at_start = before == len(prefix) == start
    at_end = after == len(suffix) == len(flat) - end
    return before + after + EDGE_CHARS * (at_start + at_end)
