"""Dates, numbers and names as a reader of either language expects them; the template filters."""

from collections.abc import Callable
from datetime import date as Day  # noqa: N812 - a filter here is called date
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from babel import dates, numbers
from jinja2 import pass_context
from jinja2.runtime import Context

from collab.process.calendar.berlin import BERLIN
from collab.process.templates.reading import Words
from collab.process.workshop.agenda import in_language
from server.language import Language

TEXT_LANGUAGE = "de"
"""The language in which ideas are written, whatever language the reader's page is in."""

LOCALES: dict[Language, str] = {"de": "de", "en": "en_GB"}

REMEMBERED_MAX = 4_096
"""A page names the same moments and numbers again and again, and wording one takes long."""


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """The filters of the templates of one language."""

    @lru_cache(REMEMBERED_MAX)
    def date(at: datetime, style: str = "medium") -> str:
        """``21.11.2026`` in Berlin."""
        return dates.format_date(at.astimezone(BERLIN), style, locale=LOCALES[language])

    @lru_cache(REMEMBERED_MAX)
    def time(at: datetime, style: str = "short") -> str:
        """``14:05`` in Berlin."""
        return dates.format_time(at, style, tzinfo=BERLIN, locale=LOCALES[language])

    def date_and_time(at: datetime, style: str = "medium") -> str:
        """``21.11.2026, 14:05`` in Berlin."""
        return f"{date(at, style)}, {time(at)}"

    def day(on: Day | str, style: str = "medium") -> str:
        """``21.11.2026``, a day and no moment; also as it stands in the payload of an event."""
        on = Day.fromisoformat(on) if isinstance(on, str) else on
        return dates.format_date(on, style, locale=LOCALES[language])

    @pass_context
    def ago(context: Context, at: datetime) -> str:
        """``vor 3 Stunden``, counted from the page's ``now``."""
        passed = at - context["now"]
        return dates.format_timedelta(passed, add_direction=True, locale=LOCALES[language])

    def span(passing: timedelta) -> str:
        """``2 Stunden``."""
        return dates.format_timedelta(passing, threshold=2.0, locale=LOCALES[language])

    @lru_cache(REMEMBERED_MAX, typed=True)
    def number(value: float, pattern: str | None = None) -> str:
        """``2.163`` in German, ``2,163`` in English; a CLDR pattern may be given."""
        return numbers.format_decimal(value, format=pattern, locale=LOCALES[language])

    def percent(value: float) -> str:
        """``12 %`` of a share between 0 and 1."""
        return numbers.format_percent(value, locale=LOCALES[language])

    def localized(words: Words) -> str:
        """What a template of a process or dossier says, in the reader's language."""
        return words[language]

    named: list[Callable[..., Any]] = [
        date, time, date_and_time, day, ago, span, number, percent, localized, iso, clock
    ]  # fmt: skip
    worded: Callable[..., str] = partial(in_language, language=language)
    return {**{each.__name__: each for each in named}, "worded": worded}


def iso(at: datetime) -> str:
    """The machine's form for ``<time datetime>``."""
    return at.isoformat(timespec="seconds")


def clock(seconds: int) -> str:
    """``4:05``, or ``1:04:05``: what is left on a clock."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
