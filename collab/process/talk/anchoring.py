"""Where the passage that a comment is about stands in the text now.

The server has the quotation with its surroundings, not the live positions, which only an editor
can follow. A place must have the same letters, or at least half of them in their order; and it
must prove itself by what stands around it or by being long, for another "der Weg" is not the one
that was meant. The same rules stand in ``web/src/editor/anchors/finding.ts``, and both are held
to ``tests/collab/process/talk/anchors.json``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from collab.alike import same_after, same_before
from collab.process.talk.alignment import Quoted, aligned
from collab.process.talk.letters import (
    Letters,
    dense_of,
    is_letter,
    words_in,
)

Text = TypeVar("Text", bound=Letters)

PROOF_CHARS = 4
ALONE_CHARS = 12
ALONE_WORDS = 3
SAME_MAX = 256


class AnchorState(StrEnum):
    """What has become of the passage a comment is about."""

    HERE = "here"
    """The words stand in their section as they were."""
    MOVED = "moved"
    """The words stand in another section as they were."""
    CHANGED = "changed"
    """At least half of their letters stand, in their order."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Found:
    """The characters of a text from ``first`` up to ``last``; the quoted ones, or most of them."""

    first: int
    last: int
    is_same: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The section in which the passage stands now, None if it is gone."""

    state: AnchorState
    section: str | None = None
    words: str = ""
    """What is there now."""


@dataclass(frozen=True, slots=True)
class _Exact:
    first: int
    last: int
    around: int
    is_proven: bool


def standing(
    home: str,
    wanted: Quoted,
    sections: Mapping[str, Text],
    finding: Callable[[Text, Quoted], Found | None] | None = None,
) -> Standing:
    """Where the words quoted from the section ``home`` stand among all sections.

    ``finding`` is ``find``, or somebody who remembers what it found.
    """
    find_in = finding or find
    own = find_in(sections[home], wanted) if home in sections else None
    if own is not None and own.is_same:
        return _standing(AnchorState.HERE, home, sections[home], own)
    elsewhere = {
        name: found
        for name, letters in sections.items()
        if name != home and (found := find_in(letters, wanted))
    }
    for name, found in elsewhere.items():
        if found.is_same:
            return _standing(AnchorState.MOVED, name, sections[name], found)
    if own is not None:
        return _standing(AnchorState.CHANGED, home, sections[home], own)
    for name, found in elsewhere.items():
        return _standing(AnchorState.CHANGED, name, sections[name], found)
    return Standing(AnchorState.GONE)


def find(letters: Letters, wanted: Quoted) -> Found | None:
    """Where the passage stands in one text; None if it is gone."""
    exact = list(_exactly(letters, wanted))
    proven = [each for each in exact if each.is_proven]
    if proven:
        best = max(proven, key=lambda each: (each.around, -each.first))
        return Found(best.first, best.last, is_same=True)
    left = aligned(letters, wanted)
    if left is None:
        return None
    # The same letters may be proven only by what stands a little further off.
    same = any((each.first, each.last) == (left.first, left.last) for each in exact)
    return Found(left.first, left.last, is_same=same)


def _exactly(letters: Letters, wanted: Quoted) -> Iterator[_Exact]:
    """All places with the quoted letters."""
    quote, dense = dense_of(wanted.quote), letters.dense
    prefix, suffix = dense_of(wanted.prefix), dense_of(wanted.suffix)
    index = dense.find(quote) if quote else -1
    for _ in range(SAME_MAX):
        if index < 0:
            return
        end = index + len(quote)
        first, last = letters.at[index], letters.at[end - 1] + 1
        before, after = same_before(dense, index, prefix), same_after(dense, end, suffix)
        is_beside = _is_proof(before, prefix) or _is_proof(after, suffix)
        alone = _stands_alone(wanted, quote) and _is_whole(letters, wanted, first, last)
        yield _Exact(first, last, before + after, is_beside or alone)
        index = dense.find(quote, index + 1)


def _stands_alone(wanted: Quoted, quote: str) -> bool:
    """A long quotation says by itself what it is; so does one that came without any more."""
    if not wanted.prefix and not wanted.suffix:
        return True
    return len(quote) >= ALONE_CHARS and len(words_in(wanted.quote)) >= ALONE_WORDS


def _is_whole(letters: Letters, wanted: Quoted, first: int, last: int) -> bool:
    """Does it begin and end with a word where the quotation did?"""
    began = is_letter(wanted.prefix[-1:]) or letters.is_edge(first)
    return began and (is_letter(wanted.suffix[:1]) or letters.is_edge(last))


def _is_proof(same: int, wanted: str) -> bool:
    return wanted != "" and same >= min(PROOF_CHARS, len(wanted))


def _standing(state: AnchorState, section: str, letters: Letters, found: Found) -> Standing:
    return Standing(state, section, letters.text[found.first : found.last])
