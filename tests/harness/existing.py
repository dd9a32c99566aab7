"""Invented initiatives as a portal keeps them: Markdown files with front matter."""

from __future__ import annotations

from pathlib import Path

INITIATIVES = {
    "baumpaten": (
        "Baumpaten-Karte",
        "Karte aller Straßenbäume, auf der sich Nachbarschaften zum Gießen verabreden",
        "Wer einen Baum versorgt, trägt sich ein. Die Karte zeigt, wo Wasserpumpen stehen.",
    ),
    "badewetter": (
        "Badewetter",
        "Tägliche Angaben zur Wasserqualität an den Stränden der Seen",
        "Messwerte der Labore werden mit Vorhersagen für Regentage verbunden.",
    ),
    "kitaplatz": (
        "Kitaplatz-Lotse",
        "Freie Plätze in Kindertagesstätten suchen und vormerken lassen",
        "Eltern sehen, welche Einrichtung in ihrer Nähe Kinder aufnimmt.",
    ),
    "haushalt": (
        "Haushalt zum Anfassen",
        "Einnahmen und Ausgaben der Bezirke als Bilder, die sich befragen lassen",
        "Aus Tabellen werden Flächen, die man öffnen und vergleichen kann.",
    ),
    "rampen": (
        "Rampen-Melder",
        "Stufen und Schwellen melden, damit Rollstühle und Kinderwagen durchkommen",
        "Meldungen gehen an das Ordnungsamt und bleiben sichtbar, bis die Stelle erledigt ist.",
    ),
    "fundus": (
        "Fundus für Bühnen",
        "Kulissen, Kostüme und Technik zwischen freien Theatern teilen",
        "Eine Inventarliste, in der jede Gruppe ausleiht und verleiht.",
    ),
    "geodaten": (
        "Geodaten-Prüfer",
        "Werkzeug, das Dateien von Vermessungsämtern gegen ihr Schema prüft",
        "Fehler werden mit Zeile und Spalte genannt.",
    ),
    "leihrad": (
        "Leihrad-Ströme",
        "Woher und wohin Mieträder im Laufe des Tages fahren",
        "Bewegungen werden zusammengefasst, damit niemand verfolgt werden kann.",
    ),
    "breitband": (
        "Netzbedarf melden",
        "Haushalte sagen, wo schnelles Internet fehlt und Glasfaser gebraucht wird",
        "Aus den Meldungen entsteht ein Plan für den Ausbau.",
    ),
    "abkuehlung": (
        "Kühle Wege",
        "Schattige Strecken und Orte zur Abkühlung an heißen Tagen finden",
        "Gezeigt werden Parks, Trinkbrunnen und Gebäude mit dicken Mauern.",
    ),
    "energie": (
        "Energiespiegel",
        "Verbrauch und Sanierungsstand öffentlicher Gebäude im Vergleich",
        "Schulen, Rathäuser und Bibliotheken sehen, wo Wärme verloren geht.",
    ),
    "wahlkreise": (
        "Wahlkreise zeichnen",
        "Grenzen von Stimmbezirken verschieben und sofort sehen, wie viele wählen dürfen",
        "Das Werkzeug rechnet mit den Zahlen des Melderegisters.",
    ),
}
"""Key → name, abstract, description."""


def markdown(key: str, **changed: str) -> str:
    """The file of one of them; ``changed`` are lines of the front matter in place of its own."""
    name, abstract, text = INITIATIVES[key]
    lines = {
        "layout": "layouts/project.liquid",
        "tags": '["Stadt", "Offene Daten"]',
        "id": key,
        "title": f"'{name[:4]}&shy;{name[4:]}'",
        "abstract": abstract,
        "languages": '["Python"]',
        "license": "EUPL-1.2",
        "link": f"https://{key}.example",
        "repository": f"https://code.example/{key}",
        "developers": '["Werkstatt Stadt"]',
        "backers": '["Bezirksamt Beispiel"]',
        "has-hero": "true",
        "date": "2024-03-01",
    }
    front = "\n".join(f"{name}: {value}" for name, value in {**lines, **changed}.items())
    body = (
        f"## Zusammenfassung\n\n**{text}**\n\n![Bild](/bild.jpg)\n\nMehr [hier](https://x.example)."
    )
    return f"---\n{front}\n---\n\n{body}\n"


def write_initiatives(folder: Path) -> Path:
    """A folder with the files of all of them."""
    folder.mkdir(exist_ok=True)
    for key in INITIATIVES:
        folder.joinpath(f"{key}.md").write_text(markdown(key), "utf-8")
    return folder
