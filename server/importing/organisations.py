"""The units of an organisation from a chart: nested JSON as drawing tools write it, or W3C ORG.

W3C ORG comes as JSON-LD with a ``@graph`` (https://www.w3.org/TR/vocab-org/). People and posts are
left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collab.process.organisations.organisation import (
    NAME_CHARS_MAX,
    SHORT_NAME_CHARS_MAX,
    OrganisationKind,
    kind_of,
)
from server.importing.decoding import UnreadableFile

FILE_BYTES_MAX: Final = 10 * 1024 * 1024
UNITS_MAX: Final = 10_000
DEPTH_MAX: Final = 40
SOURCE_CHARS_MAX: Final = 500

_LABELS: Final = ("skos:prefLabel", "prefLabel", "rdfs:label", "label", "foaf:name", "name")
_SHORT: Final = ("skos:altLabel", "altLabel")
_ABOVE: Final = ("org:unitOf", "unitOf", "org:subOrganizationOf", "subOrganizationOf")
_BELOW: Final = ("org:hasUnit", "hasUnit", "org:hasSubOrganization", "hasSubOrganization")
_BODIES: Final = frozenset({"Organization", "FormalOrganization", "OrganizationalUnit"})
_ORG: Final = "org:"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a chart; ``source`` is its address, ``parent`` that of the one above it."""

    source: str
    name: str
    short_name: str
    type_name: str
    parent: str | None

    @property
    def kind(self) -> OrganisationKind:
        return kind_of(self.type_name, self.name)


@dataclass(frozen=True, slots=True)
class Chart:
    """The units of a chart, parents first."""

    units: tuple[Unit, ...]
    left_out: int
    """Parts of units that have no address of their own."""


def read_chart(file: Path) -> Chart:
    """Read the chart in a file.

    Raises:
        UnreadableFile: it is no chart, too big, or a unit in it is faulty, which is named.
    """
    if file.stat().st_size > FILE_BYTES_MAX:
        raise UnreadableFile(f"{file} is bigger than {FILE_BYTES_MAX // 1024 // 1024} MiB.")
    try:
        data = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{file} is no JSON: {error}") from error
    return parse_chart(data)


def parse_chart(data: object) -> Chart:
    """The chart in JSON of either form."""
    if isinstance(data, dict) and isinstance(data.get("@graph"), list):
        units, left_out = tuple(_of_graph(data["@graph"])), 0
    else:
        roots = data if isinstance(data, list) else [data]
        units = tuple(_nested(roots, None, 1))
        left_out = _departments(roots)
    if not units:
        raise UnreadableFile("The file holds no organisation.")
    if len(units) > UNITS_MAX:
        raise UnreadableFile(f"The chart has more than {UNITS_MAX} units; split it.")
    sources = [unit.source for unit in units]
    if len(set(sources)) != len(sources):
        twice = next(each for each in sources if sources.count(each) > 1)
        raise UnreadableFile(f"Two units have the address {twice}.")
    return Chart(units, left_out)


def _nested(nodes: object, parent: str | None, depth: int) -> Iterator[Unit]:
    if depth > DEPTH_MAX and nodes:
        raise UnreadableFile(f"The chart is deeper than {DEPTH_MAX} levels.")
    if not isinstance(nodes, list):
        raise UnreadableFile(f"organisations of {parent or 'the file'}: expected a list.")
    for node in nodes:
        if not isinstance(node, dict):
            raise UnreadableFile(f"organisations of {parent or 'the file'}: expected objects.")
        unit = _unit(
            source=node.get("uri"),
            name=node.get("name"),
            short_name=node.get("altName"),
            type_name=node.get("type"),
            parent=parent,
        )
        yield unit
        yield from _nested(node.get("organisations") or [], unit.source, depth + 1)


def _departments(nodes: list[Any]) -> int:
    """How many parts have no address; the nesting was checked before."""
    return sum(
        len(node.get("departments") or []) + _departments(node.get("organisations") or [])
        for node in nodes
    )


def _of_graph(nodes: list[Any]) -> Iterator[Unit]:
    """The bodies of a graph, parents first."""
    bodies = {node["@id"]: node for node in nodes if isinstance(node, dict) and _is_body(node)}
    above: dict[str, str] = {}
    for source, node in bodies.items():
        for parent in _ids(node, _ABOVE):
            above.setdefault(source, parent)
        for child in _ids(node, _BELOW):
            above.setdefault(child, source)
    above = {source: parent for source, parent in above.items() if parent in bodies}
    placed: set[str] = set()
    for first in bodies:
        line = [first]
        while (upper := above.get(line[-1])) is not None and upper not in placed:
            if upper in line:
                raise UnreadableFile(f"{upper} lies below itself.")
            line.append(upper)
            if len(line) > DEPTH_MAX:
                raise UnreadableFile(f"The chart is deeper than {DEPTH_MAX} levels.")
        for source in reversed(line):
            if source not in placed:
                placed.add(source)
                yield _of_node(source, bodies[source], above.get(source))


def _is_body(node: Mapping[str, Any]) -> bool:
    is_org = any(_local(name) in _BODIES for name in _types(node))
    is_sub = any(_ids(node, names) for names in (_ABOVE, _BELOW))
    return isinstance(node.get("@id"), str) and (is_org or is_sub)


def _of_node(source: str, node: Mapping[str, Any], parent: str | None) -> Unit:
    own = [_local(name) for name in _types(node) if _local(name) not in _BODIES]
    return _unit(
        source=source,
        name=_word(node, _LABELS),
        short_name=_word(node, _SHORT),
        type_name=own[0] if own else "",
        parent=parent,
    )


def _types(node: Mapping[str, Any]) -> list[str]:
    found = node.get("@type", [])
    return [
        each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)
    ]


def _local(name: str) -> str:
    """The last part of an address or of a name with a prefix."""
    return name.replace("#", "/").replace(":", "/").rsplit("/", 1)[-1]


def _ids(node: Mapping[str, Any], names: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for name in names:
        values = node.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            named = value.get("@id") if isinstance(value, dict) else value
            found += [named] if isinstance(named, str) else []
    return found


def _word(node: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The German label, or the first one."""
    for name in names:
        values = node.get(name)
        several = values if isinstance(values, list) else [values]
        german = [
            each for each in several if isinstance(each, dict) and each.get("@language") == "de"
        ]
        for value in (*german, *several):
            word = value.get("@value") if isinstance(value, dict) else value
            if isinstance(word, str) and word.strip():
                return word
    return ""


def _unit(
    *, source: object, name: object, short_name: object, type_name: object, parent: str | None
) -> Unit:
    """The unit, if it has an address and a name of bearable length."""
    if not isinstance(source, str) or not 0 < len(source) <= SOURCE_CHARS_MAX:
        raise UnreadableFile(
            f"uri: {str(source)[:80]!r} is no address, below {parent or 'the top'}."
        )
    words = [" ".join(str(each or "").split()) for each in (name, short_name, type_name)]
    if not 0 < len(words[0]) <= NAME_CHARS_MAX or "\0" in "".join(words):
        raise UnreadableFile(f"name: {words[0][:80]!r} is no name, at {source}.")
    return Unit(
        source, words[0], words[1][:SHORT_NAME_CHARS_MAX], words[2][:NAME_CHARS_MAX], parent
    )
