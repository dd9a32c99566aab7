"""Text versions as the API carries them."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from collab.process.version import TextVersion


class VersionBody(BaseModel):
    """One durable state of an idea's text; ``sha256`` is over its canonical JSON."""

    model_config = ConfigDict(extra="forbid")

    epoch: int = Field(ge=1)
    seq: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")

    @classmethod
    def of(cls, version: TextVersion) -> Self:
        return cls(epoch=version.epoch, seq=version.seq, sha256=version.sha256)

    def value(self) -> TextVersion:
        """The version as the rules take it."""
        return TextVersion(self.epoch, self.seq, self.sha256)
