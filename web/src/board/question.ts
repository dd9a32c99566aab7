/**
 * The question before a move: the page that asks it, shown in a dialog. Without this script the
 * page itself is shown. A refused answer comes back as the same page, with all that was typed.
 */

import { refreshRegions } from "../live";
import { _ } from "../messages";
import { say } from "../status";
import { fetchPage } from "./pages";

const SHOWN = "#move";

let dialog: HTMLDialogElement | null = null;
let openedFrom = "";

/** Let the buttons of the cards ask in place. */
export function startMoves(board: HTMLElement): void {
  board.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-move]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void askFor(link.href);
  });
}

/** Ask where to and why; if the question cannot be fetched, go to its page. */
export async function askFor(address: string): Promise<void> {
  const url = new URL(address, location.href);
  const found = await fetchPage(url.href);
  const asked = found?.ok ? found.page.querySelector(SHOWN) : null;
  if (!asked) return location.assign(address);
  openedFrom = url.searchParams.get("ref") ?? "";
  show(asked);
}

function show(asked: Element): void {
  dialog ??= makeDialog();
  const shown = document.importNode(asked, true) as HTMLElement;
  shown.dataset.shown = "";
  dialog.replaceChildren(shown);
  dialog.setAttribute("aria-labelledby", "move-title");
  if (!dialog.open) dialog.showModal();
  const first =
    shown.querySelector<HTMLElement>("[data-focus]") ??
    shown.querySelector<HTMLElement>("input[name=to]:checked") ??
    shown.querySelector<HTMLElement>("input[name=to]");
  first?.focus();
}

function makeDialog(): HTMLDialogElement {
  const made = document.createElement("dialog");
  made.className = "dialog board-dialog";
  made.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") void answer(form, event.submitter);
  });
  made.addEventListener("click", (event) => {
    if (!(event.target as Element).closest("[data-close]")) return;
    event.preventDefault();
    made.close();
  });
  made.addEventListener("close", returnFocus);
  document.body.append(made);
  return made;
}

async function answer(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  form.setAttribute("aria-busy", "true");
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) body.append(name, String(value));
  const sent = await fetchPage(form.getAttribute("action") ?? "", body);
  form.removeAttribute("aria-busy");
  if (!sent) return say(_("Keine Verbindung. Ihr Text ist noch da."));
  const asked = sent.page.querySelector(SHOWN);
  if (!sent.ok && asked) return show(asked);
  if (!sent.ok) return say(_("Das hat nicht geklappt. Ihr Text ist noch da."));
  dialog?.close();
  say(body.get("then") === "prepare" ? _("Vorgemerkt") : _("Verschoben"));
  refreshRegions();
}

/** Back to the card that was asked about, wherever it is now; nothing asked is left behind. */
function returnFocus(): void {
  dialog?.replaceChildren();
  const cards = document.querySelectorAll<HTMLElement>(".board-card");
  const card = [...cards].find((each) => each.dataset.ref === openedFrom);
  card?.querySelector<HTMLElement>("h3 a")?.focus({ preventScroll: true });
}
