"""The way of one idea as a line of steps, and the moves that brought it here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collab.process.stages import Claim, ProcessTemplate, Stage, StageKind, Transition
from storage.tables.stages import StageChange

TYPES = frozenset({Claim.DECENTRAL, Claim.NETWORK})


class Place(StrEnum):
    """Where a step lies, seen from the idea."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line; ``at`` is when the idea last came to it."""

    stage: Stage
    place: Place
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """One official act of the past: from where to where, by whom, why, on which text."""

    change: StageChange
    label: Transition | None
    source: Stage | None
    target: Stage | None


def line(
    process: ProcessTemplate,
    kind: str,
    stage_id: str,
    changes: Sequence[StageChange],
    measure_type: str | None = None,
) -> list[Step]:
    """The steps of an idea of ``kind`` that is in ``stage_id``; ``changes`` oldest first.

    A stage beside the way (returned, declined, …) stands after the furthest step that was
    reached; the steps ahead are shown as long as the idea can still take them.
    """
    arrived = {change.to_stage: change.at for change in changes}
    way = main_way(process, kind, measure_type)
    current = process.stage(stage_id)
    if current in way:
        reached = way.index(current)
    else:
        reached = max((way.index(each) for each in way if each.id in arrived), default=0) + 1
        way = [*way[:reached], *([current] if current else []), *way[reached:]]
        if current and current.kind is StageKind.END:
            way = way[: reached + 1]
    return [
        Step(stage, _place(index, reached), arrived.get(stage.id))
        for index, stage in enumerate(way)
    ]


def main_way(process: ProcessTemplate, kind: str, measure_type: str | None = None) -> list[Stage]:
    """The stages an idea of ``kind`` goes through if all goes well, in order.

    Stages of one type of measure are on it once the idea has become one of that type.
    """
    reachable = {process.initial}
    while more := _targets(process, kind, reachable) - reachable:
        reachable |= more
    return [
        stage
        for stage in process.stages
        if stage.id in reachable
        and stage.is_main
        and all(measure_type == claim for claim in stage.holds & TYPES)
    ]


def moves(process: ProcessTemplate, changes: Sequence[StageChange]) -> list[Move]:
    """The history, newest first, in the words of the process."""
    by_id = {transition.id: transition for transition in process.transitions}
    return [
        Move(
            change,
            by_id.get(change.transition),
            process.stage(change.from_stage),
            process.stage(change.to_stage),
        )
        for change in reversed(changes)
    ]


def _targets(process: ProcessTemplate, kind: str, sources: set[str]) -> set[str]:
    return {
        transition.target
        for transition in process.transitions
        if kind in transition.kinds and sources & set(transition.sources)
    }


def _place(index: int, reached: int) -> Place:
    if index == reached:
        return Place.CURRENT
    return Place.DONE if index < reached else Place.AHEAD
