"""The documents tell the truth: links lead somewhere, codes and limits are those of the code."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from collab.sync.protocols.sync_body import AWARENESS_ENTRIES_MAX
from collab.sync.refusals import RefusalReason
from collab.sync.rooms.presence import STATE_BYTES_MAX
from collab.sync.rooms.session import SESSIONS_MAX
from collab.sync.yjs.limits import Limits
from server.network.wire import MESSAGE_BYTES_MAX
from server.realtime.rooms import client
from server.realtime.sockets import connection, hocuspocus, paces, topics
from server.realtime.sockets.open import GUEST_SOCKETS_MAX, SOCKETS_PER_PERSON_MAX
from tests import sources
from tests.sources import ROOT, listing

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"`([a-z-]+)`")
EUPL_SHA256 = "57fb42fbcd0b037ce528ed8f72f1ec095d67bc6825ecf1448ff39be1fe68a4b4"

DOCUMENTS = [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
]


def documents() -> list[Path]:
    """Every document of the project."""
    return [*DOCUMENTS, *sources.files("docs", ".md")]


def read(name: str) -> str:
    """One document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """The anchors that a Markdown viewer gives the headings of a document."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(text)
    }


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents()
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:")) and not leads(path, target)
    ]
    assert not broken, listing(broken)


def leads(path: Path, target: str) -> bool:
    """The link's file exists and has the heading."""
    name, _, anchor = target.partition("#")
    found = (path.parent / name) if name else path
    if not found.exists():
        return False
    return not anchor or anchor in anchors(found.read_text(encoding="utf-8"))


def test_the_protocol_names_every_reason_of_a_refusal() -> None:
    section = read("docs/protocol.md").partition("## When something is not accepted")[2]
    table = section.partition("| close code |")[0]
    first_cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("|")]
    named = {code for cell in first_cells for code in CODE.findall(cell)}
    assert {reason.value for reason in RefusalReason} == named


def test_the_protocol_names_every_close_code() -> None:
    codes = {
        value
        for name, value in vars(connection).items()
        if name.startswith("CLOSE_") and isinstance(value, int)
    }
    table = read("docs/protocol.md").partition("| close code |")[2]
    named = {int(code) for code in re.findall(r"^\| (\d{4}) \|", table, re.MULTILINE)}
    assert codes - {connection.CLOSE_NOT_ALLOWED} == named
    assert set(client.CLOSE_CODES.values()) <= named


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("frame, and update in it", [1]),
        ("frames of one socket", [paces.FRAMES_PER_S, paces.FRAMES_BURST]),
        ("all sockets of one person", [paces.PERSON_SHARE, SOCKETS_PER_PERSON_MAX]),
        ("sockets of guests", [GUEST_SOCKETS_MAX]),
        ("new structs, or new ranges", [Limits().structs_max]),
        ("client ids with news", [Limits().clients_max]),
        ("depth of nodes", [Limits().depth_max]),
        ("state of a document", [Limits().document_bytes_max >> 20]),
        ("documents on one hocuspocus socket", [hocuspocus.DOCUMENTS_PER_SOCKET_MAX]),
        ("sessions of one document", [SESSIONS_MAX]),
        ("presence: entries in a message", [AWARENESS_ENTRIES_MAX, STATE_BYTES_MAX]),
        ("topics on one", [topics.TOPICS_MAX]),
    ],
)
def test_the_protocol_states_the_limits_of_the_code(row: str, numbers: list[int]) -> None:
    assert MESSAGE_BYTES_MAX == Limits().update_bytes_max == 1 << 20
    line = next(
        line for line in read("docs/protocol.md").splitlines() if line.startswith(f"| {row}")
    )
    stated = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)]
    assert stated[: len(numbers)] == numbers


def test_the_licence_is_the_official_text() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == EUPL_SHA256


def test_publiccode_says_what_its_standard_demands() -> None:
    """The required keys of publiccode.yml 0.5."""
    facts = yaml.safe_load(read("publiccode.yml"))
    required = {
        "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType",
        "description", "legal", "maintenance", "localisation",
    }  # fmt: skip
    assert required <= facts.keys()
    for language in facts["localisation"]["availableLanguages"]:
        described = facts["description"][language]
        assert len(described["shortDescription"]) <= 150
        assert 150 <= len(described["longDescription"]) <= 10_000
        assert described["features"]
    assert facts["legal"]["license"] == "EUPL-1.2"


def test_the_changelog_starts_with_the_version_that_is_built() -> None:
    version = re.search(r'^version = "(.+)"$', read("pyproject.toml"), re.MULTILINE)
    assert version
    assert version[1] in read("CHANGELOG.md")
    assert version[1] == yaml.safe_load(read("publiccode.yml"))["softwareVersion"]
