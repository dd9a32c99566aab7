"""What is told when a claim is refused."""

from collections.abc import Mapping
from typing import Final

from server.language import N_

MESSAGES: Final[Mapping[str, str]] = {
    "claim-unknown": N_(
        "Mit diesem Beleg lässt sich nichts übernehmen. Vielleicht ist er vertippt, schon benutzt, "
        "durch einen neuen ersetzt, oder die Zeit dafür ist vorbei."
    ),
    "claim-needs-account": N_(
        "Übernehmen kann nur, wer ein Konto hat und damit angemeldet ist. Hier sind Sie als Gast."
    ),
    "receipt-for-guests": N_(
        "Einen Beleg gibt es für Gäste einer Werkstatt. Sie haben ein Konto: "
        "Was Sie tun, gehört Ihnen schon."
    ),
}
FIELD_MESSAGES: Final[Mapping[str, str]] = {}
