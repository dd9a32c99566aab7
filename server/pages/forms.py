"""What pages with forms share: reading what was sent, saying what is wrong with it, moving on."""

import html
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from collab.errors import Limited, NotAllowed, NotFound, Refusal
from collab.process.actors import Actor
from server.actions.access import Caller
from server.auth.visitor import visitor_of
from server.errors import SIGN_IN_REQUIRED, status_of
from server.messages import field_message, message
from server.services import services_of

FIELDS_MAX: Final = 100
UTF_8: Final = frozenset({b"utf-8", b"utf8"})
NUMBER_DIGITS_MAX: Final = 15
FORM: Final = ""
"""The key of an error that belongs to no field."""

SECRET: Final = frozenset({"password", "current", "code", "key"})
"""Fields that no answer ever repeats."""
WORDS: Final = re.compile(
    r"(^|_)(text|reason|note|title|words|word|question|answer|because|terms|names|keywords|about"
    r"|contribution|effect|indicator|conflict|quote|decision|data|interest|evidence|how|label"
    r"|description)(_(de|en))?($|-)|^(section|field)-|\.(how|evidence)$"
)
"""Names of the fields in which people write; the others are chosen, or put in by the page."""

Errors = dict[str, str]
"""Field → what is wrong with it, in the reader's language."""


class Sent:
    """The fields of a posted form; what is absent is empty, files are nobody's business here.

    U+0000 is left out: nobody types it, and PostgreSQL does not keep it.
    """

    def __init__(self, data: FormData) -> None:
        self._data = data

    def __getitem__(self, name: str) -> str:
        value = self._data.get(name, "")
        return value.replace("\0", "") if isinstance(value, str) else ""

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def words(self) -> list[str]:
        """What somebody has written, field by field."""
        texts = [(name, self[name]) for name in dict.fromkeys(self._data) if WORDS.search(name)]
        return [text for name, text in texts if text.strip() and name not in SECRET]

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be sent several times."""
        values = self._data.getlist(name)
        return [value.replace("\0", "") for value in values if isinstance(value, str)]


async def sent(request: Request, *, fields_max: int = FIELDS_MAX) -> Sent:
    """The form in the body of ``request``, of at most ``fields_max`` fields.

    Raises:
        HTTPException: (415) in another charset than UTF-8. Among those that Python knows are some
            that take squared time, and some that yield halves of characters.
    """
    _, parameters = parse_options_header(request.headers.get("content-type", ""))
    if parameters.get(b"charset", b"utf-8").lower() not in UTF_8:
        raise HTTPException(415)
    async with request.form(max_files=0, max_fields=fields_max) as data:
        found = Sent(data)
    request.state.words = found.words()
    return found


Act = Callable[[Request, Sent], Awaitable[Response]]
"""What a form is for; it answers with the way onward, and refuses by raising."""

Again = Callable[[Request, Sent, Refusal], Awaitable[Response]]
"""The page that the form is on, with what was sent and what is wrong with it."""


def is_plain(refusal: Refusal) -> bool:
    """Whether a refusal is about a right or about a thing that is not there: no form helps then."""
    return isinstance(refusal, NotFound) or status_of(refusal) in {401, 403}


def is_out_of_sight(refusal: Refusal) -> bool:
    """Whether one may not even read it, or must sign in: the page of the form cannot be shown."""
    return isinstance(refusal, NotFound) or status_of(refusal) == 401


def posted(
    path: str,
    act: Act,
    again: Again,
    *,
    plain: Callable[[Refusal], bool] = is_plain,
    fields_max: int = FIELDS_MAX,
) -> Route:
    """The route of a form: it does ``act``; what is refused comes ``again`` for the person.

    Refusals that are ``plain`` are not for the form and stay what they are. Either way every word
    that was sent is in the answer: what has no place on the page stands above it.
    """

    @wraps(act)
    async def post(request: Request) -> Response:
        form = await sent(request, fields_max=fields_max)
        try:
            return await act(request, form)
        except Refusal as refusal:
            if plain(refusal):
                raise
            page = await again(request, form, refusal)
            request.state.lost = _lost(page, form.words())
            if request.state.lost:
                page = await again(request, form, refusal)
            if not isinstance(page, HTMLResponse):
                raise
            return _marked(page, refusal)

    return Route(path, post, methods=["POST"])


def _lost(page: Response, words: Sequence[str]) -> list[str]:
    """The words for which the page has no place any more; the frame of every page shows them."""
    shown = " ".join(html.unescape(bytes(page.body).decode()).split())
    return [each for each in words if " ".join(each.split()) not in shown]


def _marked(response: Response, refusal: Refusal) -> Response:
    """The page of a refused form as such: a program and a browser's history can tell."""
    if response.status_code == 200:
        response.status_code = status_of(refusal)
    if isinstance(refusal, Limited) and "retry_after_s" in refusal.data:
        response.headers["Retry-After"] = str(refusal.data["retry_after_s"])
    return response


def person_of(request: Request) -> Actor:
    """Who asks; guests are sent to sign in."""
    visitor = visitor_of(request)
    if not visitor.is_signed_in:
        raise NotAllowed(SIGN_IN_REQUIRED)
    return visitor.actor


def caller_of(request: Request) -> Caller:
    """Where an attempt to come in comes from."""
    address = request.client.host if request.client else ""
    return Caller(address, device_of(request.headers.get("user-agent", "")))


def device_of(agent: str) -> str:
    """A browser and its system as a person would call them; empty if we do not know either."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def errors_of(
    request: Request, refusal: Refusal | None, names: Mapping[str, str] | None = None
) -> Errors:
    """What the refusal says, by field; ``names`` maps the action's fields to the form's."""
    if refusal is None:
        return {}
    catalogue = services_of(request).pages.catalogues[visitor_of(request).language]
    fields = refusal.data.get("fields")
    if not isinstance(fields, Mapping):
        return {FORM: message(refusal.code, refusal.data, catalogue)}
    renamed = names or {}
    return {
        renamed.get(name, name): field_message(str(code), catalogue)
        for name, code in fields.items()
    }


def id_in(text: str, otherwise: Refusal) -> UUID:
    """The id in a field or an address; raises ``otherwise`` for anything else."""
    try:
        return UUID(text)
    except ValueError:
        raise otherwise from None


def number_in(text: str, digits_max: int = NUMBER_DIGITS_MAX) -> int | None:
    """The number in a field or an address; None for anything else, also for a longer one."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= digits_max
    return int(text) if is_number else None


def go(path: str) -> RedirectResponse:
    """To the next page, with a GET."""
    return RedirectResponse(path, 303)


def local(path: str) -> str:
    """``path`` if it is a page of ours, else the arena; nobody is led elsewhere by a link."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    is_ours = path.startswith("/") and not parts.scheme and not parts.netloc
    is_plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    return path if is_ours and is_plain else "/"


# Order matters: browsers name those they descend from.
BROWSERS: Final = (
    ("Firefox/", "Firefox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
