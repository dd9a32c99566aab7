"""Moving running cases to another version of their process: the plan and its digest."""

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest

from collab.process.dossier import IdeaKind
from collab.process.moving import RunningCase, plan_move
from collab.process.processes import check_process, load_process
from collab.process.stages import ProcessTemplate

OLD = load_process("gdb-arena", 2)


def changed(**changes: Any) -> ProcessTemplate:
    """The full process as another version, with some of its parts replaced."""
    return replace(OLD, version=3, **changes)


def case(stage: str, **fields: Any) -> RunningCase:
    """A proposal in ``stage``."""
    known: dict[str, Any] = {"ref": "2026-00001", "kind": "proposal", "revision": 3}
    return RunningCase(stage=stage, **{**known, "measure_type": None, **fields})


def only(new: ProcessTemplate, running: RunningCase) -> tuple[str, str | None]:
    """Where the one case would go, and what stands against it."""
    (step,) = plan_move(OLD, new, [running]).steps
    return step.to_stage, step.obstacle


def test_ac_g14_a_plan_lists_every_running_case_with_its_new_state() -> None:
    cases = [case("open"), case("proposal", ref="2026-00002")]
    plan = plan_move(load_process("gdb-arena", 1), OLD, cases)
    assert [(step.case.ref, step.to_stage, step.obstacle) for step in plan.steps] == [
        ("2026-00001", "open", None),
        ("2026-00002", "proposal", None),
    ]
    assert {"decision", "measure_network"} <= set(plan.stages_new)
    assert plan.transitions_gone == ("elaborate",)
    assert {"adopt", "recognise"} <= set(plan.transitions_new)
    assert "qualify" in plan.transitions_changed


def test_g13_a_case_in_a_stage_that_is_gone_stays() -> None:
    without = changed(stages=tuple(s for s in OLD.stages if s.id != "deferred"))
    assert only(without, case("deferred")) == ("deferred", "stage-gone")


def test_g13_a_renamed_stage_is_followed() -> None:
    stages = tuple(replace(s, id="talk") if s.id == "open" else s for s in OLD.stages)
    ways = tuple(
        replace(way, sources=tuple("talk" if s == "open" else s for s in way.sources))
        for way in OLD.transitions
    )
    new = changed(stages=stages, transitions=ways, renamed={"open": "talk"})
    assert only(new, case("open")) == ("talk", None)


@pytest.mark.parametrize(
    ("stage", "measure_type", "obstacle"),
    [
        ("prototype", None, "not-measure"),
        ("measure_decentral", "network", "not-decentral"),
        ("prototype", "network", None),
        ("prototype", "decentral", None),
    ],
)
def test_g13_a_case_does_not_come_into_a_stage_that_promises_more_than_it_is(
    stage: str, measure_type: str | None, obstacle: str | None
) -> None:
    assert only(changed(), case(stage, measure_type=measure_type)) == (stage, obstacle)


def test_g13_an_unrecognised_network_measure_does_not_slip_into_a_trial() -> None:
    old = replace(OLD, stages=tuple(replace(s, holds=frozenset()) for s in OLD.stages))
    (step,) = plan_move(old, changed(), [case("prototype", measure_type="network")]).steps
    assert step.obstacle == "not-recognised-if-network"


def test_g13_a_kind_that_the_process_is_not_for_stays() -> None:
    new = changed(kinds=frozenset({IdeaKind.PROPOSAL}))
    assert only(new, case("open", kind="need")) == ("open", "kind-not-in-process")


def test_g13_a_case_is_not_left_without_a_way_out() -> None:
    ways = tuple(way for way in OLD.transitions if "decision" not in way.sources)
    assert only(changed(transitions=ways), case("decision")) == ("decision", "no-way-out")


def test_g13_the_digest_names_exactly_one_plan() -> None:
    first = plan_move(OLD, changed(), [case("open")])
    assert first.digest == plan_move(OLD, changed(), [case("open")]).digest
    for other in (case("open", revision=4), case("returned"), case("open", ref="2026-00003")):
        assert plan_move(OLD, changed(), [other]).digest != first.digest


def test_g13_renaming_into_nowhere_is_refused_when_loaded() -> None:
    text = resources.files("collab.process.templates").joinpath("process/kiez.v1.json")
    data = json.loads(text.read_text("utf-8"))
    check_process(json.dumps(data))
    for renamed in ({"idea": "limbo"}, {"open": "doing"}):
        with pytest.raises(ValueError, match="cannot be"):
            check_process(json.dumps({**data, "renamed": renamed}))
