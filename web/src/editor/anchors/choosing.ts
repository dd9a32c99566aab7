/** The passage of what is being written: shown in its form, and taken out again. */

import { _ } from "../../messages";
import type { Anchor } from "./anchor";

/** Make `anchor` the passage of what is being written, or none. */
export function choose(form: HTMLElement | null, anchor: Anchor | null): void {
  const field = form?.querySelector<HTMLInputElement>("input[type='hidden'][name$='anchor']");
  const quote = form?.querySelector<HTMLElement>("[data-anchor-quote]");
  if (!form || !field || !quote) return;
  field.value = anchor ? JSON.stringify(anchor) : "";
  quote.hidden = anchor === null;
  quote.textContent = anchor?.quote ?? "";
  if (anchor) quote.append(" ", dropping(form));
}

/** A button that leaves the passage out again. */
export function dropping(form: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.textContent = _("Ohne Textstelle");
  button.addEventListener("click", () => {
    choose(form, null);
    form.closest("form")?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
  });
  return button;
}
