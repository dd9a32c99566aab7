"""Templates of evenings: complete, in both languages, honest about what dots are."""

from __future__ import annotations

import re

import pytest

from collab.errors import Invalid, NotFound
from collab.process.workshop.agenda import (
    SENTENCE_CHARS_MAX,
    StepKind,
    in_language,
    steps_from_json,
    steps_to_json,
)
from collab.process.workshop.templates import load_workshop_template, workshop_templates


def test_ws3_every_template_can_be_held_as_it_is() -> None:
    found = {each.id: each for each in workshop_templates()}
    assert {name: each.minutes for name, each in found.items()} == {
        "idea-evening": 90,
        "feasibility-clinic": 75,
        "check-in": 30,
    }
    for template in found.values():
        assert steps_from_json(steps_to_json(template.steps)) == template.steps
        assert template.steps[-1].kind is StepKind.HARVEST
        for step in template.steps:
            for words in (step.label, step.instruction, step.hint):
                assert set(words) == {"de", "en"}, (template.id, step.kind)
            assert step.is_silent is (step.kind is StepKind.COLLECT)


def test_ws3_no_template_lets_dots_decide() -> None:
    votes = [
        step for each in workshop_templates() for step in each.steps if step.kind is StepKind.VOTE
    ]
    assert len(votes) == 3
    for step in votes:
        assert re.search(r"[Ee]ntsch|Urteil", step.hint["de"]), step.hint["de"]
        assert re.search(r"decide|decision|judgement", step.hint["en"]), step.hint["en"]


def test_ws3_a_template_that_is_not_shipped_is_not_found() -> None:
    assert load_workshop_template("check-in", 1) == load_workshop_template("check-in")
    for name, version in (("check-in", 9), ("../process/kiez", None), ("none", None)):
        with pytest.raises(NotFound):
            load_workshop_template(name, version)


def test_ws3_sentences_beside_a_step_have_a_bound() -> None:
    step = {"kind": "collect", "label": {"de": "x"}, "minutes": 1}
    longest = {"de": "x" * SENTENCE_CHARS_MAX}
    (read,) = steps_from_json([{**step, "hint": longest}])
    assert (read.hint, read.instruction) == (longest, {})
    for name, faulty in (("hint", {"de": "x" * (SENTENCE_CHARS_MAX + 1)}), ("instruction", "x")):
        with pytest.raises(Invalid) as refusal:
            steps_from_json([{**step, name: faulty}])
        assert list(refusal.value.data["fields"]) == [f"agenda.0.{name}"]  # type: ignore[call-overload]
    assert [in_language(longest, "en")[:1], in_language({}, "en")] == ["x", ""]
