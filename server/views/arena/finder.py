"""What a reader looks for in the list of ideas, and the choices he is offered to narrow it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from collab.process.districts.districts import ID_CHARS_MAX
from collab.process.dossier import IdeaKind
from collab.process.measures.register import measure_stages
from collab.process.processes import every_stage, stages_with
from collab.process.responsibility.rules import stage_seeks_lead
from collab.process.stages import Stage, StageAccess, StageKind
from server.views.alignment.goals import GoalGroup
from server.views.districts.districts import DistrictChoice
from storage.ideas import IdeaFilter
from storage.search.census import Census

Q_CHARS_MAX = 200
NOBODY = "none"
BESIDE_THE_WAY = frozenset({StageKind.WAITING, StageKind.END})


@dataclass(frozen=True, slots=True)
class Wish:
    """Kind, stage, goal and district, empty for all, words to find, and only what nobody leads."""

    kind: str = ""
    stage: str = ""
    q: str = ""
    seeks_lead: bool = False
    goal: str = ""
    district: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Wish":
        """The wish in an address; kinds and stages that do not exist are no wish."""
        kind, stage = parameters.get("kind", ""), parameters.get("stage", "")
        return cls(
            kind if kind in set(IdeaKind) else "",
            stage if stage in {each.id for each in public_stages()} else "",
            " ".join(parameters.get("q", "").split())[:Q_CHARS_MAX],
            parameters.get("lead") == NOBODY,
            parameters.get("goal", "")[:Q_CHARS_MAX],
            parameters.get("district", "")[:ID_CHARS_MAX],
        )

    @property
    def is_any(self) -> bool:
        """Something is asked for, not simply all ideas."""
        return self != Wish()

    def filter(self) -> IdeaFilter:
        """The wish as storage understands it.

        What is archived, and what has become a measure, is shown only if its stage is asked for:
        measures have a list of their own.
        """
        counted = self.with_archived()
        return replace(counted, hidden_stages=counted.hidden_stages | (_elsewhere() - {self.stage}))

    def with_archived(self) -> IdeaFilter:
        """The same with all archived ideas, which are counted for their own choice."""
        private = stages_with(StageAccess.PRIVATE)
        return IdeaFilter(
            kind=self.kind or None,
            stage=self.stage or None,
            q=self.q,
            hidden_stages=private,
            seeking_lead_in=seeking_lead() if self.seeks_lead else None,
            district=self.district or None,
        )

    def parameters(self) -> list[tuple[str, str]]:
        """What stands in an address for this wish."""
        lead = NOBODY if self.seeks_lead else ""
        named = (("q", self.q), ("kind", self.kind), ("stage", self.stage), ("lead", lead))
        entries = (("goal", self.goal), ("district", self.district))
        return [(name, value) for name, value in (*named, *entries) if value]

    @property
    def query(self) -> str:
        """The parameters as they stand in an address."""
        return urlencode(self.parameters())

    def address(self, path: str = "/", **more: str) -> str:
        """``path`` with this wish and ``more`` parameters."""
        query = urlencode([*self.parameters(), *more.items()])
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list: where it leads, and how many ideas are there."""

    href: str
    count: int
    current: bool
    kind: str = ""
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """Everything around the list that narrows it."""

    q: str
    any: bool
    kept: list[tuple[str, str]]
    """Parameters that a new search keeps."""
    all_stages: Choice
    on_the_way: list[Choice]
    beside_the_way: list[Choice]
    kinds: list[Choice]
    seeks_lead: Choice
    goals: Sequence[GoalGroup]
    districts: Sequence[DistrictChoice]
    kept_with_entries: list[tuple[str, str]]
    """Parameters that another goal or district keeps."""


def finder(
    wish: Wish,
    census: Census,
    seeking_lead: int,
    goals: Sequence[GoalGroup],
    districts: Sequence[DistrictChoice],
) -> Finder:
    """The choices for ``wish``; ``census`` counts what its words find, archived ideas too.

    ``seeking_lead``: how many of them nobody is responsible for.
    """
    stages = [_stage_choice(wish, stage, census) for stage in public_stages()]
    beside = [each for each in stages if each.stage and each.stage.kind in BESIDE_THE_WAY]
    return Finder(
        q=wish.q,
        any=wish.is_any,
        kept=replace(wish, q="").parameters(),
        all_stages=_stage_choice(wish, None, census),
        on_the_way=[each for each in stages if each not in beside],
        beside_the_way=[each for each in beside if each.count or each.current],
        kinds=[_kind_choice(wish, kind, census) for kind in ("", *IdeaKind)],
        seeks_lead=Choice(
            replace(wish, seeks_lead=not wish.seeks_lead).address(), seeking_lead, wish.seeks_lead
        ),
        goals=goals,
        districts=districts,
        kept_with_entries=replace(wish, goal="", district="").parameters(),
    )


def total(census: Census, kind: str = "", stage: str = "") -> int:
    """How many ideas there are of a kind in a stage; without a stage, what stands elsewhere is
    left out: the archived, and measures.
    """
    return sum(
        count
        for (of_kind, in_stage), count in census.items()
        if kind in {"", of_kind} and (in_stage == stage if stage else in_stage not in _elsewhere())
    )


def public_stages() -> Sequence[Stage]:
    """The stages whose ideas everybody may read, in the order of the processes."""
    private = stages_with(StageAccess.PRIVATE)
    return [stage for stage in every_stage().values() if stage.id not in private]


def seeking_lead() -> frozenset[str]:
    """The stages in which a proposal needs somebody who leads it."""
    return frozenset(each.id for each in every_stage().values() if stage_seeks_lead(each))


def _stage_choice(wish: Wish, stage: Stage | None, census: Census) -> Choice:
    name = stage.id if stage else ""
    to = replace(wish, stage=name)
    return Choice(to.address(), total(census, wish.kind, name), wish.stage == name, stage=stage)


def _kind_choice(wish: Wish, kind: str, census: Census) -> Choice:
    to = replace(wish, kind=kind)
    return Choice(to.address(), total(census, kind, wish.stage), wish.kind == kind, kind=kind)


@cache
def _elsewhere() -> frozenset[str]:
    """The stages of what is not among the ideas any more."""
    return stages_with(StageAccess.ARCHIVED, StageAccess.MERGED) | measure_stages()
