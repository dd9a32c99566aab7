"""What a reader is told when asking for expertise is refused."""

from collections.abc import Mapping

from server.language import N_

MESSAGES: Mapping[str, str] = {
    "no-profile": N_("Sie haben noch nicht gesagt, was Sie wissen."),
    "invitation-not-found": N_("Diese Einladung gibt es nicht."),
    "invitation-moved": N_("Diese Einladung ist nicht mehr offen."),
    "expert-in-team": N_("Diese Person gehört schon zum Team."),
    "expert-not-to-be-asked": N_(
        "Diese Person kann hier nicht gefragt werden oder möchte es nicht."
    ),
    "expert-already-asked": N_("Diese Person ist hier schon gefragt."),
    "expert-left-in-peace": N_(
        "Diese Person hat hier vor Kurzem nicht zugesagt. "
        "Bitte fragen Sie frühestens 30 Tage danach."
    ),
    "too-many-invitations": N_("Mehr als 10 offene Einladungen hat eine Idee nicht."),
    "expert-asked-by-many": N_(
        "Diese Person ist gerade von 5 Ideen gefragt. Bitte warten Sie, bis sie geantwortet hat."
    ),
}
