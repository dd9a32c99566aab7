/** Loads what keeps official acts on the device, on the pages and for the people that need it. */

import { handle, officialKey } from "../person";

export const FORMS = "form[data-official]";

export function loadOfficial(): void {
  const script = document.querySelector<HTMLMetaElement>('meta[name="official-script"]');
  if (script && (document.querySelector(FORMS) || keepsAny())) void import(script.content);
}

function keepsAny(): boolean {
  const person = handle();
  const prefix = person && officialKey(person, "");
  return Boolean(prefix) && Object.keys(localStorage).some((key) => key.startsWith(prefix ?? ""));
}
