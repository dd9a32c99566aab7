"""Text versions."""

import pytest

from collab.errors import Invalid
from collab.process.version import TextVersion

SHA = "0123456789abcdef" * 4


def test_g5_version_comes_back_from_json() -> None:
    version = TextVersion(2, 17, SHA)
    assert TextVersion.from_json(version.to_json()) == version


def test_j3_same_text_at_another_seq_is_the_same_text() -> None:
    assert TextVersion(0, 1, SHA).same_text(TextVersion(3, 9, SHA))
    assert not TextVersion(0, 1, SHA).same_text(TextVersion(0, 1, "f" * 64))


@pytest.mark.parametrize(
    "data",
    [
        None, "x", {}, {"epoch": 0, "seq": 1}, {"epoch": "0", "seq": 1, "sha256": SHA},
        {"epoch": -1, "seq": 1, "sha256": SHA}, {"epoch": 0, "seq": 1, "sha256": SHA.upper()},
        {"epoch": 0, "seq": 1, "sha256": SHA + "\n"}, {"epoch": 0, "seq": 1, "sha256": "abc"},
    ],
)  # fmt: skip
def test_g5_malformed_version_is_refused(data: object) -> None:
    with pytest.raises(Invalid):
        TextVersion.from_json(data)
