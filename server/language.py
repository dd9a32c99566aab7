"""The two languages: which one a connection gets, and the catalogues behind ``_``.

German texts are the msgids. A string in Python that a reader sees is written ``_("…")`` where a
translation is at hand, or ``N_("…")`` where it is only named and translated later.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, get_args

from babel.core import parse_locale
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
    return {language: _load(folder / language / "LC_MESSAGES", language) for language in LANGUAGES}


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


def _load(folder: Path, language: Language) -> NullTranslations:
    path = folder / f"{DOMAIN}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)
