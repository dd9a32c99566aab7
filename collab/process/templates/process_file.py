"""A process template as its catalogue file says it; the graph is checked in ``graph``."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from collab.process.actors import ActorClass, Role
from collab.process.dossier import IdeaKind
from collab.process.stages import (
    GATE_SETTINGS,
    Claim,
    Effect,
    Gate,
    GateKind,
    ProcessTemplate,
    ReasonCode,
    Setting,
    Stage,
    StageAccess,
    StageKind,
    Transition,
)
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate

Member = TypeVar("Member", bound=StrEnum)

BESIDE_THE_WAY = frozenset({StageKind.WAITING, StageKind.END})
"""Stages that lie beside the main way unless the template says otherwise."""


def parse_process(data: Mapping[str, object]) -> ProcessTemplate:
    """The process in a catalogue file.

    Raises:
        FaultyTemplate: something is missing or of a kind we do not know; names the place.
    """
    place = "process"
    kinds = frozenset(_members(IdeaKind, data, "kinds", place)) or frozenset(IdeaKind)
    classes = frozenset(_members(ActorClass, data, "begin_classes", place))
    return ProcessTemplate(
        id=str(data.get("id")),
        version=reading.number(data, "version", place),
        label=reading.words(data, "label", place),
        help=reading.words(data, "help" if "help" in data else "label", place),
        initial=reading.identifier(data.get("initial"), f"{place}.initial"),
        kinds=kinds,
        begin_classes=classes or frozenset(ActorClass),
        stages=tuple(
            _parse_stage(reading.mapping(item, "stages"))
            for item in reading.items(data, "stages", place)
        ),
        transitions=tuple(
            transition
            for item in reading.items(data, "transitions", place)
            for transition in _parse_transitions(reading.mapping(item, "transitions"))
        ),
        renamed=_parse_renamed(reading.mapping(data.get("renamed", {}), f"{place}.renamed")),
    )


def _parse_renamed(data: Mapping[str, object]) -> Mapping[str, str]:
    place = "process.renamed"
    return MappingProxyType(
        {
            reading.identifier(old, place): reading.identifier(new, place)
            for old, new in data.items()
        }
    )


def _parse_stage(data: Mapping[str, object]) -> Stage:
    stage_id = reading.identifier(data.get("id"), "stages")
    place = f"stages.{stage_id}"
    kind = _member(StageKind, data.get("kind"), f"{place}.kind")
    return Stage(
        id=stage_id,
        label=reading.words(data, "label", place),
        help=reading.words(data, "help", place),
        kind=kind,
        access=_member(StageAccess, data.get("access"), f"{place}.access"),
        is_main=_flag(data, "main", place) or kind not in BESIDE_THE_WAY,
        holds=frozenset(_members(Claim, data, "holds", place)),
        stalled_days=_optional_number(data, "stalled_days", place),
    )


def _parse_transitions(data: Mapping[str, object]) -> Iterator[Transition]:
    """One transition for each of the moves under one id."""
    transition_id = reading.identifier(data.get("id"), "transitions")
    place = f"transitions.{transition_id}"
    roles, kinds = _members(Role, data, "roles", place), _members(IdeaKind, data, "kinds", place)
    moves = reading.items(data, "moves", place)
    if not moves or not roles or not kinds:
        raise FaultyTemplate(f"{place}: moves, roles and kinds must not be empty")
    if data.get("reason") not in ("required", "optional"):
        raise FaultyTemplate(f"{place}.reason: expected required or optional")
    gates = [reading.mapping(item, place) for item in reading.items(data, "gates", place)]
    reasons = [reading.mapping(item, place) for item in reading.items(data, "reasons", place)]
    for item in moves:
        move = reading.mapping(item, f"{place}.moves")
        yield Transition(
            id=transition_id,
            label=reading.words(data, "label", place),
            sources=reading.names(move, "from", f"{place}.moves"),
            target=reading.identifier(move.get("to"), f"{place}.moves"),
            roles=roles,
            reason_required=data["reason"] == "required",
            kinds=frozenset(kinds),
            gates=tuple(_parse_gate(gate, place) for gate in gates),
            effects=_members(Effect, data, "effects", place),
            reasons=tuple(_parse_reason(reason, place) for reason in reasons),
            statement=_flag(data, "statement", place),
            undo_hours=_optional_number(data, "undo_hours", place),
        )


def _parse_reason(data: Mapping[str, object], place: str) -> ReasonCode:
    reason_id = reading.identifier(data.get("id"), f"{place}.reasons")
    return ReasonCode(reason_id, reading.words(data, "label", f"{place}.reasons.{reason_id}"))


def _parse_gate(data: Mapping[str, object], place: str) -> Gate:
    kind = _member(GateKind, data.get("type"), f"{place}.gates")
    place, known = f"{place}.gates.{kind}", GATE_SETTINGS[kind]
    if unknown := sorted(data.keys() - {"type"} - known.keys()):
        raise FaultyTemplate(f"{place}: cannot be set: {', '.join(unknown)}")
    settings = {name: _parse_setting(data, name, known[name], place) for name in known}
    return Gate(kind, MappingProxyType(settings))


def _parse_setting(
    data: Mapping[str, object], name: str, otherwise: Setting, place: str
) -> Setting:
    """The value of a setting; it is of the type of ``otherwise``, which counts if it is absent."""
    if name not in data:
        return otherwise
    if isinstance(otherwise, tuple):
        return reading.names(data, name, place)
    if isinstance(otherwise, str):
        return reading.identifier(data[name], f"{place}.{name}")
    if isinstance(otherwise, bool):
        return _flag(data, name, place)
    return reading.number(data, name, place)


def _flag(data: Mapping[str, object], key: str, place: str) -> bool:
    value = data.get(key, False)
    if not isinstance(value, bool):
        raise FaultyTemplate(f"{place}.{key}: expected true or false")
    return value


def _optional_number(data: Mapping[str, object], key: str, place: str) -> int | None:
    return reading.number(data, key, place) if key in data else None


def _members(
    kinds: type[Member], data: Mapping[str, object], key: str, place: str
) -> tuple[Member, ...]:
    names = reading.names(data, key, place)
    return tuple(_member(kinds, name, f"{place}.{key}") for name in names)


def _member(kinds: type[Member], value: object, place: str) -> Member:
    try:
        return kinds(str(value))
    except ValueError:
        raise FaultyTemplate(f"{place}: {value!r} is no {kinds.__name__}") from None
