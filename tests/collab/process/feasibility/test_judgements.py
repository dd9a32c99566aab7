"""Judgements and their tallies."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.errors import Invalid
from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import (
    Confidence,
    Verdict,
    load_feasibility,
    parse_feasibility,
)
from collab.process.feasibility.judgements import (
    INTEREST_CHARS_MAX,
    NOTE_CHARS_MAX,
    Declared,
    Expertise,
    Judgement,
    Judges,
    check_declared,
    check_judgement,
    judged_by,
)
from collab.process.feasibility.tallies import minority, spread, tally
from collab.process.templates.reading import FaultyTemplate
from collab.process.version import TextVersion

OLD, NEW = TextVersion(0, 3, "a" * 64), TextVersion(0, 9, "b" * 64)


def judgement(
    person: int = 1,
    verdict: Verdict = Verdict.FEASIBLE,
    *,
    dimension: str = "legal",
    actor_class: ActorClass = ActorClass.RESIDENT,
    version: TextVersion = NEW,
    by_author: bool = False,
) -> Judgement:
    """One judgement; what matters is given."""
    return Judgement(
        dimension, UUID(int=person), actor_class, verdict, Confidence.MEDIUM, "", version, by_author
    )


def test_every_dimension_has_a_tally_in_reading_order() -> None:
    assert [one.dimension for one in tally([])] == [
        "technical", "legal", "data_protection", "organisational", "financial", "accessibility",
        "social", "ecological",
    ]  # fmt: skip


def test_j2_tally_shows_number_division_spread_and_mix() -> None:
    found = tally(
        [
            judgement(1, Verdict.FEASIBLE, actor_class=ActorClass.ADMINISTRATION),
            judgement(2, Verdict.FEASIBLE, actor_class=ActorClass.SCIENCE),
            judgement(3, Verdict.NOT_FEASIBLE, actor_class=ActorClass.SCIENCE),
        ]
    )[1]
    assert found.n == 3
    assert found.by_verdict == {
        Verdict.FEASIBLE: 2, Verdict.WITH_CONDITIONS: 0, Verdict.OPEN: 0, Verdict.NOT_FEASIBLE: 1,
    }  # fmt: skip
    assert found.by_class[ActorClass.SCIENCE] == 2
    assert found.by_class[ActorClass.BUSINESS] == 0
    assert found.by_confidence[Confidence.MEDIUM] == 3
    assert found.spread == pytest.approx(2 / 3)


def test_j2_tally_has_no_mean() -> None:
    names = type(tally([])[0]).__dataclass_fields__
    assert not [name for name in names if "mean" in name or "average" in name or "score" in name]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([], 0), ([1], 0), ([5], 0), ([1, 1], 1), ([2, 2], 2 / 3), ([1, 1, 1, 1], 1), ([9, 1], 0.2)],
)
def test_j2_spread_is_the_share_of_disagreeing_pairs(counts: list[int], expected: float) -> None:
    assert spread(counts) == pytest.approx(expected)


@given(st.lists(st.integers(0, 6), max_size=4))
def test_j2_spread_equals_counting_the_pairs(counts: list[int]) -> None:
    people = [verdict for verdict, count in enumerate(counts) for _ in range(count)]
    pairs = [one != other for at, one in enumerate(people) for other in people[at + 1 :]]
    assert spread(counts) == pytest.approx(sum(pairs) / len(pairs) if pairs else 0)


def test_j3_judgement_of_an_earlier_text_is_outdated() -> None:
    found = tally([judgement(1, version=OLD), judgement(2, version=NEW)], {OLD.sha256})[1]
    assert (found.n, found.outdated) == (2, 1)


def test_j3_judgement_of_the_same_text_is_not_outdated_by_a_longer_log() -> None:
    later = TextVersion(0, 40, NEW.sha256)
    assert tally([judgement(version=later)], {OLD.sha256})[1].outdated == 0


def test_j4_judgements_of_authors_are_shown_but_do_not_count_for_gates() -> None:
    given_ = [judgement(1, by_author=True), judgement(2)]
    assert (tally(given_)[1].n, tally(given_)[1].by_authors) == (2, 1)
    assert judged_by(given_) == {"legal": Judges(1, 1)}


def test_j12_who_judged_an_earlier_text_is_counted_apart() -> None:
    given_ = [judgement(1, version=OLD), judgement(2), judgement(3, by_author=True, version=OLD)]
    assert judged_by(given_, {OLD.sha256}) == {"legal": Judges(1, 1, 1)}
    assert judged_by(given_[:1], {OLD.sha256}) == {"legal": Judges(0, 0, 1)}


def test_j2_a_tally_shows_with_what_expertise_people_judged() -> None:
    found = tally([judgement(1), replace(judgement(2), expertise=Expertise.LIVED)])[1]
    assert {name: n for name, n in found.by_expertise.items() if n} == {
        Expertise.NONE: 1, Expertise.LIVED: 1,
    }  # fmt: skip


def test_j2_the_minority_is_whoever_holds_what_fewer_hold() -> None:
    many = [judgement(number) for number in (1, 2, 3)]
    few = [judgement(4, Verdict.NOT_FEASIBLE), judgement(5, Verdict.OPEN)]
    assert tally([*many, *few])[1].minority == tuple(few)


def test_j2_of_two_equal_sides_neither_is_the_minority() -> None:
    sides = [judgement(1), judgement(2), judgement(3, Verdict.OPEN), judgement(4, Verdict.OPEN)]
    last = judgement(5, Verdict.NOT_FEASIBLE)
    assert minority([*sides, last]) == (last,)
    assert minority(sides) == minority([]) == ()


@pytest.mark.parametrize("ground", ["profession", "research", "office", "lived"])
def test_j8_expertise_needs_a_ground_in_words(ground: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_declared(ground, " ")
    assert refusal.value.data["fields"] == {"expertise_note": "empty"}
    assert check_declared(ground, " Planer ").note == "Planer"
    assert check_declared("none") == Declared()


def test_j8_every_faulty_declaration_is_named_at_its_bound() -> None:
    longest = ("x" * NOTE_CHARS_MAX, "x" * INTEREST_CHARS_MAX, "https://a.de/" + "x" * 487)
    assert check_declared("office", *longest).evidence == longest[2]
    with pytest.raises(Invalid) as refusal:
        check_declared("wizard", *(each + "x" for each in longest))
    assert refusal.value.data["fields"] == {
        "expertise": "unknown-choice", "expertise_note": "too-long",
        "own_interest": "too-long", "evidence": "too-long",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//b.de", "b.de",
        "ftp://berlin.de", "https://", "https://a b.de", 'https://a.de/"onclick=', "https://a.de/<b>",
        "https://name:secret@a.de", "https://a.de:99999/", "https://a.de/\u202egpj", "http:/a.de",
        "https://[::1", "https://a.de\\@b.de", " \njavascript:x",
    ],
)  # fmt: skip
def test_j8_evidence_is_the_address_of_a_page_and_nothing_else(address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_declared("none", evidence=address)
    assert refusal.value.data["fields"] == {"evidence": "not-a-web-address"}


@pytest.mark.parametrize("address", ["https://www.berlin.de/x?y=1#z", "http://münchen.de/ä", ""])
def test_j8_evidence_may_be_any_page_or_none(address: str) -> None:
    assert check_declared("none", evidence=f" {address} ").evidence == address


def test_j1_person_counts_once_per_dimension() -> None:
    given_ = [judgement(1), judgement(1), judgement(1, dimension="social")]
    assert judged_by(given_) == {"legal": Judges(1, 1), "social": Judges(1, 1)}


@pytest.mark.parametrize("verdict", ["with_conditions", "open", "not_feasible"])
def test_j5_doubt_needs_a_reason(verdict: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_judgement("legal", verdict, "high", " \n")
    assert refusal.value.data["fields"] == {"reason": "empty"}


def test_j5_feasible_needs_no_reason() -> None:
    assert check_judgement("legal", "feasible", "high", " ") == ""


def test_faulty_judgement_hears_of_every_field() -> None:
    with pytest.raises(Invalid) as refusal:
        check_judgement("astrological", "perhaps", "very", "x" * 2001)
    assert refusal.value.data["fields"] == {
        "dimension": "unknown", "verdict": "unknown", "confidence": "unknown", "reason": "too-long",
    }  # fmt: skip


def test_words_for_every_verdict_and_confidence() -> None:
    words = load_feasibility()
    assert list(words.verdicts) == list(Verdict)
    assert list(words.confidences) == list(Confidence)
    assert words.dimension("legal") is not None


@pytest.mark.parametrize("spoilt", [{"dimensions": []}, {"verdicts": []}, {"confidences": []}])
def test_incomplete_catalogue_is_refused(spoilt: dict[str, object]) -> None:
    words = {"de": "Wort", "en": "word"}
    entry = [{"id": "legal", "label": words, "help": words}]
    whole: dict[str, object] = {
        "version": 1,
        "dimensions": entry,
        "verdicts": [{"id": verdict.value, "label": words} for verdict in Verdict],
        "confidences": [{"id": one.value, "label": words} for one in Confidence],
    }
    assert parse_feasibility(whole).dimension_ids == ("legal",)
    with pytest.raises(FaultyTemplate):
        parse_feasibility(whole | spoilt)
