/** Asks for the address of a link. */

import type { EditorState } from "prosemirror-state";
import { _ } from "../../messages";
import { linkAt } from "../text/commands";
import { typedHref } from "../text/links";

/** The wanted address, null for "no link"; no answer if the person cancels. */
export function askForLink(state: EditorState): Promise<{ href: string | null } | null> {
  const link = linkAt(state);
  const dialog = new LinkDialog(link?.href ?? null);
  document.body.append(dialog.element);
  return dialog.ask().finally(() => dialog.element.remove());
}

class LinkDialog {
  readonly element = document.createElement("dialog");
  private readonly input = document.createElement("input");
  private readonly error = document.createElement("p");

  constructor(href: string | null) {
    this.element.className = "dialog";
    this.element.setAttribute("aria-labelledby", "link-dialog-title");
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "form";
    form.noValidate = true;
    form.append(this.title(), this.field(href ?? ""), this.actions(href !== null));
    this.element.append(form);
  }

  ask(): Promise<{ href: string | null } | null> {
    return new Promise((resolve) => {
      this.element.addEventListener("submit", (event) => {
        event.preventDefault();
        const choice = (event.submitter as HTMLButtonElement | null)?.value ?? "set";
        const href = choice === "set" ? typedHref(this.input.value) : null;
        if (choice === "set" && href === null) return this.refuse();
        this.element.close();
        resolve(choice === "cancel" ? null : { href });
      });
      this.element.addEventListener("cancel", () => resolve(null));
      this.element.showModal();
      this.input.select();
    });
  }

  private refuse(): void {
    this.error.textContent = _(
      "Bitte geben Sie eine Adresse mit https:// oder eine E-Mail-Adresse ein.",
    );
    this.input.setAttribute("aria-invalid", "true");
    this.input.focus();
  }

  private title(): HTMLElement {
    const title = document.createElement("h2");
    title.id = "link-dialog-title";
    title.textContent = _("Link");
    return title;
  }

  private field(href: string): HTMLElement {
    const field = document.createElement("div");
    field.className = "field";
    const label = document.createElement("label");
    label.htmlFor = "link-dialog-href";
    label.textContent = _("Adresse der Seite oder E-Mail-Adresse");
    this.error.id = "link-dialog-error";
    this.error.className = "field-error";
    this.error.setAttribute("role", "alert");
    Object.assign(this.input, { id: "link-dialog-href", className: "input", value: href });
    this.input.inputMode = "url";
    this.input.autocomplete = "off";
    this.input.setAttribute("aria-describedby", this.error.id);
    field.append(label, this.input, this.error);
    return field;
  }

  private actions(hasLink: boolean): HTMLElement {
    const actions = document.createElement("p");
    actions.className = "actions";
    actions.append(button("set", _("Übernehmen"), "button primary"));
    if (hasLink) actions.append(button("remove", _("Link entfernen"), "button"));
    actions.append(button("cancel", _("Abbrechen"), "button quiet"));
    return actions;
  }
}

function button(value: string, text: string, className: string): HTMLButtonElement {
  const element = document.createElement("button");
  Object.assign(element, { type: "submit", value, className, textContent: text });
  return element;
}
