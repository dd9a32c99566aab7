/** The form for silent notes: it is sent without leaving the page, and nothing typed is lost. */

import { refreshRegions } from "../live";
import { _ } from "../messages";
import { say } from "../status";
import { Outbox, postNote, type Waiting } from "./outbox";
import { newId } from "./things";
import { made } from "./view";

const FORM = "form[data-silent]";
const AGAIN_MS = 5_000;

/** Serve the forms of the page, also those that a live region brings later. */
export function startSilent(person: string, code: string): void {
  const outbox = new Outbox(
    person,
    code,
    (note) => postNote(code, note),
    () => show(outbox),
    (note) => giveBack(note),
  );
  const send = async () => {
    const before = outbox.waiting.length;
    await outbox.send();
    if (outbox.waiting.length < before) refreshRegions(document.querySelector(FORM) ?? undefined);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(FORM)) return;
    event.preventDefault();
    if (take(form, outbox)) void send();
  });
  addEventListener("online", () => void send());
  setInterval(() => {
    if (outbox.waiting.length > 0) void send();
  }, AGAIN_MS);
  const hidden = document.getElementById("board-hidden");
  if (hidden) new MutationObserver(() => show(outbox)).observe(hidden, { childList: true });
  show(outbox);
  void send();
}

/** Put what the form says into the outbox and make it empty for the next note. */
function take(form: HTMLFormElement, outbox: Outbox): boolean {
  const data = new FormData(form);
  const field = form.querySelector("textarea");
  const text = String(data.get("text") ?? "").trim();
  if (!text || !field) return false;
  const isKept = outbox.put({ id: newId(), text, colour: String(data.get("colour") ?? "yellow") });
  if (!isKept) {
    say(_("Auf diesem Gerät warten schon zu viele Zettel."));
    return false;
  }
  field.value = "";
  field.focus();
  say(_("Zettel angelegt"));
  return true;
}

/** What the server will never take goes back to where it was written. */
function giveBack(note: Waiting): void {
  const field = document.querySelector<HTMLTextAreaElement>(`${FORM} textarea`);
  if (field) field.value = [note.text, field.value].filter(Boolean).join("\n");
  say(_("Ein Zettel wurde nicht angenommen; sein Text steht wieder im Feld."));
}

function show(outbox: Outbox): void {
  const list = document.getElementById("silent-waiting");
  if (!list) return;
  const rows = outbox.waiting.map(({ text, colour }) => {
    const row = made("li", "note-row");
    row.dataset.colour = colour;
    row.append(made("p", "note-text", text), made("p", "meta", _("Noch auf diesem Gerät")));
    return row;
  });
  if (rows.length > 0 || list.childElementCount > 0) list.replaceChildren(...rows);
}
