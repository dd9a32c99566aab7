"""The conditions of judgements as one reader sees them, and the one he settles."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collab.process.casefile.conditions import Settlement
from collab.process.feasibility.dimensions import Dimension, load_feasibility
from collab.process.permissions import Action
from server.actions.casefile.conditions import Demand
from server.actions.cases import Case
from server.views.prose import prose


@dataclass(frozen=True, slots=True)
class Shown:
    """One condition; ``key`` names it in links."""

    key: str
    dimension: Dimension
    demand: Demand
    html: Markup
    because: Markup | None
    was_settled: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of them; ``settling`` is the one the reader was led to, if he may settle it."""

    shown: tuple[Shown, ...]
    open_count: int
    settling: Shown | None
    may_settle: bool
    states: tuple[Settlement, ...] = tuple(Settlement)


def condition_list(case: Case, found: Sequence[Demand], chosen: str = "") -> Conditions:
    """The conditions as the case's actor sees them; ``chosen`` is a key out of a link."""
    shown = tuple(_shown(demand) for demand in found)
    may_settle = case.may(Action.SETTLE_CONDITION)
    return Conditions(
        shown=shown,
        open_count=sum(each.demand.settled is None for each in shown),
        settling=next((each for each in shown if may_settle and each.key == chosen), None),
        may_settle=may_settle,
    )


def _shown(demand: Demand) -> Shown:
    one = demand.judgement
    dimension = load_feasibility().dimension(one.dimension)
    assert dimension is not None, f"a judgement of {one.dimension}, which is no dimension"
    return Shown(
        key=f"{one.dimension}/{demand.by.handle}",
        dimension=dimension,
        demand=demand,
        html=prose(one.reason),
        because=prose(demand.settled.because) if demand.settled else None,
        was_settled=demand.settled is None and bool(demand.earlier),
    )
