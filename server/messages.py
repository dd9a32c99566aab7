"""The wording of refusals and mails: what a reader is told for each stable code.

Every topic has its words in ``server.refusals``; no code is worded twice.
"""

from collections.abc import Mapping
from typing import Any, Final

from babel.support import NullTranslations

from server.refusals import (
    accounts,
    acts,
    casefile,
    experts,
    feasibility,
    moderation,
    requests,
    responsibility,
    suggestions,
    talk,
    ties,
    versions,
)

MESSAGES: Mapping[str, str] = {
    **talk.MESSAGES,
    **suggestions.MESSAGES,
    **moderation.MESSAGES,
    **experts.MESSAGES,
    **versions.MESSAGES,
    **casefile.MESSAGES,
    **responsibility.MESSAGES,
    **ties.MESSAGES,
    **feasibility.MESSAGES,
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
    "stage-moved": N_("Jemand war schneller: Die Idee ist inzwischen in einer anderen Phase."),
    "text-moved": N_("Der Text hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal."),
    "text-version-unknown": N_("Diesen Stand des Textes gibt es nicht oder nicht mehr."),
    "plan-moved": N_(
        "Inzwischen hat sich etwas geändert. Bitte sehen Sie den Plan noch einmal an."
    ),
    "process-not-for-you": N_("Diesen Prozess können nur Menschen aus der Verwaltung beginnen."),
    "act-stands": N_("Dieser Schritt lässt sich nicht rückgängig machen."),
    "act-followed": N_(
        "Seit diesem Schritt ist an der Idee schon etwas anderes geschehen; er bleibt bestehen."
    ),
    "undo-over": N_("Die Frist, in der dieser Schritt rückgängig zu machen war, ist vorbei."),
    "undo-not-allowed": N_("Rückgängig machen kann das nur, wer es getan hat."),
    "no-transition": N_("Von dieser Phase führt kein Weg dorthin."),
    "transition-not-allowed": N_("Diesen Schritt dürfen nur andere Rollen gehen."),
    "comment-not-found": N_("Diesen Kommentar gibt es nicht."),
    "comment-hidden": N_("Dieser Kommentar ist ausgeblendet."),
    "not-your-comment": N_("Das geht nur mit eigenen Kommentaren."),
    "already-hidden": N_("Dieser Kommentar ist schon ausgeblendet."),
    "evidence-unknown": N_("Diesen Nachweis verlangt der Prozess dieser Idee nicht."),
    "evidence-of-others": N_("Diesen Nachweis tragen andere ein."),
    "evidence-moved": N_("Jemand war schneller: Hier steht inzwischen etwas anderes."),
    "requirement-unknown": N_("Diese Anforderung gibt es nicht."),
    "requirement-moved": N_("Jemand war schneller: Die Anforderung hat inzwischen einen Stand."),
    "requirements-full": N_("Mehr Anforderungen fasst eine Idee nicht."),
    "indicator-unknown": N_("Diesen Indikator gibt es nicht."),
    "indicator-moved": N_("Jemand war schneller: Der Indikator wurde inzwischen geändert."),
    "indicators-full": N_("Mehr Indikatoren fasst eine Idee nicht."),
    "last-indicator": N_(
        "Darauf beruht schon eine Entscheidung: Der letzte Indikator seiner Art lässt sich "
        "ändern, aber nicht zurückziehen."
    ),
    "measurements-full": N_("Mehr Messwerte fasst ein Indikator nicht."),
    "template-unknown": N_("Diese Vorlage gibt es nicht."),
    "unreadable-document": N_(
        "Der Text dieser Idee ist nicht lesbar gespeichert. Er wird nicht leer angezeigt; "
        "die Betreiber:innen sind gefragt."
    ),
    "revision-moved": N_("Jemand war schneller: Die Idee hat sich inzwischen geändert."),
    "lead-taken": N_("Die Federführung hat schon jemand; sie muss erst abgegeben werden."),
    "role-by-responsibility": N_(
        "Diese Rolle bekommt, wer für eine Organisation die Verantwortung übernimmt."
    ),
    "not-in-team": N_("Diese Person hat diese Rolle hier nicht."),
    "unmet": N_("Es sind noch Bedingungen offen."),
    "invalid": N_("Bitte prüfen Sie die markierten Angaben."),
    "malformed": N_("Die Angaben waren nicht lesbar."),
    "limited": N_("Das war sehr viel in kurzer Zeit. Bitte warten Sie einen Moment."),
    "too-big": N_("Das ist zu groß."),
    "media-type": N_("Dieses Format wird hier nicht angenommen."),
    "bad-cursor": N_("Die Liste konnte nicht fortgesetzt werden. Bitte beginnen Sie von vorn."),
    "fault": N_("Bei uns ist ein Fehler aufgetreten. Er wurde festgehalten."),
    "unavailable": N_("Arena ist gerade nicht bereit. Bitte versuchen Sie es gleich noch einmal."),
    "wrong-password": N_("Name oder Passwort stimmen nicht."),
    "wrong-current-password": N_("Das bisherige Passwort stimmt nicht."),
    "sign-in-not-fresh": N_("Bitte melden Sie sich dafür ab und neu an."),
    "link-spent": N_("Dieser Link gilt nicht mehr: Er wurde schon benutzt oder ist abgelaufen."),
    "handle-taken": N_("Dieser Kurzname ist schon vergeben."),
    "email-taken": N_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."),
    "demo-only": N_("Das geht nur in der Demonstration."),
    "role-above-own": N_("Diese Rolle können Sie nicht vergeben."),
    "already-claimed": N_("Um diese Idee kümmert sich schon jemand."),
    "act-gone": N_("Das steht nicht mehr auf der Liste."),
    "no-notes": N_("Zu dieser Idee gibt es noch keine internen Notizen."),
    "suspended": N_("Ihr Konto ist gesperrt."),
    "already-suspended": N_("Das Konto ist schon gesperrt."),
    "not-suspended": N_("Das Konto ist nicht gesperrt."),
    "nothing-to-revert": N_("Von dieser Person steht hier nichts mehr, was zurückzunehmen wäre."),
    "revert-refused": N_("Das passt nicht mehr zum jetzigen Text. Bitte versuchen Sie es erneut."),
    "revert-failed": N_(
        "Das ließ sich nicht zurücknehmen, der Text ist unverändert. "
        "Bitte versuchen Sie es später noch einmal."
    ),
    "unknown-person": N_("Diese Person gibt es nicht."),
    "own-account": N_("Das geht nicht mit dem eigenen Konto."),
    "last-author": N_("Eine Idee braucht mindestens eine Autor:in."),
    "kind-unchanged": N_("Die Idee hat diese Art schon."),
}

