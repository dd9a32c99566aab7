"""Why a wire is not read for the moment; several reasons may hold it at once (bits)."""

from __future__ import annotations

from typing import Final

PACE: Final = 1
"""The peer was too fast."""

ROOM: Final = 2
"""The inbox of his room is full."""

QUESTION: Final = 4
"""He has asked for a whole text and not been answered yet."""

BUSY: Final = 8
"""Something about the socket itself is being looked up."""

DRAIN: Final = 16
"""The server ends."""

BEHIND: Final = 32
"""He does not take what he is sent. The greatest, so that it is found by comparing."""
