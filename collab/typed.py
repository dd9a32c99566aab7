"""What people type into fields, as it is stored."""


def tidied(text: str) -> str:
    """The text with one kind of line end, without NUL, and without white space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
