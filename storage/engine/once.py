"""Asking the database a question once: a reading transaction sees one moment, so answers hold.

The parts of a page are gathered one after the other, each for itself, and many of them need the
same rows. In a writing transaction every question is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from copy import copy
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from storage.database import Transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Key = TypeVar("Key")

ANSWERS_MAX: Final = 500
"""Somebody who reads a whole database in one transaction does not keep all of it in memory."""

_NOTHING: Final = object()


def once(
    query: Callable[Concatenate[Transaction, Asked], Coroutine[Any, Any, Answer]],
) -> Callable[Concatenate[Transaction, Asked], Coroutine[Any, Any, Answer]]:
    """A query with arguments that can be compared; everybody gets a list or dict of his own."""

    @wraps(query)
    async def ask(tx: Transaction, /, *given: Asked.args, **named: Asked.kwargs) -> Answer:
        answers = tx.answers
        if answers is None:
            return await query(tx, *given, **named)
        key = (query, given, *sorted(named.items()))
        if key in answers:
            found: Answer = copy(answers[key])
            return found
        found = await query(tx, *given, **named)
        if len(answers) < ANSWERS_MAX:
            answers[key] = copy(found)
        return found

    return ask


def each_once(
    query: Callable[[Transaction, Iterable[Key]], Coroutine[Any, Any, dict[Key, Answer]]],
) -> Callable[[Transaction, Iterable[Key]], Coroutine[Any, Any, dict[Key, Answer]]]:
    """A query for what there is of each of many keys; only of new ones the database is asked."""

    @wraps(query)
    async def ask(tx: Transaction, keys: Iterable[Key]) -> dict[Key, Answer]:
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return {}
        if tx.answers is None:
            return await query(tx, wanted)
        known: dict[Key, Any] = tx.answers.get(query, {})
        new = [key for key in wanted if key not in known]
        if new:
            found = await query(tx, new)
            known = {**known, **{key: found.get(key, _NOTHING) for key in new}}
            if len(known) <= ANSWERS_MAX:
                tx.answers[query] = known
        return {key: known[key] for key in wanted if known[key] is not _NOTHING}

    return ask
