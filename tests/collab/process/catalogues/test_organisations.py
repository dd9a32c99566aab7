"""Organisations: kinds, ends, and what may take the place of one."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from collab.errors import Conflict, Invalid
from collab.process.organisations.organisation import (
    NAME_CHARS_MAX,
    REASON_CHARS_MAX,
    Body,
    OrganisationKind,
    check_end,
    check_new,
    check_reason,
    check_replacement,
    kind_of,
    last_day_before,
)

TODAY = date(2026, 11, 26)
YESTERDAY = date(2026, 11, 25)
OLD = Body(UUID(int=1), "administration", "district", None, None, None)
NEW = replace(OLD, id=UUID(int=2))


@pytest.mark.parametrize(
    ("type_name", "name", "kind"),
    [
        ("Bezirksamt", "Bezirksamt Beispiel", OrganisationKind.DISTRICT),
        ("Senatsverwaltung", "Für alles", OrganisationKind.SENATE_DEPARTMENT),
        ("Nachgeordnete Einrichtung", "Kasse", OrganisationKind.SUBORDINATE_AUTHORITY),
        ("Referat", "Referat 1", OrganisationKind.UNIT),
        ("", "Organisation", OrganisationKind.LAYOUT),
        ("", "Stelle der Finanzminister", OrganisationKind.UNIT),
        ("Abteilung", "Organisation", OrganisationKind.UNIT),
    ],
)
def test_k10_types_of_charts_become_kinds(
    type_name: str, name: str, kind: OrganisationKind
) -> None:
    assert kind_of(type_name, name) is kind


def test_k12_the_last_day_still_counts_and_the_next_does_not() -> None:
    ended = replace(OLD, valid_from=date(2020, 1, 1), valid_to=TODAY)
    days = (date(2019, 12, 31), date(2020, 1, 1), TODAY, date(2026, 11, 27))
    assert [ended.is_valid(day) for day in days] == [False, True, True, False]


def test_k12_what_has_ended_does_not_end_again_later() -> None:
    check_end(OLD, TODAY)
    check_end(replace(OLD, valid_to=TODAY), YESTERDAY)
    for day in (YESTERDAY, TODAY):
        with pytest.raises(Conflict) as refusal:
            check_end(replace(OLD, valid_to=YESTERDAY), day)
        assert refusal.value.code == "organisation-ended"
    with pytest.raises(Invalid) as early:
        check_end(replace(OLD, valid_from=TODAY), YESTERDAY)
    assert early.value.data["fields"] == {"last_day": "too-early"}


def replaced(old: Body, new: Body, *, last_day: date = YESTERDAY, **before: UUID) -> object:
    """The faulty fields of a replacement."""
    known = {UUID(int=int(name[1:])): each for name, each in before.items()}
    try:
        check_replacement(old, new, last_day, TODAY, known)
    except Invalid as refusal:
        return refusal.data["fields"]
    return {}


def test_k13_a_successor_exists_today_and_is_of_the_same_part_of_society() -> None:
    assert replaced(OLD, NEW) == {}
    assert replaced(OLD, replace(NEW, valid_from=TODAY)) == {}
    assert replaced(replace(OLD, valid_to=YESTERDAY), NEW) == {}
    assert replaced(OLD, replace(NEW, actor_class="science")) == {"successor": "other-class"}
    assert replaced(OLD, replace(NEW, valid_to=YESTERDAY)) == {"successor": "not-valid"}
    tomorrow = date(2026, 11, 27)
    assert replaced(OLD, replace(NEW, valid_from=tomorrow)) == {"successor": "not-valid"}
    assert replaced(OLD, replace(NEW, kind="layout")) == {"successor": "not-valid"}


def test_k13_no_circle_of_successors() -> None:
    assert replaced(OLD, OLD) == {"successor": "circle"}
    assert replaced(OLD, NEW, _2=UUID(int=3), _3=OLD.id) == {"successor": "circle"}
    assert replaced(OLD, NEW, _2=UUID(int=3), _3=NEW.id) == {}


def test_k13_a_replacement_takes_effect_at_once_and_only_once() -> None:
    assert replaced(OLD, NEW, last_day=TODAY) == {"last_day": "too-late"}
    assert replaced(replace(OLD, valid_from=TODAY), NEW) == {"last_day": "too-early"}
    with pytest.raises(Conflict):
        replaced(replace(OLD, successor=UUID(int=9)), NEW)
    assert last_day_before(date(2027, 1, 1)) == date(2026, 12, 31)


def test_a_new_organisation_has_a_name_a_class_and_a_kind() -> None:
    assert check_new("  Amt \n für  alles", " A ", "science", "unit") == ("Amt für alles", "A")
    with pytest.raises(Invalid) as refusal:
        check_new(" ", "x" * 61, "resident", "layout")
    assert refusal.value.data["fields"] == {
        "name": "missing", "short_name": "too-long",
        "actor_class": "unknown-choice", "kind": "unknown-choice",
    }  # fmt: skip
    with pytest.raises(Invalid):
        check_new("x" * (NAME_CHARS_MAX + 1), "", "science", "unit")


def test_what_is_done_has_a_reason() -> None:
    assert check_reason(" Neuer Senat\r\n ") == "Neuer Senat"
    for faulty in (" ", "x" * (REASON_CHARS_MAX + 1)):
        with pytest.raises(Invalid):
            check_reason(faulty)
