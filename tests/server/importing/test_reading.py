"""Files as people send them: encodings, separators, odd cells, and what is said about them."""

from pathlib import Path

import pytest

from server.importing.decoding import UnreadableFile, decode, guess
from server.importing.reading import Options, Reading, read_data, read_file, separator_of
from server.importing.table import Fault

BONN = Path(__file__).parents[4] / "shared/data/cimt-bonn/dataset_location_CDB.csv"
GERMAN = "id;title;text\n1;Bänke für Fußgänger;Größere Straßen brauchen schönere Bänke.\n"


def read(text: str, written_in: str = "utf-8", /, **options: object) -> Reading:
    """The text as a file, read with these options."""
    return read_data(text.encode(written_in), Options(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1252", "cp1252"),
        ("iso8859-1", "cp1252"),  # the same bytes for these letters
    ],
)
def test_german_text_is_read_whatever_its_encoding(encoding: str, guessed: str) -> None:
    found = read(GERMAN, encoding)
    assert (found.encoding, found.encoding_is_guess) == (guessed, True)
    assert found.entries[0].title == "Bänke für Fußgänger"
    assert found.columns == {"id": "id", "title": "title", "text": "text"}


def test_quotes_and_dashes_of_cp1252_are_read() -> None:
    found = read("title\n„Parken“ – in zweiter Reihe für 5 €\n", "cp1252")
    assert found.entries[0].title == "„Parken“ – in zweiter Reihe für 5 €"


def test_named_encoding_is_no_guess_and_wins() -> None:
    found = read("title\nŁódź\n", "cp1250", encoding="cp1250")
    assert (found.entries[0].title, found.encoding_is_guess) == ("Łódź", False)


def test_wrong_encoding_names_the_line() -> None:
    with pytest.raises(UnreadableFile, match=r"Line 2 is not utf-8.*--encoding"):
        read(GERMAN, "cp1252", encoding="utf-8")


def test_unknown_encoding_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no encoding named"):
        decode(b"title\nx\n", "klingon")


def test_plain_ascii_is_utf_8() -> None:
    assert guess(b"title\nx\n") == "utf-8"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04rest of an xlsx", "CSV"),
        (b"title\nx\0y\n", "not a text file"),
        (b"title\n", "no rows"),
        (b"what;else\n1;2\n", "Choose with --title: 1 'what', 2 'else'"),
        (b"title;lat\nx;52,5\n", "both --lat and --lon"),
    ],
)
def test_useless_file_says_why(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        read_data(data, Options())


def test_missing_file_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_file(tmp_path / "nothing.csv", Options())


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_guessed(separator: str) -> None:
    rows = [["id", "titel", "beschreibung"], ["1", "Eins", "Text"], ["2", "Zwei", "Text"]]
    found = read("\n".join(separator.join(row) for row in rows))
    assert (found.separator, found.separator_is_guess) == (separator, True)
    assert [entry.title for entry in found.entries] == ["Eins", "Zwei"]


def test_commas_in_sentences_do_not_beat_the_separator() -> None:
    found = read("title;text\nEins;a, b, c, d\nZwei;e, f, g, h\n")
    assert found.separator == ";"


def test_single_column_is_a_table() -> None:
    assert [entry.title for entry in read("Titel\nEins\nZwei\n").entries] == ["Eins", "Zwei"]


@pytest.mark.parametrize(
    ("name", "character"), [("tab", "\t"), ("\\t", "\t"), ("semicolon", ";"), ("|", "|")]
)
def test_separator_may_be_named(name: str, character: str) -> None:
    assert separator_of(name) == character


@pytest.mark.parametrize("name", ["", "ab", "\n", '"'])
def test_odd_separator_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile):
        separator_of(name)


def test_columns_are_chosen_by_name_or_number() -> None:
    found = read("a;b;c\n1;Eins;Text\n", columns={"title": "b", "text": "3"})
    assert found.columns == {"title": "b", "text": "c"}
    assert found.entries[0].paragraphs == ("Text",)


def test_chosen_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="--text: there is no column 'd'"):
        read("title;b\nEins;Text\n", columns={"text": "d"})


@pytest.mark.parametrize(
    "names", ["id;Titel;Beschreibung", "Nr;Überschrift;Inhalt", "DOCUMENT_ID;Title;Text"]
)
def test_columns_are_found_by_their_usual_names(names: str) -> None:
    found = read(f"{names}\n7;Eins;Text\n")
    assert set(found.columns) == {"id", "title", "text"}
    assert found.entries[0].key == "7"


def test_cell_over_several_lines_becomes_paragraphs_and_lines_stay_physical() -> None:
    found = read('title;text\nEins;"a\nb\n\nc"\n;leer\nDrei;x\n')
    assert found.entries[0].paragraphs == ("a", "b", "c")
    assert [entry.line for entry in found.entries] == [2, 7]
    assert found.faults == (Fault(6, "the title is empty"),)


