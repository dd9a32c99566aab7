"""The address of a document on the wire: which document, which epoch, which schema.

Clients treat it as opaque. Because it carries epoch and schema number, a client with an old copy
is recognised before anything of it is read (DESIGN §4, "Epoch on the wire").
"""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from collab.sync.codec import malformed

NUMBER_MAX = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class DocumentAddress:
    """Names one state of one document: ``{32 hex digits}.{epoch}.{schema}``."""

    document: UUID
    epoch: int
    schema: int

    def __str__(self) -> str:
        return f"{self.document.hex}.{self.epoch}.{self.schema}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address; only the exact text that ``str()`` writes is accepted.

        Raises:
            FrameRefused: (malformed) for anything else.
        """
        if len(text) > 64 or not text.isascii():
            raise malformed("not a document address")
        parts = text.split(".")
        try:
            document, epoch, schema = UUID(hex=parts[0]), int(parts[1]), int(parts[2])
        except (ValueError, IndexError):
            raise malformed("not a document address") from None
        address = cls(document, epoch, schema)
        if str(address) != text or not (0 <= epoch <= NUMBER_MAX and 0 <= schema <= NUMBER_MAX):
            raise malformed("not a document address")
        return address
