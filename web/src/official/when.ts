/** Loads what keeps official acts on the device, on the pages and for the people that need it. */

import { handle, officialKey } from "../person";

export const FORMS = "form[data-official]";

export function loadOfficial(): void {
  const script = document.querySelector<HTMLMetaElement>('meta[name="official-script"]');
  if (script && (document.querySelector(FORMS) || keepsAny())) {
    dress();
    void import(script.content);
  }
}

/** The styles of what the script shows, named beside it. */
function dress(): void {
  const styles = document.querySelector<HTMLMetaElement>('meta[name="official-styles"]');
  if (!styles) return;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = styles.content;
  document.head.append(sheet);
}

function keepsAny(): boolean {
  const person = handle();
  const prefix = person && officialKey(person, "");
  return Boolean(prefix) && Object.keys(localStorage).some((key) => key.startsWith(prefix ?? ""));
}
