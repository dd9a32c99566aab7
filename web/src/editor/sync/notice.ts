/** Notices above the text: what has happened, and the person's own text to take along. */

import { _ } from "../../messages";

export interface Deed {
  label: string;
  act(): void;
}

export interface Notice {
  id: string;
  title: string;
  text: string;
  /** The person's text, which the server does not have. */
  rescue?: string;
  deeds?: Deed[];
}

/** Show `notice` before `place`; a second one with the same id replaces the first. */
export function showNotice(place: HTMLElement, notice: Notice): void {
  const element = document.createElement("section");
  element.id = `notice-${notice.id}`;
  element.className = "notice warn editor-notice";
  element.setAttribute("role", "alert");
  const title = document.createElement("h2");
  title.textContent = notice.title;
  const text = document.createElement("p");
  text.textContent = notice.text;
  element.append(title, text);
  if (notice.rescue) element.append(rescueField(notice.id, notice.rescue));
  const deeds = [...(notice.rescue ? [copying(notice.rescue)] : []), ...(notice.deeds ?? [])];
  if (deeds.length > 0) element.append(actions(deeds));
  hideNotice(notice.id);
  place.before(element);
}

export function hideNotice(id: string): void {
  document.getElementById(`notice-${id}`)?.remove();
}

/** The text to select by hand too, where the clipboard is not allowed. */
function rescueField(id: string, rescue: string): HTMLElement {
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.htmlFor = `rescue-${id}`;
  label.textContent = _("Ihr Text");
  const area = document.createElement("textarea");
  Object.assign(area, { id: label.htmlFor, className: "input", value: rescue, rows: 5 });
  area.readOnly = true;
  field.append(label, area);
  return field;
}

function copying(rescue: string): Deed {
  const deed: Deed = {
    label: _("Text kopieren"),
    act: () => void copy(rescue).then((done) => mark(done)),
  };
  return deed;

  function mark(done: boolean): void {
    const area = document.querySelector<HTMLTextAreaElement>(".editor-notice textarea");
    if (!done) area?.select();
    const said = document.querySelector(".editor-notice [data-copied]");
    if (!said) return;
    said.textContent = done ? _("Kopiert") : _("Bitte mit Strg+C kopieren");
  }
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function actions(deeds: Deed[]): HTMLElement {
  const row = document.createElement("p");
  row.className = "actions";
  for (const deed of deeds) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = deed.label;
    button.addEventListener("click", () => deed.act());
    row.append(button);
  }
  const said = document.createElement("span");
  said.dataset.copied = "";
  said.setAttribute("role", "status");
  row.append(said);
  return row;
}
