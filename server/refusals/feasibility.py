"""The wording of refusals around judgements, for ``server.messages``."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "judgement-unknown": N_("Hier haben Sie nicht geurteilt, oder Sie haben es zurückgenommen."),
    "round-open": N_("Hier wird schon in einer Runde geurteilt; sie muss erst zu Ende sein."),
    "round-closed": N_(
        "Diese Runde ist zu Ende. Was Sie geschrieben haben, ist nicht verloren: Laden Sie die "
        "Seite neu und urteilen Sie außerhalb der Runde."
    ),
    "round-unknown": N_("Diese Runde gibt es hier nicht."),
    "not-in-round": N_(
        "Die Runde, die gerade läuft, fragt nach anderem. Das hier lässt sich wieder beurteilen, "
        "wenn sie zu Ende ist."
    ),
    "round-text": N_(
        "In dieser Runde urteilen alle über denselben Text. Bitte lesen Sie ihn und urteilen Sie "
        "noch einmal."
    ),
    "no-round": N_("Geurteilt wird hier nur in Runden; zurzeit läuft keine."),
    "judging-goes-on": N_("Hier wird noch in einer Runde geurteilt."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "not-a-web-address": N_(
        "Bitte die ganze Adresse einer Seite, beginnend mit https:// oder http://."
    ),
}