def test_every_line_end_counts_as_one_line() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert [entry.line for entry in read(end.join(["title", "a", "b"])).entries] == [2, 3]


def test_empty_rows_are_passed_over() -> None:
    found = read("title;text\n\n;\nEins;x\n\n")
    assert [entry.line for entry in found.entries] == [4]
    assert found.faults == ()


def test_row_with_too_few_or_many_cells_is_a_fault() -> None:
    found = read("title;text\nEins;x\nZwei\nDrei;x;y\nVier;x\n")
    assert [entry.title for entry in found.entries] == ["Eins", "Vier"]
    assert found.faults == (
        Fault(3, "1 cells, but the header has 2"),
        Fault(4, "3 cells, but the header has 2"),
    )


def test_quotation_mark_never_closed_is_named_where_it_opens() -> None:
    found = read('title;text\nEins;x\nZwei;"offen\nDrei;x\n')
    assert [fault.line for fault in found.faults] == [3]
    assert "never closed" in found.faults[0].problem


def test_text_after_a_quotation_mark_is_a_fault_of_its_row_only() -> None:
    text = 'title;text\n"Parken" in zweiter Reihe;x\nZwei;x\n'
    found = read(text)
    assert [fault.line for fault in found.faults] == [2]
    assert [entry.title for entry in found.entries] == ["Zwei"]
    assert read(text, quote=None).entries[0].title == '"Parken" in zweiter Reihe'


def test_cell_beyond_the_reader_is_a_fault_of_its_row_only() -> None:
    found = read(f"title;text\nEins;{'x' * 140_000}\nZwei;x\n", separator=";")
    assert [fault.line for fault in found.faults] == [2]
    assert [entry.title for entry in found.entries] == ["Zwei"]


@pytest.mark.parametrize(("length", "faults"), [(12_000, 0), (12_001, 1)])
def test_text_is_bounded(length: int, faults: int) -> None:
    assert len(read(f"title;text\nEins;{'x' * length}\n").faults) == faults


def test_long_title_is_cut_between_words_and_kept_whole_in_the_text() -> None:
    title = "Bänke " * 40
    entry = read(f"title;text\n{title};Text\n").entries[0]
    assert len(entry.title) <= 200
    assert entry.title.endswith("Bänke…")
    assert entry.paragraphs == (title.strip(), "Text")
    assert entry.warnings


@pytest.mark.parametrize(
    ("lat", "lon", "place"),
    [
        ("52,5186", "13,4083", (52.5186, 13.4083)),
        ("52.5186", "13.4083", (52.5186, 13.4083)),
        ("-33", "+151", (-33.0, 151.0)),
        ("", "", None),
    ],
)
def test_places_with_comma_or_point(lat: str, lon: str, place: object) -> None:
    entry = read(f"title;lat;lon\nEins;{lat};{lon}\n").entries[0]
    assert (entry.place, entry.warnings) == (place, ())


@pytest.mark.parametrize(
    ("lat", "lon"), [("50,712261", "7031"), ("91", "0"), ("nan", "7"), ("1e1", "7"), ("50", "")]
)
def test_odd_place_keeps_the_idea_and_is_told(lat: str, lon: str) -> None:
    found = read(f"title;lat;lon\nEins;{lat};{lon}\n")
    assert found.entries[0].place is None
    assert [warning.line for warning in found.warnings] == [2]


def test_link_is_kept_and_odd_one_stays_text() -> None:
    found = read("title;url\nEins;https://example.org/1\nZwei;javascript:alert(1)\n")
    assert [entry.url for entry in found.entries] == ["https://example.org/1", None]
    assert found.entries[1].paragraphs == ("javascript:alert(1)",)


def test_i6_same_id_twice_is_a_fault_naming_the_first() -> None:
    found = read("id;title\n7;Eins\n8;Zwei\n7;Drei\n")
    assert found.faults == (Fault(4, "the same id or row as in line 2"),)


def test_i6_row_without_id_is_known_by_its_cells() -> None:
    one, other = read("title\nEins\nZwei\n"), read("title\nZwei\nEins\n")
    assert {entry.key for entry in one.entries} == {entry.key for entry in other.entries}


def test_control_characters_are_dropped() -> None:
    assert read("title;text\nEi\x07ns;a\x1b[31mb\n").entries[0].title == "Eins"


@pytest.mark.skipif(not BONN.exists(), reason="the real file is not on this machine")
def test_bonn_file_is_taken_as_it_is() -> None:
    found = read_file(BONN, Options())
    assert (found.encoding, found.separator) == ("cp1252", ";")
    assert set(found.columns) == {"id", "title", "text", "url", "lat", "lon"}
    assert len(found.entries) == 2163
    assert found.faults == ()
    # One longitude lost its comma: 7031.
    assert [entry.key for entry in found.entries if entry.place is None] == ["B2371"]
    assert all(entry.url and entry.paragraphs for entry in found.entries)
