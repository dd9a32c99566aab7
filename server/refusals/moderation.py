"""What moderation says: refusals, outcomes of reports, and the mail about them."""

from collections.abc import Mapping

from server.language import N_

MESSAGES: Mapping[str, str] = {
    "already-muted": N_("Diese Person ist hier schon stummgeschaltet."),
    "not-muted": N_("Diese Person ist hier nicht stummgeschaltet."),
    "not-hidden": N_("Das ist nicht (mehr) ausgeblendet."),
    "own-content": N_("Über Eigenes entscheiden andere."),
    "own-decision": N_("Über diesen Widerspruch entscheidet jemand anderes als wer ausblendete."),
    "already-appealed": N_("Sie haben dazu schon Widerspruch eingelegt."),
    "appeal-over": N_("Die Frist von sechs Monaten für einen Widerspruch ist vorbei."),
    "appeal-decided": N_("Jemand war schneller: Über den Widerspruch ist schon entschieden."),
    "report-decided": N_("Jemand war schneller: Diese Meldung ist schon entschieden."),
    "report-not-found": N_("Diese Meldung gibt es nicht."),
    "not-slow": N_("Hier gibt es gerade keinen Langsam-Modus."),
    "slow-mode": N_(
        "Hier gilt gerade der Langsam-Modus. Ihr nächster Beitrag geht in %(retry_after_s)s "
        "Sekunden; Ihr Text bleibt solange stehen."
    ),
    "suspended": N_("Ihr Konto ist gesperrt."),
    "already-suspended": N_("Das Konto ist schon gesperrt."),
    "not-suspended": N_("Das Konto ist nicht gesperrt."),
    "nothing-to-revert": N_("Von dieser Person steht hier nichts mehr, was zurückzunehmen wäre."),
    "revert-refused": N_("Das passt nicht mehr zum jetzigen Text. Bitte versuchen Sie es erneut."),
    "revert-failed": N_(
        "Das ließ sich nicht zurücknehmen, der Text ist unverändert. "
        "Bitte versuchen Sie es später noch einmal."
    ),
}

FIELD_MESSAGES: Mapping[str, str] = {
    "not-hideable": N_("Ausblenden lässt sich nur, was ein einzelner Mensch geschrieben hat."),
}

OUTCOMES: Mapping[str, str] = {
    "hidden": N_("Der Beitrag wurde ausgeblendet."),
    "acted": N_("Es wurde etwas unternommen."),
    "dismissed": N_("Es bleibt, wie es ist."),
}

MAILS: Mapping[str, tuple[str, str]] = {
    "report-decided": (
        N_("Ihre Meldung zur Idee %(ref)s"),
        N_(
            "Guten Tag,\n\nSie haben etwas an der Idee „%(title)s“ gemeldet. Die Moderation hat "
            "entschieden: %(outcome)s\n\nBegründung:\n\n%(reason)s\n\nIhre Adresse ist mit "
            "dieser Nachricht bei uns gelöscht. Unter der Adresse, die Sie beim Melden bekommen "
            "haben, steht die Entscheidung weiterhin.\n\nDie Idee steht hier:\n\n%(link)s"
        ),
    ),
}
