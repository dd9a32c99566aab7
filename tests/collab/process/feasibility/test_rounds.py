"""Rounds of judging: what is hidden from whom, and what may be opened and closed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from collab.errors import Invalid
from collab.process.feasibility.dimensions import load_feasibility, parse_feasibility
from collab.process.feasibility.rounds import (
    CLOSING_REASON_CHARS_MAX,
    Disclosure,
    Given,
    Plan,
    Round,
    RoundRules,
    check_closing,
    check_round,
    hidden,
)
from collab.process.templates import reading
from collab.process.templates.reading import FaultyTemplate
from collab.process.version import TextVersion

NOW = datetime(2026, 11, 26, 15, tzinfo=UTC)
KNOWN = ("technical", "legal", "social")
RULES = RoundRules(tuple(Disclosure), Disclosure.OPEN, True, 30)
ROUND = Round(
    UUID(int=1),
    ("technical", "legal"),
    Disclosure.AFTER_OWN_OR_CLOSE,
    TextVersion(1, 4, "a" * 64),
    NOW + timedelta(days=2),
)
OWN, LATE, OPEN = Disclosure.AFTER_OWN_OR_CLOSE, Disclosure.AFTER_CLOSE, Disclosure.OPEN


def unseen(
    disclosure: Disclosure | None, own: list[Given] | None = None, without: Disclosure = OPEN
) -> set[str]:
    """What is hidden in a round of that disclosure, or in none."""
    current = replace(ROUND, disclosure=disclosure) if disclosure else None
    return set(hidden(KNOWN, replace(RULES, without=without), current, own or []))


def test_j10_a_round_hides_its_dimensions_until_one_has_judged_each() -> None:
    assert unseen(OWN) == {"technical", "legal"}
    assert unseen(OWN, [Given("legal", ROUND.id)]) == {"technical"}
    assert unseen(OPEN) == set()


def test_j10_what_one_judged_before_the_round_shows_nothing_of_it() -> None:
    assert unseen(OWN, [Given("legal", None)]) == {"technical", "legal"}
    assert unseen(OWN, [Given("legal", UUID(int=9))]) == {"technical", "legal"}


def test_j10_a_round_may_hide_everything_until_its_end() -> None:
    assert unseen(LATE, [Given("legal", ROUND.id)]) == {"technical", "legal"}


def test_j10_the_template_says_what_is_hidden_without_a_round() -> None:
    assert unseen(None) == set()
    assert unseen(None, without=OWN) == set(KNOWN)
    assert unseen(None, [Given("legal", None)], OWN) == {"technical", "social"}
    assert unseen(None, [Given("legal", None)], LATE) == set(KNOWN)
    assert unseen(OPEN, without=OWN) == {"social"}


def test_j10_nothing_is_hidden_any_more_where_no_judgements_are_collected() -> None:
    for disclosure in Disclosure:
        current = replace(ROUND, disclosure=disclosure)
        assert not hidden(KNOWN, RULES, current, is_collecting=False)


def test_j9_a_round_is_over_with_the_last_second_of_its_day() -> None:
    assert ROUND.is_open(ROUND.ends_at)
    assert not ROUND.is_open(ROUND.ends_at + timedelta(seconds=1))
    assert not replace(ROUND, closed_at=NOW).is_open(NOW)


def test_j9_a_round_ends_with_a_day_in_berlin() -> None:
    plan = check_round(
        ["social", "technical"], "open", date(2026, 12, 1), known=KNOWN, rules=RULES, now=NOW
    )
    ends = datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)
    assert plan == Plan(("technical", "social"), OPEN, ends)


@pytest.mark.parametrize(
    ("dimensions", "disclosure", "days", "fields"),
    [
        ([], "open", 0, {"dimensions": "empty"}),
        (["astrological"], "open", 30, {"dimensions": "unknown-choice"}),
        (["legal"], "never", 0, {"disclosure": "unknown-choice"}),
        (["legal"], "open", -1, {"ends_on": "in-the-past"}),
        (["legal"], "open", 31, {"ends_on": "too-late"}),
        (
            [],
            "",
            31,
            {"dimensions": "empty", "disclosure": "unknown-choice", "ends_on": "too-late"},
        ),
    ],
)
def test_j9_every_fault_of_a_round_is_named(
    dimensions: list[str], disclosure: str, days: int, fields: dict[str, str]
) -> None:
    day = date(2026, 11, 26) + timedelta(days=days)
    with pytest.raises(Invalid) as refusal:
        check_round(dimensions, disclosure, day, known=KNOWN, rules=RULES, now=NOW)
    assert refusal.value.data["fields"] == fields


def test_j9_a_template_may_allow_less() -> None:
    rules = replace(RULES, allowed=(OPEN,))
    with pytest.raises(Invalid):
        check_round(["legal"], LATE, date(2026, 12, 1), known=KNOWN, rules=rules, now=NOW)


def test_j16_closing_early_needs_a_reason_of_bounded_length() -> None:
    longest = "x" * CLOSING_REASON_CHARS_MAX
    assert check_closing(f" {longest} ") == longest
    for reason, code in ((" ", "empty"), (longest + "x", "too-long")):
        with pytest.raises(Invalid) as refusal:
            check_closing(reason)
        assert refusal.value.data["fields"] == {"reason": code}


def test_the_shipped_template_hides_in_rounds_and_nowhere_else() -> None:
    assert load_feasibility().rounds == RoundRules((OWN, LATE, OPEN), OPEN, True, 90)
    first = parse_feasibility(reading.read("feasibility", "feasibility", 1))
    assert first.rounds == RoundRules()


@pytest.mark.parametrize(
    "spoilt",
    [{"allowed": []}, {"allowed": ["never"]}, {"without": "never"}, {"days_max": 0},
     {"judging_without": "yes"}],
)  # fmt: skip
def test_faulty_rounds_of_a_template_are_refused(spoilt: dict[str, object]) -> None:
    data = dict(reading.read("feasibility", "feasibility", 2))
    with pytest.raises(FaultyTemplate):
        parse_feasibility({**data, "rounds": {**reading.mapping(data["rounds"], ""), **spoilt}})
