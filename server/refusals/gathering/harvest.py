"""What is told when an act on the harvest of a workshop is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "harvest-not-public": N_(
        "Die Ernte dieser Werkstatt liest nur, wer dabei war. Die Moderation kann sie für alle "
        "veröffentlichen."
    ),
    "harvest-full": N_("Mehr als %(most)s fasst die Ernte eines Abends nicht."),
    "point-unknown": N_("Diesen Punkt gibt es nicht oder nicht mehr."),
    "not-your-point": N_(
        "Ändern kann das, wer es aufgeschrieben hat, wer es übernimmt, und die Moderation."
    ),
    "point-handed-over": N_("Diese Aufgabe steht jetzt bei der Idee; bitte ändern Sie sie dort."),
    "no-meeting": N_("Einen nächsten Termin gibt es noch nicht."),
}
