/** Official acts as forms: what a form says, and a form that says it again on today's state. */

import type { KeptAct } from "./kept";

/** An idea as it stands: what an official act is bound to. */
export interface Standing {
  readonly revision: number;
  readonly version: { readonly epoch: number; readonly seq: number; readonly sha256: string };
}

const ADDRESS = /^\/ideas\/(\d{4}-\d{5,})\//;

/** The act that pressing the button would have been. */
export function actOf(form: HTMLFormElement, submitter: HTMLElement | null, now: number): KeptAct {
  const action = new URL(form.getAttribute("action") ?? "", location.href).pathname;
  const fields = [...new FormData(form, submitter)].map(
    ([name, value]) => [name, String(value)] as const,
  );
  const given = new Map(fields);
  const seq = given.get("seq");
  return {
    id: `${now}-${Math.random().toString(36).slice(2, 10)}`,
    action,
    fields,
    title: words(submitter ?? form.querySelector("[type=submit]")),
    said: said(form),
    ref: ADDRESS.exec(action)?.[1] ?? null,
    stage: words(document.querySelector('#stage [aria-current="step"] .line-label')),
    version: seq ? `${given.get("epoch")}.${seq}` : "",
    at: now,
  };
}

/** The fields of the act, bound to the state that the person has seen last. */
export function renewed(act: KeptAct, now: Standing | null): (readonly [string, string])[] {
  if (!now) return [...act.fields];
  const fresh: Record<string, string> = {
    expected_revision: String(now.revision),
    epoch: String(now.version.epoch),
    seq: String(now.version.seq),
    sha256: now.version.sha256,
  };
  return act.fields.map(([name, value]) => [name, fresh[name] ?? value] as const);
}

/** Send the act as its page would have: the answer is the next page. */
export function sendAsForm(act: KeptAct, fields: readonly (readonly [string, string])[]): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = act.action;
  form.hidden = true;
  for (const [name, value] of fields) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** What a person chose or wrote, with the words beside it. */
function said(form: HTMLFormElement): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  for (const field of form.querySelectorAll<HTMLInputElement>("input, select, textarea")) {
    if (!field.name || field.type === "hidden") continue;
    const label = field.labels?.[0] ?? form.querySelector(`label[for="${field.id}"]`);
    if (field.type === "radio" || field.type === "checkbox") {
      const legend = words(field.closest("fieldset")?.querySelector("legend") ?? null);
      const choice = label?.querySelector("strong") ?? label ?? null;
      if (field.checked) found.push([legend, words(choice)]);
    } else if (field.value.trim()) {
      found.push([words(label), chosen(field)]);
    }
  }
  return found;
}

function chosen(field: HTMLInputElement | HTMLSelectElement): string {
  const option = "selectedOptions" in field ? field.selectedOptions[0] : null;
  return option ? words(option) : field.value.trim();
}

function words(element: Element | null): string {
  return element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
}
