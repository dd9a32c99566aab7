"""What is told when something about responsibility, terms or support is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "support-moved": N_("Jemand war schneller: Die Anfrage hat einen anderen Stand."),
    "support-not-found": N_("Diese Anfrage gibt es hier nicht."),
    "already-affiliated": N_("Das haben Sie schon angegeben."),
    "affiliation-not-found": N_("Diese Zugehörigkeit gibt es nicht."),
    "role-needs-end": N_("Diese Rolle gibt es nur auf Zeit."),
    "role-held": N_("Diese Person hat die Rolle schon, oder es ist vorgemerkt."),
    "term-not-found": N_("Diese Befristung gibt es hier nicht."),
    "term-over": N_("Diese Befristung ist schon beendet."),
    "need-takes-no-lead": N_(
        "Für einen Handlungsbedarf übernimmt niemand die Federführung, "
        "nur für Vorschläge, die ihn beantworten."
    ),
    "already-responsible": N_("Diese Organisation hat diese Verantwortung schon."),
    "already-offered": N_("Diese Organisation hat das schon angeboten."),
    "offer-expired": N_("Das Angebot ist abgelaufen. Es kann neu gemacht werden."),
    "responsibility-moved": N_("Jemand war schneller: Das Angebot hat einen anderen Stand."),
    "responsibility-not-found": N_("Dieses Angebot gibt es hier nicht."),
    "not-of-organisation": N_("Diese Organisation hat Ihre Zugehörigkeit nicht bestätigt."),
    "not-entitled-to-sign": N_("Für diese Organisation sind Sie nicht zeichnungsberechtigt."),
    "not-your-offer": N_("Zurücknehmen kann das, wer es angeboten hat oder dafür zeichnen darf."),
    "not-your-responsibility": N_(
        "Das kann nur, wer für die Organisation hier spricht oder für sie zeichnen darf."
    ),
    "lead-taken": N_("Die Federführung hat schon jemand; sie muss erst abgegeben werden."),
    "role-by-responsibility": N_(
        "Diese Rolle bekommt, wer für eine Organisation die Verantwortung übernimmt."
    ),
}

FIELD_MESSAGES: Final[Mapping[str, str]] = {
    "role-by-responsibility": N_(
        "Diese Rolle bekommt, wer für eine Organisation die Verantwortung übernimmt."
    ),
    "role-needs-end": N_("Diese Rolle gibt es nur auf Zeit."),
    "not-of-organisation": N_("Diese Person ist dort nicht bestätigt."),
    "organisation-ended": N_("Diese Organisation gibt es nicht mehr."),
    "other-class": N_("Das gehört zu einem anderen Bereich der Stadtgesellschaft."),
}
