"""The catalogue of evidence: who records what, what the processes ask for, what is refused."""

from copy import deepcopy
from typing import Any

import pytest

from collab.errors import Invalid
from collab.process.evidence import (
    REASON_CHARS_MAX,
    asked_in,
    check_amendment,
    check_evidence,
    grounds,
    load_evidence,
    parse_evidence,
)
from collab.process.permissions import Action, roles_for
from collab.process.processes import every_process, load_process
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate

PLAN = load_evidence().kind("trial_plan")


def catalogue() -> dict[str, Any]:
    """The shipped file, to be spoilt."""
    return deepcopy(dict(reading.read("evidence", "evidence", 1)))


@pytest.mark.parametrize("roles", [[], ["mayor"], ["lead", "lead"], "lead"])
def test_f2_a_kind_without_known_roles_is_refused(roles: object) -> None:
    spoilt = catalogue()
    spoilt["kinds"][0]["roles"] = roles
    with pytest.raises(FaultyTemplate, match="agenda"):
        parse_evidence(spoilt)


def test_f2_whatever_a_way_asks_for_somebody_can_record_before_it() -> None:
    stuck = [
        f"{process.id}.{process.version}: {kind} in {stage}"
        for process in every_process()
        for way in process.transitions
        for kind in grounds(way)
        for stage in way.sources
        if not load_evidence().kind(kind).roles & roles_for(Action.PUT_EVIDENCE, stage)
    ]
    assert not stuck


def test_a_process_asks_for_the_kinds_of_its_gates_in_reading_order() -> None:
    found = [kind.id for kind in asked_in(load_process("verwaltung"), "proposal")]
    assert found == ["mandate", "permanence_plan", "learnings", "initiative_search"]
    assert asked_in(load_process(), "need") == ()


def test_f1_what_is_kept_is_trimmed_and_complete_only_by_its_required_fields() -> None:
    kept = check_evidence(PLAN, {"hypothesis": "  Ja. ", "begins": "", "data_protection": "none"})
    assert kept == {"hypothesis": "Ja.", "data_protection": "none"}
    assert [field.id for field in PLAN.missing(kept)] == [
        "success_criterion",
        "test_group",
        "begins",
        "ends",
    ]


@pytest.mark.parametrize("day", ["2027-02-30", "20270228", "2027-W09-7", "gestern"])
def test_f1_a_day_is_a_day_of_the_calendar(day: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_evidence(PLAN, {"begins": day})
    assert refusal.value.data == {"fields": {"begins": "malformed"}}


def test_f3_only_an_amendment_must_say_why() -> None:
    assert check_amendment(" ", is_amendment=False) == ""
    with pytest.raises(Invalid) as refusal:
        check_amendment(" ", is_amendment=True)
    assert refusal.value.data == {"fields": {"reason": "amendment-reason"}}


def test_f3_the_reason_is_bounded() -> None:
    longest = "x" * REASON_CHARS_MAX
    assert check_amendment(longest, is_amendment=True) == longest
    with pytest.raises(Invalid):
        check_amendment(longest + "x", is_amendment=True)
