"""Which judged texts differ materially from the one that stands there now.

Two texts are compared once: their hashes name them, so the answer holds for ever and is remembered
by this process. A page that shows forty judgements compares nothing, most of the time.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

from collab.process.feasibility.material import (
    TITLE,
    Change,
    Lines,
    Names,
    is_material,
    material_changes,
)
from collab.process.feasibility.watched import BERLIN
from collab.process.version import TextVersion
from collab.sync.comparing.texts import lines_of
from collab.sync.text import DossierText, from_json, sha256
from storage.database import Transaction
from storage.feasibility import changed

REMEMBERED_MAX: Final = 10_000
BODIES_MAX: Final = 2_000

P = ParamSpec("P")
T = TypeVar("T")

_COMPARING = ThreadPoolExecutor(1, "material")

_answers: OrderedDict[tuple[str, str], bool] = OrderedDict()


async def outdated(
    tx: Transaction,
    document_id: UUID,
    versions: Iterable[TextVersion],
    text: DossierText,
    hash_of_text: str | None = None,
) -> frozenset[str]:
    """The hashes of those versions that differ materially from ``text``, whose hash may be known.

    A version that is not kept any more counts as different: nobody can say that it is not.
    """
    judged = {each.sha256: each for each in versions}
    if not judged:
        return frozenset()
    current = hash_of_text or sha256(text)
    other = {key: each for key, each in judged.items() if key != current}
    unknown = [each for key, each in other.items() if (key, current) not in _answers]
    if unknown:
        kept = await changed.sections(tx, document_id, unknown)
        names, now = await known_names(tx), as_lines(text)
        for each in unknown:
            found = kept.get(each.sha256)
            # Aside, for two long texts without a common line take a while.
            differs = found is None or await aside(is_material, _lines(found), now, names)
            _remember((each.sha256, current), differs)
    return frozenset(key for key in other if _answers.get((key, current), True))


async def changes(
    tx: Transaction, earlier: Mapping[str, Any] | DossierText, later: DossierText
) -> tuple[Change, ...]:
    """The material changes from a kept text to a later one."""
    before = as_lines(earlier) if isinstance(earlier, DossierText) else _lines(earlier)
    return await aside(material_changes, before, as_lines(later), await known_names(tx))


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Do it in a thread, one after the other for all who ask."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_COMPARING, partial(work, *given, **named))


async def known_names(tx: Transaction) -> Names:
    """Places in Berlin, and the bodies that the arena knows."""
    return Names.of(BERLIN, await changed.body_names(tx, BODIES_MAX))


def as_lines(text: DossierText) -> Lines:
    """The title and the sections as the rules compare them."""
    sections = {
        name: [line.text for line in lines_of(nodes)] for name, nodes in text.sections.items()
    }
    return {TITLE: [text.title], **sections}


def _lines(kept: Mapping[str, Any]) -> Lines:
    return as_lines(from_json(kept))


def _remember(key: tuple[str, str], differs: bool) -> None:
    _answers[key] = differs
    while len(_answers) > REMEMBERED_MAX:
        _answers.popitem(last=False)
