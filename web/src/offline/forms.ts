/**
 * Forms that leave their page are held back while the server cannot be reached: the page of the
 * browser for that would take away what was typed. Forms with scripts of their own say it themselves.
 */

import { showFormError } from "../form-error";
import { _ } from "../messages";
import { isReachable } from "../official/reach";

const OTHERS = "[data-live-form], [data-official], [data-finish]";
const SIGN_OUT = "[action$='/sign-out']";

export function startForms(): void {
  const passing = new WeakSet<HTMLFormElement>();
  // At the window, after everything that may have taken the form in hand; signing out before
  // anything has been forgotten for it.
  addEventListener("submit", (event) => consider(event, false));
  addEventListener("submit", (event) => consider(event, true), { capture: true });

  function consider(event: SubmitEvent, isSignOut: boolean): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.method !== "post" || form.matches(OTHERS) || passing.has(form)) return;
    if (form.matches(SIGN_OUT) !== isSignOut || !isSuspicious()) return;
    event.preventDefault();
    event.stopPropagation();
    void send(form, event.submitter);
  }

  async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (!(await isReachable())) return showFormError(form, words());
    passing.add(form);
    form.requestSubmit(submitter);
    passing.delete(form);
  }
}

/** Something here has noticed already that there may be no network. */
function isSuspicious(): boolean {
  const isEditorOffline = document.querySelector("#connection[data-state=offline]") !== null;
  return !navigator.onLine || isEditorOffline || document.body.dataset.keptAt !== undefined;
}

function words(): string {
  return _(
    "Keine Verbindung. Nichts wurde gesendet, und was Sie geschrieben haben, steht noch hier. Versuchen Sie es wieder, sobald die Verbindung da ist.",
  );
}
