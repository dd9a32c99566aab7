"""What a person says he knows: declared by himself, checked by nobody; it gives no right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from collab.errors import Invalid
from collab.process.feasibility.dimensions import load_feasibility
from collab.process.feasibility.judgements import Expertise
from collab.typed import tidied

KEYWORDS_MAX: Final = 10
KEYWORD_CHARS_MAX: Final = 60
FIELDS_MAX: Final = 12
ABOUT_CHARS_MAX: Final = 600


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody declares, and how he wants to be found.

    ``is_listed``: he stands in the public list. ``may_be_asked``: ideas may ask him.
    ``shows_organisation``: he is asked as one who speaks for his organisation, else privately.
    """

    ground: Expertise
    dimensions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    about: str = ""
    is_listed: bool = False
    may_be_asked: bool = False
    shows_organisation: bool = False


def check_profile(
    *,
    ground: str,
    dimensions: Sequence[str],
    fields: Sequence[str],
    keywords: Sequence[str],
    about: str,
    known_fields: Collection[str],
    is_listed: bool,
    may_be_asked: bool,
    shows_organisation: bool,
) -> Profile:
    """The profile as it is stored, each thing once; raises Invalid naming every faulty field."""
    kept, said = _keywords(keywords), tidied(about)
    chosen, known = tuple(dict.fromkeys(dimensions)), load_feasibility().dimension_ids
    entries = tuple(dict.fromkeys(fields))
    faults: dict[str, str] = {}
    if ground not in set(Expertise) - {Expertise.NONE}:
        faults["ground"] = "unknown-choice"
    if not set(chosen) <= set(known):
        faults["dimensions"] = "unknown-choice"
    if not set(entries) <= set(known_fields):
        faults["fields"] = "unknown-choice"
    elif len(entries) > FIELDS_MAX:
        faults["fields"] = "too-many"
    if len(kept) > KEYWORDS_MAX:
        faults["keywords"] = "too-many"
    elif any(len(each) > KEYWORD_CHARS_MAX for each in kept):
        faults["keywords"] = "too-long"
    if len(said) > ABOUT_CHARS_MAX:
        faults["about"] = "too-long"
    if not (chosen or entries or kept) and not faults:
        faults["dimensions"] = "missing"
    if faults:
        raise Invalid(fields=faults)
    return Profile(
        ground=Expertise(ground),
        dimensions=tuple(each for each in known if each in chosen),
        fields=entries,
        keywords=kept,
        about=said,
        is_listed=is_listed,
        may_be_asked=may_be_asked,
        shows_organisation=shows_organisation,
    )


def _keywords(typed: Sequence[str]) -> tuple[str, ...]:
    """Each keyword once, whatever its capitals, as it was typed first, with single spaces."""
    found: dict[str, str] = {}
    for each in typed:
        if shown := " ".join(tidied(each).split()):
            found.setdefault(shown.casefold(), shown)
    return tuple(found.values())
