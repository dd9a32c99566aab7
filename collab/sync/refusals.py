"""Why an update or frame of a peer is refused.

Here live the reasons, as one enum that becomes close codes and messages elsewhere, and the
exception that carries one. A refusal is the peer's fault and harms nobody else; what is our
fault (``DocumentBroken``, ``UnreadableDocument``) lives in :mod:`collab.sync.failures`.
"""

from enum import StrEnum


class RefusalReason(StrEnum):
    """Stable codes; clients and translations key on them.

    ``late``: it came after the text was settled, and is kept beside it (ADR 0015).
    """

    MALFORMED = "malformed"
    TOO_BIG = "too-big"
    FOREIGN_CLIENT = "foreign-client"
    GAP = "gap"
    DANGLING = "dangling"
    KIND_NOT_ALLOWED = "kind-not-allowed"
    ROOT_NOT_ALLOWED = "root-not-allowed"
    TOO_DEEP = "too-deep"
    TOO_MANY = "too-many"
    CLOCK_TOO_BIG = "clock-too-big"
    SPLIT_CHARACTER = "split-character"
    READ_ONLY = "read-only"
    MUTED = "muted"
    STALE_DOCUMENT = "stale-document"
    QUOTA = "quota"
    QUARANTINED = "quarantined"
    LATE = "late"
    LATE_FULL = "late-full"


CATCH_UP_REASONS = frozenset(
    {RefusalReason.FOREIGN_CLIENT, RefusalReason.GAP, RefusalReason.DANGLING}
)
"""Reasons that may vanish once the log is read to its head: judge again before refusing."""


class FrameRefused(Exception):
    """The frame is refused; nothing of it was applied.

    ``reason`` is for programs and translations, ``detail`` for the log and for developers.
    """

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