FIELD_MESSAGES: Mapping[str, str] = {
    **talk.FIELD_MESSAGES,
    **feasibility.FIELD_MESSAGES,
    **moderation.FIELD_MESSAGES,
    "missing": N_("Diese Angabe fehlt."),
    "too-short": N_("Das ist zu kurz."),
    "too-long": N_("Das ist zu lang."),
    "too-small": N_("Der Wert ist zu klein."),
    "too-big": N_("Der Wert ist zu groß."),
    "empty": N_("Diese Angabe fehlt."),
    "amendment-reason": N_("Bitte sagen Sie, warum das geändert wird."),
    "unknown-field": N_("Diese Angabe gibt es hier nicht."),
    "in-the-future": N_("Dieser Tag liegt in der Zukunft."),
    "not-a-number": N_("Bitte eine Zahl ohne Tausendertrennung, zum Beispiel 1200 oder 12,5."),
    "not-in-process": N_("Dieser Prozess ist für die andere Art von Ideen."),
    "unknown-stage": N_("Diese Phase gibt es nicht."),
    "own-account": N_("Das geht nicht mit dem eigenen Konto."),
    "not-of-organisation": N_("Diese Person ist dort nicht bestätigt."),
    "role-by-responsibility": N_(
        "Diese Rolle bekommt, wer für eine Organisation die Verantwortung übernimmt."
    ),
    "role-needs-end": N_("Diese Rolle gibt es nur auf Zeit."),
    "organisation-ended": N_("Diese Organisation gibt es nicht mehr."),
    "too-many": N_("Das sind zu viele."),
    "unchanged": N_("Das ist derselbe Text wie bisher."),
    "in-the-past": N_("Dieser Tag ist schon vorbei."),
    "before-the-beginning": N_("Das Ende liegt vor dem Beginn."),
    "too-far-away": N_("Das liegt zu weit in der Zukunft."),
    "one-change": N_("Bitte genau eine Änderung angeben."),
    "unknown-person": N_("Diese Person gibt es nicht."),
    "unknown-idea": N_("Diese Idee gibt es nicht, oder sie ist nicht öffentlich."),
    "sections-missing": N_("Zum Veröffentlichen fehlt ein Abschnitt; als Entwurf geht es schon."),
    "same-idea": N_("Das ist diese Idee selbst."),
    "link-misfit": N_("Nur ein Maßnahmenvorschlag kann einen Handlungsbedarf beantworten."),
    "unknown": N_("Diese Angabe gibt es nicht."),
    "unknown-choice": N_("Bitte wählen Sie eine der Möglichkeiten."),
    "malformed": N_("Das ist nicht lesbar."),
    "not-an-address": N_("Das ist keine E-Mail-Adresse."),
    "wrong": N_("Das stimmt nicht."),
    "not-confirmed": N_("Bitte bestätigen Sie das."),
    "sign-in-not-fresh": N_("Bitte melden Sie sich dafür ab und neu an."),
    "handle-form": N_("Nur Kleinbuchstaben, Ziffern und Bindestriche, 2 bis 40 Zeichen."),
    "taken": N_("Das ist schon vergeben."),
    "id-form": N_("Nur Kleinbuchstaben, Ziffern und Unterstriche; ein Buchstabe zuerst."),
    "too-early": N_("Dieser Tag liegt zu früh."),
    "too-late": N_("Dieser Tag liegt zu spät."),
    "circle": N_("Das führte im Kreis."),
    "other-class": N_("Das gehört zu einem anderen Bereich der Stadtgesellschaft."),
    "not-valid": N_("Das gilt heute nicht."),
    "three-districts": N_("Höchstens drei Bezirke; wenn es mehr sind, wählen Sie „Ganz Berlin“."),
    "city-wide-alone": N_("„Ganz Berlin“ steht allein, ohne Bezirke daneben."),
    "too-many-ideas": N_("Das sind zu viele auf einmal; höchstens 50."),
    "twice": N_("Eine Idee kommt doppelt vor."),
    "list-full": N_("Die Liste ist voll: höchstens 50 Entscheidungen."),
    "too-many-lists": N_("Es gibt schon 100 Listen; bitte nehmen Sie eine davon."),
}
TOPICS: Final = (
    accounts,
    acts,
    casefile,
    experts,
    feasibility,
    moderation,
    requests,
    responsibility,
    suggestions,
    talk,
    ties,
    versions,
)


def _of_all(name: str) -> dict[str, Any]:
    return {code: text for topic in TOPICS for code, text in getattr(topic, name, {}).items()}


MESSAGES: Final[Mapping[str, str]] = _of_all("MESSAGES")
FIELD_MESSAGES: Final[Mapping[str, str]] = _of_all("FIELD_MESSAGES")
MAILS: Final[Mapping[str, tuple[str, str]]] = _of_all("MAILS")


def message(code: str, data: Mapping[str, Any], catalogue: NullTranslations) -> str:
    """What a reader is told for ``code``."""
    text: str = catalogue.gettext(MESSAGES.get(code, MESSAGES["refused"]))
    return text % data if "%(" in text else text


def field_message(code: str, catalogue: NullTranslations) -> str:
    """What is said beside a faulty field."""
    text: str = catalogue.gettext(FIELD_MESSAGES.get(code, FIELD_MESSAGES["malformed"]))
    return text


def mail_text(
    which: str, catalogue: NullTranslations, values: Mapping[str, str]
) -> tuple[str, str]:
    """Subject and text of a mail, with ``values`` filled in."""
    subject, text = (catalogue.gettext(part) for part in MAILS[which])
    return subject % values, text % values
