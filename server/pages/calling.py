"""How templates call functions and macros, and say words: without asking each time what it takes.

A page calls two thousand times, and Jinja asks at each call whether what is called wants the
context, an environment or none, and wraps each word three times. What takes nothing is most of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from types import FunctionType
from typing import Any, Final

from babel.support import NullTranslations
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup

WORDS_MAX: Final = 8_192
"""More than all that templates say; words of people are no words of ours and may be forgotten."""


class CallingContext(Context):
    """A context that calls macros and plain functions directly, and all else as Jinja does."""

    @internalcode
    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        kind = type(__obj)
        if kind is Macro:
            args = (__self.eval_ctx, *args)
        elif kind is not FunctionType or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


def words(catalogue: NullTranslations) -> Callable[..., Markup]:
    """``_`` of one language: always a format, and what is put into it is escaped."""

    @lru_cache(WORDS_MAX)
    def said(text: str) -> Markup:
        return Markup(catalogue.gettext(text))

    @lru_cache(WORDS_MAX)
    def alone(text: str) -> Markup:
        return said(text) % {}

    def say(text: str, /, **named: Any) -> Markup:
        return said(text) % named if named else alone(text)

    return say
