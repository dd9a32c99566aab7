"""Tracebacks for the log of production: where and what kind, without what people wrote.

A driver quotes the row it refuses, a parser the text it cannot read. So the message of an error
is written only where it is ours, or the system's; of the database's the code and the constraint.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

OURS: Final = ("server.", "storage.", "collab.")
SAID: Final = (OSError, RuntimeError, AssertionError, TimeoutError)
WITHHELD: Final = "(message withheld)"
CAUSES_MAX: Final = 8

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def trace_without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Structlog's processor: ``exc_info`` becomes ``exception``, a text."""
    error = _error_in(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = "\n".join(_told(error))
    return event


def _error_in(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _told(error: BaseException) -> Iterator[str]:
    """The error and what it came from, the first cause first."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain and len(chain) < CAUSES_MAX:
        chain.append(cause)
        hidden = cause.__suppress_context__
        cause = cause.__cause__ or (None if hidden else cause.__context__)
    for each in reversed(chain):
        for frame in traceback.extract_tb(each.__traceback__):
            yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        yield f"{type(each).__module__}.{type(each).__qualname__}: {_message(each)}"


def _message(error: BaseException) -> str:
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code is not None:
        constraint = getattr(error, "constraint_name", None)
        return f"{code} {constraint or ''}".strip()
    is_said = isinstance(error, SAID) and not isinstance(error, UnicodeError)
    if is_said or f"{type(error).__module__}.".startswith(OURS):
        return str(error)
    return WITHHELD
