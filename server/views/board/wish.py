"""What somebody wants to see on the board: everything of it stands in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from collab.errors import Invalid
from collab.process.board.stalled import quiet_since
from collab.process.dossier import IdeaKind
from collab.process.processes import DEFAULT_PROCESS, current_processes, load_process
from collab.process.references import parse_reference
from collab.process.stages import ProcessTemplate, Stage, StageAccess
from storage.ideas import IDEAS_PER_YEAR_MAX
from storage.process.board.columns import BoardFilter

BOARD = "/board"
LIST = "list"
Q_CHARS_MAX = 200
FLAGS = ("mine", "stalled", "unled")


@dataclass(frozen=True, slots=True)
class BoardWish:
    """A process, how it is shown, and what narrows it; empty for no wish.

    ``opened`` are folded columns to be shown; ``after`` is where a column begins, by stage.
    """

    process_id: str = DEFAULT_PROCESS
    view: str = ""
    stage: str = ""
    kind: str = ""
    q: str = ""
    flags: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    after: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "BoardWish":
        """The wish in an address; what does not exist is no wish."""
        wanted = parameters.get("process", "")
        known = {process.id for process in current_processes()}
        process_id = wanted if wanted in known else DEFAULT_PROCESS
        stages = {stage.id for stage in stages_on_board(load_process(process_id))}
        stage, kind = parameters.get("stage", ""), parameters.get("kind", "")
        pairs = (each.partition(".") for each in parameters.get("after", "").split(","))
        return cls(
            process_id=process_id,
            view=LIST if parameters.get("view") == LIST else "",
            stage=stage if stage in stages else "",
            kind=kind if kind in set(IdeaKind) else "",
            q=" ".join(parameters.get("q", "").split())[:Q_CHARS_MAX],
            flags=frozenset(flag for flag in FLAGS if parameters.get(flag)),
            opened=frozenset(parameters.get("open", "").split(",")) & stages,
            after=tuple((at, ref) for at, _, ref in pairs if at in stages and _number(ref)),
        )

    @property
    def process(self) -> ProcessTemplate:
        """The process in its newest version."""
        return load_process(self.process_id)

    @property
    def stages(self) -> Sequence[Stage]:
        """The columns, in the order of the process."""
        found = stages_on_board(self.process)
        return [each for each in found if self.stage in {"", each.id}]

    @property
    def is_narrowed(self) -> bool:
        """Something is left out besides other processes."""
        return bool(self.stage or self.kind or self.q or self.flags)

    def is_folded(self, stage: Stage) -> bool:
        """Where things end there is much and little to do: shown only if asked for."""
        return stage.is_end and stage.id not in self.opened and stage.id != self.stage

    def begins_after(self, stage_id: str) -> int:
        """The ``number`` of the idea after which a column begins; 0: at its beginning."""
        return _number(dict(self.after).get(stage_id, ""))

    def filter(self, reader: UUID, now: datetime) -> BoardFilter:
        """The wish as storage understands it."""
        stages = self.stages
        return BoardFilter(
            process_id=self.process_id,
            stages=tuple(stage.id for stage in stages),
            now=now,
            kind=self.kind or None,
            q=self.q,
            claimed_by=reader if "mine" in self.flags else None,
            quiet_since=quiet_since(stages, now) if "stalled" in self.flags else None,
            without_lead="unled" in self.flags,
        )

    def showing(self, stage_id: str) -> "BoardWish":
        """The same with a folded column shown, or a shown one folded."""
        return replace(self, opened=self.opened ^ {stage_id})

    def from_after(self, stage_id: str, ref: str | None) -> "BoardWish":
        """The same with a column that begins after that idea; None: at its beginning."""
        others = tuple(pair for pair in self.after if pair[0] != stage_id)
        return replace(self, after=(*others, (stage_id, ref)) if ref else others)

    def parameters(self) -> list[tuple[str, str]]:
        """What stands in an address for this wish."""
        named = (
            ("process", "" if self.process_id == DEFAULT_PROCESS else self.process_id),
            ("view", self.view),
            ("stage", self.stage),
            ("kind", self.kind),
            ("q", self.q),
            *((flag, "1" if flag in self.flags else "") for flag in FLAGS),
            ("open", ",".join(sorted(self.opened))),
            ("after", ",".join(f"{stage}.{ref}" for stage, ref in self.after)),
        )
        return [(name, value) for name, value in named if value]

    def address(self, path: str = BOARD) -> str:
        """``path`` with this wish."""
        query = urlencode(self.parameters())
        return f"{path}?{query}" if query else path


def stages_on_board(process: ProcessTemplate) -> Sequence[Stage]:
    """The stages of a process that are public; drafts are their team's."""
    return [stage for stage in process.stages if stage.access is not StageAccess.PRIVATE]


def _number(ref: str) -> int:
    try:
        reference = parse_reference(ref)
    except Invalid:
        return 0
    return reference.year * IDEAS_PER_YEAR_MAX + reference.number
