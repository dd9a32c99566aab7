/** What the two views of a board have in common, and what they may ask of the page around them. */

import type { Board, Changes } from "./board";
import type { Thing } from "./things";

/** Canvas or list: the same notes, the same acts. */
export interface View {
  readonly element: HTMLElement;
  show(changes: Changes): void;
  /** The right to write, or what stands beside notes, has changed. */
  refresh(): void;
  /** Bring a note or group into sight and give it the focus. */
  focus(id: string): void;
  /** Begin to type in it. */
  edit(id: string): void;
  release(): void;
}

/** The dots that one gives a note or group. */
export interface Vote {
  readonly given: number;
  readonly left: number;
  give(by: -1 | 1): void;
}

export interface Around {
  readonly board: Board;
  mayWrite(): boolean;
  /** Whether new notes are hidden until all are shown; then they are written elsewhere. */
  isSilent(): boolean;
  /** Everything that can be done with this note or group, by buttons. */
  openSheet(id: string): void;
  /** Add a note; it is edited at once. */
  addNote(at?: { x: number; y: number }): void;
  /** Take it away, and say how it comes back. */
  remove(id: string): void;
  undo(): void;
  redo(): void;
  /** What stands beside a note: its dots, or nothing. */
  marksOf(id: string): string;
  /** One's dots here while the step is about giving them; else null. */
  voteOn(id: string): Vote | null;
}

/** The first words of a note or group, by which buttons name it. */
export function nameOf(thing: Thing, empty: string): string {
  const line = thing.text.replace(/\s+/g, " ").trim();
  if (!line) return empty;
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

/** A button with a visible word or sign, and its full name where the sign does not say it. */
export function button(text: string, act: () => void, name = "", kind = "button"): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.textContent = text;
  if (name) {
    made.setAttribute("aria-label", name);
    made.title = name;
  }
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  return made;
}

/** An element with a class. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}
