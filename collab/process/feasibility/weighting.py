"""Other views of the same judgements: how they divide if some counted more, or not at all.

A view is chosen by whoever looks and stored nowhere; gates count people and ask no view. Weights
are fractions, so that nothing hangs on the order in which people judged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import Expertise, Judgement


class Weighting(StrEnum):
    """How judgements are counted in a view."""

    NONE = "none"  # everybody alike
    CLASS = "class"  # each part of society that judged alike
    CONFIDENCE = "confidence"  # who is surer counts more
    EXPERTISE = "expertise"  # only who declared a ground, whichever
    PROFESSION = "profession"
    RESEARCH = "research"
    OFFICE = "office"
    LIVED = "lived"
    OWN_INTEREST_OUT = "own_interest_out"  # only who declared no interest of his own


SURENESS: Final[Mapping[Confidence, int]] = MappingProxyType(
    {Confidence.LOW: 1, Confidence.MEDIUM: 2, Confidence.HIGH: 3}
)

_GROUNDS: Final[Mapping[Weighting, frozenset[Expertise]]] = MappingProxyType(
    {
        Weighting.EXPERTISE: frozenset(Expertise) - {Expertise.NONE},
        Weighting.PROFESSION: frozenset({Expertise.PROFESSION}),
        Weighting.RESEARCH: frozenset({Expertise.RESEARCH}),
        Weighting.OFFICE: frozenset({Expertise.OFFICE}),
        Weighting.LIVED: frozenset({Expertise.LIVED}),
    }
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One dimension as a view counts it.

    ``n`` is everybody who judged, whatever the view; ``counted`` how many count in it. ``amounts``
    add up to ``counted``, so that they compare with numbers of people.
    """

    weighting: Weighting
    n: int
    counted: int
    amounts: Mapping[Verdict, Fraction]
    spread: Fraction

    def share(self, verdict: Verdict) -> Fraction:
        """The verdict's share of what counts; 0 if nothing does."""
        return self.amounts[verdict] / self.counted if self.counted else Fraction(0)


def weighting_named(name: str) -> Weighting:
    """The view of that name; everybody alike for any other."""
    return Weighting(name) if name in set(Weighting) else Weighting.NONE


def weights(judgements: Sequence[Judgement], weighting: Weighting) -> tuple[Fraction, ...]:
    """What each of one dimension's judgements counts; together as much as there are that count."""
    classes = Counter(one.actor_class for one in judgements)
    raw = [_raw(one, classes, weighting) for one in judgements]
    total, counted = sum(raw), sum(weight > 0 for weight in raw)
    return tuple(weight * counted / total if total else Fraction(0) for weight in raw)


def weigh(judgements: Sequence[Judgement], weighting: Weighting) -> Weighed:
    """One dimension's judgements as the view counts them."""
    found = weights(judgements, weighting)
    amounts = dict.fromkeys(Verdict, Fraction(0))
    for one, weight in zip(judgements, found, strict=True):
        amounts[one.verdict] += weight
    return Weighed(
        weighting=weighting,
        n=len(judgements),
        counted=sum(weight > 0 for weight in found),
        amounts=MappingProxyType(amounts),
        spread=_spread(judgements, found),
    )


def _raw(one: Judgement, classes: Counter[ActorClass], weighting: Weighting) -> Fraction:
    if weighting is Weighting.CLASS:
        return Fraction(1, classes[one.actor_class])
    if weighting is Weighting.CONFIDENCE:
        return Fraction(SURENESS[one.confidence])
    if weighting is Weighting.OWN_INTEREST_OUT:
        return Fraction(not one.own_interest)
    grounds = _GROUNDS.get(weighting)
    return Fraction(grounds is None or one.expertise in grounds)


def _spread(judgements: Sequence[Judgement], found: Sequence[Fraction]) -> Fraction:
    """The share of pairs of people who differ, a pair as heavy as the product of its weights.

    With equal weights it is the tally's.
    """
    sums, squares = dict.fromkeys(Verdict, Fraction(0)), Fraction(0)
    for one, weight in zip(judgements, found, strict=True):
        sums[one.verdict] += weight
        squares += weight * weight
    pairs = sum(sums.values()) ** 2 - squares
    alike = sum(each * each for each in sums.values()) - squares
    return 1 - alike / pairs if pairs else Fraction(0)
