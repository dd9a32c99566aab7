"""Which districts an idea can name."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.catalogues.versions import shipped
from collab.process.districts.districts import (
    CATALOGUE,
    CITY_WIDE,
    DISTRICTS_MAX,
    check_districts,
)

DAY = date(2026, 11, 26)
SHIPPED = shipped(CATALOGUE)[-1]
DISTRICTS = [each.id for each in SHIPPED.entries if each.id != CITY_WIDE]
LIST = st.lists(st.sampled_from([*DISTRICTS, CITY_WIDE, "atlantis"]), max_size=6)
ENDED = replace(
    SHIPPED,
    entries=tuple(
        replace(each, valid_to=date(2026, 1, 1)) if each.id == "pankow" else each
        for each in SHIPPED.entries
    ),
)


def refused(wanted: list[str]) -> object:
    with pytest.raises(Invalid) as refusal:
        check_districts(wanted, SHIPPED, DAY)
    return refusal.value.data["fields"]


def test_n17_the_twelve_districts_and_the_whole_city_are_shipped() -> None:
    assert len(DISTRICTS) == 12
    assert SHIPPED.entry(CITY_WIDE) is not None
    assert SHIPPED.is_complete


def test_n17_what_cannot_be_is_refused_by_name() -> None:
    assert refused(["atlantis"]) == {"districts": "unknown-choice"}
    assert refused(["mitte", CITY_WIDE]) == {"districts": "city-wide-alone"}
    assert refused(DISTRICTS[: DISTRICTS_MAX + 1]) == {"districts": "three-districts"}


@given(LIST)
def test_n17_what_is_stored_is_short_ordered_and_says_all_that_was_wanted(
    wanted: list[str],
) -> None:
    try:
        stored = check_districts(wanted, SHIPPED, DAY)
    except Invalid:
        chosen = set(wanted)
        assert "atlantis" in chosen or len(chosen) > (1 if CITY_WIDE in chosen else DISTRICTS_MAX)
        return
    assert set(stored) == set(wanted)
    assert len(stored) <= DISTRICTS_MAX
    assert stored == ("city_wide",) or [each for each in DISTRICTS if each in stored] == [*stored]


def test_n17_a_district_that_has_ended_stays_and_is_not_chosen_anew() -> None:
    assert check_districts(["pankow", "mitte"], ENDED, DAY, kept=["pankow"]) == ("mitte", "pankow")
    with pytest.raises(Invalid):
        check_districts(["pankow"], ENDED, DAY)
