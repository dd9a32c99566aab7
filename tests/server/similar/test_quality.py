"""How well ideas in other words are found, measured on sentences of our own."""

import numpy as np
import pytest

from collab.process.similar.titles import most_similar
from server.meaning.model import Model
from server.meaning.nearest import AT_LEAST
from tests.server.similar.paraphrases import PAIRS

TITLES = [title for title, _ in PAIRS]


@pytest.fixture(scope="module")
def model() -> Model:
    """The real one; it takes some seconds."""
    found = Model()
    found.load_now()
    return found


async def test_y1_by_meaning_paraphrases_are_among_the_first_three(model: Model) -> None:
    titles = await model.vectors(TITLES)
    asked = await model.vectors([words for _, words in PAIRS])
    assert titles is not None
    assert asked is not None
    best = np.argsort(-(asked @ titles.T), axis=1)[:, :3]
    missed = [PAIRS[at] for at in range(len(PAIRS)) if at not in best[at]]
    assert len(missed) <= 2, missed
    alike = asked @ titles.T
    shown = alike >= AT_LEAST
    assert np.count_nonzero(np.diag(shown)) >= 10
    others = shown[~np.eye(len(PAIRS), dtype=bool)]
    assert np.count_nonzero(others) <= 0.02 * len(others)


def test_y1_by_words_some_paraphrases_are_found() -> None:
    keyed = [(str(at), title) for at, title in enumerate(TITLES)]
    found = [
        str(at) in {one.key for one in most_similar(words, keyed, at_least=0.01, limit=3)}
        for at, (_, words) in enumerate(PAIRS)
    ]
    # Honest: other words are other trigrams. That is why there is the other way.
    assert sum(found) >= 4, sum(found)
