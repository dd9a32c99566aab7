"""Addresses as QR codes: on the wall, on the cards for the tables, on a guest's receipt."""

from markupsafe import Markup


def picture_of(address: str, *, is_far: bool = False) -> Markup:
    """An SVG as large as its place, black on white whatever the colours of the page are.

    Read from afar, large squares count; close by, a code shall bear a fold or a thumb.
    """
    import segno

    made = segno.make_qr(address, error="l" if is_far else "m")
    border = 2 if is_far else 4
    return Markup(
        made.svg_inline(border=border, omitsize=True, dark="#000", light="#fff", svgclass="qr")
    )
