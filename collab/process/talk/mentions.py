"""Naming people in a comment: ``@handle``, but not in addresses, mails and quoted code."""

import re
from collections.abc import Iterator
from typing import Final

from collab.errors import Invalid

MENTIONS_MAX: Final = 20
"""So many people can one comment name; whoever wants to reach more has an idea to write."""

# What stands in code, in an address or in a mail address names nobody; every part is bounded, so
# no long text is slow. A handle is 1 to 40 characters, and no mail's or server's first half.
_FOUND: Final = re.compile(
    r"`[^`\n]{1,5000}`"
    r"|\bhttps?://[^\s<>\"]{1,5000}"
    r"|(?<![\w@/.+\-])@(?P<handle>[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?)(?![\w@]|[-.]+\w)",
    re.IGNORECASE | re.ASCII,
)
_LETTER_BEFORE: Final = re.compile(r"\w")


def mentions_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where people are named, in order: begin, end and the handle in small letters."""
    for match in _FOUND.finditer(text):
        if match["handle"] is not None and not _is_in_word(text, match.start(), match.end()):
            yield match.start(), match.end(), match["handle"].lower()


def check_mentions(text: str) -> tuple[str, ...]:
    """The handles that a comment names, each once; raises Invalid if they are too many."""
    handles = tuple(dict.fromkeys(handle for _, _, handle in mentions_in(text)))
    if len(handles) > MENTIONS_MAX:
        raise Invalid(fields={"text": "too-many-mentions"})
    return handles


def _is_in_word(text: str, begin: int, end: int) -> bool:
    """Whether a letter that handles do not have stands right beside: ``ü@anna``, ``@annä``."""
    before = begin > 0 and _LETTER_BEFORE.match(text, begin - 1)
    return bool(before or _LETTER_BEFORE.match(text, end))
