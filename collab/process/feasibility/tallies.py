"""What judgements say together.

A tally never boils a dimension down to a mean: it shows how many people judged, how they divide,
how far they disagree, from which parts of society they come, and how many of them saw a text that
has changed since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict, load_feasibility
from collab.process.feasibility.judgements import Judgement
from collab.process.version import TextVersion


@dataclass(frozen=True, slots=True)
class Tally:
    """What the judgements of one dimension say together; all counts are of people."""

    dimension: str
    n: int
    by_verdict: Mapping[Verdict, int]
    by_confidence: Mapping[Confidence, int]
    by_class: Mapping[ActorClass, int]
    spread: float  # see ``spread``
    outdated: int
    by_authors: int
    judgements: tuple[Judgement, ...]


def tally(judgements: Iterable[Judgement], current: TextVersion | None = None) -> list[Tally]:
    """One tally per dimension in reading order, also for those nobody has judged yet.

    Judgements of another text than ``current`` count as outdated; None leaves that open.
    """
    found = list(judgements)
    return [
        _tally_of(dimension_id, [one for one in found if one.dimension == dimension_id], current)
        for dimension_id in load_feasibility().dimension_ids
    ]


def spread(counts: Iterable[int]) -> float:
    """How far people disagree: the share of all pairs of people whose verdicts differ.

    0 if all agree or fewer than two judged, 1 if no two agree. It takes verdicts as names, not
    as grades, because ``open`` lies nowhere between feasible and not.
    """
    found = list(counts)
    pairs = sum(found) * (sum(found) - 1)
    agreeing = sum(count * (count - 1) for count in found)
    return 1 - agreeing / pairs if pairs else 0.0


def _tally_of(dimension: str, found: Sequence[Judgement], current: TextVersion | None) -> Tally:
    by_verdict = dict.fromkeys(Verdict, 0)
    by_confidence = dict.fromkeys(Confidence, 0)
    by_class = dict.fromkeys(ActorClass, 0)
    for one in found:
        by_verdict[one.verdict] += 1
        by_confidence[one.confidence] += 1
        by_class[one.actor_class] += 1
    outdated = [one for one in found if current and not one.version.same_text(current)]
    return Tally(
        dimension=dimension,
        n=len(found),
        by_verdict=MappingProxyType(by_verdict),
        by_confidence=MappingProxyType(by_confidence),
        by_class=MappingProxyType(by_class),
        spread=spread(by_verdict.values()),
        outdated=len(outdated),
        by_authors=sum(one.by_author for one in found),
        judgements=tuple(found),
    )
