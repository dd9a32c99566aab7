"""What XML has no place for, whatever people type."""

import re

# Everything but the production Char of XML 1.0.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def well_formed(text: str) -> str:
    """The text with a replacement for each character that would make it no XML."""
    return _NO_XML.sub("\ufffd", text)
