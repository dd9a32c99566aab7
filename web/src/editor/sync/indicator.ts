/** Shows the state of the connection in `#connection`, in words that are true. */

import { _, ngettext } from "../../messages";
import { say } from "../../status";
import type { Shown } from "./connection";

/** "Saved" waits for a moment of calm, so that it does not flicker with every letter. */
const CALM_MS = 300;

export class Indicator {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private announced: Shown["state"] = "connecting";

  constructor(private readonly element: HTMLElement | null) {
    // The counter changes with every letter; what matters is announced below.
    this.element?.setAttribute("aria-live", "off");
  }

  show(shown: Shown): void {
    clearTimeout(this.timer);
    const wait_ms = shown.state === "saved" ? CALM_MS : 0;
    if (wait_ms === 0) this.write(shown);
    else this.timer = setTimeout(() => this.write(shown), wait_ms);
  }

  private write(shown: Shown): void {
    this.announce(shown);
    if (!this.element) return;
    this.element.dataset.state = shown.state;
    const text = wording(shown);
    if (this.element.textContent !== text) this.element.textContent = text;
  }

  /** Losing the connection and having everything saved again are worth hearing. */
  private announce(shown: Shown): void {
    const isBack = this.announced === "offline" && shown.state !== "connecting";
    if (shown.state === "offline" && this.announced !== "offline") say(wording(shown));
    else if (isBack && shown.state !== "unsaved") say(wording(shown));
    if (shown.state !== "connecting" && shown.state !== "unsaved") this.announced = shown.state;
  }
}

/** The words for a state. */
export function wording(shown: Shown): string {
  switch (shown.state) {
    case "connecting":
      return _("Verbindung wird aufgebaut");
    case "saved":
      return _("Gespeichert");
    case "unsaved":
      return ngettext(
        "Noch nicht gespeichert: %(n)s Änderung",
        "Noch nicht gespeichert: %(n)s Änderungen",
        shown.n,
      );
    case "offline":
      return offlineWording(shown);
    case "reading":
      return _("Verbunden – Sie lesen mit");
    case "ended":
      return _("Nicht verbunden");
  }
}

function offlineWording(shown: { kept: boolean; mayWrite: boolean; n: number }): string {
  if (!shown.mayWrite) return _("Offline");
  if (shown.n === 0) return _("Offline");
  if (shown.kept) {
    return ngettext(
      "Offline – auf diesem Gerät behalten: %(n)s Änderung",
      "Offline – auf diesem Gerät behalten: %(n)s Änderungen",
      shown.n,
    );
  }
  return _("Offline – noch nicht gespeichert, bitte lassen Sie dieses Fenster offen");
}
