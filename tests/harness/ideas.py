"""Ideas in the state that a test needs, made the way people make them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.harness.api import Api
from tests.harness.protocols import HocuspocusActor

REQUIRED_SECTIONS = {
    "situation": "Im Kiez fehlen sichere Wege.",
    "idea": "Ein Radweg wird gebaut.",
}
FREE_SECTION = "benefit"
"""A section of a proposal that nobody has filled."""


@dataclass(frozen=True, slots=True)
class TestIdea:
    """What a test needs to know of an idea."""

    __test__ = False

    ref: str
    document: str


async def draft(origin: str, token: str, title: str = "Sicherer Radweg") -> TestIdea:
    """A new draft of the token's person."""
    async with Api(origin, token) as api:
        created = await api.create_idea(title)
    return TestIdea(created["ref"], created["document_id"])


async def open_idea(origin: str, token: str, title: str = "Sicherer Radweg") -> TestIdea:
    """A new idea that everybody signed in may write, with its required sections filled."""
    idea = await draft(origin, token, title)
    async with HocuspocusActor(origin, idea.document, token) as author:
        for section, text in REQUIRED_SECTIONS.items():
            await author.type(section, text)
        await author.until_saved()
    async with Api(origin, token) as api:
        await api.change_stage(idea.ref, "open")
    return idea
