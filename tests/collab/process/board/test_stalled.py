"""What counts as a standstill, stage by stage."""

from datetime import UTC, datetime, timedelta

from collab.process.board.stalled import is_stalled, quiet_since
from collab.process.processes import load_process

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_b13_an_idea_stands_still_when_the_days_of_its_stage_are_over() -> None:
    for stage in load_process().stages:
        if stage.stalled_days is None:
            assert not is_stalled(stage, NOW - timedelta(days=10_000), NOW), stage.id
            continue
        limit = NOW - timedelta(days=stage.stalled_days)
        assert not is_stalled(stage, limit, NOW), stage.id
        assert is_stalled(stage, limit - timedelta(seconds=1), NOW), stage.id


def test_b13_what_has_arrived_or_waits_by_decision_does_not_stand_still() -> None:
    watched = quiet_since(load_process().stages, NOW)
    assert {"open", "elaboration", "feasibility", "decision", "prototype"} <= watched.keys()
    assert not {"draft", "deferred", "declined", "permanent", "archived"} & watched.keys()
