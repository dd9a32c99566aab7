"""The way of an idea: stages and the transitions between them, as a process template says.

Which stages there are is data. Templates are loaded in ``processes``; what a stage's access means
for each role is in ``permissions``; what a transition demands is checked in ``gates``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from collab.errors import Conflict, Invalid, NotAllowed
from collab.process.actors import ActorClass, Role
from collab.process.dossier import IdeaKind
from collab.process.templates.reading import Words


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
    RUNNING = "running"
    SETTLED = "settled"
    ARCHIVED = "archived"
    MERGED = "merged"


class MeasureType(StrEnum):
    """What an idea can become; a central measure is never an idea (rule G7)."""

    DECENTRAL = "decentral"
    NETWORK = "network"


class Effect(StrEnum):
    """What a transition does besides moving the idea."""

    MEASURE_DECENTRAL = "measure_decentral"
    MEASURE_NETWORK = "measure_network"
    RECOGNISE = "recognise"
    SUSPEND_RECOGNITION = "suspend_recognition"
    WITHDRAW_RECOGNITION = "withdraw_recognition"
    RELEASE_LEAD = "release_lead"
    MERGE = "merge"
    UNMERGE = "unmerge"


MADE_BY: Mapping[Effect, MeasureType] = {
    Effect.MEASURE_DECENTRAL: MeasureType.DECENTRAL,
    Effect.MEASURE_NETWORK: MeasureType.NETWORK,
}


class Claim(StrEnum):
    """What is true of every idea in a stage, on whichever way it came (proved when loaded)."""

    MEASURE = "measure"
    DECENTRAL = "decentral"
    NETWORK = "network"
    RECOGNISED_IF_NETWORK = "recognised_if_network"


class GateKind(StrEnum):
    """The conditions a transition can demand."""

    SECTIONS = "sections"
    LEAD = "lead"
    LEAD_CLASS = "lead_class"
    FEASIBILITY = "feasibility"
    CONDITIONS = "conditions"
    REVIEWER = "reviewer"
    ALIGNMENT = "alignment"
    REQUIREMENTS = "requirements"
    INITIATIVES = "initiatives"
    EVIDENCE = "evidence"
    INDICATORS = "indicators"
    PRINCIPLES = "principles"
    COMMITMENT = "commitment"
    REPLICATED = "replicated"
    ANSWERED = "answered"
    CENTRAL_MEASURE = "central_measure"
    MEASURE_TYPE = "measure_type"
    ARCHIVED_FROM = "archived_from"
    MERGE_AGREED = "merge_agreed"
    MERGED_FROM = "merged_from"


Setting = int | bool | str | tuple[str, ...]

GATE_SETTINGS: Mapping[GateKind, Mapping[str, Setting]] = {
    GateKind.SECTIONS: {"also": ()},
    GateKind.LEAD: {},
    GateKind.LEAD_CLASS: {"classes": ()},
    GateKind.FEASIBILITY: {"dimensions": (), "people": 1, "organisations": 0},
    GateKind.CONDITIONS: {},
    GateKind.REVIEWER: {},
    GateKind.ALIGNMENT: {"guiding_ideas": 1, "fields": 1, "chars": 1, "reviewed": False},
    GateKind.REQUIREMENTS: {},
    GateKind.INITIATIVES: {},
    GateKind.EVIDENCE: {"evidence": ""},
    GateKind.INDICATORS: {"output": 1, "outcome": 1},
    GateKind.PRINCIPLES: {},
    GateKind.COMMITMENT: {},
    GateKind.REPLICATED: {"times": 1},
    GateKind.ANSWERED: {"days": 0},
    GateKind.CENTRAL_MEASURE: {},
    GateKind.MEASURE_TYPE: {"is": ""},
    GateKind.ARCHIVED_FROM: {},
    GateKind.MERGE_AGREED: {"days": 14},
    GateKind.MERGED_FROM: {},
}
"""What can be set at each kind of gate, with what counts if it is not."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of a transition with all its settings."""

    kind: GateKind
    settings: Mapping[str, Setting]

    def number(self, name: str) -> int:
        """A setting that is a whole number."""
        value = self.settings[name]
        assert isinstance(value, int), name
        return value

    def text(self, name: str) -> str:
        """A setting that is an id."""
        value = self.settings[name]
        assert isinstance(value, str), name
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of ids."""
        value = self.settings[name]
        assert isinstance(value, tuple), name
        return value


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """One of the reasons to choose from, besides the words."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the process.

    ``is_main``: it lies on the way that an idea takes if all goes well, not beside it. Without
    activity for ``stalled_days`` an idea in it is stalled.
    """

    id: str
    label: Words
    help: Words
    kind: StageKind
    access: StageAccess
    is_main: bool
    holds: frozenset[Claim] = frozenset()
    stalled_days: int | None = None

    @property
    def is_end(self) -> bool:
        """Whether the way may end here."""
        return self.kind is StageKind.END


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from some stages to another; the same id may lead to several targets.

    ``roles`` are in the order in which one is chosen as the office somebody acts in.
    ``statement``: those concerned get a statement of reasons. ``undo_hours``: how long it may be
    undone while nothing else has happened; None if it stands.
    """

    id: str
    label: Words
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    reason_required: bool
    kinds: frozenset[IdeaKind]
    gates: tuple[Gate, ...] = ()
    effects: tuple[Effect, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    statement: bool = False
    undo_hours: int | None = None

    def leads(self, stage: str, kind: str) -> bool:
        """Whether an idea of ``kind`` in ``stage`` could go this way, given the role."""
        return stage in self.sources and kind in self.kinds

    def office(self, roles: frozenset[Role]) -> Role | None:
        """The role out of ``roles`` in which this way is taken; None if none of them may."""
        return next((role for role in self.roles if role in roles), None)

    def gate(self, kind: GateKind) -> Gate | None:
        """The gate of that kind, if there is one."""
        return next((gate for gate in self.gates if gate.kind is kind), None)


@dataclass(frozen=True, slots=True)
class ProcessTemplate:
    """A process in one version.

    ``begin_classes`` are the parts of society that may begin one; ``renamed`` says which stage of
    an earlier version is which one here.
    """

    id: str
    version: int
    label: Words
    help: Words
    initial: str
    kinds: frozenset[IdeaKind]
    begin_classes: frozenset[ActorClass]
    stages: tuple[Stage, ...]
    transitions: tuple[Transition, ...]
    renamed: Mapping[str, str]

    def stage(self, stage_id: str) -> Stage | None:
        """The stage of that id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def transitions_from(
        self, stage: str, kind: str, roles: frozenset[Role]
    ) -> tuple[Transition, ...]:
        """The transitions that somebody with ``roles`` may take, gates left aside."""
        ways = (way for way in self.transitions if way.leads(stage, kind))
        return tuple(way for way in ways if way.office(roles))

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
        if not ways[0].office(roles):
            raise NotAllowed("transition-not-allowed", transition=ways[0].id)
        return ways[0]
