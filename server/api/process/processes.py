"""The processes as data: what programs need to know to offer the right steps."""

from pydantic import BaseModel

from collab.errors import NotFound
from collab.process.processes import every_process
from collab.process.stages import ProcessTemplate, Transition
from server.api.operation import ApiRequest, operation

TAG = "processes"


class StageOut(BaseModel):
    """One stage, in the language asked for."""

    id: str
    label: str
    help: str
    kind: str
    access: str
    is_main: bool


class GateOut(BaseModel):
    """One condition with its settings."""

    gate: str
    settings: dict[str, int | bool | str | list[str]]


class TransitionOut(BaseModel):
    """One way from some stages to another."""

    id: str
    label: str
    sources: list[str]
    target: str
    roles: list[str]
    kinds: list[str]
    reason_required: bool
    reasons: dict[str, str]
    statement: bool
    undo_hours: int | None
    gates: list[GateOut]
    effects: list[str]


class ProcessOut(BaseModel):
    """A process in one version."""

    id: str
    version: int
    label: str
    help: str
    initial: str
    kinds: list[str]
    stages: list[StageOut]
    transitions: list[TransitionOut]


class Processes(BaseModel):
    """All shipped processes in all versions, newest first."""

    processes: list[ProcessOut]


@operation("GET", "/api/v1/processes", tag=TAG)
async def list_processes(request: ApiRequest) -> Processes:
    """All processes that ideas go through."""
    return Processes(processes=[_process(each, request.language) for each in every_process()])


@operation("GET", "/api/v1/processes/{process_id}/{version}", tag=TAG, refusals=(404,))
async def read_process(request: ApiRequest, process_id: str, version: int) -> ProcessOut:
    """One process in one version."""
    for each in every_process():
        if (each.id, each.version) == (process_id, version):
            return _process(each, request.language)
    raise NotFound


def _process(process: ProcessTemplate, language: str) -> ProcessOut:
    return ProcessOut(
        id=process.id,
        version=process.version,
        label=process.label[language],
        help=process.help[language],
        initial=process.initial,
        kinds=sorted(process.kinds),
        stages=[
            StageOut(
                id=stage.id,
                label=stage.label[language],
                help=stage.help[language],
                kind=stage.kind,
                access=stage.access,
                is_main=stage.is_main,
            )
            for stage in process.stages
        ],
        transitions=[_transition(way, language) for way in process.transitions],
    )


def _transition(way: Transition, language: str) -> TransitionOut:
    return TransitionOut(
        id=way.id,
        label=way.label[language],
        sources=list(way.sources),
        target=way.target,
        roles=list(way.roles),
        kinds=sorted(way.kinds),
        reason_required=way.reason_required,
        reasons={reason.id: reason.label[language] for reason in way.reasons},
        statement=way.statement,
        undo_hours=way.undo_hours,
        gates=[
            GateOut(
                gate=gate.kind,
                settings={
                    name: list(value) if isinstance(value, tuple) else value
                    for name, value in gate.settings.items()
                },
            )
            for gate in way.gates
        ],
        effects=list(way.effects),
    )


operations = [list_processes, read_process]
