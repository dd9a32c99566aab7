"""The exhaustive walk: every stage together with what an idea can have become on its way there.

What an idea is, besides its stage, is few and finite: which type of measure, and whether it is
recognised. So all ways, of whatever length, are walked by walking these states once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from collab.process.responsibility.rules import FITTING
from collab.process.stages import MADE_BY, Claim, Effect, GateKind, MeasureType

if TYPE_CHECKING:
    from collab.process.stages import ProcessTemplate, Transition


NEEDED: Final[Mapping[Effect, GateKind]] = {
    Effect.RECOGNISE: GateKind.COMMITMENT,
    Effect.MERGE: GateKind.MERGE_AGREED,
    Effect.UNMERGE: GateKind.MERGED_FROM,
}
"""Effects that no way may have without the gate that makes sure of what they rest on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an idea can be on some way: its kind, stage, type of measure and recognition."""

    kind: str
    stage: str
    measure: MeasureType | None = None
    is_recognised: bool = False


def standings(process: ProcessTemplate) -> dict[Standing, tuple[str, ...]]:
    """All that an idea can become, each with the shortest way to it (ids of transitions)."""
    found: dict[Standing, tuple[str, ...]] = {
        Standing(kind, process.initial): () for kind in sorted(process.kinds)
    }
    todo = list(found)
    for here in todo:
        for way in process.transitions:
            if way.leads(here.stage, here.kind) and _is_open(way, here):
                there = _after(way, here)
                if there not in found:
                    found[there] = (*found[here], way.id)
                    todo.append(there)
    return found


def broken_claims(process: ProcessTemplate) -> Iterator[str]:
    """Which promises of the process do not hold on some way, and on which."""
    yield from _gateless_effects(process)
    for standing, path in standings(process).items():
        stage = process.stage(standing.stage)
        assert stage is not None
        for claim in sorted(stage.holds):
            if not _holds(claim, standing):
                way = " → ".join(path)
                yield f"stage {stage.id} is reached without being {claim}: {way}"


def _gateless_effects(process: ProcessTemplate) -> Iterator[str]:
    """Who becomes a measure has a lead of the right class; who is recognised is committed."""
    for way in process.transitions:
        for effect in way.effects:
            measure = MADE_BY.get(effect)
            gate = way.gate(GateKind.LEAD_CLASS)
            if measure and not (gate and set(gate.names("classes")) <= FITTING[measure]):
                yield f"{way.id}: makes a {measure} measure of an idea with another lead"
            needed = NEEDED.get(effect)
            if needed and not way.gate(needed):
                yield f"{way.id}: {effect} needs the gate {needed}"


def _is_open(way: Transition, here: Standing) -> bool:
    """Whether what the idea is lets it through; all other gates are taken as met."""
    gate = way.gate(GateKind.MEASURE_TYPE)
    return gate is None or gate.text("is") == here.measure


def _after(way: Transition, here: Standing) -> Standing:
    there = replace(here, stage=way.target)
    for effect in way.effects:
        match effect:
            case Effect.MEASURE_DECENTRAL | Effect.MEASURE_NETWORK:
                there = replace(there, measure=MADE_BY[effect], is_recognised=False)
            case Effect.RECOGNISE:
                there = replace(there, is_recognised=True)
            case Effect.SUSPEND_RECOGNITION | Effect.WITHDRAW_RECOGNITION:
                there = replace(there, is_recognised=False)
            case Effect.RELEASE_LEAD | Effect.MERGE | Effect.UNMERGE:
                pass
    return there


def _holds(claim: Claim, standing: Standing) -> bool:
    match claim:
        case Claim.MEASURE:
            return standing.measure is not None
        case Claim.DECENTRAL:
            return standing.measure is MeasureType.DECENTRAL
        case Claim.NETWORK:
            return standing.measure is MeasureType.NETWORK
        case Claim.RECOGNISED_IF_NETWORK:
            return standing.measure is not MeasureType.NETWORK or standing.is_recognised
