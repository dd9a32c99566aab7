"""Moving running cases to another version of their process: what would happen to each of them.

Pure: two templates and the cases in, a plan out. The plan has a digest, so that what is approved
is what is done.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256

from collab.process.dossier import IdeaKind
from collab.process.stages import Claim, MeasureType, ProcessTemplate, Stage, Transition


@dataclass(frozen=True, slots=True)
class RunningCase:
    """An idea on its way, as far as its process is concerned."""

    ref: str
    kind: str
    stage: str
    revision: int
    measure_type: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one case; ``obstacle`` says why it cannot move, and then it stays."""

    case: RunningCase
    to_stage: str
    obstacle: str | None = None


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving all cases of one version to another does, and what changes for them."""

    process_id: str
    from_version: int
    to_version: int
    steps: tuple[Step, ...]
    stages_gone: tuple[str, ...]
    stages_new: tuple[str, ...]
    transitions_gone: tuple[str, ...]
    transitions_new: tuple[str, ...]
    transitions_changed: tuple[str, ...]

    @property
    def moving(self) -> tuple[Step, ...]:
        """The steps that nothing stands against."""
        return tuple(step for step in self.steps if step.obstacle is None)

    @property
    def digest(self) -> str:
        """Names exactly this plan: another case, revision or target gives another digest."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True)
        return sha256(told.encode()).hexdigest()[:16]


def plan_move(old: ProcessTemplate, new: ProcessTemplate, cases: Iterable[RunningCase]) -> MovePlan:
    """What moving the cases from ``old`` to ``new`` would do; nothing is done."""
    before, after = _ways(old), _ways(new)
    stages_before, stages_after = _ids(old.stages), _ids(new.stages)
    return MovePlan(
        process_id=new.id,
        from_version=old.version,
        to_version=new.version,
        steps=tuple(_step(old, new, case) for case in cases),
        stages_gone=tuple(sorted(stages_before - stages_after)),
        stages_new=tuple(sorted(stages_after - stages_before)),
        transitions_gone=tuple(sorted(before.keys() - after.keys())),
        transitions_new=tuple(sorted(after.keys() - before.keys())),
        transitions_changed=tuple(
            sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
        ),
    )


def _step(old: ProcessTemplate, new: ProcessTemplate, case: RunningCase) -> Step:
    target = new.renamed.get(case.stage, case.stage)
    stage = new.stage(target)
    if stage is None:
        return Step(case, case.stage, "stage-gone")
    if IdeaKind(case.kind) not in new.kinds:
        return Step(case, target, "kind-not-in-process")
    before = old.stage(case.stage)
    held = before.holds if before else frozenset[Claim]()
    broken = sorted(claim for claim in stage.holds if not _holds(claim, case, held))
    if broken:
        return Step(case, target, f"not-{broken[0]}".replace("_", "-"))
    if not stage.is_end and not _leads_on(new, target, IdeaKind(case.kind)):
        return Step(case, target, "no-way-out")
    return Step(case, target)


def _holds(claim: Claim, case: RunningCase, held: frozenset[Claim]) -> bool:
    """Whether a promise of the new stage is true of the case."""
    match claim:
        case Claim.MEASURE:
            return case.measure_type is not None
        case Claim.DECENTRAL:
            return case.measure_type == MeasureType.DECENTRAL
        case Claim.NETWORK:
            return case.measure_type == MeasureType.NETWORK
        case Claim.RECOGNISED_IF_NETWORK:
            return case.measure_type != MeasureType.NETWORK or claim in held


def _leads_on(process: ProcessTemplate, stage: str, kind: IdeaKind) -> bool:
    return any(way.leads(stage, kind) for way in process.transitions)


def _ids(stages: Iterable[Stage]) -> set[str]:
    return {stage.id for stage in stages}


def _ways(process: ProcessTemplate) -> dict[str, list[Transition]]:
    found: dict[str, list[Transition]] = {}
    for way in process.transitions:
        found.setdefault(way.id, []).append(way)
    return found
