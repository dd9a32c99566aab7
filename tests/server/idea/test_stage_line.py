"""The way of an idea as a line of steps."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from collab.process.processes import load_process
from server.views.stage_line import Place, line, main_way, moves
from storage.stages import StageChange

START = datetime(2026, 11, 1, tzinfo=UTC)
PROCESS = load_process()


def changes(*stages: str) -> list[StageChange]:
    """An idea's moves through these stages, a day apart."""
    return [
        StageChange(
            id=uuid4(),
            idea_id=uuid4(),
            transition="submit",
            from_stage=source,
            to_stage=target,
            reason="",
            actor_id=uuid4(),
            actor_name="Ana",
            revision=number,
            epoch=1,
            seq=number,
            sha256="0" * 64,
            at=START + timedelta(days=number),
        )
        for number, (source, target) in enumerate(pairwise(stages), 2)
    ]


def shown(kind: str, *stages: str) -> list[str]:
    """The line of an idea that went through these stages: its sign and its stage."""
    sign = {Place.DONE: "✓", Place.CURRENT: "●", Place.AHEAD: "…"}
    steps = line(PROCESS, kind, stages[-1], changes(*stages))
    return [sign[step.place] + step.stage.id for step in steps]


def test_a_proposal_has_its_whole_way_before_it() -> None:
    assert shown("proposal", "draft") == [
        "●draft", "…open", "…elaboration", "…feasibility", "…proposal", "…decision",
        "…prototype", "…implementation", "…permanent", "…scaled",
    ]  # fmt: skip


def test_a_need_goes_only_as_far_as_the_process_lets_it() -> None:
    assert [stage.id for stage in main_way(PROCESS, "need")] == ["draft", "open", "covered"]


def test_stages_of_the_other_type_of_measure_are_not_on_the_way() -> None:
    ids = [stage.id for stage in main_way(PROCESS, "proposal", "network")]
    assert ids[6:9] == ["measure_network_pending", "measure_network", "prototype"]
    assert "measure_network" not in {
        stage.id for stage in main_way(PROCESS, "proposal", "decentral")
    }


def test_what_was_left_behind_is_done() -> None:
    assert shown("proposal", "draft", "open", "elaboration")[:4] == [
        "✓draft", "✓open", "●elaboration", "…feasibility",
    ]  # fmt: skip


def test_a_returned_idea_stands_beside_its_way_and_goes_on() -> None:
    assert shown("proposal", "draft", "open", "elaboration", "returned") == [
        "✓draft", "✓open", "✓elaboration", "●returned", "…feasibility", "…proposal", "…decision",
        "…prototype", "…implementation", "…permanent", "…scaled",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["declined", "withdrawn", "archived"])
def test_an_ended_idea_has_nothing_before_it(end: str) -> None:
    assert shown("proposal", "draft", "open", end) == ["✓draft", "✓open", f"●{end}"]


def test_an_idea_that_came_in_open_has_its_place_too() -> None:
    assert shown("need", "open") == ["✓draft", "●open", "…covered"]


def test_each_step_says_when_the_idea_last_came_to_it() -> None:
    steps = line(PROCESS, "need", "open", changes("draft", "open", "returned", "open"))
    assert [step.at for step in steps] == [None, START + timedelta(days=4), None]


def test_the_history_begins_with_the_newest_move() -> None:
    found = moves(PROCESS, changes("draft", "open", "elaboration"))
    assert [each.target and each.target.id for each in found] == ["elaboration", "open"]
