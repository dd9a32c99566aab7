/**
 * Forms marked `data-official` do something that others rely on. Without a connection they are not
 * lost and not replayed: what was meant is kept on this device, and on return shown for
 * confirmation with the state then beside the state now.
 */

import "./css/official.css";
import { _ } from "./messages";
import { actOf } from "./official/form";
import { type Keeping, keep } from "./official/kept";
import { offer } from "./official/offer";
import { isReachable } from "./official/reach";
import { FORMS } from "./official/when";
import { handle, officialKey } from "./person";
import { say } from "./status";

/** Watch all marked forms, and offer what was kept, now and when the connection is back. */
function startOfficial(): void {
  const person = handle();
  if (!person) return;
  const passing = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (!form.matches(FORMS) || passing.has(form)) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
  addEventListener("online", () => void offer(person));
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) void offer(person);
  });
  addEventListener("storage", ({ key }) => {
    if (key?.startsWith(officialKey(person, ""))) void offer(person);
  });
  void offer(person);

  async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (form.getAttribute("aria-busy") === "true" || !person) return;
    form.setAttribute("aria-busy", "true");
    const isOnline = await isReachable();
    form.removeAttribute("aria-busy");
    if (isOnline) {
      passing.add(form);
      form.requestSubmit(submitter);
      passing.delete(form);
      return;
    }
    tell(form, keep(person, actOf(form, submitter, Date.now())));
    await offer(person);
  }
}

function tell(form: HTMLFormElement, keeping: Keeping): void {
  const text = outcome(keeping);
  const found = form.querySelector<HTMLElement>("[data-form-error]");
  const note = found ?? document.createElement("p");
  note.dataset.formError = "";
  note.className = keeping === "kept" ? "form-note" : "form-error";
  note.textContent = text;
  if (!found) form.prepend(note);
  say(text);
}

function outcome(keeping: Keeping): string {
  switch (keeping) {
    case "kept":
      return _(
        "Keine Verbindung. Der Schritt ist auf diesem Gerät aufgehoben; er wird nicht von selbst gesendet.",
      );
    case "too-many":
      return _(
        "Keine Verbindung, und auf diesem Gerät ist schon so viel aufgehoben, wie aufgehoben wird. Bitte senden oder verwerfen Sie davon etwas.",
      );
    default:
      return _("Keine Verbindung, und hier lässt sich das nicht aufheben. Ihr Text ist noch da.");
  }
}

startOfficial();
