/** The page of this device: lists what lies here, and empties it when somebody is done. */

import "./css/device.css";
import { clearAll } from "./device/clearing";
import { allFound, countOthers, type Found } from "./device/found";
import { paragraph, showFound, showKept } from "./device/list";
import { send, sendNotes } from "./device/sending";
import { _, ngettext } from "./messages";
import { isReachable } from "./official/reach";
import { handle } from "./person";
import { keptPages } from "./worker/copies";

const person = handle();
const unsent = document.querySelector<HTMLElement>("[data-unsent]");
const kept = document.querySelector<HTMLElement>("[data-kept]");
const form = document.querySelector<HTMLFormElement>("form[data-finish]");
const status = document.querySelector<HTMLElement>("[data-finish-status]");

async function show(): Promise<Found[]> {
  const found = await allFound(person);
  if (unsent) showFound(unsent, found, countOthers(person));
  return found;
}

async function showPages(): Promise<void> {
  if (kept && "caches" in globalThis) {
    showKept(
      kept,
      (await keptPages()).filter(({ path }) => path !== location.pathname),
    );
  }
}

/** Send what can be sent; then leave at once, or say what would be lost. */
async function finish(): Promise<void> {
  say(_("Einen Moment: Was noch hier liegt, wird gesendet."));
  if (!(await isReachable())) return ask(_("Gerade ist keine Verbindung da."), await show());
  if (person) {
    for (const { documentId, workshop } of await show()) {
      if (documentId) await send(person, documentId);
      if (workshop) await sendNotes(person, workshop);
    }
  }
  const left = await show();
  if (left.length > 0 || countOthers(person) > 0) return ask("", left);
  await leave();
}

function ask(why: string, left: readonly Found[]): void {
  const sentence =
    left.length > 0
      ? ngettext(
          "%(n)s Text liegt nur auf diesem Gerät und wäre verloren.",
          "%(n)s Texte liegen nur auf diesem Gerät und wären verloren.",
          left.length,
        )
      : _("Was andere hier geschrieben und nicht gesendet haben, wäre verloren.");
  const isLost = left.length > 0 || countOthers(person) > 0;
  say([why, isLost ? sentence : ""].filter(Boolean).join(" "), true);
  const row = document.createElement("p");
  row.className = "actions";
  const again = button(_("Noch einmal senden"), () => void finish());
  row.append(
    again,
    button(_("Trotzdem leeren"), () => void leave(), "danger"),
  );
  status?.append(row);
  again.focus();
}

/** The device first, then the sign-in: if the network fails in between, nothing of him is left. */
async function leave(): Promise<void> {
  say(_("Das Gerät wird geleert."));
  await clearAll();
  if (await isReachable()) return form?.submit();
  await show();
  await showPages();
  say(
    _(
      "Das Gerät ist geleert. Abgemeldet werden Sie, sobald wieder eine Verbindung da ist: Bitte lassen Sie diese Seite so lange offen.",
    ),
    true,
  );
  const timer = setInterval(async () => {
    if (!(await isReachable())) return;
    clearInterval(timer);
    form?.submit();
  }, 5_000);
}

function say(text: string, isWarning = false): void {
  const line = paragraph(text);
  line.className = isWarning ? "notice warn" : "";
  status?.replaceChildren(line);
}

function button(text: string, act: () => void, kind = ""): HTMLButtonElement {
  const found = document.createElement("button");
  found.type = "button";
  found.className = `button ${kind}`;
  found.textContent = text;
  found.addEventListener("click", act);
  return found;
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void finish();
});
void show();
void showPages();
