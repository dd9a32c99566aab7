"""The wording of refusals and mails: what a reader is told for each stable code.

Every topic has its words in ``server.refusals``; no code is worded twice.
"""

from collections.abc import Mapping
from typing import Any, Final

from babel.support import NullTranslations

from server.refusals import (
    accounts,
    acts,
    casefile,
    experts,
    feasibility,
    moderation,
    requests,
    responsibility,
    suggestions,
    talk,
    ties,
    versions,
)
from server.refusals.gathering import claims, harvest, workshop

TOPICS: Final = (
    accounts,
    acts,
    casefile,
    experts,
    feasibility,
    moderation,
    requests,
    responsibility,
    suggestions,
    talk,
    ties,
    versions,
    workshop,
    harvest,
    claims,
)


def _of_all(name: str) -> dict[str, Any]:
    return {code: text for topic in TOPICS for code, text in getattr(topic, name, {}).items()}


MESSAGES: Final[Mapping[str, str]] = _of_all("MESSAGES")
FIELD_MESSAGES: Final[Mapping[str, str]] = _of_all("FIELD_MESSAGES")
MAILS: Final[Mapping[str, tuple[str, str]]] = _of_all("MAILS")


def message(code: str, data: Mapping[str, Any], catalogue: NullTranslations) -> str:
    """What a reader is told for ``code``."""
    text: str = catalogue.gettext(MESSAGES.get(code, MESSAGES["refused"]))
    return text % data if "%(" in text else text


def field_message(code: str, catalogue: NullTranslations) -> str:
    """What is said beside a faulty field."""
    text: str = catalogue.gettext(FIELD_MESSAGES.get(code, FIELD_MESSAGES["malformed"]))
    return text


def mail_text(
    which: str, catalogue: NullTranslations, values: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and text of a mail, with ``values`` filled in."""
    subject, text = (catalogue.gettext(part) for part in MAILS[which])
    return subject % values, text % values
