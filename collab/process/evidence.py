"""Evidence: what is put on record of a case, kind by kind; kinds and fields are data.

A record is only ever added to: each revision is kept. After it was the ground of an official act
a change is an amendment, which says why (AC-M8).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from collab.errors import Invalid
from collab.process.actors import Role
from collab.process.stages import GateKind, ProcessTemplate, Transition
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words
from collab.typed import checked, tidied

TEXT_CHARS_MAX = 5_000
LINE_CHARS_MAX = 300
REASON_CHARS_MAX = 2_000
SEARCH = "initiative_search"
"""The kind that says: searched for existing initiatives, nothing found."""


class FieldType(StrEnum):
    """How a field is asked for and checked."""

    TEXT = "text"
    LINE = "line"
    DATE = "date"
    CHOICE = "choice"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field with choices."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a kind of evidence asks for."""

    id: str
    label: Words
    help: Words
    type: FieldType
    required: bool
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """One kind of evidence; ``roles`` may put it on record, where the stage allows it."""

    id: str
    label: Words
    help: Words
    roles: frozenset[Role]
    fields: tuple[Field, ...]

    @property
    def required(self) -> frozenset[str]:
        """The fields that a gate for this kind demands."""
        return frozenset(field.id for field in self.fields if field.required)

    def missing(self, filled: Collection[str]) -> tuple[Field, ...]:
        """The required fields that are not filled, in reading order."""
        return tuple(each for each in self.fields if each.required and each.id not in filled)


@dataclass(frozen=True, slots=True)
class EvidenceTemplate:
    """All kinds of evidence in one version."""

    version: int
    kinds: tuple[EvidenceKind, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all kinds in reading order."""
        return tuple(kind.id for kind in self.kinds)

    def kind(self, kind_id: str) -> EvidenceKind:
        """The kind of that id; raises Invalid for any other."""
        for kind in self.kinds:
            if kind.id == kind_id:
                return kind
        raise Invalid(fields={"kind": "unknown-choice"})


def check_evidence(kind: EvidenceKind, data: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are stored, empty ones left out; raises Invalid with every faulty one.

    What is required may still be missing: a gate says so when it is needed.
    """
    known = {field.id: field for field in kind.fields}
    faults = dict.fromkeys(data.keys() - known.keys(), "unknown-field")
    kept: dict[str, str] = {}
    for name, field in known.items():
        value = tidied(data.get(name, ""))
        if fault := _fault(field, value):
            faults[name] = fault
        elif value:
            kept[name] = value
    if faults:
        raise Invalid(fields=faults)
    return kept


def check_amendment(reason: str, *, is_amendment: bool) -> str:
    """Why a record is changed; raises Invalid if an amendment does not say, or says too much."""
    if_empty = "amendment-reason" if is_amendment else ""
    return checked(reason, "reason", REASON_CHARS_MAX, if_empty=if_empty)


def grounds(transition: Transition) -> frozenset[str]:
    """The kinds of evidence on which the transition, once taken, was grounded."""
    return _asked_by([transition])


def asked_in(process: ProcessTemplate, idea_kind: str) -> tuple[EvidenceKind, ...]:
    """The kinds that the process can ask of an idea of that kind, in reading order."""
    asked = _asked_by(each for each in process.transitions if idea_kind in each.kinds)
    return tuple(kind for kind in load_evidence().kinds if kind.id in asked)


def _asked_by(transitions: Iterable[Transition]) -> frozenset[str]:
    gates = [gate for each in transitions for gate in each.gates]
    named = {gate.text("evidence") for gate in gates if gate.kind is GateKind.EVIDENCE}
    searched = {SEARCH for gate in gates if gate.kind is GateKind.INITIATIVES}
    return frozenset(named | searched)


@cache
def load_evidence() -> EvidenceTemplate:
    """The newest catalogue of kinds of evidence."""
    version = reading.versions("evidence", "evidence")[-1]
    return parse_evidence(reading.read("evidence", "evidence", version))


def parse_evidence(data: Mapping[str, object]) -> EvidenceTemplate:
    """The catalogue in a file; raises FaultyTemplate naming the place of a fault."""
    place = "evidence"
    entries = [reading.mapping(item, place) for item in reading.items(data, "kinds", place)]
    kinds = tuple(_parse_kind(entry, place) for entry in entries)
    if len({kind.id for kind in kinds}) != len(kinds) or not kinds:
        raise FaultyTemplate(f"{place}.kinds: must be there, each once")
    return EvidenceTemplate(reading.number(data, "version", place), kinds)


def _parse_kind(data: Mapping[str, object], place: str) -> EvidenceKind:
    kind_id = reading.identifier(data.get("id"), place)
    place = f"{place}.{kind_id}"
    entries = [reading.mapping(item, place) for item in reading.items(data, "fields", place)]
    fields = tuple(_parse_field(entry, place) for entry in entries)
    if len({field.id for field in fields}) != len(fields) or not fields:
        raise FaultyTemplate(f"{place}.fields: must be there, each once")
    label, help_ = reading.words(data, "label", place), reading.words(data, "help", place)
    return EvidenceKind(kind_id, label, help_, _parse_roles(data, place), fields)


def _parse_roles(data: Mapping[str, object], place: str) -> frozenset[Role]:
    named = reading.names(data, "roles", place)
    unknown = [name for name in named if name not in set(Role)]
    if unknown or not named:
        raise FaultyTemplate(f"{place}.roles: must name known roles, {unknown} are none")
    return frozenset(map(Role, named))


def _parse_field(data: Mapping[str, object], place: str) -> Field:
    field_id = reading.identifier(data.get("id"), place)
    place = f"{place}.{field_id}"
    if data.get("type") not in set(FieldType) or not isinstance(data.get("required"), bool):
        raise FaultyTemplate(f"{place}: needs a known type, and required true or false")
    entries = [reading.mapping(item, place) for item in reading.items(data, "choices", place)]
    choices = tuple(
        Choice(reading.identifier(entry.get("id"), place), reading.words(entry, "label", place))
        for entry in entries
    )
    if (data["type"] == FieldType.CHOICE) is not bool(choices):
        raise FaultyTemplate(f"{place}: choices belong to fields of that type, and only to them")
    return Field(
        id=field_id,
        label=reading.words(data, "label", place),
        help=reading.words(data, "help", place),
        type=FieldType(str(data["type"])),
        required=bool(data["required"]),
        choices=choices,
    )


def _fault(field: Field, value: str) -> str | None:
    """What is wrong with a value; None if nothing is, or if there is none."""
    if not value:
        return None
    match field.type:
        case FieldType.TEXT:
            return "too-long" if len(value) > TEXT_CHARS_MAX else None
        case FieldType.LINE:
            return "too-long" if len(value) > LINE_CHARS_MAX else None
        case FieldType.CHOICE:
            return None if value in {choice.id for choice in field.choices} else "unknown-choice"
        case FieldType.CONSENT:
            return None if value == "yes" else "unknown-choice"
        case FieldType.DATE:
            return _date_fault(value)


def _date_fault(value: str) -> str | None:
    try:
        is_day = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    return None if is_day else "malformed"
