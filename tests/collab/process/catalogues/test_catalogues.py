"""Catalogues: what is shipped, what is refused, which version counts, what may follow."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from collab.process.catalogues import edits, versions
from collab.process.catalogues.catalogue import (
    ENTRIES_MAX,
    LABEL_CHARS_MAX,
    Catalogue,
    Source,
    parse_catalogue,
)
from collab.process.catalogues.versions import CATALOGUES, Change, ChangeKind
from collab.process.templates.reading import FaultyTemplate

TODAY = date(2026, 11, 26)
WORDS = {"de": "Wort", "en": "word"}


def entry(entry_id: str, **more: Any) -> dict[str, Any]:
    """A small faultless entry."""
    return {"id": entry_id, "label": WORDS, "source": "official", **more}


def data(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A small faultless catalogue."""
    return {
        "id": "principles", "version": 1, "label": WORDS, "complete": True,
        "entries": list(entries), **more,
    }  # fmt: skip


def catalogue(*entries: dict[str, Any], **more: Any) -> Catalogue:
    return parse_catalogue(data(*entries, **more))


def newest(catalogue_id: str) -> Catalogue:
    return versions.shipped(catalogue_id)[-1]


# What is shipped


def test_k6_the_strategys_own_words_are_shipped_as_such() -> None:
    ideas = [each.label.de.partition(" ")[0] for each in newest("guiding-ideas").entries]
    assert ideas == ["Nachhaltige", "Gemeinwohlorientierte", "Resiliente", "Kooperative"]
    fields = newest("fields-of-action")
    assert [len(fields.children(each.id)) for each in fields.children(None)] == [4, 4, 4, 4]
    assert {each.source for each in fields.entries} == {Source.OFFICIAL}


def test_k6_lists_that_lack_entries_say_so() -> None:
    incomplete = {each for each in CATALOGUES if not newest(each).is_complete}
    assert incomplete == {"principles", "success-factors"}
    assert len(newest("principles").entries) == 3
    assert newest("success-factors").entries == ()


def test_k6_descriptions_of_ours_are_examples() -> None:
    described = [each for each in newest("guiding-ideas").entries if each.description]
    assert described
    assert {each.description_source for each in described} == {Source.EXAMPLE}


@pytest.mark.parametrize("catalogue_id", CATALOGUES)
def test_a_catalogue_comes_back_through_its_file(catalogue_id: str) -> None:
    assert parse_catalogue(edits.to_json(newest(catalogue_id))) == newest(catalogue_id)


# What is refused


def without_english(found: dict[str, Any]) -> None:
    found["entries"][0]["label"] = {"de": "Wort"}


