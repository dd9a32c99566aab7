"""Words reduced to their German stems: "Spielplätze" and "Spielplatz" become one."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

WORD_CHARS_MAX = 64
# PostgreSQL indexes at most 1 MB of one text; positions and lengths come on top of the words.
STEMS_BYTES_MAX = 300_000
QUERY_WORDS_MAX = 12

_WORD = re.compile(r"[^\W_]+")


def stems(text: str) -> str:
    """The distinct stems of ``text`` in alphabetical order, separated by spaces."""
    kept: list[str] = []
    size = 0
    for found in sorted(set(_stems(text))):
        size += len(found.encode()) + 1
        if size > STEMS_BYTES_MAX:
            break
        kept.append(found)
    return " ".join(kept)


def query_stems(text: str) -> list[str]:
    """The stems that a search for ``text`` must all find, in the order typed."""
    return list(dict.fromkeys(_stems(text)))[:QUERY_WORDS_MAX]


def stemmed(text: str) -> Iterator[tuple[str, str]]:
    """Each word of ``text`` as it is written, with its stem; very long ones cut."""
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text)):
        yield match[0][:WORD_CHARS_MAX], _stem(match[0].casefold()[:WORD_CHARS_MAX])


def words_of(text: str) -> Iterator[str]:
    """The words of ``text``, letters and digits only, in lower case, very long ones cut."""
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield match[0][:WORD_CHARS_MAX]


def _stems(text: str) -> Iterator[str]:
    return map(_stem, words_of(text))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    # The stemmer is pure Python and slow; a text's words are mostly those of other texts.
    found: str = _stemmer().stemWord(word)
    return found or word


def _stemmer() -> Any:
    """This thread's stemmer; it keeps the word it works on in itself."""
    if not hasattr(_OF_THREAD, "stemmer"):
        _OF_THREAD.stemmer = snowballstemmer.stemmer("german")
    return _OF_THREAD.stemmer


_OF_THREAD = threading.local()
