"""Section templates: what is shipped, and what is refused when loaded."""

from collections.abc import Callable
from typing import Any

import pytest

from collab.errors import NotFound
from collab.process.dossier import (
    IdeaKind,
    every_section_id,
    load_dossier,
    load_dossier_version,
    parse_dossier,
)
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate


def template() -> dict[str, Any]:
    """A small faultless template, to be spoilt."""
    words = {"de": "Wort", "en": "word"}
    section = {"id": "situation", "required": True, "label": words, "help": words}
    return {
        "id": "need", "version": 1, "kind": "need", "label": words, "help": words,
        "sections": [section],
    }  # fmt: skip


def test_i1_need_requires_title_situation_and_who_is_affected_only() -> None:
    assert load_dossier("need").required == ("title", "situation", "affected")


def test_proposal_requires_title_situation_and_the_idea() -> None:
    assert load_dossier("proposal").required == ("title", "situation", "idea")


def test_i2_documents_can_hold_the_sections_of_both_kinds() -> None:
    roots = every_section_id()
    assert len(set(roots)) == len(roots)
    assert set(roots) == {s for kind in IdeaKind for s in load_dossier(kind).section_ids}


@pytest.mark.parametrize("kind", list(IdeaKind))
def test_g10_every_shipped_section_has_label_and_help_in_both_languages(kind: IdeaKind) -> None:
    for section in load_dossier(kind).sections:
        texts = [section.label["de"], section.label["en"], section.help["de"], section.help["en"]]
        assert all(texts)
        assert len(set(texts)) == 4


def test_unknown_language_reads_german() -> None:
    label = load_dossier("need").label
    assert label["fr"] == label["de"] != label["en"]


def test_g10_idea_keeps_the_version_it_was_made_with() -> None:
    assert load_dossier_version("need", 1).version == 1
    with pytest.raises(NotFound):
        load_dossier_version("need", 99)
    with pytest.raises(NotFound):
        load_dossier_version("../process/gdb-arena", 1)


def test_unknown_kind_is_our_own_mistake() -> None:
    with pytest.raises(ValueError):
        load_dossier("wish")


def test_section_is_found_by_id() -> None:
    found = load_dossier("need").section("affected")
    assert found is not None
    assert found.required
    assert load_dossier("need").section("idea") is None


def label_missing(data: dict[str, Any]) -> None:
    del data["sections"][0]["label"]


def language_missing(data: dict[str, Any]) -> None:
    data["sections"][0]["help"] = {"de": "nur Deutsch"}


def section_repeated(data: dict[str, Any]) -> None:
    data["sections"] *= 2


def section_named_title(data: dict[str, Any]) -> None:
    data["sections"][0]["id"] = "title"


def section_with_odd_id(data: dict[str, Any]) -> None:
    data["sections"][0]["id"] = "Ausgangs Lage"


def nothing_required(data: dict[str, Any]) -> None:
    data["sections"][0]["required"] = False


def required_is_no_bool(data: dict[str, Any]) -> None:
    data["sections"][0]["required"] = "yes"


def unknown_kind(data: dict[str, Any]) -> None:
    data["kind"] = "wish"


def version_is_no_number(data: dict[str, Any]) -> None:
    data["version"] = True


FAULTS = [
    label_missing, language_missing, section_repeated, section_named_title, section_with_odd_id,
    nothing_required, required_is_no_bool, unknown_kind, version_is_no_number,
]  # fmt: skip


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda fault: fault.__name__)
def test_g10_faulty_template_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    data = template()
    parse_dossier(data)
    spoil(data)
    with pytest.raises(FaultyTemplate):
        parse_dossier(data)


def test_catalogue_names_cannot_leave_their_folder() -> None:
    with pytest.raises(FaultyTemplate):
        reading.read("dossier", "../process/gdb-arena", 1)
