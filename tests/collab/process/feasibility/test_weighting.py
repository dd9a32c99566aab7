"""Views of judgements: whoever looks may weigh, and nothing is made up or lost by it."""

import random
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.process.actors import ActorClass
from collab.process.feasibility.dimensions import Confidence, Verdict
from collab.process.feasibility.judgements import Expertise, Judgement
from collab.process.feasibility.tallies import tally
from collab.process.feasibility.weighting import Weighting, weigh, weighting_named, weights
from collab.process.version import TextVersion
from tests.sources import ROOT

VERSION = TextVersion(1, 3, "a" * 64)


def judgement(
    verdict: Verdict = Verdict.FEASIBLE,
    *,
    person: int = 1,
    actor_class: ActorClass = ActorClass.RESIDENT,
    confidence: Confidence = Confidence.MEDIUM,
    expertise: Expertise = Expertise.NONE,
    own_interest: str = "",
) -> Judgement:
    """One judgement; what matters is given."""
    return Judgement(
        "legal", UUID(int=person), actor_class, verdict, confidence, "", VERSION,
        expertise=expertise, own_interest=own_interest,
    )  # fmt: skip


JUDGEMENTS = st.lists(
    st.builds(
        judgement,
        st.sampled_from(Verdict),
        person=st.integers(1, 99),
        actor_class=st.sampled_from(ActorClass),
        confidence=st.sampled_from(Confidence),
        expertise=st.sampled_from(Expertise),
        own_interest=st.sampled_from(["", "Ich wohne dort."]),
    ),
    max_size=12,
)
VIEWS = st.sampled_from(Weighting)


@given(JUDGEMENTS, VIEWS)
def test_w1_weights_are_never_negative_and_add_up_to_who_counts(
    found: list[Judgement], weighting: Weighting
) -> None:
    weighed, counting = weigh(found, weighting), weights(found, weighting)
    assert all(weight >= 0 for weight in counting)
    assert sum(counting) == weighed.counted == sum(weighed.amounts.values())
    assert weighed.n == len(found) >= weighed.counted
    assert sum(weighed.share(verdict) for verdict in Verdict) == (1 if weighed.counted else 0)
    assert 0 <= weighed.spread <= 1


@given(JUDGEMENTS)
def test_w1_the_view_of_everybody_alike_is_the_tally(found: list[Judgement]) -> None:
    weighed, counted = weigh(found, Weighting.NONE), tally(found)[1]
    assert dict(weighed.amounts) == counted.by_verdict
    assert weighed.counted == counted.n
    assert float(weighed.spread) == pytest.approx(counted.spread)


@given(JUDGEMENTS, VIEWS, st.randoms(use_true_random=False))
def test_w1_the_order_of_people_changes_nothing(
    found: list[Judgement], weighting: Weighting, chance: random.Random
) -> None:
    turned = list(found)
    chance.shuffle(turned)
    assert weigh(turned, weighting) == weigh(found, weighting)


def test_w1_each_part_of_society_counts_alike_however_many_speak_for_it() -> None:
    found = [
        *(judgement(person=n, actor_class=ActorClass.ADMINISTRATION) for n in range(3)),
        judgement(Verdict.NOT_FEASIBLE, person=9, actor_class=ActorClass.RESIDENT),
    ]
    weighed = weigh(found, Weighting.CLASS)
    assert weighed.share(Verdict.FEASIBLE) == weighed.share(Verdict.NOT_FEASIBLE) == Fraction(1, 2)
    assert (weighed.n, weighed.counted) == (4, 4)


def test_w1_who_is_surer_counts_more() -> None:
    found = [
        judgement(confidence=Confidence.LOW),
        judgement(Verdict.OPEN, person=2, confidence=Confidence.HIGH),
    ]
    assert weigh(found, Weighting.CONFIDENCE).share(Verdict.OPEN) == Fraction(3, 4)


def test_w1_only_declared_grounds_of_the_kind_count() -> None:
    found = [
        judgement(expertise=Expertise.LIVED),
        judgement(Verdict.OPEN, person=2, expertise=Expertise.OFFICE),
        judgement(Verdict.NOT_FEASIBLE, person=3),
    ]
    assert weigh(found, Weighting.LIVED).share(Verdict.FEASIBLE) == 1
    assert weigh(found, Weighting.EXPERTISE).amounts[Verdict.NOT_FEASIBLE] == 0
    assert weigh(found, Weighting.RESEARCH).counted == 0


def test_w1_who_declares_an_interest_of_his_own_can_be_left_out() -> None:
    found = [judgement(own_interest="Meine Firma baut das."), judgement(Verdict.OPEN, person=2)]
    weighed = weigh(found, Weighting.OWN_INTEREST_OUT)
    assert (weighed.n, weighed.counted, weighed.share(Verdict.OPEN)) == (2, 1, Fraction(1))


def test_w1_an_unknown_view_is_that_of_everybody_alike() -> None:
    assert weighting_named("class") is Weighting.CLASS
    for name in ("", "NONE", "<script>", "class\0", "ｃｌａｓｓ"):
        assert weighting_named(name) is Weighting.NONE


def test_w1_no_rule_act_or_row_knows_of_views() -> None:
    asking = {
        path.relative_to(ROOT).as_posix()
        for place in ("collab", "storage", "server/actions")
        for path in (ROOT / place).rglob("*.py")
        if "feasibility.weighting" in path.read_text()
    }
    assert asking == set()
