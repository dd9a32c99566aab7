"""The estimate of a document's size: not below the truth, mended now and then."""

from __future__ import annotations

import random

from pycrdt import Doc, Text

from collab.sync.growth import DRIFT, SPLIT_BYTES, Growth


def never() -> int:
    raise AssertionError("the state was encoded although that was not necessary")


def test_a_small_document_is_not_measured() -> None:
    growth = Growth(limit=1_000, estimate=10)
    growth.add(500 - SPLIT_BYTES)
    assert growth.fraction(never) == 0.51
    assert not growth.is_exceeded_by(490, never)
    assert growth.is_exceeded_by(491, lambda: 510)


def test_the_estimate_is_mended_only_after_it_has_grown() -> None:
    growth = Growth(limit=12_800, estimate=12_795)
    measurements = []

    def measure() -> int:
        measurements.append(1)
        return 12_790

    for _ in range(50):
        assert growth.is_exceeded_by(11, measure)
    assert len(measurements) == 1
    growth.add(int(12_800 * DRIFT))
    assert growth.is_exceeded_by(11, measure)
    assert len(measurements) == 2


def test_deleting_makes_room_without_a_measurement() -> None:
    growth = Growth(limit=1_000, estimate=0)
    growth.add(1_000)
    assert growth.is_exceeded_by(50, lambda: 1_000)
    growth.add(10, [(7, 100, 400)])
    assert not growth.is_exceeded_by(50, never)


def test_the_estimate_is_never_below_the_size_of_the_state() -> None:
    for seed in range(200):
        dice = random.Random(seed)
        doc: Doc[Text] = Doc()
        text = doc.get("t", type=Text)
        growth = Growth(limit=1 << 30, estimate=len(doc.get_update()))
        updates: list[bytes] = []
        observing = doc.observe(lambda event, updates=updates: updates.append(event.update))
        for _ in range(80):
            deleted = []
            if dice.random() < 0.6 or not len(text):
                text.insert(dice.randint(0, len(text)), "x" * dice.randint(1, 30))
            else:
                start = dice.randrange(len(text))
                end = min(len(text), start + dice.randint(1, 40))
                deleted = [(0, start, end)]  # so many clocks are freed, wherever they lie
                del text[start:end]
            growth.add(len(updates.pop()), deleted)
            assert growth.estimate >= len(doc.get_update()), f"seed {seed}"
        doc.unobserve(observing)
