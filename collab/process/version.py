"""The exact text an official act or a judgement is bound to."""

import re
from dataclasses import dataclass

from collab.errors import Invalid

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One durable state of a document's text.

    ``epoch`` counts rewritings of the document, ``seq`` its log entries within the epoch, and
    ``sha256`` is the hash of the text's canonical JSON. Two versions with one hash hold the same
    text, although the log moved on between them.
    """

    epoch: int
    seq: int
    sha256: str

    def __post_init__(self) -> None:
        if self.epoch < 0 or self.seq < 0 or not _SHA256.fullmatch(self.sha256):
            raise Invalid(fields={"text_version": "malformed"})

    def same_text(self, other: "TextVersion") -> bool:
        """Whether both hold the same text, whatever was typed and undone in between."""
        return self.sha256 == other.sha256

    def to_json(self) -> dict[str, object]:
        """The version as the API and event payloads carry it."""
        return {"epoch": self.epoch, "seq": self.seq, "sha256": self.sha256}

    @classmethod
    def from_json(cls, data: object) -> "TextVersion":
        """The version in ``data``; raises Invalid for anything else."""
        match data:
            case {"epoch": int(epoch), "seq": int(seq), "sha256": str(sha256)}:
                return cls(epoch, seq, sha256)
        raise Invalid(fields={"text_version": "malformed"})
