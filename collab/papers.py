"""The papers of a board: what a note may be called, and which colours there are."""

import re
from typing import Final

NOTE_COLOURS: Final = ("yellow", "orange", "rose", "green", "blue", "grey")
NOTE_ID = re.compile(r"[A-Za-z0-9_-]{6,24}")
NOTE_CHARS_MAX: Final = 500
