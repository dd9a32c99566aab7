"""What is told when something about catalogues, measures, links or replicas is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "organisation-unknown": N_("Diese Organisation gibt es hier nicht."),
    "organisation-ended": N_("Diese Organisation hat schon geendet."),
    "initiative-unknown": N_("Diese Initiative ist hier nicht bekannt."),
    "not-related": N_("Zwischen dieser Idee und der Initiative ist nichts festgehalten."),
    "too-many-relations": N_("Mehr bestehende Initiativen lassen sich hier nicht festhalten."),
    "no-lead": N_("Noch führt keine Organisation diese Idee."),
    "no-commitment": N_("Es gibt keine unterschriebene Selbstverpflichtung."),
    "commitment-moved": N_(
        "Jemand hat die Antworten inzwischen geändert. Bitte lesen Sie sie noch einmal."
    ),
    "principles-moved": N_(
        "Die Prinzipien haben eine neue Fassung. Bitte prüfen und speichern Sie die Antworten neu."
    ),
    "recognition-moved": N_("Die Anerkennung hat sich inzwischen geändert."),
    "measure-not-found": N_("Diese Nummer steht nicht im Register."),
    "no-badge": N_("Diese Maßnahme hat keine Anerkennung."),
    "already-linked": N_("Diese Verknüpfung gibt es schon."),
    "link-not-found": N_("Diese Verknüpfung gibt es nicht."),
    "statement-moved": N_("Jemand war schneller: Die Aussage hat sich inzwischen geändert."),
    "statement-unknown": N_("Diese Aussage gibt es hier nicht (mehr)."),
    "review-unknown": N_("Diese Prüfung gibt es hier nicht."),
    "reviewer-in-team": N_("Wer zum Team gehört, prüft die eigene Idee nicht."),
    "already-answered": N_("Darauf hat das Team schon geantwortet."),
    "not-linked": N_("Diese Ideen sind so nicht verknüpft."),
    "linked-reversed": N_("Diese Ideen sind schon so verknüpft, nur andersherum."),
    "link-stays": N_("Woher etwas übernommen wurde, bleibt stehen."),
    "not-a-measure": N_("Übernehmen lässt sich nur eine Maßnahme."),
    "no-transfer-kit": N_("Zum Übernehmen fehlt ein vollständiges Übertragungspaket."),
    "not-another-organisation": N_("Das geht nur für eine andere Organisation, der Sie angehören."),
    "nothing-to-offer": N_("Seit dem letzten Mal hat sich nichts geändert, was andere haben."),
    "change-unknown": N_("Diese Änderung wurde hier nicht angeboten."),
    "already-settled": N_("Darüber hat das Team schon entschieden."),
    "change-moved": N_("Inzwischen ist ein neuerer Text angeboten. Bitte sehen Sie ihn sich an."),
    "change-misfit": N_("Die Stelle lautet bei Ihnen inzwischen anders. Nichts wurde geändert."),
    "nothing-to-answer": N_("Hier wurde zugestimmt; da ist nichts zu beantworten."),
    "merge-unknown": N_("Diese Zusammenführung gibt es hier nicht."),
    "merge-asked": N_("Über diese Idee wird schon gefragt, oder sie ist schon aufgegangen."),
    "no-way-to-merge": N_(
        "In dieser Phase, oder in der Fassung ihres Verfahrens, geht die Idee in keiner anderen "
        "auf. Ältere Ideen kann die Koordinierungsstelle in die neue Fassung überführen."
    ),
    "merge-over": N_("Darüber ist schon entschieden. Bitte laden Sie die Seite neu."),
    "merge-moved": N_("Inzwischen hat sich etwas geändert. Bitte laden Sie die Seite neu."),
    "merge-not-asked": N_("Gefragt ist, wer für eine der beiden Ideen einsteht."),
    "merge-not-yours": N_("Zurücknehmen kann es, wer gefragt hat, oder die Moderation."),
    "section-refused": N_("Der Text hat den Abschnitt nicht angenommen. Bitte noch einmal."),
    "catalogue-unknown": N_("Diesen Katalog gibt es nicht."),
    "catalogue-moved": N_("Jemand war schneller: Diese Fassung des Katalogs gibt es schon."),
    "faulty-catalogue": N_("So kann der Katalog nicht veröffentlicht werden."),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "three-districts": N_("Höchstens drei Bezirke; wenn es mehr sind, wählen Sie „Ganz Berlin“."),
    "city-wide-alone": N_("„Ganz Berlin“ steht allein, ohne Bezirke daneben."),
    "same-idea": N_("Das ist diese Idee selbst."),
    "link-misfit": N_("Nur ein Maßnahmenvorschlag kann einen Handlungsbedarf beantworten."),
    "target-closed": N_("An dieser Idee wird nicht mehr geschrieben; sie nimmt keine mehr auf."),
    "nothing-there": N_("In diesem Abschnitt steht nichts."),
    "circle": N_("Das führte im Kreis."),
    "id-form": N_("Nur Kleinbuchstaben, Ziffern und Unterstriche; ein Buchstabe zuerst."),
}

MAILS: Final[Mapping[str, tuple[str, str]]] = {
    "dependency-closed": (
        N_("„%(title)s“ ist beendet – „%(own)s“ baut darauf auf"),
        N_(
            "Guten Tag %(name)s,\n\n„%(title)s“ (%(ref)s) ist jetzt in der Phase „%(stage)s“. "
            "Ihre Idee „%(own)s“ baut darauf auf oder hat sie übernommen. Bitte prüfen Sie, "
            "was das für Sie bedeutet:\n\n%(link)s"
        ),
    ),
}
