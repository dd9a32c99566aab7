"""What a reader is told when a suggestion is refused."""

from collections.abc import Mapping

from server.language import N_

MESSAGES: Mapping[str, str] = {
    "suggestion-not-found": N_("Diesen Vorschlag gibt es nicht."),
    "not-your-suggestion": N_("Das geht nur mit eigenen Vorschlägen."),
    "suggestion-settled": N_("Jemand war schneller: Darüber ist schon entschieden."),
    "suggestion-hidden": N_("Die Moderation hat diesen Vorschlag ausgeblendet."),
    "suggestion-changed": N_(
        "Der Vorschlag wurde inzwischen geändert. Bitte lesen Sie ihn noch einmal."
    ),
    "suggestion-refused": N_(
        "Der Text ließ sich gerade nicht ändern. Bitte versuchen Sie es noch einmal."
    ),
    "passage-changed": N_("Die Stelle lautet inzwischen anders. Nichts wurde geändert."),
    "own-suggestions-full": N_(
        "Sie haben hier schon viele offene Vorschläge. Warten Sie auf Antwort oder ziehen Sie "
        "einen zurück."
    ),
    "suggestions-full": N_(
        "Hier warten schon sehr viele Vorschläge. Bitte versuchen Sie es später."
    ),
    "revisions-full": N_(
        "So oft lässt sich ein Vorschlag nicht ändern. Ziehen Sie ihn zurück und machen Sie "
        "einen neuen."
    ),
    "author-muted": N_("Wer das vorgeschlagen hat, darf hier zurzeit nicht mitschreiben."),
    "muted-here": N_("Sie sind in diesem Text stummgeschaltet."),
}
