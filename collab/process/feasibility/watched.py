"""Words on which much depends, so that no other word is taken for a slip of them.

German and English, folded as :mod:`spelling` folds. A word maps to what it says: two forms with
one meaning may take each other's place ("muss", "müssen"), others never.
"""

from collections.abc import Mapping
from typing import Final

from collab.process.feasibility.spelling import words


def _forms(lines: str) -> Mapping[str, str]:
    """Each form by the first one of its line."""
    found: dict[str, str] = {}
    for line in lines.strip().splitlines():
        forms = [word.folded for word in words(line)]
        found |= dict.fromkeys(forms, forms[0])
    return found


NEGATIONS: Final = _forms("""
nicht
kein keine keinen keinem keiner keines keins
ohne
nie niemals
nichts
niemand niemanden niemandem
weder
nirgends nirgendwo
not
no none
never
without
neither nor
cannot
""")

FORCES: Final = _forms("""
muss müssen musst müsst
müsste müssten
musste mussten
soll sollen sollst
sollte sollten
kann können kannst
könnte könnten
konnte konnten
darf dürfen darfst
dürfte dürften
will wollen
möchte möchten
wird werden
würde würden
wurde wurden
must
shall
should
can
could
may
might
will
would
verpflichtend verpflichtende verpflichtenden
freiwillig freiwillige freiwilligen freiwilliger
empfohlen empfohlene empfohlenen
""")

NUMBERS: Final = _forms("""
null
zwei
drei
vier
fünf
sechs
sieben
acht
neun
zehn
elf
zwölf
zwanzig
dreißig
hundert
tausend
million millionen
milliarde milliarden
hälfte
halb halbe halben halber
doppelt doppelte doppelten
drittel
viertel
erste ersten erster erstes
zweite zweiten zweiter zweites
dritte dritten dritter drittes
prozent
promille
meter
kilometer
zentimeter
quadratmeter
hektar
liter
tonne tonnen
kilogramm
minute minuten
stunde stunden stündlich
tag tage tagen täglich
woche wochen wöchentlich
monat monate monaten monatlich
jahr jahre jahren jährlich
januar
februar
märz
april
mai
juni
juli
august
september
oktober
november
dezember
montag montags
dienstag dienstags
mittwoch mittwochs
donnerstag donnerstags
freitag freitags
samstag samstags
sonntag sonntags
alle allen aller alles
jede jeder jedes jeden jedem
einige einigen einiger
manche manchen mancher
viele vielen vieler
wenige wenigen weniger
mehr
meist meiste meisten
mindestens
höchstens
maximal
minimal
nur
fast
immer
oft
selten
bis
ab
vor
nach
über
unter
und
oder
two
three
four
five
six
seven
eight
nine
ten
hundred
thousand
half
twice
percent
all
every
some
many
few
more
less
only
always
and
or
before
after
""")

COSTS: Final = _forms("""
euro euros eur
cent cents
kosten
kostenlos kostenlose kostenlosen kostenfrei
kostenpflichtig kostenpflichtige kostenpflichtigen
dollar dollars
preis preise preisen
gebühr gebühren
""")

COST_SIGNS: Final = frozenset("€$£")

ARTICLES: Final = frozenset(
    word.folded
    for word in words("der die das den dem des ein eine einen einem einer eines the a an")
)
"""They come and go without changing what is said."""

BERLIN: Final = (
    *("Mitte", "Friedrichshain-Kreuzberg", "Pankow", "Charlottenburg-Wilmersdorf", "Spandau"),
    *("Steglitz-Zehlendorf", "Tempelhof-Schöneberg", "Neukölln", "Treptow-Köpenick"),
    *("Marzahn-Hellersdorf", "Lichtenberg", "Reinickendorf", "Friedrichshain", "Kreuzberg"),
    *("Charlottenburg", "Wilmersdorf", "Steglitz", "Zehlendorf", "Tempelhof", "Schöneberg"),
    *("Treptow", "Köpenick", "Marzahn", "Hellersdorf", "Wedding", "Moabit", "Gesundbrunnen"),
    *("Tiergarten", "Weißensee", "Tegel", "Hohenschönhausen", "Adlershof", "Brandenburg"),
)
"""Districts and large quarters."""

PLACES: Final = ("strasse", "platz", "allee", "damm", "ufer", "bezirk", "kiez", "park", "viertel")
BODIES: Final = ("amt", "verwaltung", "senat", "gmbh", "verein", "stiftung", "behoerde", "kammer")
"""How names of places and of bodies end in German."""
