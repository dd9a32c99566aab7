"""An invented chart of an authority, as drawing tools and as W3C ORG write it."""

from __future__ import annotations

from typing import Any

ADDRESS = "https://chart.example/"


def unit(key: str, name: str, type_name: str | None, *below: dict[str, Any]) -> dict[str, Any]:
    """A unit of the nested form."""
    return {
        "type": type_name, "name": name, "altName": None, "uri": ADDRESS + key,
        "organisations": list(below), "departments": [],
    }  # fmt: skip


def chart() -> list[dict[str, Any]]:
    """Seven units, two of which only hold others together, and a part without an address."""
    office = unit("office", "Leitungsbüro", "Büro")
    office["departments"] = [{"type": "Büro", "name": "Presse"}]
    one = unit("one", "Referat 1", "Referat")
    top = unit(
        "top", "Senatsverwaltung für Beispiele", "Senatsverwaltung",
        office,
        unit("group", "Organisation", "", unit("a", "Abteilung A", "Abteilung", one)),
    )  # fmt: skip
    top["altName"] = "SenBei"
    below = unit("below", "Landesamt für Muster", "Landesamt")
    return [top, unit("group-2", "Organisation", None, below)]


def tree_of(nodes: list[dict[str, Any]], above: str | None = None) -> set[tuple[str, str | None]]:
    """(address, address of what lies above) of every unit in a nested chart."""
    found = {(node["uri"], above) for node in nodes}
    return found.union(*(tree_of(node["organisations"], node["uri"]) for node in nodes))


def graph() -> dict[str, Any]:
    """The same three levels as W3C ORG, children before parents, with a person and a post."""
    return {
        "@context": {"org": "http://www.w3.org/ns/org#"},
        "@graph": [
            {"@id": "ex:one", "@type": ["org:OrganizationalUnit", "berorgs:Referat"],
             "skos:prefLabel": [{"@language": "en", "@value": "Unit 1"},
                                {"@language": "de", "@value": "Referat 1"}],
             "org:unitOf": {"@id": "ex:a"}},
            {"@id": "ex:a", "@type": ["org:OrganizationalUnit", "berorgs:Abteilung"],
             "skos:prefLabel": "Abteilung A"},
            {"@id": "ex:top", "@type": ["org:FormalOrganization", "berorgs:Senatsverwaltung"],
             "rdfs:label": "Senatsverwaltung für Beispiele", "skos:altLabel": "SenBei",
             "org:hasUnit": [{"@id": "ex:a"}]},
            {"@id": "ex:post", "@type": "org:Post", "rdfs:label": "Leitung"},
            {"@id": "ex:person", "@type": "foaf:Person", "foaf:name": "Jemand"},
        ],
    }  # fmt: skip
