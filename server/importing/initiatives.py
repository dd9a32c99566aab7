"""Existing initiatives from a folder of Markdown files with front matter.

The front matter is the simple kind that such portals use: one ``key: value`` per line, a value
plain, quoted, or a list in brackets. Anything more is refused with its line, never guessed at.
"""

import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from collab.errors import Invalid
from collab.process.initiatives.initiative import (
    TEXT_CHARS_MAX,
    Initiative,
    check_initiative,
)
from server.importing.decoding import UnreadableFile
from server.importing.table import Fault

FILES_MAX: Final = 10_000
FILE_BYTES_MAX: Final = 1024 * 1024
FENCE: Final = "---"
SOFT_HYPHEN: Final = "\u00ad"

_LINE = re.compile(r"(?P<key>[A-Za-z][\w-]*):(?:\s+(?P<value>.*))?")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"<[^>\n]{0,300}>")
_SIGNS = re.compile(r"^[ \t]*(?:#{1,6}|[-*+]|>)[ \t]+|\*\*|__|`|\\(?=[*_])", re.MULTILINE)

Values = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class InitiativeFile:
    """The initiatives of a folder, and the files that hold none."""

    found: tuple[Initiative, ...]
    faults: tuple[tuple[str, Fault], ...]
    """(file name, fault)"""


def read_folder(
    folder: Path, name: str, progress: Callable[[int], None] = lambda count: None
) -> InitiativeFile:
    """Read all ``.md`` files of the folder; ``name`` is that of the collection.

    Raises:
        UnreadableFile: it is no folder, holds no such file, or too many.
    """
    files = files_of(folder)
    found: dict[str, Initiative] = {}
    faults = []
    for file in files:
        try:
            one = read_initiative(_text(file), name, file.stem)
            if one.source in found:
                raise _Faulty(1, f"the id is that of another file: {one.source}")
            found[one.source] = one
        except _Faulty as fault:
            faults.append((file.name, Fault(fault.line, fault.problem)))
        progress(1)
    return InitiativeFile(tuple(found.values()), tuple(faults))


def files_of(folder: Path) -> list[Path]:
    """The Markdown files of the folder, in the order of their names."""
    if not folder.is_dir():
        raise UnreadableFile(f"{folder} is no folder.")
    files = sorted(each for each in folder.glob("*.md") if each.is_file())
    if not files:
        raise UnreadableFile(f"{folder} holds no .md file.")
    if len(files) > FILES_MAX:
        raise UnreadableFile(f"{folder} holds more than {FILES_MAX} files; split it.")
    return files


def read_initiative(text: str, collection: str, key: str) -> Initiative:
    """The initiative in a file's text; ``key`` names it if its front matter has no id."""
    values, body = _front_matter(text)
    made = Initiative(
        source=f"import:{collection}:{_plain(values, 'id') or key}",
        name=_plain(values, "title"),
        abstract=_plain(values, "abstract"),
        text=plain_text(body)[:TEXT_CHARS_MAX],
        url=_plain(values, "link"),
        repository=_plain(values, "repository"),
        licence=_plain(values, "license") or _plain(values, "licence"),
        tags=_labels(values, "tags"),
        run_by=_labels(values, "developers"),
        backed_by=_labels(values, "backers"),
        since=_day(values),
    )
    try:
        check_initiative(made)
    except Invalid as refusal:
        fields = refusal.data["fields"]
        assert isinstance(fields, dict)
        said = ", ".join(f"{FILE_NAMES.get(each, each)} {code}" for each, code in fields.items())
        raise _Faulty(1, said) from refusal
    return made


FILE_NAMES: Final = {
    "name": "title", "url": "link", "licence": "license",
    "run_by": "developers", "backed_by": "backers", "source": "id",
}  # fmt: skip
"""How files call what we call otherwise."""


def plain_text(markdown: str) -> str:
    """The words of a Markdown text, without signs, pictures and addresses."""
    words = _LINK.sub(r"\1", _IMAGE.sub("", markdown))
    lines = _SIGNS.sub("", _TAG.sub("", words)).splitlines()
    text = "\n".join(_clean(line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Faulty(Exception):
    """A file holds no initiative."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line, self.problem = line, problem


def _text(file: Path) -> str:
    if file.stat().st_size > FILE_BYTES_MAX:
        raise _Faulty(1, f"the file is bigger than {FILE_BYTES_MAX // 1024} KiB")
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Faulty(1, "the file is not UTF-8") from error


def _front_matter(text: str) -> tuple[Values, str]:
    lines = text.splitlines()
    if not lines or lines[0].strip() != FENCE:
        raise _Faulty(1, f"the file does not begin with {FENCE}")
    values: Values = {}
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == FENCE:
            return values, "\n".join(lines[number:])
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise _Faulty(number, "expected a line like title: My initiative")
        values[match["key"].lower()] = _value((match["value"] or "").strip(), number)
    raise _Faulty(len(lines), f"the front matter is not closed with {FENCE}")


def _value(text: str, line: int) -> str | list[str]:
    if text.startswith("["):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise _Faulty(line, 'expected a list like ["one", "two"]')
        return [_clean(each) for each in found if each.strip()]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].replace("''", "'")
    return _clean(text)


def _clean(text: str) -> str:
    """Without soft hyphens and entities; spaces as one writes them."""
    return " ".join(html.unescape(text).replace(SOFT_HYPHEN, "").replace("\0", "").split())


def _plain(values: Values, key: str) -> str:
    found = values.get(key, "")
    return found if isinstance(found, str) else ", ".join(found)


def _labels(values: Values, key: str) -> tuple[str, ...]:
    found = values.get(key, [])
    return tuple(found) if isinstance(found, list) else ((found,) if found else ())


def _day(values: Values) -> date | None:
    try:
        return date.fromisoformat(_plain(values, "date"))
    except ValueError:
        return None
