"""What is told about accounts, signing in and teams: refusals and mails."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "wrong-password": N_("Name oder Passwort stimmen nicht."),
    "wrong-current-password": N_("Das bisherige Passwort stimmt nicht."),
    "sign-in-not-fresh": N_("Bitte melden Sie sich dafür ab und neu an."),
    "link-spent": N_("Dieser Link gilt nicht mehr: Er wurde schon benutzt oder ist abgelaufen."),
    "handle-taken": N_("Dieser Kurzname ist schon vergeben."),
    "email-taken": N_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."),
    "role-above-own": N_("Diese Rolle können Sie nicht vergeben."),
    "unknown-person": N_("Diese Person gibt es nicht."),
    "own-account": N_("Das geht nicht mit dem eigenen Konto."),
    "last-author": N_("Eine Idee braucht mindestens eine Autor:in."),
    "not-in-team": N_("Diese Person hat diese Rolle hier nicht."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "own-account": N_("Das geht nicht mit dem eigenen Konto."),
    "not-an-address": N_("Das ist keine E-Mail-Adresse."),
    "handle-form": N_("Nur Kleinbuchstaben, Ziffern und Bindestriche, 2 bis 40 Zeichen."),
    "sign-in-not-fresh": N_("Bitte melden Sie sich dafür ab und neu an."),
}

MAILS: Final[Mapping[str, tuple[str, str]]] = {
    "invitation": (
        N_("Einladung in die Arena der Ideen"),
        N_(
            "Guten Tag,\n\nSie sind eingeladen, in der Arena der Ideen mitzumachen. Über diesen "
            "Link legen Sie Ihr Konto an; er gilt 14 Tage und nur einmal:\n\n%(link)s\n\n"
            "Wenn Sie damit nichts anfangen können, löschen Sie diese Nachricht einfach."
        ),
    ),
    "password-reset": (
        N_("Neues Passwort für die Arena der Ideen"),
        N_(
            "Guten Tag %(name)s,\n\nüber diesen Link setzen Sie ein neues Passwort; er gilt eine "
            "Stunde und nur einmal:\n\n%(link)s\n\nWenn Sie das nicht angefordert haben, "
            "brauchen Sie nichts zu tun: Ihr bisheriges Passwort gilt weiter."
        ),
    ),
}
