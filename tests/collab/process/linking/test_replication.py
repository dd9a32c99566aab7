"""On which terms a measure can be taken over, and which replicas count."""

from uuid import UUID

import pytest

from collab.errors import Conflict
from collab.process.linking.replication import Replica, Terms, check_origin, counts, credit_line

KIT = {
    "needed": "Gießkannen",
    "pitfalls": "Ferien",
    "contacts": "Umweltamt",
    "licence": "cc_by",
    "credit": "Bezirksamt Mitte",
}
MITTE, PANKOW = UUID(int=1), UUID(int=2)


def test_f30_a_measure_with_a_whole_kit_can_be_taken_over() -> None:
    terms = check_origin(is_measure=True, kit=KIT)
    assert terms == Terms("cc_by", "CC BY 4.0", "Bezirksamt Mitte")


def test_f30_what_is_no_measure_cannot() -> None:
    with pytest.raises(Conflict) as refusal:
        check_origin(is_measure=False, kit=KIT)
    assert refusal.value.code == "not-a-measure"


@pytest.mark.parametrize("field", sorted(KIT))
def test_f30_every_missing_field_of_the_kit_is_named(field: str) -> None:
    with pytest.raises(Conflict) as refusal:
        check_origin(is_measure=True, kit={**KIT, field: ""})
    assert refusal.value.data["missing"] == [field]


def test_f31_the_credit_names_source_people_and_licence() -> None:
    line = credit_line(
        check_origin(is_measure=True, kit=KIT), title="Bäume", ref="2026-00007", version="1.3"
    )
    for part in ("Bäume", "2026-00007", "1.3", "Bezirksamt Mitte", "CC BY 4.0"):
        assert part in line


@pytest.mark.parametrize(
    ("replica", "expected"),
    [
        (Replica(is_measure=True, is_public=True, is_over=False, lead=PANKOW), True),
        (Replica(is_measure=True, is_public=True, is_over=True, lead=None), True),
        (Replica(is_measure=False, is_public=True, is_over=False, lead=PANKOW), True),
        (Replica(is_measure=False, is_public=True, is_over=False, lead=None), False),
        (Replica(is_measure=False, is_public=True, is_over=False, lead=MITTE), False),
        (Replica(is_measure=False, is_public=False, is_over=False, lead=PANKOW), False),
        (Replica(is_measure=False, is_public=True, is_over=True, lead=PANKOW), False),
    ],
)
def test_f32_a_replica_counts_as_measure_or_led_in_public_by_another(
    replica: Replica, expected: bool
) -> None:
    assert counts(replica, MITTE) is expected
