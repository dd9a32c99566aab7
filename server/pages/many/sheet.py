"""A rendering for one audience, cut where something may be one reader's own.

Most readers are sent the whole as it is, compressed once. Who wrote or reacted to some of what is
shown gets those pieces in his own way between the pieces of all; each way of a piece is rendered
once, too.
"""

import gzip
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from markupsafe import Markup

from storage.talk.comments import Comment
from storage.talk.crowd import Own

GZIP_BYTES_MIN: Final = 1_000
GZIP_LEVEL: Final = 6

Way = Callable[[UUID, Own], str]
"""Renders a piece for readers to whom it is so much their own."""


NOWHERE: Final[Mapping[UUID, int]] = {}


def _no_way(piece_id: UUID, how: Own) -> str:
    raise AssertionError(f"{piece_id} is no piece of this sheet: {how}")


class Cut(Protocol):
    """A comment as a template knows it."""

    @property
    def row(self) -> Comment: ...


class Pieces:
    """Goes into a template as ``piece`` and keeps what comes through it apart from the rest."""

    def __init__(self) -> None:
        # Nobody can write it into a comment.
        self._mark = f"<{secrets.token_hex(16)}>"
        self._ids: list[UUID] = []
        self._texts: list[str] = []

    def put(self, each: Cut, html: Markup) -> Markup:
        """Take a piece out; a mark stands in its place."""
        self._ids.append(each.row.id)
        self._texts.append(str(html))
        return Markup(self._mark)

    def sheet(self, text: str, way: Way, since: datetime | None) -> "Sheet":
        """The text that was rendered with these pieces, the oldest of which is of ``since``."""
        between = text.split(self._mark)
        assert len(between) == len(self._texts) + 1, "each piece is shown where it was put"
        parts = [between[0]]
        places = {}
        for piece_id, piece, after in zip(self._ids, self._texts, between[1:], strict=True):
            places[piece_id] = len(parts)
            parts += [piece, after]
        return Sheet(parts, places, way, since)


class Body:
    """A text on its way to many: encoded, compressed and named once."""

    def __init__(self, text: str) -> None:
        self.plain = text.encode()

    @cached_property
    def gzipped(self) -> bytes:
        """Compressed as every other answer is."""
        return gzip.compress(self.plain, GZIP_LEVEL, mtime=0)

    @cached_property
    def tag(self) -> str:
        """Names what is said, however it is encoded (RFC 9110 §8.8.3)."""
        return f'W/"{sha256(self.plain).hexdigest()[:32]}"'

    @property
    def is_large(self) -> bool:
        """Whether compressing it is worth while."""
        return len(self.plain) >= GZIP_BYTES_MIN


class Sheet:
    """Pieces in their order, and what stands between them."""

    def __init__(
        self,
        parts: Sequence[str],
        places: Mapping[UUID, int] = NOWHERE,
        way: Way = _no_way,
        since: datetime | None = None,
    ) -> None:
        self.since = since
        self._parts = tuple(parts)
        self._places = places
        self._way = way
        self._ways: dict[tuple[UUID, Own], str] = {}

    @cached_property
    def whole(self) -> Body:
        """What is said to all of the audience who have nothing of their own in it."""
        return Body("".join(self._parts))

    def body(self, own: Mapping[UUID, Own]) -> Body:
        """What is said to a reader to whom so much of it is his own."""
        shown = {each: how for each, how in own.items() if each in self._places}
        if not shown:
            return self.whole
        parts = list(self._parts)
        for each, how in shown.items():
            parts[self._places[each]] = self._in_the_way_of(each, how)
        return Body("".join(parts))

    def _in_the_way_of(self, piece_id: UUID, how: Own) -> str:
        if (piece_id, how) not in self._ways:
            self._ways[piece_id, how] = self._way(piece_id, how)
        return self._ways[piece_id, how]
