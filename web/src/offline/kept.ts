/** Says when a page comes from this device, and offers the fresh one as soon as there is one. */

import { _, language } from "../messages";
import { isReachable } from "../official/reach";

const LOOK_MS = 15_000;

export function showKeptSince(): void {
  const at = new Date(document.body.dataset.keptAt ?? "");
  const main = document.getElementById("main");
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-back]")) {
    offer(button, () => history.back());
  }
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-again]")) {
    offer(button, () => location.reload());
  }
  if (!main || Number.isNaN(at.getTime())) return;
  const line = document.createElement("p");
  line.id = "kept-since";
  line.className = "kept-since";
  line.setAttribute("role", "status");
  line.textContent = _("Offline – Stand von %(time)s", { time: moment(at, new Date()) });
  main.prepend(line);
  const look = async () => {
    if (document.hidden || !(await isReachable())) return;
    clearInterval(timer);
    removeEventListener("online", look);
    offerFresh(line, at);
  };
  const timer = setInterval(look, LOOK_MS);
  addEventListener("online", look);
}

/** The time of day; for another day with the day. */
export function moment(at: Date, now: Date, lang = language()): string {
  const isToday = at.toDateString() === now.toDateString();
  const day = isToday ? {} : ({ day: "numeric", month: "long" } as const);
  return at.toLocaleString(lang, { ...day, hour: "2-digit", minute: "2-digit" });
}

function offer(button: HTMLButtonElement, act: () => void): void {
  button.hidden = false;
  button.addEventListener("click", act);
}

/** Nobody's page is loaded anew under his hands. */
function offerFresh(line: HTMLElement, at: Date): void {
  line.textContent = _("Wieder verbunden. Diese Seite zeigt den Stand von %(time)s.", {
    time: moment(at, new Date()),
  });
  const fresh = document.createElement("button");
  fresh.type = "button";
  fresh.className = "button small";
  fresh.textContent = _("Neu laden");
  fresh.addEventListener("click", () => location.reload());
  line.append(" ", fresh);
}
