"""Where most of a quoted passage stands when it was changed inside.

Its words in their order are laid against the words of the text; at least half of its letters must
still be there. The same rules stand in ``web/src/editor/anchors/alignment.ts``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collab.process.talk.letters import (
    PART_CHARS,
    Letters,
    Word,
    dense_of,
    is_letter,
    kept,
    words_in,
)

WINDOWS_MAX = 4
CONTEXT_CHARS = 8
CONTEXT_CHARS_MIN = 4
CONTEXTS_MAX = 8
GAP_WORDS = 8
ALONE_CHARS = 16
ALONE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words, and what stood before and after them."""

    quote: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Laid:
    """From where to where the rest of a passage stands, and how much it is."""

    first: int
    last: int
    letters: int
    words: int


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A quoted word; of some only the end or the beginning was quoted."""

    word: str
    is_tail: bool
    is_head: bool

    def fit(self, other: str) -> int:
        """How many of its letters are in the other word."""
        if (self.is_tail and other.endswith(self.word)) or (
            self.is_head and other.startswith(self.word)
        ):
            return len(self.word)
        return kept(self.word, other)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The number of a word in the quotation and in the text, and how many letters are kept."""

    quoted: int
    word: int
    letters: int


def aligned(text: Letters, wanted: Quoted) -> Laid | None:
    """The best place where enough of the passage is left to know it again."""
    words = _quoted_words(wanted)
    # Only where the words do not tell, what stood around them does.
    for windows in (_voted(text, words), _beside(text, wanted, len(words))):
        laid = (_laid(text, words, first, last) for first, last in windows)
        found = [each for each in laid if each and _is_proven(text, wanted, each)]
        if found:
            return min(found, key=lambda each: (-each.letters, each.first))
    return None


def _quoted_words(wanted: Quoted) -> list[_Quoted]:
    return [
        _Quoted(
            each.word,
            is_tail=each.first == 0 and is_letter(wanted.prefix[-1:]),
            is_head=each.last == len(wanted.quote) and is_letter(wanted.suffix[:1]),
        )
        for each in words_in(wanted.quote)
    ]


def _voted(text: Letters, words: Sequence[_Quoted]) -> Iterator[tuple[int, int]]:
    """Windows of the text in which many of the words stand as far apart as they were."""
    votes: dict[int, int] = {}
    slack = 3 + len(words) // 2
    for number, each in enumerate(words):
        for place in text.places_of(each.word):
            # Neighbouring diagonals belong together, so each vote counts for a step of them.
            step = (place - number) // slack
            for voted in (step, step - 1):
                votes[voted] = votes.get(voted, 0) + len(each.word)
    for step, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:WINDOWS_MAX]:
        yield max(step * slack, 0), (step + 2) * slack + len(words)


def _beside(text: Letters, wanted: Quoted, words: int) -> Iterator[tuple[int, int]]:
    """Windows behind what stood before the passage, and before what stood behind it."""
    tail, head = _tail_of(wanted), _head_of(wanted)
    for index in _indexes_of(text.dense, tail):
        first = text.word_index(text.at[index + len(tail) - 1])
        yield first, first + words + 3
    for index in _indexes_of(text.dense, head):
        last = text.word_index(text.at[index]) + 1
        yield max(last - words - 3, 0), last


def _is_proven(text: Letters, wanted: Quoted, laid: Laid) -> bool:
    if laid.letters >= ALONE_CHARS and laid.words >= ALONE_WORDS:
        return True
    return _has_neighbours(text, wanted, laid)


def _has_neighbours(text: Letters, wanted: Quoted, laid: Laid) -> bool:
    """Does what stood around still stand there, but for quoted words that are missing?"""
    if not wanted.prefix and not wanted.suffix:
        return True
    missing = max(len(dense_of(wanted.quote)) - laid.letters, 0)
    reach = missing + 2 * CONTEXT_CHARS
    first, last = text.dense_index(laid.first), text.dense_index(laid.last)
    tail, head = _tail_of(wanted), _head_of(wanted)
    before = text.dense[max(first - reach, 0) : first]
    after = text.dense[last : last + reach]
    return bool((tail and tail in before) or (head and head in after))


def _tail_of(wanted: Quoted) -> str:
    tail = dense_of(wanted.prefix)[-CONTEXT_CHARS:]
    return "" if len(tail) < CONTEXT_CHARS_MIN else tail


def _head_of(wanted: Quoted) -> str:
    head = dense_of(wanted.suffix)[:CONTEXT_CHARS]
    return "" if len(head) < CONTEXT_CHARS_MIN else head


def _indexes_of(dense: str, wanted: str) -> Iterator[int]:
    index = dense.find(wanted) if wanted else -1
    for _ in range(CONTEXTS_MAX):
        if index < 0:
            return
        yield index
        index = dense.find(wanted, index + 1)


def _laid(text: Letters, words: Sequence[_Quoted], first: int, last: int) -> Laid | None:
    """The quotation laid against a window of the text; None if less than half is there."""
    end = min(last, len(text.words), first + 4 * len(words) + 64)
    pairs = _densest(_pairs(words, text.words[first:end], first))
    letters = sum(pair.letters for pair in pairs)
    total = sum(len(each.word) for each in words)
    if total == 0 or letters * 2 < total:
        return None
    began, ended = _span(text, words, pairs)
    return Laid(began, ended, letters, len(pairs))


def _pairs(words: Sequence[_Quoted], window: Sequence[Word], offset: int) -> list[_Pair]:
    """The words of the quotation that stand in the window in the same order."""
    width = len(window)
    fits = [[each.fit(other.word) for other in window] for each in words]
    most = [[0] * (width + 1) for _ in range(len(words) + 1)]
    for i in range(len(words) - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            letters = fits[i][j]
            taken = letters + most[i + 1][j + 1] if letters else 0
            most[i][j] = max(taken, most[i + 1][j], most[i][j + 1])
    pairs: list[_Pair] = []
    i = j = 0
    while i < len(words) and j < width:
        letters = fits[i][j]
        if letters and most[i][j] == letters + most[i + 1][j + 1]:
            pairs.append(_Pair(i, offset + j, letters))
            i, j = i + 1, j + 1
        elif most[i][j] == most[i][j + 1]:
            j += 1
        else:
            i += 1
    return pairs


def _densest(pairs: Sequence[_Pair]) -> list[_Pair]:
    """The run of pairs with most letters; a word far off from the others is not part of it."""
    best: list[_Pair] = []
    run: list[_Pair] = []
    for pair in pairs:
        if run and pair.word - run[-1].word > pair.quoted - run[-1].quoted + GAP_WORDS:
            run = []
        run = [*run, pair]
        if _weight(run) > _weight(best):
            best = run
    return best


def _weight(pairs: Sequence[_Pair]) -> int:
    return sum(pair.letters for pair in pairs)


def _span(text: Letters, words: Sequence[_Quoted], pairs: Sequence[_Pair]) -> tuple[int, int]:
    """From the first to the last word that is left; of a longer word only the part that is."""
    begin, end = pairs[0], pairs[-1]
    first, _ = _part(words[begin.quoted], text.words[begin.word])
    _, last = _part(words[end.quoted], text.words[end.word])
    return first, last


def _part(quoted: _Quoted, other: Word) -> tuple[int, int]:
    word = quoted.word
    if quoted.is_tail and other.word.endswith(word):
        return other.last - len(word), other.last
    is_part = other.word.startswith(word) if quoted.is_head else len(word) >= PART_CHARS
    index = other.word.find(word) if is_part else -1
    if index < 0:
        return other.first, other.last
    return other.first + index, other.first + index + len(word)
