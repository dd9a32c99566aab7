"""Central measures: what the coordination office enters, and what ideas have to do with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collab.typed import checked, fault_of, refuse, tidied

TITLE_CHARS_MAX: Final = 200
TEXT_CHARS_MAX: Final = 5_000
FIELDS_MAX: Final = 16
REASON_CHARS_MAX: Final = 2_000


class LinkKind(StrEnum):
    """How an idea belongs to a central measure; it never becomes one (rule 1)."""

    BUILDS_ON = "builds_on"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register says of a central measure; ``fields`` are fields of action."""

    title: str
    text: str
    fields: tuple[str, ...]
    status: str


def check_entry(entry: Entry, known_fields: Iterable[str], statuses: Iterable[str]) -> Entry:
    """The entry as it is stored; raises Invalid with every faulty field."""
    title = " ".join(entry.title.replace("\0", "").split())
    text = tidied(entry.text)
    refuse(
        {
            "title": fault_of(title, TITLE_CHARS_MAX, if_empty="missing"),
            "text": fault_of(text, TEXT_CHARS_MAX, if_empty="missing"),
            "fields": "unknown-choice" if set(entry.fields) - set(known_fields) else "",
            "status": "" if entry.status in set(statuses) else "unknown-choice",
        }
    )
    return Entry(title, text, tuple(dict.fromkeys(entry.fields)), entry.status)


def check_reason(text: str, field: str = "reason", *, required: bool = True) -> str:
    """A reason or note as it is stored; raises Invalid naming ``field``."""
    return checked(text, field, REASON_CHARS_MAX, if_empty="missing" if required else "")
