"""Reads the packaged catalogues; the only place in ``collab`` that opens files.

A faulty catalogue is our own fault, so it stops the program when it is loaded, naming the place.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

LANGUAGES = ("de", "en")
_FILE = re.compile(r"(?P<id>[a-z][a-z-]*)\.v(?P<version>[1-9][0-9]*)\.json")
_ID = re.compile(r"[a-z][a-z0-9_]*")


class FaultyTemplate(ValueError):
    """A catalogue file breaks the rules of its kind; the message names file place and fault."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text of a catalogue in every language of the product."""

    de: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The text in ``language``; German where we do not speak it."""
        return self.en if language == "en" else self.de


def versions(folder: str, template_id: str) -> list[int]:
    """The shipped versions of a catalogue, oldest first; empty if there is none of this name."""
    found = (_FILE.fullmatch(entry.name) for entry in _folder(folder).iterdir())
    return sorted(int(match["version"]) for match in found if match and match["id"] == template_id)


def names_in(folder: str) -> set[str]:
    """The ids of all shipped catalogues of a kind."""
    found = (_FILE.fullmatch(entry.name) for entry in _folder(folder).iterdir())
    return {match["id"] for match in found if match}


def read(folder: str, template_id: str, version: int) -> Mapping[str, object]:
    """The JSON object of one catalogue file; its id and version must be those of its name."""
    name = f"{template_id}.v{version}.json"
    if not _FILE.fullmatch(name):
        raise FaultyTemplate(f"{folder}/{name}: not the name of a catalogue")
    data = mapping(json.loads(_folder(folder).joinpath(name).read_text("utf-8")), name)
    if (data.get("id"), data.get("version")) != (template_id, version):
        raise FaultyTemplate(f"{folder}/{name}: id and version differ from the file name")
    return data


def mapping(value: object, place: str) -> Mapping[str, object]:
    """``value`` if it is a JSON object."""
    if not isinstance(value, dict):
        raise FaultyTemplate(f"{place}: expected an object, found {value!r}")
    return value


def items(data: Mapping[str, object], key: str, place: str) -> Sequence[object]:
    """The list under ``key``; an absent one is empty."""
    value = data.get(key, [])
    if not isinstance(value, list):
        raise FaultyTemplate(f"{place}.{key}: expected a list, found {value!r}")
    return value


def names(data: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    """The list of ids under ``key``, without repetition; an absent one is empty."""
    found = tuple(identifier(item, f"{place}.{key}") for item in items(data, key, place))
    if len(set(found)) != len(found):
        raise FaultyTemplate(f"{place}.{key}: an id is repeated")
    return found


def identifier(value: object, place: str) -> str:
    """``value`` if it is an id: lower case, digits and underscores."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise FaultyTemplate(f"{place}: {value!r} is not an id")
    return value


def number(data: Mapping[str, object], key: str, place: str) -> int:
    """The whole number under ``key``, at least 1."""
    value = data.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise FaultyTemplate(f"{place}.{key}: expected a number from 1, found {value!r}")
    return value


def words(data: Mapping[str, object], key: str, place: str) -> Words:
    """The text under ``key``, which must be there in every language."""
    texts = mapping(data.get(key), f"{place}.{key}")
    found = {language: texts.get(language) for language in LANGUAGES}
    missing = [name for name, text in found.items() if not (isinstance(text, str) and text.strip())]
    if missing:
        raise FaultyTemplate(f"{place}.{key}: missing in {', '.join(missing)}")
    return Words(str(found["de"]), str(found["en"]))


def _folder(name: str) -> Traversable:
    return resources.files("collab.process.templates").joinpath(name)
