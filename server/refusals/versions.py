"""The wording of refusals around the versions of a text, and its files."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "step-unknown": N_("So viele Schritte gibt es nicht."),
    "already-named": N_("Genau dieser Text hat schon einen Namen."),
    "versions-full": N_("Mehr Fassungen mit Namen fasst eine Idee nicht."),
    "version-unknown": N_("Eine Fassung mit diesem Namen gibt es hier nicht."),
    "not-your-version": N_("Anders nennen kann eine Fassung nur, wer sie benannt hat."),
    "nothing-to-restore": N_("Der Text lautet schon so; es gibt nichts wiederherzustellen."),
    "restore-refused": N_(
        "Das ließ sich nicht wiederherstellen, der Text ist unverändert. "
        "Bitte versuchen Sie es noch einmal."
    ),
    "file-too-long": N_(
        "Das ist zu lang für diese Art von Datei: höchstens %(chars_max)s Zeichen. "
        "Als Markdown gibt es den Text in jeder Länge."
    ),
    "files-busy": N_(
        "Gerade werden viele Dateien geschrieben. Bitte versuchen Sie es in ein paar Sekunden "
        "noch einmal."
    ),
}
