"""Evenings that can be held again and again, as data: their steps, minutes, sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from collab.errors import Invalid, NotFound
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words
from collab.process.workshop.agenda import Step, steps_from_json

FOLDER: Final = "workshop"


@dataclass(frozen=True, slots=True)
class WorkshopTemplate:
    """One kind of evening. ``tables`` and ``dots`` are what a new one is offered with."""

    id: str
    version: int
    label: Words
    purpose: Words
    tables: int
    dots: int
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> int:
        """How long all steps take together."""
        return sum(step.minutes for step in self.steps)


def workshop_templates() -> tuple[WorkshopTemplate, ...]:
    """The newest version of every template, the longest evening first."""
    found = [load_workshop_template(each) for each in reading.names_in(FOLDER)]
    return tuple(sorted(found, key=lambda each: (-each.minutes, each.id)))


def load_workshop_template(template_id: str, version: int | None = None) -> WorkshopTemplate:
    """The template of this name, in its newest version unless another is asked for.

    Raises:
        NotFound: there is none.
    """
    shipped = reading.versions(FOLDER, template_id)
    if not shipped or (version is not None and version not in shipped):
        raise NotFound
    return _load(template_id, version or shipped[-1])


@cache
def _load(template_id: str, version: int) -> WorkshopTemplate:
    data, place = reading.read(FOLDER, template_id, version), f"workshop {template_id} {version}"
    return WorkshopTemplate(
        id=template_id,
        version=version,
        label=reading.words(data, "label", place),
        purpose=reading.words(data, "purpose", place),
        tables=reading.number(data, "tables", place),
        dots=reading.number(data, "dots", place),
        steps=_steps(data, place),
    )


def _steps(data: Mapping[str, object], place: str) -> tuple[Step, ...]:
    """The steps, each with its words in every language of the product."""
    listed = [
        reading.mapping(each, f"{place}.steps") for each in reading.items(data, "steps", place)
    ]
    for number, each in enumerate(listed):
        for name in ("label", "instruction", "hint"):
            reading.words(each, name, f"{place}.steps.{number}")
    try:
        return steps_from_json(listed)
    except Invalid as fault:
        raise FaultyTemplate(f"{place}: {fault}") from fault
