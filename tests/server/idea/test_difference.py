"""Two short texts side by side, word by word."""

from server.views.seam.difference import WORDS_MAX, Piece, difference


def test_l6_what_stayed_went_and_came_is_told_apart_word_by_word() -> None:
    assert difference("Der alte Weg.", "Der neue Weg.") == [
        Piece("same", "Der "),
        Piece("gone", "alte"),
        Piece("new", "neue"),
        Piece("same", " Weg."),
    ]
    assert difference("", "Neu.") == [Piece("new", "Neu.")]
    assert difference("Weg.", "") == [Piece("gone", "Weg.")]


def test_l6_a_long_passage_is_shown_as_a_whole_before_and_after() -> None:
    fits = "a " * (WORDS_MAX // 2)
    assert difference(fits, fits) == [Piece("same", fits)]
    longer = f"{fits}b"
    assert difference(fits, longer) == [Piece("gone", fits), Piece("new", longer)]
