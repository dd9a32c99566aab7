"""Codes as people type them, names as they give them, agendas as they are stored."""

import pytest

from collab.errors import Invalid
from collab.process.workshop.agenda import Step, StepKind, steps_from_json, steps_to_json
from collab.process.workshop.codes import ALPHABET, check_name, parse_code, spelled


@pytest.mark.parametrize("typed", ["ABC234", "abc234", " abc 234 ", "ABC-234", "a-b.c 2–34"])
def test_jn1_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert parse_code(typed) == "ABC234"
    assert parse_code(spelled("ABC234")) == "ABC234"


@pytest.mark.parametrize("typed", ["", "ABC23", "ABC2345", "ABC23O", "ABC231", "ABÇ234", "АBC234"])
def test_jn1_what_looks_like_no_code_is_told_so(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_code(typed)
    assert refusal.value.code == "code-malformed"


def test_jn1_no_letter_of_a_code_is_taken_for_another() -> None:
    assert not set(ALPHABET) & set("ILO01")
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


def test_jn2_a_name_is_one_visible_line() -> None:
    assert check_name("  Ana\n von  Berg ") == "Ana von Berg"
    assert check_name("Zoe\u202e\u0007") == "Zoe"
    assert check_name("x" * 60) == "x" * 60
    for faulty, code in (("", "missing"), ("\u200b \u202e", "missing"), ("x" * 61, "too-long")):
        with pytest.raises(Invalid) as refusal:
            check_name(faulty)
        assert refusal.value.data["fields"] == {"name": code}


def test_ws1_an_agenda_comes_back_as_it_was_stored() -> None:
    steps = (
        Step(StepKind.COLLECT, {"de": "Sammeln", "en": "Collect"}, 10, is_silent=True),
        Step(StepKind.HARVEST, {"de": "Ernten"}, 480),
    )
    assert steps_from_json(steps_to_json(steps)) == steps


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ([], "agenda"),
        ([{"kind": "collect", "label": {"de": "x"}, "minutes": 1}] * 21, "agenda"),
        ([{"kind": "dance", "label": {"de": "x"}, "minutes": 1}], "agenda.0.kind"),
        ([{"kind": "vote", "label": {}, "minutes": 1}], "agenda.0.label"),
        ([{"kind": "vote", "label": {"de": "x" * 81}, "minutes": 1}], "agenda.0.label"),
        ([{"kind": "vote", "label": {"de": "x"}, "minutes": 0}], "agenda.0.minutes"),
        ([{"kind": "vote", "label": {"de": "x"}, "minutes": 481}], "agenda.0.minutes"),
        ([{"kind": "vote", "label": {"de": "x"}, "minutes": True}], "agenda.0.minutes"),
    ],
)
def test_ws1_a_faulty_agenda_is_refused_by_the_name_of_its_field(
    stored: list[dict[str, object]], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        steps_from_json(stored)
    assert list(refusal.value.data["fields"]) == [field]  # type: ignore[call-overload]
