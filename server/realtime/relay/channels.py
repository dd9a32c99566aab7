"""Which channel a message goes over: one for all nodes, and shards for documents.

The channels carry the id of the installation, so that two arenas can share one Redis. A node
listens only to the shards of the documents it has open.
"""

from uuid import UUID

SHARDS = 64


class Channels:
    """The channels of one installation."""

    def __init__(self, installation: UUID) -> None:
        self._prefix = f"arena:{installation.hex}"

    @property
    def everybody(self) -> str:
        """What concerns all nodes."""
        return f"{self._prefix}:nodes"

    def of(self, document_id: UUID) -> str:
        """What concerns those who have the document open."""
        return f"{self._prefix}:documents:{document_id.int % SHARDS}"
