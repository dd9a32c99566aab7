"""The form of a receipt."""

from math import log2

from collab.process.workshop.claims import RECEIPT_CHARS, parse_receipt, spelled_receipt
from collab.process.workshop.codes import ALPHABET

RECEIPT = "ABCDEFGHJKMNPQRSTUVWXYZ2"


def test_cl2_a_receipt_cannot_be_guessed() -> None:
    assert RECEIPT_CHARS * log2(len(ALPHABET)) >= 100


def test_cl2_a_receipt_is_known_however_it_is_typed() -> None:
    shown = spelled_receipt(RECEIPT)
    assert shown == "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2"
    for typed in (shown, shown.lower(), shown.replace("-", " "), f"  {RECEIPT}\n"):
        assert parse_receipt(typed) == RECEIPT
    for wrong in ("", RECEIPT[:-1], RECEIPT + "A", RECEIPT.replace("A", "0"), "ß" * 24):
        assert parse_receipt(wrong) is None
