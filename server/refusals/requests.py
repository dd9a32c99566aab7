"""What is told when a request or a field is refused, whatever it is about."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "refused": N_("Das wurde nicht angenommen."),
    "bad-request": N_("Die Anfrage war nicht verständlich."),
    "not-allowed": N_("Dafür fehlt Ihnen hier das Recht."),
    "sign-in-required": N_("Bitte melden Sie sich dafür an."),
    "bad-token": N_("Dieses Zugangstoken gilt nicht (mehr)."),
    "foreign-origin": N_(
        "Die Anfrage kam von einer fremden Seite und wurde nicht ausgeführt. "
        "Bitte laden Sie die Seite neu."
    ),
    "not-found": N_("Das gibt es hier nicht, oder es ist nicht öffentlich."),
    "method-not-allowed": N_("Auf diesem Weg geht das nicht."),
    "conflict": N_("Jemand war schneller: Der Stand hat sich inzwischen geändert."),
    "unmet": N_("Es sind noch Bedingungen offen."),
    "invalid": N_("Bitte prüfen Sie die markierten Angaben."),
    "malformed": N_("Die Angaben waren nicht lesbar."),
    "limited": N_("Das war sehr viel in kurzer Zeit. Bitte warten Sie einen Moment."),
    "too-big": N_("Das ist zu groß."),
    "media-type": N_("Dieses Format wird hier nicht angenommen."),
    "bad-cursor": N_("Die Liste konnte nicht fortgesetzt werden. Bitte beginnen Sie von vorn."),
    "fault": N_("Bei uns ist ein Fehler aufgetreten. Er wurde festgehalten."),
    "unavailable": N_("Arena ist gerade nicht bereit. Bitte versuchen Sie es gleich noch einmal."),
    "demo-only": N_("Das geht nur in der Demonstration."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "missing": N_("Diese Angabe fehlt."),
    "empty": N_("Diese Angabe fehlt."),
    "too-short": N_("Das ist zu kurz."),
    "too-long": N_("Das ist zu lang."),
    "too-small": N_("Der Wert ist zu klein."),
    "too-big": N_("Der Wert ist zu groß."),
    "too-many": N_("Das sind zu viele."),
    "twice": N_("Eine Idee kommt doppelt vor."),
    "unchanged": N_("Das ist derselbe Text wie bisher."),
    "unknown": N_("Diese Angabe gibt es nicht."),
    "unknown-choice": N_("Bitte wählen Sie eine der Möglichkeiten."),
    "unknown-field": N_("Diese Angabe gibt es hier nicht."),
    "unknown-person": N_("Diese Person gibt es nicht."),
    "unknown-idea": N_("Diese Idee gibt es nicht, oder sie ist nicht öffentlich."),
    "malformed": N_("Das ist nicht lesbar."),
    "wrong": N_("Das stimmt nicht."),
    "taken": N_("Das ist schon vergeben."),
    "not-a-number": N_("Bitte eine Zahl ohne Tausendertrennung, zum Beispiel 1200 oder 12,5."),
    "in-the-future": N_("Dieser Tag liegt in der Zukunft."),
    "in-the-past": N_("Dieser Tag ist schon vorbei."),
    "too-early": N_("Dieser Tag liegt zu früh."),
    "too-late": N_("Dieser Tag liegt zu spät."),
    "too-far-away": N_("Das liegt zu weit in der Zukunft."),
    "before-the-beginning": N_("Das Ende liegt vor dem Beginn."),
    "not-confirmed": N_("Bitte bestätigen Sie das."),
    "not-valid": N_("Das gilt heute nicht."),
    "one-change": N_("Bitte genau eine Änderung angeben."),
}
