"""Organisations as W3C ORG in JSON-LD, in the form that the import reads."""

from collections.abc import Sequence
from typing import Any, Final

from storage.process.organisations import Organisation

CONTEXT: Final = {
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "https://schema.org/",
    "arena": "urn:arena:",
}


def as_graph(rows: Sequence[Organisation]) -> dict[str, Any]:
    """All organisations with what lies above them and what has taken their place."""
    addresses = {row.id: address_of(row) for row in rows}
    return {"@context": CONTEXT, "@graph": [_node(row, addresses) for row in rows]}


def address_of(row: Organisation) -> str:
    """The address it was imported with, or one of ours."""
    return row.source or f"urn:arena:organisation:{row.id}"


def _node(row: Organisation, addresses: dict[Any, str]) -> dict[str, Any]:
    own = [f"arena:{row.type_name}"] if row.type_name else []
    node: dict[str, Any] = {
        "@id": addresses[row.id],
        "@type": ["org:Organization", *own],
        "skos:prefLabel": row.name,
        "arena:class": row.actor_class,
        "arena:kind": row.kind,
    }
    said = {
        "skos:altLabel": row.short_name,
        "schema:foundingDate": row.valid_from.isoformat() if row.valid_from else None,
        "schema:dissolutionDate": row.valid_to.isoformat() if row.valid_to else None,
        "org:subOrganizationOf": _named(addresses, row.parent_id),
        "arena:successor": _named(addresses, row.successor_id),
    }
    return node | {name: value for name, value in said.items() if value is not None}


def _named(addresses: dict[Any, str], other: object) -> dict[str, str] | None:
    return {"@id": addresses[other]} if other in addresses else None
