"""``/live``: tells open pages which topic has changed; they fetch what they may see themselves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from collab.process.events.event import BOARD_TOPIC
from server.monitoring.metrics.hot import TALLY
from server.realtime.onlookers import Onlooker, Onlookers
from server.realtime.sockets.connection import CLOSE_TRY_AGAIN_LATER, Connection

TOUCH_S = 2.0
"""Topics that change all the time (text, presence) are announced at most this often."""

SPREAD_MS_EACH = 0.9
"""A fetch costs the process about so much: pages come as fast as they can be answered."""
SPREAD_MS = (30, 3_000)


def spread_ms(pages: int) -> int:
    """Within how long so many pages shall fetch what has changed, each at a moment by chance."""
    least, most = SPREAD_MS
    return max(least, min(most, round(pages * SPREAD_MS_EACH)))


class Subscriber:
    """One page: its connection and the topics it shows.

    While the connection is behind, topics collect in a set, which their number bounds.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.topics: frozenset[str] = frozenset()
        self._missed: set[str] = set()
        self._event = 0
        self._within_ms = 0
        connection.on_drained.append(self._catch_up)

    def tell(self, topics: Iterable[str], event: int, within_ms: int) -> None:
        changed = self.topics.intersection(topics)
        if not changed:
            return
        self._event = max(event, self._event)
        self._within_ms = within_ms
        if self.connection.is_behind:
            self._missed |= changed
            return
        TALLY.topics += len(changed)
        message = {"changed": sorted(changed), "event": self._event, "within": within_ms}
        self.connection.send(json.dumps(message))

    def _catch_up(self) -> None:
        missed, self._missed = self._missed, set()
        self.tell(missed, self._event, self._within_ms)


class Live:
    """The pages that listen, in this process."""

    def __init__(self) -> None:
        self.onlookers = Onlookers()
        self._subscribers: set[Subscriber] = set()
        self._touched: set[str] = set()
        self._flush: asyncio.TimerHandle | None = None
        self.on_told: Callable[[Collection[UUID], str], None] = lambda _people, _topic: None
        """Told which people's pages were told here, so that those elsewhere are, too."""
        self.on_touched: Callable[[Collection[str]], None] = lambda _topics: None
        """Told which topics were touched everywhere, so that other nodes touch them, too."""
        self.on_board: Callable[[], None] = lambda: None
        """Told that somebody came to the board here, moved there, or left it."""

    def __len__(self) -> int:
        """How many pages listen."""
        return len(self._subscribers)

    def listens(self, kind: str) -> bool:
        """Whether a page here shows a topic of this kind, the first word of a topic."""
        found = (topic for each in self._subscribers for topic in each.topics)
        return any(topic.startswith(f"{kind}:") for topic in found)

    def add(self, connection: Connection) -> Subscriber:
        subscriber = Subscriber(connection)
        self._subscribers.add(subscriber)
        return subscriber

    def remove(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)
        if self.onlookers.leave(subscriber):
            self._board_changed()

    def come_to_board(self, subscriber: Subscriber, person: Onlooker) -> None:
        """This page shows the board."""
        if self.onlookers.come(subscriber, person):
            self._board_changed()

    def look(self, subscriber: Subscriber, ref: str | None) -> None:
        """The person at this page is at that idea's card now."""
        if self.onlookers.look(subscriber, ref):
            self._board_changed()

    def publish(self, topics: Iterable[str], event: int = 0) -> None:
        """Tell every page that shows one of the topics. ``event``: id of the newest event."""
        wanted = frozenset(topics)
        told = [each for each in self._subscribers if not wanted.isdisjoint(each.topics)]
        within_ms = spread_ms(len(told))
        for subscriber in told:
            subscriber.tell(wanted, event, within_ms)

    def tell_people(self, people: Collection[UUID], topic: str) -> None:
        """Tell the pages of these people alone, wherever they are, that their topic has changed."""
        self.tell_people_here(people, topic)
        self.on_told(people, topic)

    def tell_people_here(self, people: Collection[UUID], topic: str) -> None:
        """The same, where every process tells its own."""
        told = [each for each in self._subscribers if each.connection.person_id in people]
        within_ms = spread_ms(len(told))
        for subscriber in told:
            subscriber.tell([topic], 0, within_ms)

    def reseat(self, person_id: UUID) -> None:
        """Send a person's pages away, so that they come back and ask with the rights of now."""
        for subscriber in self._subscribers:
            if subscriber.connection.person_id == person_id:
                subscriber.connection.close(CLOSE_TRY_AGAIN_LATER, "rights-changed")

    def touch(self, *topics: str) -> None:
        """Publish topics soon, together with what else is touched until then."""
        self._touched.update(topics)
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(TOUCH_S, self._publish_touched)

    def touch_everywhere(self, *topics: str) -> None:
        """Touch topics of which no event tells, at every node; after what changed is committed."""
        self.touch(*topics)
        self.on_touched(topics)

    def stop(self) -> None:
        """Close every socket; pages come back to the next process."""
        if self._flush is not None:
            self._flush.cancel()
        for subscriber in self._subscribers:
            subscriber.connection.close(1012, "restarting")

    def _board_changed(self) -> None:
        self.touch(BOARD_TOPIC)
        self.on_board()

    def _publish_touched(self) -> None:
        self._flush = None
        touched, self._touched = self._touched, set()
        self.publish(touched)
