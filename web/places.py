"""Where the pages' files lie; the only Python of this package besides its docstring."""

from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).parent / "templates"
"""Jinja2 templates, German msgids inside."""

DIST: Final = Path(__file__).parent / "dist"
"""Built scripts and styles with their manifest; absent until the first build."""

LOCALE: Final = Path(__file__).parent / "locale"
"""One folder per language with its gettext catalogue."""
