"""How many files are written at once, and how long they may be."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from collab.errors import Conflict, Limited
from server.exporting.files import press
from server.exporting.files.paper import Paper, Table, words
from server.exporting.files.press import (
    CHARS_MAX,
    KEPT_MAX,
    PARTS_MAX,
    WAITING_MAX,
    Form,
    Press,
)
from tests.harness.waiting import until_true
from tests.server.exporting.files.papers import AT, saying


class Slow:
    """Stands for the writers: each waits until it may go on, and is counted."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.count = 0
        self.at_once = 0
        self.at_once_max = 0

    def __call__(self, paper: Paper, form: Form) -> bytes:
        self.count += 1
        self.at_once += 1
        self.at_once_max = max(self.at_once_max, self.at_once)
        self.may_go_on.wait(10)
        self.at_once -= 1
        return f"{paper.title}.{form}".encode()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    found = Slow()
    monkeypatch.setattr(press, "_write", found)
    yield found
    found.may_go_on.set()


async def test_hv5_forty_people_who_ask_for_one_file_wait_for_one_writing(slow: Slow) -> None:
    one = Press()
    asked = [
        asyncio.ensure_future(one.written(saying("x", title="Ernte"), Form.PDF)) for _ in range(40)
    ]
    await until_true(lambda: slow.count, "a writing")
    asked[0].cancel()
    slow.may_go_on.set()
    found = await asyncio.gather(*asked[1:])
    assert {*found} == {b"Ernte.pdf"}
    assert await one.written(saying("x", title="Ernte"), Form.PDF) == b"Ernte.pdf"
    assert slow.count == 1


async def test_hv5_files_are_written_one_at_a_time_and_who_is_too_many_is_told(slow: Slow) -> None:
    one = Press()
    asked = [
        asyncio.ensure_future(one.written(saying("x", title=str(number)), Form.PDF))
        for number in range(WAITING_MAX)
    ]
    await until_true(lambda: slow.count, "a writing")
    with pytest.raises(Limited) as refused:
        await one.written(saying("x", title="zu viel"), Form.PDF)
    assert refused.value.code == "files-busy"
    assert refused.value.data["retry_after_s"] == press.RETRY_AFTER_S
    joined = asyncio.ensure_future(one.written(saying("x", title="0"), Form.PDF))
    slow.may_go_on.set()
    assert await joined == b"0.pdf"
    await asyncio.gather(*asked)
    assert slow.at_once_max == 1
    assert await one.written(saying("x", title="zu viel"), Form.PDF) == b"zu viel.pdf"


async def test_hv5_only_the_last_files_are_kept(slow: Slow) -> None:
    slow.may_go_on.set()
    one = Press()
    for number in range(KEPT_MAX + 1):
        await one.written(saying("x", title=str(number)), Form.PDF)
    await one.written(saying("x", title=str(KEPT_MAX)), Form.PDF)
    assert slow.count == KEPT_MAX + 1
    await one.written(saying("x", title="0"), Form.PDF)
    assert slow.count == KEPT_MAX + 2


async def test_hv5_a_writing_that_fails_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[object] = [OSError("disk"), b"file"]

    def write(paper: Paper, form: Form) -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, bytes)
        return answer

    monkeypatch.setattr(press, "_write", write)
    one = Press()
    with pytest.raises(OSError, match="disk"):
        await one.written(saying("x"), Form.PDF)
    assert await one.written(saying("x"), Form.PDF) == b"file"


async def test_hv5_a_text_of_the_longest_length_is_written_and_one_sign_more_refused() -> None:
    one = Press()
    title = "Titel"
    longest = "wort " * ((CHARS_MAX - len(title)) // 5)
    assert len(longest) + len(title) == CHARS_MAX
    assert (await one.written(saying(longest, title=title), Form.PDF)).startswith(b"%PDF-1.7")
    for form in (Form.PDF, Form.DOCX):
        with pytest.raises(Conflict) as refused:
            await one.written(saying(f"{longest}x", title=title), form)
        assert (refused.value.code, refused.value.data["chars_max"]) == ("file-too-long", CHARS_MAX)
    assert len(await one.written(saying(f"{longest}x", title=title), Form.MARKDOWN)) > CHARS_MAX


async def test_hv5_a_table_of_more_cells_than_fit_is_refused(slow: Slow) -> None:
    slow.may_go_on.set()
    # The table itself is a part beside its cells.
    rows = tuple((words("x"),) for _ in range(PARTS_MAX - 1))
    paper = Paper("Titel", "de", AT, (Table(("Was",), rows),))
    assert await Press().written(paper, Form.DOCX) == b"Titel.docx"
    more = Paper("Titel", "de", AT, (Table(("Was",), (*rows, (words("x"),))),))
    with pytest.raises(Conflict):
        await Press().written(more, Form.DOCX)
