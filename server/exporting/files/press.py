"""Where files are written: beside the event loop, one at a time, and each only once.

A PDF takes tenths of a second of a core, and at the end of an evening forty people ask for the
same one at the same moment: they wait for one writing, and the last files are kept a while.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import Final

from collab.errors import Conflict, Limited
from server.exporting.files.markdown import markdown
from server.exporting.files.paper import Paper
from server.exporting.files.walker import settled, size_of

CHARS_MAX: Final = 400_000
"""Longer papers are not set as PDF or DOCX: that takes seconds and hundreds of megabytes."""

PARTS_MAX: Final = 12_000
"""Paragraphs, items and cells."""

WAITING_MAX: Final = 12
KEPT_MAX: Final = 16
KEPT_BYTES_MAX: Final = 16 * 1024**2
RETRY_AFTER_S: Final = 5


class Form(StrEnum):
    """How a paper is written, by the end of the file's name."""

    PDF = "pdf"
    DOCX = "docx"
    MARKDOWN = "md"


MEDIA: Final = {
    Form.PDF: "application/pdf",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.MARKDOWN: "text/markdown; charset=utf-8",
}


class Press:
    """Writes papers in one thread and keeps what it wrote last."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "press")
        self._written: OrderedDict[str, bytes] = OrderedDict()
        self._under_way: dict[str, asyncio.Future[bytes]] = {}

    async def written(self, paper: Paper, form: Form) -> bytes:
        """The paper as a file.

        Raises:
            Conflict: (file-too-long) it is too long for this form; Markdown takes any length.
            Limited: (files-busy) too many others are waiting.
        """
        if form is not Form.MARKDOWN:
            _check_size(paper)
        key = f"{form}:{hashlib.sha256(repr(paper).encode()).hexdigest()}"
        if key in self._written:
            self._written.move_to_end(key)
            return self._written[key]
        if key not in self._under_way:
            if len(self._under_way) >= WAITING_MAX:
                raise Limited("files-busy", retry_after_s=RETRY_AFTER_S)
            work = asyncio.get_running_loop().run_in_executor(self._pool, _write, paper, form)
            self._under_way[key] = work
            work.add_done_callback(partial(self._keep, key))
        # Who asked first may hang up while others wait for the same file.
        return await asyncio.shield(self._under_way[key])

    def _keep(self, key: str, work: asyncio.Future[bytes]) -> None:
        del self._under_way[key]
        if work.cancelled() or work.exception() is not None:
            return
        self._written[key] = work.result()
        kept = sum(map(len, self._written.values()))
        while len(self._written) > KEPT_MAX or (kept > KEPT_BYTES_MAX and self._written):
            kept -= len(self._written.popitem(last=False)[1])


PRESS: Final = Press()
"""The one of this process."""


def _check_size(paper: Paper) -> None:
    chars, parts = size_of(paper)
    if chars > CHARS_MAX or parts > PARTS_MAX:
        raise Conflict("file-too-long", chars_max=CHARS_MAX)


def _write(paper: Paper, form: Form) -> bytes:
    """In the thread: the libraries are loaded when the first file is asked for."""
    ready = settled(paper)
    match form:
        case Form.PDF:
            from server.exporting.files.pdf import pdf

            return pdf(ready)
        case Form.DOCX:
            from server.exporting.files.word import docx

            return docx(ready)
        case Form.MARKDOWN:
            return markdown(ready)
