"""Where the passages that people speak about stand in the text now, for pages and the API."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from collab.errors import Invalid
from collab.process.actors import Actor
from collab.process.dossier import TITLE
from collab.process.talk.alignment import Quoted
from collab.process.talk.anchoring import AnchorState, Found, Standing, find, standing
from collab.process.talk.comments import CONTEXT_CHARS_MAX, QUOTE_CHARS_MAX
from collab.process.talk.letters import Letters
from collab.sync.text import DossierText, nodes_to_plain
from server.services import Services
from server.views.dossier import read_text
from server.views.record.difference import in_turn

CHARS_MAX: Final = 1_000_000
"""Sections of so many characters are kept indexed; the one asked for longest ago goes."""

FOUND_MAX: Final = 5_000
"""Of one section's passages so many are remembered."""

AT_ONCE: Final = 20
"""So many passages are looked up in a turn: others wait for theirs."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A thread whose passage is gone."""

    id: UUID
    quote: str


class _Section(Letters):
    """A section as it reads, with what was found in it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.found: dict[Quoted, Found | None] = {}

    def find(self, wanted: Quoted) -> Found | None:
        """Where the passage stands in the section."""
        if wanted in self.found:
            return self.found[wanted]
        found = find(self, wanted)
        if len(self.found) >= FOUND_MAX:
            self.found.clear()
        self.found[wanted] = found
        return found

    def remembered(self, wanted: Quoted) -> Found | None:
        """The same; raises KeyError if it was never looked up."""
        return self.found[wanted]


_kept: OrderedDict[str, _Section] = OrderedDict()


@dataclass(frozen=True)
class Passages:
    """The passages of one text; each is looked up once as long as its section reads as it does."""

    text: DossierText

    @cached_property
    def sections(self) -> Mapping[str, _Section]:
        """The title and all sections."""
        plain = {name: nodes_to_plain(nodes) for name, nodes in self.text.sections.items()}
        return {name: _section(words) for name, words in {TITLE: self.text.title, **plain}.items()}

    def of(self, anchor: Mapping[str, Any]) -> Standing:
        """What has become of the passage."""
        return standing(anchor["section"], _quoted(anchor), self.sections, _Section.find)

    async def look_up(self, anchors: Iterable[Mapping[str, Any] | None]) -> None:
        """Find these passages aside: one that is gone is laid against every part of the text."""
        missing = [each for each in anchors if each and not self._is_known(each)]
        for at in range(0, len(missing), AT_ONCE):
            await in_turn(self._look_up, missing[at : at + AT_ONCE])

    def _look_up(self, anchors: Iterable[Mapping[str, Any]]) -> None:
        for each in anchors:
            self.of(each)

    def _is_known(self, anchor: Mapping[str, Any]) -> bool:
        try:
            standing(anchor["section"], _quoted(anchor), self.sections, _Section.remembered)
        except KeyError:
            return False
        return True

    def state(self, anchor: Mapping[str, Any] | None) -> AnchorState | None:
        """What has become of the passage, if there was one."""
        return self.of(anchor).state if anchor else None

    def orphans(self, anchored: Iterable[tuple[UUID, str, Mapping[str, Any]]]) -> list[Orphan]:
        """The threads whose passage is gone."""
        return [
            Orphan(each, anchor["quote"])
            for each, _, anchor in anchored
            if self.state(anchor) is AnchorState.GONE
        ]


async def passages_of(services: Services, actor: Actor, ref: str) -> Passages:
    """The passages of an idea's text as it stands.

    Raises:
        NotFound: there is no such idea, or not for him.
    """
    read = await read_text(services, actor, ref)
    return Passages(read.text)


async def typed_anchor(
    services: Services, actor: Actor, ref: str, *, section: str, quote: str
) -> dict[str, str] | None:
    """The anchor for words that somebody typed as they stand in the text; None for no words.

    Without a section the first one counts in which they stand.

    Raises:
        NotFound: there is no such idea, or not for him.
        Invalid: the words are too long, or do not stand there.
    """
    words = " ".join(quote.split())
    if not words:
        return None
    if len(words) > QUOTE_CHARS_MAX:
        raise Invalid(fields={"quote": "too-long"})
    found = (await passages_of(services, actor, ref)).sections
    for name, letters in found.items():
        place = await in_turn(find, letters, Quoted(words)) if section in {"", name} else None
        if place is None or not place.is_same:
            continue
        before = letters.text[: place.first].replace("\n", " ")
        after = letters.text[place.last :].replace("\n", " ")
        return {
            "section": name,
            "start": "",
            "end": "",
            "quote": letters.text[place.first : place.last].replace("\n", " "),
            "prefix": before[-CONTEXT_CHARS_MAX:],
            "suffix": after[:CONTEXT_CHARS_MAX],
        }
    raise Invalid(fields={"quote": "not-in-text"})


def _quoted(anchor: Mapping[str, Any]) -> Quoted:
    return Quoted(anchor["quote"], anchor["prefix"], anchor["suffix"])


def _section(text: str) -> _Section:
    found = _kept.pop(text, None) or _Section(text)
    _kept[text] = found
    while len(_kept) > 1 and sum(map(len, _kept)) > CHARS_MAX:
        _kept.popitem(last=False)
    return found
