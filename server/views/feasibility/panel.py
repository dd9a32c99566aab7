"""The feasibility panel: what people hold of each dimension, with numbers, spread and mix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from collab.process.actors import ActorClass
from collab.process.experts.demands import demanded
from collab.process.feasibility.dimensions import Dimension, Verdict, load_feasibility
from collab.process.feasibility.judgements import Judgement, Judges, judged_by
from collab.process.feasibility.tallies import Tally, tally
from collab.process.stages import ProcessTemplate
from collab.process.templates.reading import Words
from collab.process.version import TextVersion
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
    judgement: Judgement
    verdict: Words
    confidence: Words
    at: datetime
    outdated: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension; the process demands ``needed`` people, ``counted`` of them have judged."""

    dimension: Dimension
    tally: Tally
    parts: tuple[Part, ...]
    agreement: Agreement
    classes: tuple[tuple[ActorClass, int], ...]
    needed: int
    counted: int
    opinions: tuple[Opinion, ...]


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


def panel(
    rows: Sequence[JudgementRow],
    faces: Mapping[UUID, Face],
    *,
    team: Iterable[UUID],
    current: TextVersion | None,
    process: ProcessTemplate,
    kind: str,
    reader: UUID | None,
) -> Panel:
    """The panel as ``reader`` sees it; judgements of another text than ``current`` are marked."""
    found = judgement_values(rows, faces, team)
    when = {(row.dimension, row.person_id): row.updated_at for row in rows}
    counted, needed = judged_by(found), demanded(process, kind)
    shown, unjudged = [], []
    for each in tally(found, current):
        dimension = load_feasibility().dimension(each.dimension)
        assert dimension is not None
        if each.n or each.dimension in needed:
            opinions = [_opinion(one, faces, when, current) for one in each.judgements]
            needs, judges = needed.get(each.dimension, 0), counted.get(each.dimension, Judges())
            shown.append(_row(dimension, each, opinions, needs, judges.people))
        else:
            unjudged.append(dimension)
    mine = (_mine(row, current) for row in rows if row.person_id == reader)
    people = len({row.person_id for row in rows})
    return Panel(people, tuple(shown), tuple(unjudged), tuple(mine))


def _row(
    dimension: Dimension, found: Tally, opinions: list[Opinion], needed: int, counted: int
) -> Row:
    classes = tuple((name, n) for name, n in found.by_class.items() if n)
    newest_first = tuple(sorted(opinions, key=lambda one: one.at, reverse=True))
    return Row(
        dimension=dimension,
        tally=found,
        parts=tuple(_parts(found)),
        agreement=_agreement(found),
        classes=classes,
        needed=needed,
        counted=counted,
        opinions=newest_first,
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
    current: TextVersion | None,
) -> Opinion:
    words, face = load_feasibility(), faces[one.person_id]
    return Opinion(
        name=face.name,
        handle=face.handle,
        judgement=one,
        verdict=words.verdicts[one.verdict],
        confidence=words.confidences[one.confidence],
        at=when[one.dimension, one.person_id],
        outdated=current is not None and not one.version.same_text(current),
    )


def _mine(row: JudgementRow, current: TextVersion | None) -> Mine:
    words = load_feasibility()
    dimension = words.dimension(row.dimension)
    assert dimension is not None
    seen = TextVersion(row.epoch, row.seq, row.sha256)
    outdated = current is not None and not seen.same_text(current)
    return Mine(dimension, words.verdicts[Verdict(row.verdict)], outdated, row)
