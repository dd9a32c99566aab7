"""The two languages: which one a connection gets, and the catalogues behind ``_``.

German texts are the msgids. A string in Python that a reader sees is written ``_("…")`` where a
translation is at hand, or ``N_("…")`` where it is only named and translated later.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, get_args

from babel.core import parse_locale
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import HTTPConnection

Language = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT: Final[Language] = "de"
DOMAIN = "arena"
COOKIE = "arena_language"
PARAMETER = "lang"

Catalogues = Mapping[Language, NullTranslations]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Marks ``text`` for extraction; it is translated where it is shown."""
    return text


def load_catalogues(folder: Path) -> Catalogues:
    """The catalogue of each language; an absent one answers with the German msgids."""
    return {language: _load(folder, language) for language in LANGUAGES}


def load_script_messages(folder: Path) -> Mapping[Language, str]:
    """What scripts say in each language, as JSON that may stand in an HTML page; empty if nothing.

    ``{msgid: text}``, and ``{msgid: [one, many]}`` for plurals; only what occurs in TypeScript.
    """
    return {language: _script_messages(folder, language) for language in LANGUAGES}


def language_of(text: str | None) -> Language | None:
    """``text`` as one of the languages, or None."""
    return next((language for language in LANGUAGES if language == text), None)


def choose_language(connection: HTTPConnection, persons: str | None = None) -> Language:
    """What was asked for: ``?lang=``, the cookie, the person's own, the browser's, else German."""
    wishes = (
        connection.query_params.get(PARAMETER),
        connection.cookies.get(COOKIE),
        persons,
    )
    for wish in wishes:
        if language := language_of(wish):
            return language
    return accepted_language(connection.headers.get("accept-language", ""))


def accepted_language(header: str) -> Language:
    """The best of our languages by an Accept-Language header (RFC 9110 §12.5.4)."""
    best, best_quality = DEFAULT, 0.0
    for part in header.split(",")[:20]:
        tag, _, parameters = part.strip().partition(";")
        language = _primary(tag)
        quality = _quality(parameters)
        if language and quality > best_quality:
            best, best_quality = language, quality
    return best


def _primary(tag: str) -> Language | None:
    try:
        return language_of(parse_locale(tag.strip(), sep="-")[0])
    except ValueError:
        return None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0


def _script_messages(folder: Path, language: Language) -> str:
    catalogue = _read(folder, language)
    said = {
        _source(message): message.string
        for message in (catalogue or ())
        if message.id and _is_translated(message) and _is_in_script(message)
    }
    # "<" could end the element that the JSON stands in.
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c") if said else ""


def _source(message: Message) -> str:
    """The msgid, or the singular of a plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else message.string or [""]
    return all(strings)


def _is_in_script(message: Message) -> bool:
    return any(path.endswith(".ts") for path, _ in message.locations)


def _read(folder: Path, language: Language) -> Catalog | None:
    path = folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def _load(folder: Path, language: Language) -> NullTranslations:
    catalogue = _read(folder, language)
    if catalogue is None:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
