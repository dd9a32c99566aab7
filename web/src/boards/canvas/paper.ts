/** One note or group on the canvas as nodes; written to only where something differs. */

import { _ } from "../../messages";
import type { Group, Note, Thing } from "../things";
import { button, made, nameOf } from "../view";

export const WIDTH = 184;
export const HEIGHT = 136;

export interface Paper {
  readonly element: HTMLElement;
  /** The element that holds the words, in whose place one types. */
  readonly words: HTMLElement;
}

export function makeNote(onMore: () => void): Paper {
  const element = made("li", "paper");
  element.tabIndex = -1;
  const words = made("p", "paper-text");
  const foot = made("div", "paper-foot");
  foot.append(made("span", "paper-label"), made("span", "paper-marks"), moreButton(onMore));
  element.append(words, foot);
  return { element, words };
}

export function makeGroup(onMore: () => void): Paper & { inside: HTMLElement } {
  const element = made("li", "paper-group");
  element.tabIndex = -1;
  const head = made("div", "paper-group-head");
  const words = made("h3", "paper-text");
  head.append(words, made("span", "paper-marks"), moreButton(onMore));
  const inside = made("ul", "paper-group-notes");
  element.append(head, inside);
  return { element, words, inside };
}

export function fillNote({ element, words }: Paper, note: Note, marks: string): void {
  element.dataset.id = note.id;
  element.dataset.colour = note.colour;
  write(words, note.text || _("Leerer Zettel"));
  element.classList.toggle("is-empty", !note.text);
  write(part(element, ".paper-label"), note.label);
  write(part(element, ".paper-marks"), marks);
  nameMore(element, note);
}

export function fillGroup({ element, words }: Paper, group: Group, marks: string): void {
  element.dataset.id = group.id;
  write(words, group.text || _("Gruppe ohne Namen"));
  write(part(element, ".paper-group-head > .paper-marks"), marks);
  nameMore(element, group);
}

/** Lay it at its place; what flows in a group has none of its own. */
export function lay(element: HTMLElement, at: { x: number; y: number } | null): void {
  const place = at ? `translate(${at.x}px, ${at.y}px)` : "";
  if (element.style.transform !== place) element.style.transform = place;
}

function moreButton(onMore: () => void): HTMLElement {
  const more = button("⋯", onMore, _("Mehr"), "paper-more");
  more.tabIndex = -1;
  return more;
}

function nameMore(element: HTMLElement, thing: Thing): void {
  const more = part(element, ".paper-more");
  const name = _("Mehr zu: %(name)s", { name: nameOf(thing, _("leer")) });
  if (more.getAttribute("aria-label") === name) return;
  more.setAttribute("aria-label", name);
}

function part(element: HTMLElement, selector: string): HTMLElement {
  return element.querySelector<HTMLElement>(selector) as HTMLElement;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
