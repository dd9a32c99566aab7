"""The forms of a page, and which of their fields take words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

WORDY: Final = frozenset({"text", "search", "email", ""})


@dataclass
class Form:
    """Where it is sent, what it sends unless something is typed, and where one types."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


def forms_of(html: str) -> dict[str, Form]:
    """The forms of the page that change something, by where they are sent."""
    reading = _Reading()
    reading.feed(html)
    return {each.action: each for each in reading.found}


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._open = Form(given.get("action", ""))
            self.found.append(self._open)
        if self._open is None or not given.get("name"):
            return
        if tag == "textarea" or (tag == "input" and given.get("type", "") in WORDY):
            self._open.words.append(given["name"])
        elif tag in {"input", "button"}:
            self._open.fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
