"""How far a measure is, as the public register says it, and which stages are those of measures."""

from dataclasses import replace
from enum import StrEnum
from functools import cache

from collab.process.processes import every_process, every_stage
from collab.process.stages import (
    MADE_BY,
    Effect,
    GateKind,
    ProcessTemplate,
    Stage,
    StageKind,
    Transition,
)
from collab.process.templates.walk import standings


class MeasureKind(StrEnum):
    """What is in the register; a central measure is entered and never was an idea (rule 1)."""

    DECENTRAL = "decentral"
    NETWORK = "network"
    CENTRAL = "central"


class Progress(StrEnum):
    """How far a measure is; the three words of the strategy's own list of measures."""

    PLANNED = "planned"
    RUNNING = "running"
    FINISHED = "finished"


@cache
def measure_stages() -> frozenset[str]:
    """The stages that are reached only by what has become a measure, on all ways.

    What comes back from the archive comes back to where it was, so those ways say nothing new.
    """
    ways = [
        replace(each, transitions=tuple(w for w in each.transitions if not _restores(w)))
        for each in every_process()
    ]
    found = [(each.stage, each.measure) for way in ways for each in standings(way)]
    others = {stage for stage, measure in found if measure is None}
    return frozenset(stage for stage, _ in found) - others


@cache
def progress_of(stage_id: str) -> Progress:
    """How far the measure in that stage is."""
    stage = every_stage()[stage_id]
    if stage.kind is StageKind.END and not _goes_on(stage):
        return Progress.FINISHED
    if stage.kind is StageKind.WAITING or any(_begins(way, stage_id) for way in every_process()):
        return Progress.PLANNED
    return Progress.RUNNING


@cache
def stages_at(progress: Progress) -> frozenset[str]:
    """The stages in which a measure is that far; one that is archived counts as finished."""
    return frozenset(stage for stage in every_stage() if progress_of(stage) is progress)


def _restores(way: Transition) -> bool:
    return way.gate(GateKind.ARCHIVED_FROM) is not None


def _goes_on(stage: Stage) -> bool:
    """Some ends are those of a living measure: made permanent, replicated."""
    return stage.access == "running"


def _begins(process: ProcessTemplate, stage_id: str) -> bool:
    """The stage is where a measure is decided or recognised, and its running is still to come."""
    starts = {*MADE_BY, Effect.RECOGNISE}
    is_start = any(
        way.target == stage_id and starts.intersection(way.effects) for way in process.transitions
    )
    ahead = [way.target for way in process.transitions if stage_id in way.sources]
    kinds = [each.kind for each in map(process.stage, ahead) if each]
    return is_start and StageKind.RUNNING in kinds
