"""Judgements and their tallies."""

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
from collab.process.feasibility.judgements import Judgement, Judges, check_judgement, judged_by
from collab.process.feasibility.tallies import spread, tally
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
    found = tally([judgement(1, version=OLD), judgement(2, version=NEW)], NEW)[1]
    assert (found.n, found.outdated) == (2, 1)


def test_j3_judgement_of_the_same_text_is_not_outdated_by_a_longer_log() -> None:
    later = TextVersion(0, 40, NEW.sha256)
    assert tally([judgement(version=NEW)], later)[1].outdated == 0


def test_j4_judgements_of_authors_are_shown_but_do_not_count_for_gates() -> None:
    given_ = [judgement(1, by_author=True), judgement(2)]
    assert (tally(given_)[1].n, tally(given_)[1].by_authors) == (2, 1)
    assert judged_by(given_) == {"legal": Judges(1, 1)}


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
