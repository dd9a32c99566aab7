"""Pages out of templates: one Jinja environment per language, and what every template may use.

Templates get ``visitor``, ``person`` (the signed-in actor or None), ``language``, ``languages``,
``path``, ``now``, ``demo``, ``lost`` (words of a refused form that no field shows); the functions
``_``, ``ngettext``, ``asset``, ``styles``, ``may``, ``piece``; ``script_messages`` (JSON for
``web/src/messages.ts``); the filters of ``server.pages.wording``. Those for many readers at once
(``server.pages.many``) get nothing of a reader or a request.
No page needs an inline script or style, so there is no nonce.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import structlog
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from collab.process.permissions import Action, may
from server.auth.visitor import visitor_of
from server.language import LANGUAGES, Language, load_catalogues, load_script_messages
from server.pages.calling import CallingContext, words
from server.pages.wording import TEXT_LANGUAGE, filters
from server.services import services_of
from web.places import DIST, LOCALE, TEMPLATES

ASSETS = "/assets"
TEMPLATE_ENDINGS = ("html", "svg", "xml")

log = structlog.get_logger(__name__)


class Assets:
    """The built files of ``web/dist``, found by the name of their source through the manifest."""

    def __init__(self, dist: Path) -> None:
        manifest = dist / "manifest.json"
        self._entries: dict[str, Any] = (
            json.loads(manifest.read_text()) if manifest.exists() else {}
        )
        if not self._entries:
            log.warning("assets_missing", folder=str(dist), hint="python3 run.py builds them")

    def url(self, source: str) -> str:
        """Where the file built from ``source`` is served; empty if nothing was built from it."""
        entry = self._entries.get(source)
        if entry is None:
            return ""
        return f"{ASSETS}/{entry if isinstance(entry, str) else entry['file']}"

    def every(self) -> list[str]:
        """Where all built files are served."""
        entries = [each for each in self._entries.values() if isinstance(each, dict)]
        files = [name for each in entries for name in (each["file"], *each.get("css", []))]
        return [f"{ASSETS}/{name}" for name in files]

    def styles(self, source: str) -> list[str]:
        """Where the style sheets of the entry ``source`` are served."""
        entry = self._entries.get(source)
        css = entry.get("css", []) if isinstance(entry, dict) else []
        return [f"{ASSETS}/{file}" for file in css]


class Compiled(BytecodeCache):
    """What one language has compiled, for the others: compiling all takes a second."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the environment what another one compiled."""
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what an environment has compiled."""
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


class Pages:
    """Renders templates in the language of the visitor."""

    def __init__(self, templates: Path, dist: Path, locale: Path) -> None:
        self._compiled = Compiled()
        self.assets = Assets(dist)
        self.catalogues = load_catalogues(locale)
        self._script_messages = load_script_messages(locale)
        self._environments = {
            language: self._environment(templates, language) for language in LANGUAGES
        }

    def compile_all(self) -> None:
        """Compile every template now and not when it is first shown."""
        for environment in self._environments.values():
            for name in environment.list_templates(extensions=TEMPLATE_ENDINGS):
                environment.get_template(name)

    def render(
        self,
        connection: HTTPConnection,
        template: str,
        context: Mapping[str, Any] | None = None,
        status: int = 200,
    ) -> HTMLResponse:
        """The page or fragment ``template`` for the visitor of this request."""
        language = visitor_of(connection).language
        html = self.text(connection, template, context)
        return HTMLResponse(html, status, {"Content-Language": language})

    def text(
        self, connection: HTTPConnection, template: str, context: Mapping[str, Any] | None = None
    ) -> str:
        """What the template says to the visitor of this request."""
        language = visitor_of(connection).language
        surroundings = _surroundings(connection, language)
        return self._rendered(language, template, {**surroundings, **(context or {})})

    def text_for_many(
        self, language: Language, template: str, context: Mapping[str, Any], now: datetime
    ) -> str:
        """What the template says to many readers: it knows none of them, and no request."""
        surroundings = {"language": language, "languages": LANGUAGES, "now": now}
        return self._rendered(language, template, {**surroundings, **context})

    def _rendered(self, language: Language, template: str, context: Mapping[str, Any]) -> str:
        return self._environments[language].get_template(template).render(context)

    def _environment(self, templates: Path, language: Language) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=self._compiled,
        )
        catalogue = self.catalogues[language]
        environment.install_gettext_callables(  # type: ignore[attr-defined]
            catalogue.gettext, catalogue.ngettext, newstyle=True, pgettext=catalogue.pgettext
        )
        environment.context_class = CallingContext
        say = words(catalogue)
        environment.globals.update(
            _=say,
            gettext=say,
            asset=self.assets.url,
            styles=self.assets.styles,
            text_language=TEXT_LANGUAGE,
            piece=_whole,
            script_messages=Markup(self._script_messages[language]),
        )
        environment.filters.update(
            (name, _at_run_time(each)) for name, each in filters(language).items()
        )
        return environment


def _at_run_time(say: Callable[..., str]) -> Callable[..., str]:
    """The filter, which Jinja then never works out while it compiles for all languages."""
    if hasattr(say, "jinja_pass_arg"):
        return say

    @pass_context
    def said(_context: Context, *given: Any, **named: Any) -> str:
        return say(*given, **named)

    return said


@cache
def arena_pages() -> Pages:
    """The pages of Arena; one for all applications of a process, as reading the words is dear."""
    return Pages(TEMPLATES, DIST, LOCALE)


def _whole(_each: object, html: Markup) -> Markup:
    """What may differ between readers, on a page that has one; ``server.pages.many`` cuts there."""
    return html


def _surroundings(connection: HTTPConnection, language: Language) -> dict[str, Any]:
    services = services_of(connection)
    visitor = visitor_of(connection)

    def allowed(action: str, stage: str | None = None) -> bool:
        return may(visitor.actor, Action(action), stage)

    return {
        "request": connection,
        "visitor": visitor,
        "person": visitor.actor if visitor.is_signed_in else None,
        "language": language,
        "languages": LANGUAGES,
        "path": connection.url.path,
        "now": services.clock(),
        "demo": services.settings.demo,
        "may": allowed,
        "lost": getattr(connection.state, "lost", ()),
    }
