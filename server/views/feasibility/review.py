"""One's own judgement beside what has become of the text it judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from collab.errors import NotFound
from collab.process.actors import Actor
from collab.process.feasibility.dimensions import Confidence, Dimension, Verdict, load_feasibility
from collab.process.feasibility.material import TITLE, Change, Kind
from collab.process.feasibility.rounds import Round
from collab.process.feasibility.spelling import words
from collab.process.templates.reading import Words
from collab.sync.comparing.script import Op
from collab.sync.comparing.texts import Change as LineChange
from collab.sync.comparing.texts import ComparedLine
from collab.sync.comparing.words import Run
from server.actions.cases import Case, open_case
from server.actions.feasibility.judgements import own
from server.actions.feasibility.outdated import changes
from server.actions.feasibility.sight import open_round
from server.services import Services
from server.views.record.difference import (
    NOW,
    Compared,
    compared,
    compared_with,
    version_of,
)
from storage import ideas, texts
from storage.database import Transaction
from storage.feasibility.judgements import Judgement
from storage.ideas import Idea
from storage.merging.judgements import EARLIER
from storage.process.ties import merging
from storage.texts import PinnedText

ORIGINS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a line; ``kind`` if something material is in it."""

    op: Op
    text: str
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of the comparison with its marks."""

    line: ComparedLine
    runs: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section with changes; ``label`` is None for the title."""

    id: str
    label: Words | None
    lines: tuple[MarkedLine, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A material change with the section it is in; ``label`` is None for the title."""

    change: Change
    label: Words | None


@dataclass(frozen=True, slots=True)
class Review:
    """What the person decides about: his judgement, the two texts, and what is material."""

    case: Case
    dimension: Dimension
    row: Judgement
    verdict: Words
    confidence: Words
    found: Compared
    material: tuple[Named, ...]
    sections: tuple[Section, ...]
    round: Round | None
    origin: Idea | None
    """The idea whose text he judged, where that one has become part of this one."""


async def review(
    services: Services, actor: Actor, ref: str, dimension: str, now: datetime
) -> Review:
    """The judgement of the actor beside the text of now, or beside that of the open round.

    Raises:
        NotFound: (judgement-unknown) he has not judged this, or may not read the idea.
        Conflict: (unreadable-document) the text of now cannot be read.
    """
    template = load_feasibility()
    about = template.dimension(dimension)
    async with services.database.read() as tx:
        case = await open_case(tx, actor, ref)
        if about is None or case.actor.person_id is None:
            raise NotFound("judgement-unknown")
        row = await own(tx, case, dimension)
        held = await open_round(tx, case, now)
        origin = await _origin(tx, row)
    asked = held if held and dimension in held.dimensions else None
    later = f"{asked.version.epoch}.{asked.version.seq}" if asked else NOW
    if origin is None:
        found = await compared(services, actor, ref, f"{row.epoch}.{row.seq}", later)
    else:
        found = await compared_with(services, actor, case, version_of(origin[1]), later)
    async with services.database.read() as tx:
        material = await changes(tx, found.earlier.text, found.later.text)
    labels = {section.id: section.label for section in case.template.sections}
    return Review(
        case=case,
        dimension=about,
        row=row,
        verdict=template.verdicts[Verdict(row.verdict)],
        confidence=template.confidences[Confidence(row.confidence)],
        found=found,
        material=tuple(Named(each, labels.get(each.section)) for each in material),
        sections=tuple(_sections(found, material, labels)),
        round=asked,
        origin=origin[0] if origin else None,
    )


async def _origin(tx: Transaction, row: Judgement) -> tuple[Idea, PinnedText] | None:
    """Of a judgement that went along with a merged idea: that idea, and its text."""
    if (row.epoch, row.seq) != tuple(EARLIER.values()):
        return None
    merged = await merging.sources_of(tx, row.idea_id, ORIGINS_MAX)
    known = {each.document_id: each for each in await ideas.of_ids(tx, merged)}
    text = await texts.pinned_as(tx, known, row.sha256)
    return None if text is None else (known[text.document_id], text)


def _sections(
    found: Compared, material: Iterable[Change], labels: Mapping[str, Words]
) -> Iterable[Section]:
    changed = list(material)
    every = {TITLE: (found.difference.title,), **found.difference.sections}
    for name, lines in every.items():
        if any(line.change is not LineChange.SAME for line in lines):
            here = [each for each in changed if each.section == name]
            yield Section(name, labels.get(name), tuple(_marked(line, here) for line in lines))


def _marked(line: ComparedLine, here: list[Change]) -> MarkedLine:
    return MarkedLine(line, tuple(Marked(run.op, run.text, _kind(run, here)) for run in line.runs))


def _kind(run: Run, here: list[Change]) -> Kind | None:
    """The first material change that a word of the run belongs to."""
    if run.op is Op.SAME:
        return None
    said = {word.folded for word in words(run.text)}
    for each in here:
        stood = each.before if run.op is Op.REMOVED else each.after
        if not said.isdisjoint(word.folded for word in words(stood)):
            return each.kind
    return None
