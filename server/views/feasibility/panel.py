"""The feasibility panel: what people hold of each dimension, with numbers, spread and mix.

Of a dimension that is hidden from the reader only how many judged is in it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from collab.process.actors import ActorClass
from collab.process.experts.demands import demanded
from collab.process.feasibility.dimensions import Dimension, Verdict, load_feasibility
from collab.process.feasibility.judgements import Expertise, Judgement, Judges, judged_by
from collab.process.feasibility.rounds import Round
from collab.process.feasibility.tallies import Tally, tally
from collab.process.stages import ProcessTemplate
from collab.process.templates.reading import Words
from server.actions.facts.opinions import judgement_values
from server.faces import Face
from storage.tables.feasibility.judgements import Judgement as JudgementRow

# Below this share of differing pairs people count as mostly of one mind.
MOSTLY_AGREED_BELOW = 0.5


class Agreement(StrEnum):
    """How far the judgements of one dimension lie apart, in a word."""

    SINGLE = "single"
    ONE = "one"
    MOSTLY = "mostly"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one verdict in a bar that is 100 wide."""

    verdict: Verdict
    label: Words
    n: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's judgement with its words."""

    name: str
    handle: str
    is_guest: bool
    judgement: Judgement
    verdict: Words
    confidence: Words
    at: datetime
    outdated: bool
    """Whether the text he judged differs materially from that of now."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension; the process demands ``needed`` people, ``counted`` of them have judged.

    ``others`` are those of the minority who say why; of a ``hidden`` one only ``tally.n`` counts.
    """

    dimension: Dimension
    tally: Tally
    parts: tuple[Part, ...]
    agreement: Agreement
    classes: tuple[tuple[ActorClass, int], ...]
    expertise: tuple[tuple[Expertise, int], ...]
    needed: int
    counted: int
    opinions: tuple[Opinion, ...]
    others: tuple[Opinion, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """A judgement of the reader himself."""

    dimension: Dimension
    verdict: Words
    outdated: bool
    row: JudgementRow


@dataclass(frozen=True, slots=True)
class Panel:
    """All dimensions: those with judgements or demanded ones as rows, the others by name."""

    people: int
    rows: tuple[Row, ...]
    unjudged: tuple[Dimension, ...]
    mine: tuple[Mine, ...]
    round: Round | None = None
    """The one that is open now."""

    @property
    def outdated(self) -> int:
        """How many of the reader's own judgements are for an earlier text."""
        return sum(each.outdated for each in self.mine)


def panel(
    rows: Sequence[JudgementRow],
    faces: Mapping[UUID, Face],
    *,
    team: Iterable[UUID],
    outdated: Collection[str],
    process: ProcessTemplate,
    kind: str,
    reader: UUID | None,
    hidden: Collection[str] = (),
    current: Round | None = None,
) -> Panel:
    """The panel as ``reader`` sees it, from whom these dimensions are ``hidden``.

    ``outdated`` are the hashes of texts that differ materially from that of now.
    """
    found = judgement_values(rows, faces, team)
    when = {(row.dimension, row.person_id): row.updated_at for row in rows}
    counted, needed = judged_by(found, outdated), demanded(process, kind)
    shown, unjudged = [], []
    for each in tally(found, outdated):
        dimension = load_feasibility().dimension(each.dimension)
        assert dimension is not None
        if each.n or each.dimension in needed:
            needs, judges = needed.get(each.dimension, 0), counted.get(each.dimension, Judges())
            if each.dimension in hidden:
                shown.append(_veiled(dimension, each.n, needs, judges.people))
                continue
            opinions = [_opinion(one, faces, when, outdated) for one in each.judgements]
            shown.append(_row(dimension, each, opinions, needs, judges.people))
        else:
            unjudged.append(dimension)
    mine = (_mine(row, outdated) for row in rows if row.person_id == reader)
    people = len({row.person_id for row in rows})
    return Panel(people, tuple(shown), tuple(unjudged), tuple(mine), current)


def _row(
    dimension: Dimension, found: Tally, opinions: list[Opinion], needed: int, counted: int
) -> Row:
    classes = tuple((name, n) for name, n in found.by_class.items() if n)
    expertise = tuple((name, n) for name, n in found.by_expertise.items() if n)
    newest_first = tuple(sorted(opinions, key=lambda one: one.at, reverse=True))
    others = {one.person_id for one in found.minority if one.reason}
    return Row(
        dimension=dimension,
        tally=found,
        parts=tuple(_parts(found)),
        agreement=_agreement(found),
        classes=classes,
        expertise=expertise,
        needed=needed,
        counted=counted,
        opinions=newest_first,
        others=tuple(each for each in newest_first if each.judgement.person_id in others),
        hidden=False,
    )


def _veiled(dimension: Dimension, people: int, needed: int, counted: int) -> Row:
    """What is told of a dimension whose judgements the reader does not see."""
    nothing = next(each for each in tally([]) if each.dimension == dimension.id)
    return Row(
        dimension=dimension,
        tally=replace(nothing, n=people),
        parts=(),
        agreement=Agreement.SINGLE,
        classes=(),
        expertise=(),
        needed=needed,
        counted=counted,
        opinions=(),
        others=(),
        hidden=True,
    )


def _parts(found: Tally) -> Iterable[Part]:
    words = load_feasibility().verdicts
    x = 0.0
    for verdict, n in found.by_verdict.items():
        if n:
            width = 100 * n / found.n
            yield Part(verdict, words[verdict], n, round(x, 3), round(width, 3))
            x += width


def _agreement(found: Tally) -> Agreement:
    if found.n <= 1:
        return Agreement.SINGLE
    if found.spread == 0:
        return Agreement.ONE
    return Agreement.MOSTLY if found.spread < MOSTLY_AGREED_BELOW else Agreement.SPLIT


def _opinion(
    one: Judgement,
    faces: Mapping[UUID, Face],
    when: Mapping[tuple[str, UUID], datetime],
    outdated: Collection[str],
) -> Opinion:
    words, face = load_feasibility(), faces[one.person_id]
    return Opinion(
        name=face.name,
        handle=face.handle,
        is_guest=face.is_guest,
        judgement=one,
        verdict=words.verdicts[one.verdict],
        confidence=words.confidences[one.confidence],
        at=when[one.dimension, one.person_id],
        outdated=one.version.sha256 in outdated,
    )


def _mine(row: JudgementRow, outdated: Collection[str]) -> Mine:
    words = load_feasibility()
    dimension = words.dimension(row.dimension)
    assert dimension is not None
    return Mine(dimension, words.verdicts[Verdict(row.verdict)], row.sha256 in outdated, row)
