"""Document addresses: one exact text per address."""

from uuid import UUID

import pytest

from collab.sync.address import DocumentAddress
from collab.sync.refusals import FrameRefused, RefusalReason

DOCUMENT = UUID("0d9af2f0-6c7e-4b6e-9a57-9b7c2b1f4a10")


def test_an_address_reads_as_it_is_written() -> None:
    address = DocumentAddress(DOCUMENT, epoch=3, schema=1)
    assert str(address) == "0d9af2f06c7e4b6e9a579b7c2b1f4a10.3.1"
    assert DocumentAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.3",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.3.1.1",
        "0d9af2f0-6c7e-4b6e-9a57-9b7c2b1f4a10.3.1",
        "0D9AF2F06C7E4B6E9A579B7C2B1F4A10.3.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.03.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.-3.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.+3.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10. 3.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.3_0.1",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.3.4294967296",
        "0d9af2f06c7e4b6e9a579b7c2b1f4a10.٣.1",
        "x" * 100_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FrameRefused) as refusal:
        DocumentAddress.parse(text)
    assert refusal.value.reason is RefusalReason.MALFORMED
