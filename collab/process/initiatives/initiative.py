"""An existing initiative, and what it can be to an idea."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collab.errors import Invalid
from collab.typed import tidied

NAME_CHARS_MAX = 300
ABSTRACT_CHARS_MAX = 2_000
TEXT_CHARS_MAX = 50_000
LINK_CHARS_MAX = 2_000
LICENCE_CHARS_MAX = 200
LABELS_MAX = 30  # of tags, of who runs it, of who backs it
NOTE_CHARS_MAX = 2_000
RELATIONS_MAX = 50  # of one idea

_LINK = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Relation(StrEnum):
    """What the idea is to the initiative."""

    COMPLEMENTS = "complements"
    BUILDS_ON = "builds_on"
    COMPETES = "competes"
    REPLACES = "replaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative:
    """Something that exists in the city, as its own people describe it.

    ``source`` is by what it is known again when it is imported anew.
    """

    source: str
    name: str
    abstract: str
    text: str = ""
    url: str = ""
    repository: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    run_by: tuple[str, ...] = ()
    backed_by: tuple[str, ...] = ()
    since: date | None = None


def check_initiative(found: Initiative) -> None:
    """Raise Invalid naming every faulty field."""
    faults = {name: code for name in _BOUNDS if (code := _fault(name, str(getattr(found, name))))}
    for name in ("tags", "run_by", "backed_by"):
        labels: tuple[str, ...] = getattr(found, name)
        is_long = any(len(label) > NAME_CHARS_MAX for label in labels)
        if len(labels) > LABELS_MAX or is_long:
            faults[name] = "too-long"
    if faults:
        raise Invalid(fields=faults)


def check_relation(kind: str, note: str) -> tuple[Relation, str]:
    """The relation and its note as they are stored; raises Invalid with every faulty field."""
    stored = tidied(note)
    faults = {}
    if kind not in set(Relation):
        faults["kind"] = "unknown-choice"
    if len(stored) > NOTE_CHARS_MAX:
        faults["note"] = "too-long"
    elif _UNSTORABLE.search(stored):
        faults["note"] = "malformed"
    if faults:
        raise Invalid(fields=faults)
    return Relation(kind), stored


_BOUNDS = {
    "source": NAME_CHARS_MAX,
    "name": NAME_CHARS_MAX,
    "abstract": ABSTRACT_CHARS_MAX,
    "text": TEXT_CHARS_MAX,
    "url": LINK_CHARS_MAX,
    "repository": LINK_CHARS_MAX,
    "licence": LICENCE_CHARS_MAX,
}
_LINKS = frozenset({"url", "repository"})
_REQUIRED = frozenset({"source", "name", "abstract"})


def _fault(name: str, text: str) -> str | None:
    if name in _REQUIRED and not text.strip():
        return "missing"
    if len(text) > _BOUNDS[name]:
        return "too-long"
    is_no_link = name in _LINKS and text and not _LINK.fullmatch(text)
    return "malformed" if is_no_link or _UNSTORABLE.search(text) else None
