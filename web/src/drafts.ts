/**
 * Half-written texts survive reload, a lost connection and a refused form.
 *
 * Kept per person, page and field in this browser until the form has been sent.
 */

import { draftKey, handle, read, remove, write } from "./person";

type Field = HTMLTextAreaElement | HTMLInputElement;
export type Texts = ReadonlyMap<Field, string>;

const FIELDS = "textarea[name], input[type=text][name], input:not([type])[name]";
const WAIT_MS = 300;
const SENT = "arena:sent";

const timers = new WeakMap<Field, ReturnType<typeof setTimeout>>();

/** Keep drafts of every form that matches `forms`, also of those that appear later. */
export function startDrafts(forms: string): void {
  dropSent();
  for (const form of document.querySelectorAll<HTMLFormElement>(forms)) restore(form);
  document.addEventListener("input", (event) => {
    const field = event.target as Field;
    if (field.matches?.(FIELDS) && field.form?.matches(forms)) keepSoon(field);
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    const isPlain = form instanceof HTMLFormElement && !event.defaultPrevented;
    if (isPlain && form.matches(forms)) write(SENT, JSON.stringify(fieldsOf(form).map(keyOf)));
  });
}

/** The form has been sent: its drafts are no longer needed. */
export function dropDrafts(form: HTMLFormElement): void {
  for (const field of fieldsOf(form)) {
    clearTimeout(timers.get(field));
    remove(keyOf(field));
  }
}

/** What stands in the fields of a form. */
export function textsIn(form: HTMLFormElement): Texts {
  return new Map(fieldsOf(form).map((field) => [field, field.value]));
}

/** Reset a form of which these texts were sent; what was typed meanwhile stays. */
export function emptySent(form: HTMLFormElement, sent: Texts): void {
  const now = textsIn(form);
  form.reset();
  for (const [field, text] of now) {
    const before = sent.get(field) ?? "";
    if (text !== before) fill(field, text.replace(before, ""));
  }
}

/** A form sent by leaving the page: its drafts go once the next page has come without an error. */
function dropSent(): void {
  const keys = JSON.parse(read(SENT) ?? "[]") as string[];
  remove(SENT);
  const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if ((arrival?.responseStatus ?? 200) < 400) keys.forEach(remove);
}

function restore(form: HTMLFormElement): void {
  for (const field of fieldsOf(form)) {
    const draft = read(keyOf(field));
    // What the server filled in, perhaps after refusing the form, is newer than the draft.
    if (!draft || field.value) continue;
    fill(field, draft);
  }
}

function fill(field: Field, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function keepSoon(field: Field): void {
  clearTimeout(timers.get(field));
  const keep = () => (field.value ? write(keyOf(field), field.value) : remove(keyOf(field)));
  timers.set(field, setTimeout(keep, WAIT_MS));
}

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.querySelectorAll<Field>(FIELDS)];
}

function keyOf(field: Field): string {
  const form = field.form;
  return draftKey(handle(), `${form?.id || form?.getAttribute("action") || ""}:${field.name}`);
}
