"""What is told to those whose comment, reaction or task was refused, by code."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "comment-not-found": N_("Diesen Kommentar gibt es nicht."),
    "comment-hidden": N_("Dieser Kommentar ist ausgeblendet."),
    "not-your-comment": N_("Das geht nur mit eigenen Kommentaren."),
    "already-hidden": N_("Dieser Kommentar ist schon ausgeblendet."),
    "already-made": N_("Daraus wurde schon etwas gemacht; es steht beim Kommentar."),
    "task-unknown": N_("Diese Aufgabe gibt es nicht."),
    "task-settled": N_("Diese Aufgabe ist schon abgeschlossen."),
    "not-your-task": N_("Abschließen kann das, wem die Aufgabe gehört, oder das Team."),
    "tasks-full": N_("Mehr Aufgaben fasst eine Idee nicht. Bitte schließen Sie erst welche ab."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "not-in-text": N_(
        "Diese Worte stehen so nicht im Text. Bitte schreiben Sie sie ab, wie sie dort stehen."
    ),
    "not-a-thread": N_("Darauf kann man nicht antworten."),
    "too-many-mentions": N_("Ein Kommentar kann höchstens 20 Personen nennen."),
    "cannot-own": N_("Diese Person gibt es nicht, oder sie kann an dieser Idee nichts tun."),
}
