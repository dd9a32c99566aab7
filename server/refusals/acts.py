"""What is told when an act on an idea is refused, and in the mails about such acts."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "stage-moved": N_("Jemand war schneller: Die Idee ist inzwischen in einer anderen Phase."),
    "text-moved": N_("Der Text hat sich inzwischen geändert. Bitte lesen Sie ihn noch einmal."),
    "text-version-unknown": N_("Diesen Stand des Textes gibt es nicht oder nicht mehr."),
    "revision-moved": N_("Jemand war schneller: Die Idee hat sich inzwischen geändert."),
    "plan-moved": N_(
        "Inzwischen hat sich etwas geändert. Bitte sehen Sie den Plan noch einmal an."
    ),
    "unreadable-document": N_(
        "Der Text dieser Idee ist nicht lesbar gespeichert. Er wird nicht leer angezeigt; "
        "die Betreiber:innen sind gefragt."
    ),
    "template-unknown": N_("Diese Vorlage gibt es nicht."),
    "process-not-for-you": N_("Diesen Prozess können nur Menschen aus der Verwaltung beginnen."),
    "kind-unchanged": N_("Die Idee hat diese Art schon."),
    "no-transition": N_("Von dieser Phase führt kein Weg dorthin."),
    "transition-not-allowed": N_("Diesen Schritt dürfen nur andere Rollen gehen."),
    "act-stands": N_("Dieser Schritt lässt sich nicht rückgängig machen."),
    "act-followed": N_(
        "Seit diesem Schritt ist an der Idee schon etwas anderes geschehen; er bleibt bestehen."
    ),
    "undo-over": N_("Die Frist, in der dieser Schritt rückgängig zu machen war, ist vorbei."),
    "undo-not-allowed": N_("Rückgängig machen kann das nur, wer es getan hat."),
    "act-gone": N_("Das steht nicht mehr auf der Liste."),
    "already-claimed": N_("Um diese Idee kümmert sich schon jemand."),
    "no-notes": N_("Zu dieser Idee gibt es noch keine internen Notizen."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "unknown-stage": N_("Diese Phase gibt es nicht."),
    "not-in-process": N_("Dieser Prozess ist für die andere Art von Ideen."),
    "amendment-reason": N_("Bitte sagen Sie, warum das geändert wird."),
    "sections-missing": N_("Zum Veröffentlichen fehlt ein Abschnitt; als Entwurf geht es schon."),
    "too-many-ideas": N_("Das sind zu viele auf einmal; höchstens 50."),
    "list-full": N_("Die Liste ist voll: höchstens 50 Entscheidungen."),
    "too-many-lists": N_("Es gibt schon 100 Listen; bitte nehmen Sie eine davon."),
}

MAILS: Final[Mapping[str, tuple[str, str]]] = {
    "act": (
        N_("Eine Entscheidung zu Ihrer Idee in der Arena"),
        N_(
            "Guten Tag %(name)s,\n\nzu Ihrer Idee „%(title)s“ (%(ref)s) wurde entschieden: "
            "%(act)s. Sie ist jetzt in der Phase „%(stage)s“.\n\nBegründung:\n%(reason)s\n\n"
            "Was das heißt, was weiterhelfen würde und wie Sie widersprechen können:\n\n%(link)s"
        ),
    ),
    "act-undone": (
        N_("Eine Entscheidung zu Ihrer Idee wurde zurückgenommen"),
        N_(
            "Guten Tag %(name)s,\n\nzu Ihrer Idee „%(title)s“ (%(ref)s) wurde eine Entscheidung "
            "zurückgenommen: %(act)s. Sie ist wieder in der Phase „%(stage)s“.\n\n"
            "Begründung:\n%(reason)s\n\nNachzulesen hier:\n\n%(link)s"
        ),
    ),
}
