"""What is our fault, or pycrdt's, and not the peer's: documents that broke or cannot be read."""


class DocumentBroken(Exception):
    """pycrdt failed on an admitted update; this Document must be discarded and loaded again.

    ``position`` is the index of the update in the batch or list that was given, if known: the
    caller quarantines it and never applies it again.
    """

    def __init__(self, detail: str, position: int | None = None) -> None:
        super().__init__(detail)
        self.position = position


class UnreadableDocument(Exception):
    """The stored updates are no whole document; it must be reported, never shown as empty."""


class PoisonedDocument(UnreadableDocument):
    """Each stored update reads well, and yet pycrdt fails on them."""


def is_pycrdt_failure(error: BaseException) -> bool:
    """An error or panic out of pycrdt; a Rust panic is a ``BaseException`` of its own."""
    return isinstance(error, Exception) or is_panic(error)


def is_poison(error: BaseException | None) -> bool:
    """Whether pycrdt itself failed on a text; a bug of our own must not cost anybody his text."""
    while error is not None:
        if is_panic(error) or isinstance(error, PoisonedDocument | MemoryError):
            return True
        error = error.__cause__
    return False


def is_panic(error: BaseException) -> bool:
    """A Rust panic out of pycrdt."""
    return type(error).__name__ == "PanicException"
