"""The same wish in other words: titles of ideas and what somebody else would call them."""

PAIRS = (
    ("Mehr Schatten auf Schulhöfen", "Bäume gegen die Hitze an Schulen pflanzen"),
    ("Sicherer Radweg entlang der Hauptstraße", "Fahrradfahrende vor Autos schützen"),
    ("Bücher im Waschsalon tauschen", "Lesestoff teilen, während die Wäsche läuft"),
    ("Trinkbrunnen an jedem Spielplatz", "Kostenloses Wasser für Kinder beim Toben"),
    ("Termine im Bürgeramt per Telefon buchen", "Beim Amt anrufen statt online anmelden"),
    ("Leere Läden für Kunst öffnen", "Ateliers in ungenutzten Geschäften"),
    ("Nachtbus für Pflegekräfte", "Wie Krankenschwestern nach dem Spätdienst heimkommen"),
    ("Werkzeug in der Bibliothek ausleihen", "Bohrmaschine leihen statt kaufen"),
    ("Formulare in leichter Sprache", "Anträge, die alle verstehen"),
    ("Solaranlagen auf Mietshäusern", "Strom vom Dach für Mieterinnen und Mieter"),
    ("Ampeln, die sprechen", "Blinde Menschen sicher über die Kreuzung bringen"),
    ("Essensreste aus Kantinen retten", "Übrige Mahlzeiten nicht wegwerfen"),
    ("Sitzbänke für alte Leute", "Seniorinnen brauchen unterwegs Plätze zum Ausruhen"),
    ("Lärm am Flughafen messen", "Wie laut sind die Flugzeuge über unseren Häusern?"),
    ("Parkplätze in Gärten verwandeln", "Beete anlegen, wo heute Autos stehen"),
    ("Schwimmkurse für Geflüchtete", "Neu Zugezogene lernen, sich im Wasser zu bewegen"),
)
