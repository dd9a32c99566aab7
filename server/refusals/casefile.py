"""What is told when a record of a case is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
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
    "condition-unknown": N_("Diese Bedingung gibt es nicht."),
    "condition-moved": N_("Die Person hat inzwischen neu geurteilt; ihre Bedingung ist offen."),
}

MAILS: Final[Mapping[str, tuple[str, str]]] = {
    "requirement-answered": (
        N_("Ihre Anforderung an die Idee %(ref)s"),
        N_(
            "Guten Tag %(name)s,\n\nSie haben an die Idee „%(title)s“ eine Anforderung gestellt:"
            "\n\n%(text)s\n\nDas Team der Idee sagt dazu: %(state)s.\n\n%(because)s\n\n"
            "Alles dazu steht hier:\n\n%(link)s\n\nWenn Sie das anders sehen, stellen Sie "
            "dort einfach eine neue Anforderung."
        ),
    ),
}

REQUIREMENT_STATES: Final[Mapping[str, str]] = {
    "taken_up": N_("aufgenommen"),
    "partly": N_("zum Teil aufgenommen"),
    "not": N_("nicht aufgenommen"),
}
