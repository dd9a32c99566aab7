/** What a person reads when a text can no longer be edited here, and why. */

import { _ } from "../../messages";
import type { Ending } from "./connection";

/** Refusals that leave the session open (docs/protocol.md). */
export const READ_ONLY = new Set(["read-only", "late-full", "muted", "quarantined"]);
/** Refusals that a new handshake heals. */
export const HEALED = new Set(["gap", "dangling"]);

interface Words {
  title: string;
  text: string;
}

/** Title and text of the notice for an ending; `unsent` says whether text of the person is left. */
export function endingWords(why: Ending, reason: string, unsent: boolean): Words {
  const { title, text } = words(why, reason);
  if (why === "left" || (why === "refused" && !unsent)) return { title, text };
  const rest = unsent
    ? _("Ihre letzten Änderungen sind noch nicht gespeichert; Sie finden sie hier.")
    : _("Alles, was Sie geschrieben haben, ist gespeichert.");
  return { title, text: `${text} ${rest}` };
}

/** Title and text of the notice for a right to write that was taken away. */
export function readOnlyWords(reason: string): Words {
  const title = _("Sie können hier gerade nur lesen");
  if (reason === "muted") {
    return { title, text: _("Die Moderation hat Ihr Schreibrecht in diesem Text ausgesetzt.") };
  }
  if (reason === "late-full") {
    return {
      title,
      text: _(
        "Der Text ist festgelegt, und von Ihnen ist hier schon so viel aufgehoben, wie aufgehoben wird.",
      ),
    };
  }
  if (reason === "quarantined") {
    return {
      title,
      text: _(
        "Eine Ihrer Änderungen hat den Server gestört. Bis das geprüft ist, lesen Sie hier mit.",
      ),
    };
  }
  if (reason === "stage") {
    return { title, text: _("Die Idee ist in einer Phase, in der der Text nicht geändert wird.") };
  }
  return { title, text: _("Ihr Schreibrecht für diesen Text hat sich geändert.") };
}

/** Title and text of the notice for a text that fills up. */
export function fullWords(percent: number): Words {
  if (percent >= 100) {
    return {
      title: _("Dieser Text ist voll"),
      text: _("Neues wird nicht mehr angenommen, bis etwas gelöscht ist. Löschen geht immer."),
    };
  }
  return {
    title: _("Dieser Text ist fast voll"),
    text: _(
      "Er hat %(percent)s Prozent der Größe erreicht, die ein Text haben kann. Kürzen Sie, oder legen Sie Teile in einer eigenen Idee ab.",
      { percent },
    ),
  };
}

function words(why: Ending, reason: string): Words {
  switch (why) {
    case "stale":
      return {
        title: _("Dieser Text wurde neu angelegt"),
        text: _("Laden Sie die Seite neu, um am aktuellen Text weiterzuschreiben."),
      };
    case "denied":
      return {
        title: _("Kein Zugang mehr zu diesem Text"),
        text: _("Vielleicht ist Ihre Anmeldung abgelaufen oder Ihre Rolle hat sich geändert."),
      };
    case "refused":
      return { title: _("Eine Änderung wurde nicht angenommen"), text: refusal(reason) };
    case "unknown-content":
      return {
        title: _("Dieser Text lässt sich hier gerade nur lesen"),
        text: _(
          "Er enthält etwas, das diese Seite nicht kennt. Damit nichts verloren geht, ist das Bearbeiten ausgeschaltet.",
        ),
      };
    case "left":
      return {
        title: _("Sie sind abgemeldet"),
        text: _("In einem anderen Fenster wurden Sie abgemeldet. Hier wird nichts mehr gesendet."),
      };
  }
}

function refusal(reason: string): string {
  switch (reason) {
    case "quota":
    case "too-big":
    case "too-many":
      return _("Der Text oder die Änderung ist zu groß.");
    case "read-only":
    case "muted":
      return _("Sie haben in diesem Text zurzeit kein Schreibrecht.");
    default:
      return _("Der Server konnte sie nicht übernehmen. Laden Sie die Seite neu.");
  }
}
