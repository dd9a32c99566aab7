"""What judgements say together.

A tally never boils a dimension down to a mean: it shows how many people judged, how they divide,
how far they disagree, from which parts of society and with what expertise they come, what those
hold who are fewer, and how many of them saw a text that has changed materially since.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict, load_feasibility
from collab.process.feasibility.judgements import Expertise, Judgement


@dataclass(frozen=True, slots=True)
class Tally:
    """What the judgements of one dimension say together; all counts are of people."""

    dimension: str
    n: int
    by_verdict: Mapping[Verdict, int]
    by_confidence: Mapping[Confidence, int]
    by_class: Mapping[ActorClass, int]
    by_expertise: Mapping[Expertise, int]
    spread: float  # see ``spread``
    outdated: int
    by_authors: int
    judgements: tuple[Judgement, ...]
    minority: tuple[Judgement, ...]  # see ``minority``


def tally(judgements: Iterable[Judgement], outdated: Collection[str] = ()) -> list[Tally]:
    """One tally per dimension in reading order, also for those nobody has judged yet.

    ``outdated`` are the hashes of texts that differ materially from that of now.
    """
    found = list(judgements)
    return [
        _tally_of(dimension_id, [one for one in found if one.dimension == dimension_id], outdated)
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


def minority(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The other view: who holds a verdict that fewer people hold than the most frequent one.

    Where two verdicts are held by equally many, and by the most, neither of them is the minority.
    """
    found = list(judgements)
    counts = Counter(one.verdict for one in found)
    most = max(counts.values(), default=0)
    return tuple(one for one in found if counts[one.verdict] < most)


def _tally_of(dimension: str, found: Sequence[Judgement], outdated: Collection[str]) -> Tally:
    by_verdict = dict.fromkeys(Verdict, 0)
    by_confidence = dict.fromkeys(Confidence, 0)
    by_class = dict.fromkeys(ActorClass, 0)
    by_expertise = dict.fromkeys(Expertise, 0)
    for one in found:
        by_verdict[one.verdict] += 1
        by_confidence[one.confidence] += 1
        by_class[one.actor_class] += 1
        by_expertise[one.expertise] += 1
    return Tally(
        dimension=dimension,
        n=len(found),
        by_verdict=MappingProxyType(by_verdict),
        by_confidence=MappingProxyType(by_confidence),
        by_class=MappingProxyType(by_class),
        by_expertise=MappingProxyType(by_expertise),
        spread=spread(by_verdict.values()),
        outdated=sum(one.version.sha256 in outdated for one in found),
        by_authors=sum(one.by_author for one in found),
        judgements=tuple(found),
        minority=minority(found),
    )
