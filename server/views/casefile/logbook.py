"""The logbook as a page shows it: every kind with its state, its values and what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from collab.process.evidence import EvidenceKind, Field, FieldType, grounds
from collab.process.templates.reading import Words
from server.actions.casefile.evidence import OnRecord, may_put
from server.actions.cases import Case
from server.views.prose import prose
from storage.process.casefile.evidence import Evidence


class Filled(StrEnum):
    """How much of what is required is on record."""

    EMPTY = "empty"
    PART = "part"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Value:
    """One field with what stands in it: a day, a choice in words, or text."""

    field: Field
    day: date | None = None
    choice: Words | None = None
    html: Markup | None = None

    @property
    def is_empty(self) -> bool:
        return self.day is None and self.choice is None and self.html is None


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after a revision."""

    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision with what it changed; the first one changes nothing."""

    row: Evidence
    changes: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of evidence; ``is_needed``: a step from the present stage asks for it."""

    kind: EvidenceKind
    state: Filled
    missing: tuple[Field, ...]
    values: tuple[Value, ...]
    latest: Evidence | None
    history: tuple[Revision, ...]  # newest first
    is_ground: bool
    is_needed: bool
    may_put: bool

    @property
    def amendments(self) -> int:
        """How many changes were made after an act was grounded on it."""
        return sum(each.row.is_amendment for each in self.history)


def entries(case: Case, found: Sequence[OnRecord]) -> list[Entry]:
    """The logbook as the case's actor sees it."""
    needed = needed_now(case)
    return [entry(case, each, is_needed=each.kind.id in needed) for each in found]


def entry(case: Case, found: OnRecord, *, is_needed: bool = False) -> Entry:
    """One kind of evidence as the case's actor sees it."""
    missing = found.kind.missing(found.values)
    return Entry(
        kind=found.kind,
        state=_state(found, missing),
        missing=missing,
        values=values(found.kind, found.values),
        latest=found.latest,
        history=tuple(reversed(_history(found))),
        is_ground=found.is_ground,
        is_needed=is_needed,
        may_put=may_put(case, found.kind),
    )


def values(kind: EvidenceKind, data: Mapping[str, str]) -> tuple[Value, ...]:
    """The fields that hold something, in reading order."""
    found = (_value(field, data.get(field.id, "")) for field in kind.fields)
    return tuple(each for each in found if not each.is_empty)


def needed_now(case: Case) -> frozenset[str]:
    """The kinds that some step from the present stage asks for."""
    ways = case.process.transitions
    leading = [way for way in ways if way.leads(case.idea.stage, case.idea.kind)]
    return frozenset(kind for way in leading for kind in grounds(way))


def _state(found: OnRecord, missing: Sequence[Field]) -> Filled:
    if not found.values:
        return Filled.EMPTY
    return Filled.PART if missing else Filled.COMPLETE


def _history(found: OnRecord) -> list[Revision]:
    return [
        Revision(row, _changes(found.kind, before.data, row.data) if before else ())
        for before, row in zip((None, *found.revisions), found.revisions, strict=False)
    ]


def _changes(
    kind: EvidenceKind, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Changed, ...]:
    found = (
        Changed(_value(field, before.get(field.id, "")), _value(field, after.get(field.id, "")))
        for field in kind.fields
        if before.get(field.id) != after.get(field.id)
    )
    return tuple(found)


def _value(field: Field, text: str) -> Value:
    if not text:
        return Value(field)
    match field.type:
        case FieldType.DATE:
            return Value(field, day=date.fromisoformat(text))
        case FieldType.CHOICE:
            labels = {choice.id: choice.label for choice in field.choices}
            return Value(field, choice=labels.get(text, Words(text, text)))
        case FieldType.CONSENT:
            return Value(field, choice=Words("Ja", "Yes"))
        case _:
            return Value(field, html=prose(text))
