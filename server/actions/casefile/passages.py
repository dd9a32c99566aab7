"""Where in the dossier something is meant: a section, or a passage in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from collab.errors import Invalid
from collab.process.dossier import TITLE
from collab.process.talk.comments import Anchor
from server.actions.cases import Case


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in the dossier; None is nowhere in particular."""

    section: str | None = None
    anchor: dict[str, str] | None = None


def passage_in(case: Case, section: str | None, anchor: Mapping[str, object] | None) -> Passage:
    """The place as it is stored; a passage says its section itself.

    Raises:
        Invalid: there is no such section, or the anchor is faulty; names every field.
    """
    known = {TITLE, *case.template.section_ids}
    if anchor is not None:
        found = Anchor.from_json(dict(anchor))
        if found.section not in known:
            raise Invalid(fields={"anchor.section": "unknown"})
        return Passage(found.section, found.to_json())
    if section and section not in known:
        raise Invalid(fields={"section": "unknown-choice"})
    return Passage(section or None)
