"""The way of an idea: stages and the transitions between them, read from the process template.

Which stages there are is data. What a stage's access means for each role is in ``permissions``;
what a transition demands is checked in ``gates``; the rules a template must keep are in
``templates/graph``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TypeVar

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import Role
from collab.process.dossier import IdeaKind
from collab.process.templates import graph, reading
from collab.process.templates.reading import FaultyTemplate, Words

PROCESS = "gdb-arena"
Member = TypeVar("Member", bound=StrEnum)


class StageKind(StrEnum):
    """What goes on in a stage."""

    WORKING = "working"
    CHECKING = "checking"
    FROZEN = "frozen"
    WAITING = "waiting"
    RUNNING = "running"
    END = "end"


class StageAccess(StrEnum):
    """Who has which rights in a stage; the rows of the permission table."""

    PRIVATE = "private"
    WORKING = "working"
    CHECKING = "checking"
    REVISING = "revising"
    SETTLED = "settled"
    ARCHIVED = "archived"


class GateKind(StrEnum):
    """The conditions a transition can demand."""

    SECTIONS = "sections"
    FEASIBILITY = "feasibility"
    REVIEWER = "reviewer"
    ARCHIVED_FROM = "archived_from"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of a transition with its settings."""

    kind: GateKind
    also: tuple[str, ...] = ()  # sections demanded besides the template's required ones
    dimensions: tuple[str, ...] = ()
    people: int = 1  # how many people must have judged each dimension


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the process."""

    id: str
    label: Words
    help: Words
    kind: StageKind
    access: StageAccess

    @property
    def is_end(self) -> bool:
        """Whether the way may end here."""
        return self.kind is StageKind.END


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from some stages to another; the same id may lead to several targets."""

    id: str
    label: Words
    sources: tuple[str, ...]
    target: str
    roles: frozenset[Role]
    reason_required: bool
    kinds: frozenset[IdeaKind]
    gates: tuple[Gate, ...] = ()

    def leads(self, stage: str, kind: str) -> bool:
        """Whether an idea of ``kind`` in ``stage`` could go this way, given the role."""
        return stage in self.sources and kind in self.kinds


@dataclass(frozen=True, slots=True)
class ProcessTemplate:
    """A process in one version."""

    id: str
    version: int
    label: Words
    initial: str
    stages: tuple[Stage, ...]
    transitions: tuple[Transition, ...]

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def transitions_from(
        self, stage: str, kind: str, roles: frozenset[Role]
    ) -> tuple[Transition, ...]:
        """The transitions that somebody with ``roles`` may take, gates left aside."""
        ways = (way for way in self.transitions if way.leads(stage, kind))
        return tuple(way for way in ways if way.roles & roles)

    def change(self, stage: str, to: str, kind: str, roles: frozenset[Role]) -> Transition:
        """The transition from ``stage`` to ``to``.

        Raises Invalid for an unknown target, Conflict if no way leads there from this stage, and
        NotAllowed if one does but not for these roles. Its gates are the caller's to check.
        """
        if self.stage(to) is None:
            raise Invalid(fields={"to": "unknown-stage"})
        ways = [way for way in self.transitions if way.target == to and way.leads(stage, kind)]
        if not ways:
            raise Conflict("no-transition", current=stage, to=to)
        if not ways[0].roles & roles:
            raise NotAllowed("transition-not-allowed", transition=ways[0].id)
        return ways[0]


@cache
def load_process(process_id: str = PROCESS, version: int | None = None) -> ProcessTemplate:
    """The process in the newest, or the given, version; checked when it is first loaded."""
    shipped = reading.versions("process", process_id)
    if not shipped or (version is not None and version not in shipped):
        raise FaultyTemplate(f"process {process_id} version {version} is not shipped")
    process = parse_process(reading.read("process", process_id, version or shipped[-1]))
    graph.check(process)
    return process


def parse_process(data: Mapping[str, object]) -> ProcessTemplate:
    """The process in a catalogue file; its graph is not checked here.

    Raises:
        FaultyTemplate: something is missing or of a kind we do not know; names the place.
    """
    place = "process"
    return ProcessTemplate(
        id=str(data.get("id")),
        version=reading.number(data, "version", place),
        label=reading.words(data, "label", place),
        initial=reading.identifier(data.get("initial"), f"{place}.initial"),
        stages=tuple(
            _parse_stage(reading.mapping(item, "stages"))
            for item in reading.items(data, "stages", place)
        ),
        transitions=tuple(
            transition
            for item in reading.items(data, "transitions", place)
            for transition in _parse_transitions(reading.mapping(item, "transitions"))
        ),
    )


def _parse_stage(data: Mapping[str, object]) -> Stage:
    stage_id = reading.identifier(data.get("id"), "stages")
    place = f"stages.{stage_id}"
    return Stage(
        id=stage_id,
        label=reading.words(data, "label", place),
        help=reading.words(data, "help", place),
        kind=_member(StageKind, data.get("kind"), f"{place}.kind"),
        access=_member(StageAccess, data.get("access"), f"{place}.access"),
    )


def _parse_transitions(data: Mapping[str, object]) -> Iterator[Transition]:
    """One transition for each of the moves under one id."""
    transition_id = reading.identifier(data.get("id"), "transitions")
    place = f"transitions.{transition_id}"
    roles = frozenset(
        _member(Role, name, f"{place}.roles") for name in reading.names(data, "roles", place)
    )
    kinds = frozenset(
        _member(IdeaKind, name, f"{place}.kinds") for name in reading.names(data, "kinds", place)
    )
    gates = tuple(
        _parse_gate(reading.mapping(item, place), place)
        for item in reading.items(data, "gates", place)
    )
    if data.get("reason") not in ("required", "optional"):
        raise FaultyTemplate(f"{place}.reason: expected required or optional")
    moves = reading.items(data, "moves", place)
    if not moves or not roles or not kinds:
        raise FaultyTemplate(f"{place}: moves, roles and kinds must not be empty")
    for item in moves:
        move = reading.mapping(item, f"{place}.moves")
        yield Transition(
            id=transition_id,
            label=reading.words(data, "label", place),
            sources=reading.names(move, "from", f"{place}.moves"),
            target=reading.identifier(move.get("to"), f"{place}.moves"),
            roles=roles,
            reason_required=data["reason"] == "required",
            kinds=kinds,
            gates=gates,
        )


def _parse_gate(data: Mapping[str, object], place: str) -> Gate:
    kind = _member(GateKind, data.get("type"), f"{place}.gates")
    place = f"{place}.gates.{kind}"
    return Gate(
        kind=kind,
        also=reading.names(data, "also", place),
        dimensions=reading.names(data, "dimensions", place),
        people=reading.number(data, "people", place) if "people" in data else 1,
    )


def _member(kinds: type[Member], value: object, place: str) -> Member:
    try:
        return kinds(str(value))
    except ValueError:
        raise FaultyTemplate(f"{place}: {value!r} is no {kinds.__name__}") from None