def put(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Spoils the first entry."""
    return lambda found: found["entries"][0].update({key: value})


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no name": (lambda found: found.update(id="Großes"), "not the id of a catalogue"),
    "unknown key": (lambda found: found.update(valid_til="2026-01-01"), "unknown valid_til"),
    "not said whether complete": (lambda found: found.pop("complete"), "principles.complete"),
    "label in one language": (without_english, "principles.one.label: missing in en"),
    "long label": (put("label", dict.fromkeys(WORDS, "x" * (LABEL_CHARS_MAX + 1))), "one.label"),
    "unknown source": (put("source", "mine"), "principles.one.source"),
    "unknown key of an entry": (put("colour", "red"), "principles.one: unknown colour"),
    "twice": (put("id", "two"), "entry two is there twice"),
    "unknown parent": (put("parent", "zero"), "unknown parent zero"),
    "three levels": (put("parent", "below"), "one lies below below"),
    "no day": (put("valid_to", "2026-02-30"), "there is no day 2026-02-30"),
    "a number for a day": (put("valid_to", 20260101), "is no day like"),
    "ends before it begins": (
        lambda found: found["entries"][0].update(valid_from="2026-02-02", valid_to="2026-02-01"),
        "one ends before it begins",
    ),
    "successor without an end": (put("successor", "two"), "one has a successor but no last day"),
    "unknown successor": (
        lambda found: found["entries"][0].update(valid_to="2026-02-01", successor="zero"),
        "one has an unknown successor zero",
    ),
    "its own successor": (
        lambda found: found["entries"][0].update(valid_to="2026-02-01", successor="one"),
        "go round in a circle",
    ),
    "too many": (
        lambda found: found.update(entries=[entry(f"e{n}") for n in range(ENTRIES_MAX + 1)]),
        f"more than {ENTRIES_MAX}",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_k1_a_faulty_catalogue_is_refused_and_the_place_is_named(name: str) -> None:
    spoil, said = FAULTS[name]
    found = data(entry("one"), entry("two"), entry("below", parent="two"))
    spoil(found)
    with pytest.raises(FaultyTemplate, match=said):
        parse_catalogue(found)


def test_k1_the_largest_catalogue_is_read() -> None:
    assert len(catalogue(*(entry(f"e{n}") for n in range(ENTRIES_MAX))).entries) == ENTRIES_MAX


# Which version counts


def test_k2_the_newest_version_that_is_valid_today_counts() -> None:
    first = catalogue(entry("one"))
    second = catalogue(entry("one"), entry("two"), version=2, valid_from="2026-11-26")
    known = versions.known([first], [second])
    assert versions.current(known, date(2026, 11, 25)).version == 1
    assert versions.current(known, TODAY).version == 2


def test_k2_a_newer_program_does_not_take_back_what_was_published() -> None:
    of_program = [catalogue(entry("one"), version=number) for number in (1, 2, 3)]
    published = [catalogue(entry("one"), entry("two"), version=2, valid_from="2026-11-26")]
    known = versions.known(of_program, published)
    assert [(each.version, len(each.entries)) for each in known] == [(1, 1), (2, 2)]


# Ends and successors


def test_k3_an_entry_that_has_ended_cannot_be_chosen_and_leads_to_what_follows() -> None:
    found = catalogue(
        entry("one", valid_to="2026-11-25", successor="two"),
        entry("two", valid_to="2026-11-25", successor="three"),
        entry("three"),
        entry("four", valid_from="2026-11-27"),
    )
    assert [each.id for each in found.choices(TODAY)] == ["three"]
    assert [each.id for each in found.ended(TODAY)] == ["one", "two"]
    following = found.successor("one", TODAY)
    assert following is not None
    assert following.id == "three"
    assert found.successor("four", TODAY) is None


def test_k3_the_last_day_still_counts() -> None:
    assert catalogue(entry("one", valid_to="2026-11-26")).choices(TODAY)


def test_k3_no_entry_vanishes() -> None:
    with pytest.raises(FaultyTemplate, match="lacks one; give a last day instead"):
        versions.require_follows(
            catalogue(entry("one"), entry("two")), catalogue(entry("two"), version=2)
        )


@pytest.mark.parametrize(
    ("following", "said"),
    [
        (catalogue(entry("one"), entry("two"), version=3), "the next version is 2"),
        (catalogue(entry("one"), version=2), "changes nothing"),
        (catalogue(entry("one"), version=2, id="others"), "cannot follow a version of principles"),
    ],
)
def test_k3_what_cannot_follow_is_refused(following: Catalogue, said: str) -> None:
    with pytest.raises(FaultyTemplate, match=said):
        versions.require_follows(catalogue(entry("one")), following)


def test_k3_a_version_does_not_begin_before_the_one_it_follows() -> None:
    old = catalogue(entry("one"), valid_from="2027-01-01")
    with pytest.raises(FaultyTemplate, match="valid_from"):
        versions.require_follows(
            old, catalogue(entry("one"), entry("two"), version=2, valid_from="2026-12-31")
        )


def test_changes_tell_what_a_version_does() -> None:
    old = catalogue(entry("one"), entry("two"), entry("three"))
    new = catalogue(
        entry("one"), entry("two", valid_to="2026-12-31"), entry("three", source="example"),
        entry("four"), version=2,
    )  # fmt: skip
    assert versions.changes(old, new) == (
        Change(ChangeKind.ENDED, "two"),
        Change(ChangeKind.CHANGED, "three"),
        Change(ChangeKind.ADDED, "four"),
    )


def test_a_new_entry_stands_after_its_siblings() -> None:
    fields = newest("fields-of-action")
    made = edits.with_entry(
        edits.next_version(fields, TODAY), entry("new_field", parent="future_for_all")
    )
    found = parse_catalogue(made)
    ids = [each.id for each in found.entries]
    assert ids.index("new_field") == ids.index("learning_together") + 1
    versions.require_follows(fields, found)
