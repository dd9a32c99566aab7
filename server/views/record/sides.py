"""Two compared texts as pages show them: by section, with long unchanged passages folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from collab.process.dossier import DossierTemplate
from collab.process.templates.reading import Words
from collab.sync.comparing.texts import Change, ComparedLine, Difference
from server.views.record.difference import Compared

SAME: Final = Change.SAME

AROUND: Final = 1
"""So many unchanged lines stay in sight beside a change."""

FOLDED_MIN: Final = 3
"""Fewer unchanged lines than this are not worth folding."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that stand together; folded ones are unchanged and far from any change."""

    lines: tuple[ComparedLine, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """A section of both texts; one without a label is in today's template no more."""

    id: str
    label: Words | None
    passages: tuple[Passage, ...]
    is_changed: bool


def sections_of(found: Compared) -> list[ComparedSection]:
    """The sections in the template's order."""
    return by_section(found.difference, found.case.template)


def by_section(difference: Difference, template: DossierTemplate) -> list[ComparedSection]:
    """The sections of a difference in the template's order; without empty ones."""
    lines = difference.sections
    labels = {section.id: section.label for section in template.sections}
    names = [name for name in labels if name in lines]
    names += [name for name in lines if name not in labels]
    return [
        ComparedSection(
            id=name,
            label=labels.get(name),
            passages=tuple(folded(lines[name])),
            is_changed=any(line.change is not Change.SAME for line in lines[name]),
        )
        for name in names
        if lines[name]
    ]


def folded(lines: Sequence[ComparedLine]) -> Iterator[Passage]:
    """The lines in passages: of a long unchanged stretch only its ends beside changes show."""
    stretches = [list(group) for _, group in groupby(lines, lambda each: each.change is SAME)]
    shown: list[ComparedLine] = []
    for at, stretch in enumerate(stretches):
        first = AROUND if at else 0
        last = len(stretch) - (AROUND if at < len(stretches) - 1 else 0)
        if stretch[0].change is not SAME or last - first < FOLDED_MIN:
            shown += stretch
            continue
        shown += stretch[:first]
        if shown:
            yield Passage(tuple(shown))
        yield Passage(tuple(stretch[first:last]), is_folded=True)
        shown = stretch[last:]
    if shown:
        yield Passage(tuple(shown))
