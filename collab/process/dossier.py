"""What a dossier consists of: the versioned section templates of the two kinds of idea."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from collab.errors import NotFound
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate, Words

TITLE = "title"
TITLE_CHARS_MAX = 200


class IdeaKind(StrEnum):
    """A need says what is missing; a proposal says what to do about it."""

    NEED = "need"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the dossier, written in its own root of the live document."""

    id: str
    label: Words
    help: Words
    required: bool


@dataclass(frozen=True, slots=True)
class DossierTemplate:
    """The sections of one kind of idea in one version, in reading order."""

    id: str
    version: int
    kind: IdeaKind
    label: Words
    help: Words
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section | None:
        """The section of that id, or None."""
        return next((section for section in self.sections if section.id == section_id), None)

    @property
    def section_ids(self) -> tuple[str, ...]:
        """The ids of all sections in reading order, without the title."""
        return tuple(section.id for section in self.sections)

    @property
    def required(self) -> tuple[str, ...]:
        """What must hold text before the idea is published: the title and required sections."""
        return (TITLE, *(section.id for section in self.sections if section.required))


def load_dossier(kind: str) -> DossierTemplate:
    """The newest template for ideas of ``kind``."""
    template_id = IdeaKind(kind).value
    return load_dossier_version(template_id, reading.versions("dossier", template_id)[-1])


@cache
def load_dossier_version(template_id: str, version: int) -> DossierTemplate:
    """The template an existing idea was made with; raises NotFound if it is not shipped."""
    if version not in reading.versions("dossier", template_id):
        raise NotFound("template-unknown", template=template_id, version=version)
    return parse_dossier(reading.read("dossier", template_id, version))


def every_section_id() -> tuple[str, ...]:
    """The ids of all sections of the newest templates, each once.

    A document that has a root for each of them keeps its text when the idea changes its kind.
    """
    sections = (section for kind in IdeaKind for section in load_dossier(kind).sections)
    return tuple(dict.fromkeys(section.id for section in sections))


def parse_dossier(data: Mapping[str, object]) -> DossierTemplate:
    """The template in a catalogue file; raises FaultyTemplate naming the place of a fault."""
    place = reading.identifier(data.get("id"), "dossier")
    sections = tuple(
        _parse_section(reading.mapping(item, place), place)
        for item in reading.items(data, "sections", place)
    )
    ids = [section.id for section in sections]
    if len(set(ids)) != len(ids) or TITLE in ids:
        raise FaultyTemplate(f"{place}: section ids must differ from each other and from the title")
    if not any(section.required for section in sections):
        raise FaultyTemplate(f"{place}: at least one section must be required")
    return DossierTemplate(
        id=place,
        version=reading.number(data, "version", place),
        kind=_parse_kind(data, place),
        label=reading.words(data, "label", place),
        help=reading.words(data, "help", place),
        sections=sections,
    )


def _parse_section(data: Mapping[str, object], place: str) -> Section:
    section_id = reading.identifier(data.get("id"), f"{place}.sections")
    place = f"{place}.{section_id}"
    required = data.get("required")
    if not isinstance(required, bool):
        raise FaultyTemplate(f"{place}.required: expected true or false")
    label, help_ = reading.words(data, "label", place), reading.words(data, "help", place)
    return Section(section_id, label, help_, required)


def _parse_kind(data: Mapping[str, object], place: str) -> IdeaKind:
    kind = data.get("kind")
    if kind not in set(IdeaKind):
        raise FaultyTemplate(f"{place}.kind: {kind!r} is no kind of idea")
    return IdeaKind(str(kind))
