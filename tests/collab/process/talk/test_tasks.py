"""Tasks, reactions and the note of a settled thread: what is taken and what is refused."""

from datetime import date

import pytest

from collab.errors import Invalid
from collab.process.talk.reactions import Mood, Reaction, check_reaction
from collab.process.talk.settling import check_change, check_note
from collab.process.talk.tasks import TaskState, check_settling, check_task, is_overdue

TODAY = date(2026, 11, 26)


def fields(refusal: pytest.ExceptionInfo[Invalid]) -> object:
    return refusal.value.data["fields"]


def test_c12_a_task_says_what_and_may_say_until_when() -> None:
    planned = check_task("  Amt fragen\r\n", " 2026-11-26 ", today=TODAY)
    assert (planned.text, planned.due) == ("Amt fragen", TODAY)
    assert check_task("x" * 500, "", today=TODAY).due is None


@pytest.mark.parametrize(
    ("text", "due", "faults"),
    [
        ("", "", {"text": "empty"}),
        ("x" * 501, "", {"text": "too-long"}),
        ("x", "2026-11-25", {"due": "in-the-past"}),
        ("x", "2029-12-01", {"due": "too-far-away"}),
        ("x", "2026-02-30", {"due": "malformed"}),
        ("x", "20261126", {"due": "malformed"}),
        ("x", "2026-W48-4", {"due": "malformed"}),
        ("", "morgen", {"text": "empty", "due": "malformed"}),
    ],
)
def test_c13_a_faulty_task_is_refused_by_field(text: str, due: str, faults: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        check_task(text, due, today=TODAY)
    assert fields(refusal) == faults


def test_c13_a_day_that_is_over_may_stay_where_it_was() -> None:
    known = date(2026, 1, 1)
    assert check_task("x", "2026-01-01", today=TODAY, known=known).due == known


def test_c13_a_task_has_until_the_end_of_its_day() -> None:
    assert not is_overdue("open", TODAY, TODAY)
    assert is_overdue("open", date(2026, 11, 25), TODAY)
    assert not is_overdue("done", date(2026, 11, 25), TODAY)
    assert not is_overdue("open", None, TODAY)


def test_c12_dropping_a_task_needs_a_reason() -> None:
    assert check_settling("dropped", " Erledigt sich. ") == (TaskState.DROPPED, "Erledigt sich.")
    assert check_settling("done", "") == (TaskState.DONE, "")
    for state, reason, faults in (
        ("dropped", " ", {"reason": "empty"}),
        ("done", "x" * 501, {"reason": "too-long"}),
        ("lost", "", {"state": "unknown-choice"}),
    ):
        with pytest.raises(Invalid) as refusal:
            check_settling(state, reason)
        assert fields(refusal) == faults


def test_c9_reactions_are_three_and_n_is_their_sum() -> None:
    assert [check_reaction(each) for each in ("agree", "disagree", "unsure")] == list(Reaction)
    with pytest.raises(Invalid):
        check_reaction("love")
    counts = {Reaction.AGREE: 2, Reaction.DISAGREE: 0, Reaction.UNSURE: 1}
    assert Mood(counts).n == 3


def test_c10_the_change_that_settles_lies_between_two_versions() -> None:
    assert check_change("", "") is None
    assert check_change("1.9", "1.10") == ("1.9", "1.10")
    assert check_change("1.9", "2.1") == ("1.9", "2.1")
    for earlier, later, faults in (
        ("1.9", "", {"change_to": "malformed"}),
        ("1", "x", {"change_from": "malformed", "change_to": "malformed"}),
        ("1.9", "1.9", {"change_to": "before-the-beginning"}),
    ):
        with pytest.raises(Invalid) as refusal:
            check_change(earlier, later)
        assert fields(refusal) == faults


def test_c10_the_note_is_bounded() -> None:
    assert check_note(" x ") == "x"
    with pytest.raises(Invalid) as refusal:
        check_note("x" * 501)
    assert fields(refusal) == {"note": "too-long"}
