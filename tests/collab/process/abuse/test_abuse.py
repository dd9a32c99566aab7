"""Reports, appeals and slow mode without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid, Limited, NotAllowed
from collab.process.abuse.figures import Case, figures, shares, told
from collab.process.abuse.hidings import APPEAL_WITHIN, require_appealable, require_other
from collab.process.abuse.reports import (
    Ground,
    Outcome,
    Target,
    check_outcome,
    check_reason,
    check_report,
    require_impartial,
)
from collab.process.abuse.slow import check_slow, require_turn, wait_s

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ME, OTHER = UUID(int=1), UUID(int=2)


def faults(call: object) -> dict[str, str]:
    """The fields that were refused."""
    assert callable(call)
    with pytest.raises(Invalid) as refused:
        call()
    found = refused.value.data["fields"]
    assert isinstance(found, dict)
    return found


def test_d2_a_report_names_every_fault_and_is_bounded() -> None:
    assert check_report("spam", " Werbung\r\nüberall ", "").words == "Werbung\nüberall"
    assert check_report("spam", "x" * 2000, "y" * 500).quote == "y" * 500
    assert faults(lambda: check_report("shout", " ", "y" * 501)) == {
        "ground": "unknown-choice",
        "words": "empty",
        "quote": "too-long",
    }
    assert faults(lambda: check_report("spam", "x" * 2001, "")) == {"words": "too-long"}


def test_c3_hiding_needs_a_bounded_reason() -> None:
    assert check_reason(" beleidigt eine Person ") == "beleidigt eine Person"
    assert faults(lambda: check_reason(" ")) == {"reason": "empty"}
    assert faults(lambda: check_reason("x" * 501)) == {"reason": "too-long"}


def test_d6_only_what_one_person_wrote_can_be_hidden() -> None:
    assert check_outcome(Target.COMMENT, "hidden") is Outcome.HIDDEN
    for target in (Target.SECTION, Target.PERSON):
        assert faults(lambda t=target: check_outcome(t, "hidden")) == {"outcome": "not-hideable"}
        assert check_outcome(target, "acted") is Outcome.ACTED
    assert faults(lambda: check_outcome(Target.COMMENT, "burnt")) == {"outcome": "unknown-choice"}


def test_d6_nobody_decides_on_his_own() -> None:
    require_impartial(ME, concerned=OTHER, is_of_team=False)
    require_impartial(ME, concerned=None, is_of_team=False)
    for concerned, is_of_team in ((ME, False), (None, True)):
        with pytest.raises(NotAllowed, match="own-content"):
            require_impartial(ME, concerned=concerned, is_of_team=is_of_team)


@pytest.mark.parametrize(
    ("is_hidden", "appealed", "later", "code"),
    [
        (True, False, timedelta(), None),
        (True, False, APPEAL_WITHIN, None),
        (True, False, APPEAL_WITHIN + timedelta(seconds=1), "appeal-over"),
        (True, True, timedelta(), "already-appealed"),
        (False, False, timedelta(), "not-hidden"),
    ],
)
def test_d9_an_appeal_is_made_once_while_hidden_within_six_months(
    is_hidden: bool, appealed: bool, later: timedelta, code: str | None
) -> None:
    def ask() -> None:
        require_appealable(hidden_at=NOW, is_hidden=is_hidden, appealed=appealed, now=NOW + later)

    if code is None:
        ask()
        return
    with pytest.raises(Conflict, match=code):
        ask()


def test_d9_whoever_hid_or_wrote_does_not_decide_the_appeal() -> None:
    require_other(UUID(int=3), hidden_by=ME, author=OTHER)
    with pytest.raises(NotAllowed, match="own-decision"):
        require_other(ME, hidden_by=ME, author=OTHER)
    with pytest.raises(NotAllowed, match="own-content"):
        require_other(OTHER, hidden_by=ME, author=OTHER)


@pytest.mark.parametrize(
    ("seconds", "hours", "fields"),
    [
        (30, 1, {}),
        (3600, 168, {}),
        (29, 0, {"seconds": "too-small", "hours": "too-small"}),
        (3601, 169, {"seconds": "too-big", "hours": "too-big"}),
    ],
)
def test_d11_slow_mode_is_bounded(seconds: int, hours: int, fields: dict[str, str]) -> None:
    if not fields:
        assert check_slow(seconds, hours, " Ruhe. ") == "Ruhe."
        return
    assert faults(lambda: check_slow(seconds, hours, "Ruhe.")) == fields
    assert faults(lambda: check_slow(60, 1, " ")) == {"reason": "empty"}


def test_d11_a_turn_says_when_the_next_one_is() -> None:
    assert wait_s(None, 60, NOW) == 0
    assert wait_s(NOW, 60, NOW + timedelta(seconds=59.2)) == 1
    assert wait_s(NOW, 60, NOW + timedelta(seconds=60)) == 0
    with pytest.raises(Limited, match="slow-mode") as refused:
        require_turn(NOW, 60, NOW + timedelta(seconds=18))
    assert refused.value.data == {"retry_after_s": 42}
    require_turn(NOW, 60, NOW + timedelta(seconds=60))


def test_d13_small_numbers_are_not_told_nor_found_by_subtracting() -> None:
    assert [told(number) for number in (0, 1, 4, 5)] == [0, None, None, 5]
    assert shares({"a": 9, "b": 0, "c": 7}) == {"a": 9, "b": 0, "c": 7}
    # 18 in all would give away the 2.
    assert shares({"a": 9, "b": 2, "c": 7}) == {"a": 9, "b": None, "c": None}
    assert shares({"a": 3, "b": 2, "c": 7}) == {"a": None, "b": None, "c": 7}
    assert shares({"a": 3, "b": 0}) == {"a": None, "b": 0}


def test_d13_figures_count_by_month_and_need_five_for_a_median() -> None:
    cases = [Case(NOW - timedelta(hours=hours), NOW, "dismissed") for hours in (1, 2, 3, 10, 100)]
    reports = [(NOW, Ground.SPAM)] * 6 + [(NOW - timedelta(days=40), Ground.HATE)]
    november, october = figures(
        reports,
        cases,
        [(NOW, "granted")],
        ["2026-11", "2026-10"],
        grounds=list(Ground),
        outcomes=list(Outcome),
        appeal_states=["open", "granted"],
    )
    assert (november.received, november.by_ground["spam"], november.by_ground["hate"]) == (6, 6, 0)
    assert (november.decided, november.by_outcome["dismissed"], november.median_hours) == (5, 5, 3)
    assert (november.appeals, november.by_appeal) == (None, {"open": 0, "granted": None})
    assert (october.received, october.decided, october.median_hours) == (None, 0, None)
