/**
 * Shows what could not be sent, with the state then beside the state now. An act goes out only
 * when the person presses its button, bound to the state that stands beside it.
 */

import { _, language } from "../messages";
import { say } from "../status";
import { renewed, type Standing, sendAsForm } from "./form";
import { discard, type KeptAct, kept } from "./kept";
import { isReachable } from "./reach";

const ID = "kept-acts";

/** How an idea stands now, in words too; null if it cannot be read here any more. */
interface Now extends Standing {
  readonly stage: string;
  readonly lastMove: string;
}

type Found = { type: "now"; now: Now } | { type: "gone" } | { type: "away" };

/** Show everything that is kept for the person, or nothing. */
export async function offer(person: string): Promise<void> {
  const acts = kept(person, Date.now());
  if (acts.length === 0) return document.getElementById(ID)?.remove();
  const isOnline = await isReachable();
  const cards = await Promise.all(
    acts.map(async (act) => card(person, act, isOnline ? await stateOf(act) : { type: "away" })),
  );
  const section = document.createElement("section");
  section.id = ID;
  section.className = "kept-acts notice warn";
  section.setAttribute("aria-labelledby", `${ID}-label`);
  const box = document.createElement("div");
  const title = put(box, "h2", _("Noch nicht gesendet"));
  title.id = `${ID}-label`;
  title.tabIndex = -1;
  put(
    box,
    "p",
    _(
      "Ohne Verbindung wurde das auf diesem Gerät aufgehoben. Es wird nur gesendet, wenn Sie es hier bestätigen, und nach sieben Tagen vergessen.",
    ),
  );
  box.append(...cards);
  section.append(box);
  document.getElementById(ID)?.remove();
  document.querySelector("main")?.prepend(section);
}

function card(person: string, act: KeptAct, found: Found): HTMLElement {
  const article = document.createElement("article");
  article.className = "kept-act";
  const about = act.ref ? `${act.title} (${act.ref})` : act.title;
  put(article, "h3", _("Sie wollten: %(what)s", { what: about }));
  const list = document.createElement("dl");
  for (const [label, value] of act.said) line(list, label, value);
  line(list, _("Damals"), then(act));
  line(list, _("Inzwischen"), inWords(act, found));
  article.append(list, deeds(person, act, found));
  return article;
}

function deeds(person: string, act: KeptAct, found: Found): HTMLElement {
  const row = document.createElement("p");
  row.className = "actions";
  const now = found.type === "now" ? found.now : null;
  if (found.type === "now" || (found.type === "away" && !act.ref)) {
    button(row, _("So senden"), () => void send(person, act, now)).classList.add("primary");
  }
  button(row, _("Verwerfen"), () => {
    discard(person, act.id);
    void offer(person);
  });
  if (act.ref) {
    const link = document.createElement("a");
    link.href = `/ideas/${act.ref}`;
    link.textContent = _("Idee ansehen");
    row.append(link);
  }
  return row;
}

/** The person has pressed the button: this act goes out once, whatever other windows do. */
async function send(person: string, act: KeptAct, now: Standing | null): Promise<void> {
  if (!(await isReachable())) return say(_("Keine Verbindung. Es bleibt aufgehoben."));
  if (!kept(person, Date.now()).some((each) => each.id === act.id)) return offer(person);
  discard(person, act.id);
  sendAsForm(act, renewed(act, now));
}

async function stateOf(act: KeptAct): Promise<Found> {
  if (!act.ref) return { type: "away" };
  try {
    const [idea, page] = await Promise.all([
      fetch(`/api/v1/ideas/${act.ref}`, { cache: "no-store" }),
      pageAt(`/ideas/${act.ref}/fragments/stage`),
    ]);
    if (!idea.ok || !page) return { type: idea.status >= 500 ? "away" : "gone" };
    const { revision, text_version } = (await idea.json()) as {
      revision: number;
      text_version: Standing["version"];
    };
    const stage = textOf(page.querySelector('[aria-current="step"] .line-label'));
    const last = page.querySelector(".history-list li");
    const who = [textOf(last?.querySelector("bdi")), textOf(last?.querySelector("time"))];
    const lastMove = who.filter(Boolean).join(", ");
    return { type: "now", now: { revision, version: text_version, stage, lastMove } };
  } catch {
    return { type: "away" };
  }
}

/**
 * A page of ours, to be read only; null if it is refused. Not `live/markup`: this script is loaded
 * beside that of the page, whose Trusted Types policy there may be only once.
 */
function pageAt(path: string): Promise<Document | null> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", path);
    request.responseType = "document";
    request.onload = () => resolve(request.status === 200 ? request.responseXML : null);
    request.onerror = () => reject(new Error("away"));
    request.send();
  });
}

function then(act: KeptAct): string {
  const at = new Intl.DateTimeFormat(language(), {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "Europe/Berlin", // as the server's own times
  });
  return state(act.stage, act.version, at.format(act.at));
}

function inWords(act: KeptAct, found: Found): string {
  if (found.type === "gone") return _("Die Idee ist für Sie nicht mehr zu lesen.");
  if (found.type === "away") {
    return act.ref ? _("Ohne Verbindung nicht bekannt.") : _("Nicht bekannt.");
  }
  const { revision, version, stage, lastMove } = found.now;
  const seen = new Map(act.fields).get("expected_revision");
  const shown = state(stage, `${version.epoch}.${version.seq}`, "");
  if (seen === String(revision)) return `${shown} – ${_("kein Schritt seitdem")}`;
  return lastMove ? `${shown} – ${_("zuletzt: %(who)s", { who: lastMove })}` : shown;
}

function state(stage: string, version: string, at: string): string {
  const parts = [
    stage && _("Phase „%(stage)s“", { stage }),
    version && _("Textstand %(version)s", { version }),
    at,
  ];
  return parts.filter(Boolean).join(", ");
}

function line(list: HTMLElement, label: string, value: string): void {
  const row = document.createElement("div");
  put(row, "dt", label);
  put(row, "dd", value);
  list.append(row);
}

function put(into: HTMLElement, tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  into.append(element);
  return element;
}

function button(into: HTMLElement, label: string, act: () => void): HTMLElement {
  const made = put(into, "button", label);
  made.setAttribute("type", "button");
  made.className = "button";
  made.addEventListener("click", act);
  return made;
}

function textOf(element: Element | null | undefined): string {
  return element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
}
