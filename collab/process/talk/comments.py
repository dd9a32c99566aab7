"""Comments: their kinds, their text, and the passage one may be anchored to."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum

from collab.errors import Invalid
from collab.typed import checked

TEXT_CHARS_MAX = 5000
POSITION_CHARS_MAX = 512
QUOTE_CHARS_MAX = 500
CONTEXT_CHARS_MAX = 64

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
# JSON can say both; NUL is in no database, and half a character in no page that could be sent.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SECTION = re.compile(r"[a-z][a-z0-9_]{0,63}")


class CommentKind(StrEnum):
    """What a comment wants to be."""

    QUESTION = "question"
    CONCERN = "concern"
    EVIDENCE = "evidence"
    OFFER = "offer"
    PRAISE = "praise"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage of a section, found again after edits.

    ``start`` and ``end`` are relative positions of the live text, opaque to us; ``quote`` with
    its surroundings finds the passage where the positions no longer do. Who chose it without an
    editor has no positions; then both are empty.
    """

    section: str
    start: str
    end: str
    quote: str
    prefix: str
    suffix: str

    def to_json(self) -> dict[str, str]:
        """The anchor as it is stored and sent."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: object) -> "Anchor":
        """The anchor in ``data``; raises Invalid with every faulty field."""
        names = ("section", "start", "end", "quote", "prefix", "suffix")
        if not isinstance(data, dict) or set(data) != set(names):
            raise Invalid(fields={"anchor": "malformed"})
        if not all(isinstance(data[name], str) for name in names):
            raise Invalid(fields={"anchor": "malformed"})
        anchor = cls(**{name: str(data[name]) for name in names})
        if faults := anchor._faults():
            raise Invalid(fields=faults)
        return anchor

    def _faults(self) -> dict[str, str]:
        positions = {"start": self.start, "end": self.end} if self.start or self.end else {}
        faults = {
            f"anchor.{name}": "malformed"
            for name, position in positions.items()
            if len(position) > POSITION_CHARS_MAX or not _BASE64.fullmatch(position)
        }
        if not _SECTION.fullmatch(self.section):
            faults["anchor.section"] = "malformed"
        if not self.quote.strip():
            faults["anchor.quote"] = "empty"
        bounds = {
            "quote": QUOTE_CHARS_MAX,
            "prefix": CONTEXT_CHARS_MAX,
            "suffix": CONTEXT_CHARS_MAX,
        }
        for name, chars_max in bounds.items():
            if len(getattr(self, name)) > chars_max:
                faults[f"anchor.{name}"] = "too-long"
            elif _UNSTORABLE.search(getattr(self, name)):
                faults[f"anchor.{name}"] = "malformed"
        return faults


def check_text(text: str) -> str:
    """The comment's text as it is stored; raises Invalid if it is empty or too long."""
    return checked(text, "text", TEXT_CHARS_MAX)


def check_kind(kind: str) -> CommentKind:
    """The kind of that name; raises Invalid for any other."""
    if kind not in set(CommentKind):
        raise Invalid(fields={"kind": "unknown"})
    return CommentKind(kind)
