"""What is told when an act at a workshop is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "no-such-workshop": N_("Zu diesem Code gibt es keine Werkstatt. Bitte prüfen Sie ihn."),
    "code-malformed": N_("Ein Code hat sechs Zeichen, zum Beispiel ABC 234."),
    "joining-over": N_("In diese Werkstatt kann niemand mehr neu hineinkommen."),
    "workshop-full": N_("Diese Werkstatt ist voll: %(most)s Personen sind dabei."),
    "join-first": N_("Bitte kommen Sie zuerst mit dem Code in die Werkstatt."),
    "removed-from-workshop": N_("Die Moderation hat Sie aus dieser Werkstatt herausgenommen."),
    "facilitators-only": N_("Das kann nur, wer den Abend moderiert."),
    "facilitators-stay": N_("Wer den Abend moderiert, kann nicht herausgenommen werden."),
    "workshop-over": N_("Der Abend ist zu Ende."),
    "no-such-note": N_("Diesen Zettel gibt es nicht, oder nicht mehr."),
    "board-full": N_("Die Zettelwand ist voll: Mehr als %(most)s fasst sie nicht."),
    "board-refused": N_(
        "Die Zettelwand hat das gerade nicht angenommen. Bitte versuchen Sie es noch einmal."
    ),
    "too-many-silent": N_("Mehr als %(most)s verdeckte Zettel gehen nicht."),
    "dots-spent": N_("So viele Punkte haben Sie nicht mehr: Es sind noch %(left)s von %(most)s."),
    "dots-shown": N_("Die Punkte sind schon aufgedeckt."),
    "note-is-idea": N_("Dieser Zettel ist schon in einer Idee."),
    "authors-or-facilitators": N_(
        "Das kann, wer den Zettel geschrieben hat oder den Abend moderiert."
    ),
    "no-such-table": N_("Diesen Tisch gibt es in der Werkstatt nicht."),
    "not-at-this-table": N_("Das kann nur, wer an diesem Tisch sitzt oder den Abend moderiert."),
    "not-yours-to-open": N_(
        "Diese Idee kann nur jemand an den Tisch holen, der selbst an ihr schreiben darf."
    ),
    "not-for-tables": N_(
        "An dieser Idee wird in ihrer jetzigen Phase nicht an Tischen geschrieben."
    ),
    "table-moved": N_(
        "Am Tisch liegt inzwischen etwas anderes. Bitte sehen Sie nach und versuchen Sie es dann "
        "noch einmal."
    ),
    "workshop-changed": N_(
        "Inzwischen hat jemand anderes den Abend weitergeführt: Jetzt läuft Schritt %(step)s. "
        "Bitte sehen Sie nach und versuchen Sie es noch einmal."
    ),
    "form-used-up": N_("Dieses Formular wurde schon benutzt. Bitte laden Sie die Seite neu."),
    "last-facilitator": N_("Jemand muss den Abend moderieren: Fügen Sie zuerst jemanden hinzu."),
    "too-many-tables": N_("Mehr als %(most)s Tische gehen nicht."),
    "hands-down": N_("Gerade ruhen alle Hände. Bitte warten Sie auf die Moderation."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "out-of-range": N_("Dieser Wert ist zu klein oder zu groß."),
}
