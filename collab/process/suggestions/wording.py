"""What a suggestion says: its kind, its bounds, and what becomes of it."""

import re
from enum import StrEnum
from typing import Final

from collab.errors import Invalid
from collab.process.dossier import TITLE
from collab.typed import TURNING, checked

WORDS_CHARS_MAX: Final = 5_000
REASON_CHARS_MAX: Final = 1_000
OPEN_PER_PERSON_MAX: Final = 30
OPEN_PER_IDEA_MAX: Final = 500
REVISIONS_MAX: Final = 20
CLAIM_S: Final = 60.0
"""Who began to accept and has not ended after this time never will: another may."""

# Control characters are in no text that anybody writes; tabs become spaces.
_CONTROLS = dict.fromkeys((*range(32), 127, 65534, 65535)) | {9: " ", 10: "\n"}
_UNSTORABLE = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile(r"[^\S\n]*\n\s*")


class SuggestionKind(StrEnum):
    """What would become of the passage."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


class SuggestionState(StrEnum):
    """What became of a suggestion; somebody is just bringing one into the text: accepting."""

    OPEN = "open"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


def kind_of(quote: str, words: str) -> SuggestionKind:
    """What the words would make of the quoted ones.

    Raises:
        Invalid: they are what stands there, or there are no words on either side.
    """
    if quote == words:
        raise Invalid(fields={"text": "unchanged"})
    if not quote:
        return SuggestionKind.INSERT
    return SuggestionKind.REPLACE if words else SuggestionKind.DELETE


def check_words(text: str, section: str) -> str:
    """The suggested words as they are stored: one line end between paragraphs; may be empty.

    White space at both ends stays, for it parts the words from those around them.

    Raises:
        Invalid: (too-long, malformed) they cannot be stored.
    """
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n")
    # What is accepted must read as it was shown.
    cleaned = TURNING.sub("", one_kind.translate(_CONTROLS))
    words = _BREAKS.sub("\n", cleaned)
    if section == TITLE:
        words = words.replace("\n", " ")
    if _UNSTORABLE.search(words):
        raise Invalid(fields={"text": "malformed"})
    if len(words) > WORDS_CHARS_MAX:
        raise Invalid(fields={"text": "too-long"})
    return words


def check_reason(reason: str, *, field: str = "reason", is_needed: bool = False) -> str:
    """Why something is suggested or declined, as it is stored; raises Invalid naming ``field``."""
    stored = checked(reason, field, REASON_CHARS_MAX, if_empty="empty" if is_needed else "")
    if _UNSTORABLE.search(stored):
        raise Invalid(fields={field: "malformed"})
    return stored
