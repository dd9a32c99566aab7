"""Notices in words."""

from collab.process.following.notices import NoticeReason
from server.language import LANGUAGES, load_catalogues
from server.views.following.words import REASONS, sentence
from web.places import LOCALE


def test_n16_every_reason_has_words_in_both_languages() -> None:
    catalogues = load_catalogues(LOCALE)
    assert set(REASONS) == set(NoticeReason)
    for reason in NoticeReason:
        said = {sentence(reason, "Ana", catalogues[each]) for each in LANGUAGES}
        assert len(said) == len(LANGUAGES), reason
        assert "%(" not in "".join(said)
    assert sentence("of-a-newer-program", None, catalogues["de"]) == "Hier ist etwas für Sie."
