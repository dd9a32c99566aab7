/**
 * A native field bound to a shared text: what is typed becomes the smallest change, what others
 * type appears without moving the caret, and nothing is touched while an input method composes.
 */

import type * as Y from "yjs";

export interface Splice {
  at: number;
  removed: number;
  added: string;
}

/** The one change that makes `after` of `before`, cutting no character; null if they are equal. */
export function splice(before: string, after: string): Splice | null {
  if (before === after) return null;
  const longest = Math.min(before.length, after.length);
  let head = 0;
  while (head < longest && before[head] === after[head]) head++;
  if (isHigh(before, head - 1)) head--;
  let tail = 0;
  while (tail < longest - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  if (tail > 0 && isLow(before, before.length - tail)) tail--;
  return {
    at: head,
    removed: before.length - head - tail,
    added: after.slice(head, after.length - tail),
  };
}

/** Write what makes the text this one. */
export function retype(text: Y.XmlText, after: string): void {
  const change = splice(wordsOf(text), after);
  if (!change) return;
  if (change.removed > 0) text.delete(change.at, change.removed);
  if (change.added) text.insert(change.at, change.added);
}

/** The plain characters of a text. */
export function wordsOf(text: Y.XmlText | null): string {
  if (!text) return "";
  const runs = text.toDelta() as { insert: unknown }[];
  return runs.map(({ insert }) => (typeof insert === "string" ? insert : "")).join("");
}

/** Where a place in a text lies after a change of it. */
export function moved(place: number, delta: Y.YTextEvent["delta"]): number {
  let at = 0;
  let now = place;
  for (const { retain, insert, delete: gone } of delta) {
    if (at > now) break;
    if (retain) at += retain;
    else if (typeof insert === "string") {
      if (at < now) now += insert.length;
      at += insert.length;
    } else if (gone) now -= Math.min(gone, now - at);
  }
  return now;
}

export type Field = HTMLTextAreaElement | HTMLInputElement;

/** Keeps a field and a text the same until it is released. */
export class TextBinding {
  private isComposing = false;
  private isSending = false;
  private waiting: Y.YTextEvent["delta"][] = [];
  /** The text as the field knew it when composing began or others typed last. */
  private known: string;

  constructor(
    private readonly field: Field,
    private readonly text: Y.XmlText,
    private readonly transact: (act: () => void) => void,
  ) {
    this.known = wordsOf(text);
    field.value = this.known;
    text.observe(this.onText);
    field.addEventListener("input", this.onInput);
    field.addEventListener("compositionstart", this.onCompose);
    field.addEventListener("compositionend", this.onComposed);
  }

  release(): void {
    this.isComposing = false;
    this.send();
    this.text.unobserve(this.onText);
    this.field.removeEventListener("input", this.onInput);
    this.field.removeEventListener("compositionstart", this.onCompose);
    this.field.removeEventListener("compositionend", this.onComposed);
  }

  private readonly onInput = () => {
    if (!this.isComposing) this.send();
  };

  private readonly onCompose = () => {
    this.isComposing = true;
  };

  private readonly onComposed = () => {
    this.isComposing = false;
    this.show(this.send());
  };

  /** What others type waits while somebody composes; then it lies beside it. */
  private readonly onText = ({ delta }: Y.YTextEvent) => {
    if (this.isSending) return;
    if (this.isComposing) this.waiting.push(delta);
    else this.show((place) => moved(place, delta));
  };

  /**
   * Bring what the field has into the text, at its place in the text as it is now; says where the
   * places of the field lie then.
   */
  private send(): (place: number) => number {
    const change = splice(this.known, this.field.value);
    const waiting = this.waiting;
    this.waiting = [];
    const carried = (place: number) => waiting.reduce(moved, place);
    if (!change) return carried;
    const { at, removed, added } = change;
    const [from, to] = [carried(at), carried(at + removed)];
    this.known = this.field.value;
    this.isSending = true;
    try {
      this.transact(() => {
        if (to > from) this.text.delete(from, to - from);
        if (added) this.text.insert(from, added);
      });
    } finally {
      this.isSending = false;
    }
    return (place) => {
      if (place < at) return carried(place);
      if (place <= at + added.length) return from + place - at;
      return carried(place - added.length + removed) - (to - from) + added.length;
    };
  }

  /** Show the text, with the caret where it was in the words. */
  private show(carried: (place: number) => number): void {
    const now = wordsOf(this.text);
    this.known = now;
    if (this.field.value === now) return;
    const isActive = document.activeElement === this.field;
    const [from, to] = [this.field.selectionStart ?? 0, this.field.selectionEnd ?? 0];
    this.field.value = now;
    if (isActive) this.field.setSelectionRange(carried(from), carried(to));
  }
}

function isHigh(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
}
