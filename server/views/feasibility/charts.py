"""Judgements as bars with tables: how they divide, by sureness, ground and part of society.

A bar is as long as what it counts compared with all of its dimension. What was said of an earlier
text stands in a bar of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import (
    Confidence,
    Dimension,
    Verdict,
    load_feasibility,
)
from collab.process.feasibility.judgements import Expertise, Judgement
from collab.process.feasibility.weighting import Weighed, Weighting, weigh, weights
from collab.process.templates.reading import Words
from server.views.feasibility.panel import Agreement, Opinion, Panel, Row

BAR_WIDTH = 400
"""The width of a bar of everybody, in the units of its drawing."""


class Division(StrEnum):
    """What judgements are divided by."""

    TEXT = "text"
    CONFIDENCE = "confidence"
    EXPERTISE = "expertise"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict's piece of a bar."""

    verdict: Verdict
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Group:
    """Those who share something, how many they are, and how they divide; never weighed."""

    division: Division
    name: str
    n: int
    counts: tuple[int, ...]
    """By verdict, in order."""
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """One verdict: how many gave it, what share it has in the view, and what they say."""

    verdict: Verdict
    label: Words
    n: int
    share: float
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One dimension; ``now`` and ``earlier`` are bars as the view weighs them."""

    dimension: Dimension
    n: int
    weighed: Weighed
    agreement: Agreement
    portions: tuple[Portion, ...]
    now: tuple[Segment, ...]
    earlier: tuple[Segment, ...]
    earlier_n: int
    groups: tuple[Group, ...]

    @property
    def divisions(self) -> list[tuple[Division, list[Group]]]:
        """The groups by what divides them."""
        return [(name, list(some)) for name, some in groupby(self.groups, lambda one: one.division)]

    @property
    def apart_of_ten(self) -> int:
        """Of ten pairs of people so many differ, about."""
        return round(self.weighed.spread * 10)


@dataclass(frozen=True, slots=True)
class Charts:
    """All dimensions that somebody judged, as one view counts them."""

    weighting: Weighting
    verdicts: tuple[tuple[Verdict, Words], ...]
    charts: tuple[Chart, ...]
    veiled: tuple[tuple[Dimension, int], ...]
    """Dimensions whose judgements the reader may not see yet, and how many there are."""
    unjudged: tuple[Dimension, ...]

    def of(self, dimension_id: str) -> Chart | None:
        """The dimension's chart, if anything of it can be shown."""
        return next((each for each in self.charts if each.dimension.id == dimension_id), None)


def charts(panel: Panel, weighting: Weighting) -> Charts:
    """What the panel shows its reader, as charts."""
    drawn = tuple(_chart(row, weighting) for row in panel.rows if row.opinions)
    veiled = tuple(
        (row.dimension, row.tally.n) for row in panel.rows if row.tally.n and not row.opinions
    )
    empty = tuple(row.dimension for row in panel.rows if not row.tally.n)
    words = tuple(load_feasibility().verdicts.items())
    return Charts(weighting, words, drawn, veiled, (*empty, *panel.unjudged))


def _chart(row: Row, weighting: Weighting) -> Chart:
    found = [each.judgement for each in row.opinions]
    weighed, amounts = weigh(found, weighting), weights(found, weighting)
    by_text = {
        outdated: [
            (each.judgement.verdict, amount)
            for each, amount in zip(row.opinions, amounts, strict=True)
            if each.outdated is outdated
        ]
        for outdated in (False, True)
    }
    return Chart(
        dimension=row.dimension,
        n=len(found),
        weighed=weighed,
        agreement=row.agreement,
        portions=tuple(_portions(row.opinions, weighed)),
        now=_bar(by_text[False], weighed.counted),
        earlier=_bar(by_text[True], weighed.counted),
        earlier_n=len(by_text[True]),
        groups=tuple(_groups(row.opinions)),
    )


def _portions(opinions: Sequence[Opinion], weighed: Weighed) -> Iterable[Portion]:
    """In the order of verdicts, not of numbers: who is alone stands as high as the many."""
    for verdict, label in load_feasibility().verdicts.items():
        said = tuple(each for each in opinions if each.judgement.verdict is verdict)
        yield Portion(verdict, label, len(said), float(weighed.share(verdict)), said)


def _groups(opinions: Sequence[Opinion]) -> Iterable[Group]:
    """Every division that tells people apart; that all saw an earlier text is told as well."""
    found = [each.judgement for each in opinions]
    earlier = {id(each.judgement) for each in opinions if each.outdated}
    yield from _divided(Division.TEXT, found, ("now", "earlier"), lambda one: _text(one, earlier))
    yield from _divided(Division.CONFIDENCE, found, Confidence, lambda one: one.confidence)
    yield from _divided(Division.EXPERTISE, found, Expertise, lambda one: one.expertise)
    yield from _divided(Division.CLASS, found, ActorClass, lambda one: one.actor_class)


def _text(one: Judgement, earlier: set[int]) -> str:
    return "earlier" if id(one) in earlier else "now"


def _divided(
    division: Division,
    found: Sequence[Judgement],
    names: Iterable[str],
    name_of: Callable[[Judgement], str],
) -> Iterable[Group]:
    parts = {name: [one.verdict for one in found if name_of(one) == name] for name in names}
    there = {name: part for name, part in parts.items() if part}
    if len(there) > 1 or "earlier" in there:
        for name, part in there.items():
            yield Group(
                division=division,
                name=name,
                n=len(part),
                counts=tuple(part.count(verdict) for verdict in Verdict),
                bar=_bar([(verdict, Fraction(1)) for verdict in part], len(found)),
            )


def _bar(parts: Sequence[tuple[Verdict, Fraction]], whole: int) -> tuple[Segment, ...]:
    found, x = [], Fraction(0)
    for verdict in Verdict:
        amount = sum((amount for each, amount in parts if each is verdict), Fraction(0))
        if amount:
            width = BAR_WIDTH * amount / whole
            found.append(Segment(verdict, round(float(x), 2), round(float(width), 2)))
            x += width
    return tuple(found)
