"""The shipped processes: loading a template once, and what holds for all of them together."""

import json
from functools import cache

from collab.process.dossier import IdeaKind
from collab.process.stages import ProcessTemplate, Stage, StageAccess, StageKind, Transition
from collab.process.templates import graph, reading
from collab.process.templates.process_file import parse_process
from collab.process.templates.reading import FaultyTemplate

FOLDER = "process"
DEFAULT_PROCESS = "gdb-arena"


@cache
def load_process(process_id: str = DEFAULT_PROCESS, version: int | None = None) -> ProcessTemplate:
    """The process in the newest, or the given, version; checked when it is first loaded."""
    shipped = reading.versions(FOLDER, process_id)
    if not shipped or (version is not None and version not in shipped):
        raise FaultyTemplate(f"process {process_id} version {version} is not shipped")
    process = parse_process(reading.read(FOLDER, process_id, version or shipped[-1]))
    graph.check(process)
    return process


def check_process(text: str) -> ProcessTemplate:
    """The process in the text of a template file, checked as when it is loaded.

    Raises FaultyTemplate naming all faults.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise FaultyTemplate(f"this is no JSON: {error}") from None
    process = parse_process(reading.mapping(data, "process"))
    graph.check(process)
    return process


@cache
def current_processes() -> tuple[ProcessTemplate, ...]:
    """Every process in its newest version, the default one first."""
    names = sorted(reading.names_in(FOLDER), key=lambda name: (name != DEFAULT_PROCESS, name))
    return tuple(load_process(name) for name in names)


@cache
def every_process() -> tuple[ProcessTemplate, ...]:
    """Every process in every version that is shipped, newest versions first.

    Raises FaultyTemplate if a stage has another access or kind in one of them than in another:
    rights are asked by the stage alone.
    """
    found = tuple(
        load_process(each.id, version)
        for each in current_processes()
        for version in reversed(reading.versions(FOLDER, each.id))
    )
    known: dict[str, tuple[StageAccess, StageKind]] = {}
    for process in found:
        for stage in process.stages:
            meaning = (stage.access, stage.kind)
            if known.setdefault(stage.id, meaning) != meaning:
                raise FaultyTemplate(
                    f"process {process.id} version {process.version}: stage {stage.id} means "
                    f"{'/'.join(meaning)} here and {'/'.join(known[stage.id])} elsewhere"
                )
    return found


@cache
def every_stage() -> dict[str, Stage]:
    """Every stage of every process by its id, in the words of the default one if it has it."""
    found: dict[str, Stage] = {}
    for process in every_process():
        for stage in process.stages:
            found.setdefault(stage.id, stage)
    return found


def access_of(stage_id: str) -> StageAccess | None:
    """The access of a stage, which is the same in every process; None if no process has it."""
    found = every_stage().get(stage_id)
    return found.access if found else None


@cache
def stages_with(*accesses: StageAccess) -> frozenset[str]:
    """The ids of all stages with one of the accesses."""
    return frozenset(stage.id for stage in every_stage().values() if stage.access in accesses)


def submission(process: ProcessTemplate, kind: IdeaKind) -> Transition:
    """The first way out of the initial stage."""
    return next(way for way in process.transitions if way.leads(process.initial, kind))
