"""A strict reader of Atom feeds: what RFC 4287 demands is demanded here."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FEED = {"id", "title", "updated", "author", "link", "entry"}
ENTRY = {"id", "title", "updated", "published", "author", "link", "category", "summary"}


@dataclass(frozen=True)
class AtomEntry:
    """One entry, checked."""

    id: str
    title: str
    updated: datetime
    author: str
    href: str
    kind: str
    summary: str


@dataclass(frozen=True)
class AtomFeed:
    """A feed, checked."""

    id: str
    title: str
    updated: datetime
    language: str
    address: str
    entries: list[AtomEntry]


def read(content: bytes) -> AtomFeed:
    """The feed; fails on the first thing that the RFC does not allow."""
    root = ElementTree.fromstring(content)
    assert content.startswith(b"<?xml")
    assert root.tag == f"{ATOM}feed"
    _only(root, FEED)
    _person(_one(root, "author"))
    entries = [_entry(each) for each in root.findall(f"{ATOM}entry")]
    links = _links(root)
    assert links.keys() == {"self", "alternate"}, "4.1.1: one link of each kind"
    updated = _moment(_one(root, "updated"))
    assert len({each.id for each in entries}) == len(entries), "4.1.2: ids are unique"
    assert all(each.updated <= updated for each in entries)
    assert entries == sorted(entries, key=lambda each: each.updated, reverse=True)
    return AtomFeed(
        id=_iri(_one(root, "id")),
        title=_text(_one(root, "title")),
        updated=updated,
        language=root.attrib[XML_LANG],
        address=links["self"],
        entries=entries,
    )


def _entry(element: Element) -> AtomEntry:
    _only(element, ENTRY)
    published, updated = (_moment(_one(element, name)) for name in ("published", "updated"))
    assert published <= updated
    return AtomEntry(
        id=_iri(_one(element, "id")),
        title=_text(_one(element, "title")),
        updated=updated,
        author=_person(_one(element, "author")),
        href=_links(element)["alternate"],
        kind=_one(element, "category").attrib["term"],
        summary=_text(_one(element, "summary")),
    )


def _only(element: Element, names: set[str]) -> None:
    """Nothing but elements of Atom that may stand here, and no text between them."""
    assert {each.tag for each in element} <= {ATOM + name for name in names}
    assert not (element.text or "").strip()
    assert not any((each.tail or "").strip() for each in element)


def _one(element: Element, name: str) -> Element:
    found = element.findall(ATOM + name)
    assert len(found) == 1, f"4.1: exactly one {name}"
    return found[0]


def _text(element: Element) -> str:
    """A text construct (3.1) of plain text."""
    assert element.attrib.get("type", "text") == "text"
    assert not list(element)
    text = element.text or ""
    assert text.strip(), element.tag
    return text


def _person(element: Element) -> str:
    """A person construct (3.2); of it we tell nothing but the name."""
    assert [each.tag for each in element] == [f"{ATOM}name"]
    return _text(element[0])


def _moment(element: Element) -> datetime:
    """A date construct (3.3): RFC 3339 with a time zone, T in capitals."""
    text = element.text or ""
    assert text[10] == "T"
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return moment


def _iri(element: Element) -> str:
    """An id (4.2.6): an absolute IRI, here a UUID."""
    text = element.text or ""
    assert text == text.strip()
    assert UUID(text.removeprefix("urn:uuid:")).urn == text
    return text


def _links(element: Element) -> dict[str, str]:
    """Links (4.2.7) by relation, each with an absolute address."""
    found = element.findall(f"{ATOM}link")
    links = {each.attrib["rel"]: each.attrib["href"] for each in found}
    assert len(links) == len(found)
    assert all(urlsplit(each).scheme in {"http", "https"} for each in links.values())
    return links
