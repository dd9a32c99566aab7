"""The two protocols that headless people speak: y-websocket's and hocuspocus's.

They differ in address, identity and promise: the echo of the own update in y-websocket's, a
SyncStatus for each frame with changes in hocuspocus's (docs/protocol.md).
"""

from __future__ import annotations

import json
from collections import deque

from pycrdt import Doc, XmlFragment

from tests.harness import lib0
from tests.harness.actor import Actor

AUTH = 2
STATELESS, CLOSE, SYNC_STATUS = 5, 7, 8


class YWebsocketActor(Actor):
    """Speaks y-websocket's protocol: the socket is the document, the echo is the promise."""

    def __init__(
        self, origin: str, document: str, token: str | None = None, *, client_id: int | None = None
    ) -> None:
        super().__init__(origin, document, token, client_id=client_id)
        self._shown: Doc[XmlFragment] = Doc()
        self._own: list[tuple[int, bytes]] = []

    def _url(self) -> str:
        return f"{self.origin}/collab/{self.document}"

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def _opening(self) -> list[bytes]:
        return []

    def _frame(self, kind: int, body: bytes) -> bytes:
        return lib0.uint(kind) + body

    def _unframe(self, frame: bytes) -> tuple[int, lib0.Reader]:
        reader = lib0.Reader(frame)
        return reader.uint(), reader

    def _sent_changes(self, clock: int) -> None:
        """Nothing to note: what comes back is compared with what is here."""

    def _edited(self, update: bytes) -> None:
        super()._edited(update)
        self._own.append((self.text.clock, update))

    def _received_changes(self, update: bytes) -> None:
        self._note_shown(update)

    def _received_state(self, state_vector: bytes) -> None:
        """What the server says it holds is durable too: of what it has, nobody sends an echo."""
        held = lib0.clocks(state_vector).get(self.text.doc.client_id, 0)
        for clock, update in self._own:
            if clock <= held:
                self._note_shown(update)

    def _note_shown(self, update: bytes) -> None:
        self._shown.apply_update(update)
        shown = lib0.clocks(self._shown.get_state())
        self.acknowledged = shown.get(self.text.doc.client_id, 0)
        self._own = [(clock, own) for clock, own in self._own if clock > self.acknowledged]

    def _received_other(self, kind: int, body: lib0.Reader) -> None:
        if kind == AUTH and body.uint() == 0:
            self.refusals.append(body.string())


class HocuspocusActor(Actor):
    """Speaks the hocuspocus protocol: a SyncStatus for each frame with changes is the promise."""

    def __init__(
        self, origin: str, document: str, token: str | None = None, *, client_id: int | None = None
    ) -> None:
        super().__init__(origin, document, token, client_id=client_id)
        self.scope: str | None = None
        self.notices: list[dict[str, object]] = []
        self._unanswered: deque[int] = deque()

    def _url(self) -> str:
        return f"{self.origin}/collab"

    def _headers(self) -> dict[str, str]:
        return {}

    def _opening(self) -> list[bytes]:
        self._unanswered.clear()
        return [self._frame(AUTH, lib0.uint(0) + lib0.string(self.token or ""))]

    def _frame(self, kind: int, body: bytes) -> bytes:
        return lib0.string(self.document) + lib0.uint(kind) + body

    def _unframe(self, frame: bytes) -> tuple[int, lib0.Reader]:
        reader = lib0.Reader(frame)
        assert reader.string() == self.document
        return reader.uint(), reader

    def _sent_changes(self, clock: int) -> None:
        self._unanswered.append(clock)

    def _received_changes(self, update: bytes) -> None:
        """Nothing to note: the SyncStatus is the promise, not the text."""

    def _received_state(self, state_vector: bytes) -> None:
        """Nothing to note: the second sync step that answers it is acknowledged itself."""

    def _received_other(self, kind: int, body: lib0.Reader) -> None:
        if kind == SYNC_STATUS:
            clock = self._unanswered.popleft()
            if body.uint() == 1:
                self.acknowledged = max(self.acknowledged, clock)
        elif kind == AUTH:
            self._received_answer(body.uint(), body.string())
        elif kind == STATELESS:
            self._received_notice(json.loads(body.string()))
        elif kind == CLOSE:
            self.refusals.append(body.string())

    def _received_answer(self, kind: int, text: str) -> None:
        if kind == 2:
            self.scope = text
        else:
            self.refusals.append(text)

    def _received_notice(self, notice: dict[str, object]) -> None:
        self.notices.append(notice)
        if notice.get("type") == "refused":
            self._unanswered.popleft()
            self.refusals.append(str(notice["reason"]))
