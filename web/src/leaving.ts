/** Signing out on a shared device leaves nothing of the person behind in this browser. */

import { _ } from "./messages";
import { forget, handle, hasUnsent } from "./person";

const SIGN_OUT = "form[data-sign-out], form[action$='/sign-out']";

export function startLeaving(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const person = handle();
    if (!(form instanceof HTMLFormElement) || !form.matches(SIGN_OUT) || !person) return;
    event.preventDefault();
    if (hasUnsent() && !confirm(warning())) return;
    void forget(person).finally(() => form.submit());
  });
}

function warning(): string {
  return _(
    "Auf diesem Gerät liegen Texte, die noch nicht gespeichert sind. Beim Abmelden werden sie gelöscht. Trotzdem abmelden?",
  );
}
