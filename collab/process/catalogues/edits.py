"""Small changes of a catalogue, each as the data of the next version; nothing is checked here.

``parse_catalogue`` and ``require_follows`` judge the result, as they judge a file.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

from collab.process.catalogues.catalogue import Catalogue, Entry
from collab.process.templates.reading import LANGUAGES, Words

Data = dict[str, object]


def to_json(catalogue: Catalogue) -> Data:
    """The catalogue as its file would hold it."""
    data: Data = {"id": catalogue.id, "version": catalogue.version}
    data["label"] = _plain(catalogue.label)
    data["complete"] = catalogue.is_complete
    if catalogue.note is not None:
        data["note"] = _plain(catalogue.note)
    if catalogue.valid_from is not None:
        data["valid_from"] = _plain(catalogue.valid_from)
    return {**data, "entries": [entry_to_json(entry) for entry in catalogue.entries]}


def entry_to_json(entry: Entry) -> Data:
    """The entry as a file would hold it; what is not said is left out."""
    said = {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}
    if entry.description is None:
        del said["description_source"]
    return {name: value for name, value in said.items() if value is not None}


def next_version(catalogue: Catalogue, valid_from: date) -> Data:
    """The data of the next version, still with the same entries."""
    data = to_json(catalogue)
    return {**data, "version": catalogue.version + 1, "valid_from": valid_from.isoformat()}


def with_entry(data: Mapping[str, object], entry: Mapping[str, object]) -> Data:
    """The data with the entry in the place of the one with its id, or added after its siblings."""
    entries = _entries(data)
    ids = [each.get("id") for each in entries]
    if entry.get("id") in ids:
        entries[ids.index(entry.get("id"))] = dict(entry)
        return {**data, "entries": entries}
    siblings = [
        at
        for at, each in enumerate(entries)
        if entry.get("parent") in (each.get("parent"), each.get("id"))
    ]
    entries.insert(siblings[-1] + 1 if siblings else len(entries), dict(entry))
    return {**data, "entries": entries}


def with_end(
    data: Mapping[str, object], entry_id: str, valid_to: str, successor: str | None
) -> Data:
    """The data with a last day for the entry and, if named, what follows it."""
    ended: Data = {"valid_to": valid_to, **({"successor": successor} if successor else {})}
    entries = [{**each, **ended} if each.get("id") == entry_id else each for each in _entries(data)]
    return {**data, "entries": entries}


def _entries(data: Mapping[str, object]) -> list[Data]:
    found = data.get("entries", [])
    assert isinstance(found, list), "made by to_json"
    return [dict(each) for each in found]


def _plain(value: object) -> object:
    if isinstance(value, Words):
        return {language: value[language] for language in LANGUAGES}
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
