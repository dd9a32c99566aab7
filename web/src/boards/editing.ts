/** Typing in one note or group in place: a native field over its words, until it is left. */

import { _ } from "../messages";
import type { Board } from "./board";
import { TextBinding } from "./text";
import { LABEL_MAX, TEXT_MAX, type Thing } from "./things";

export class Editing {
  private open: { id: string; field: HTMLTextAreaElement; binding: TextBinding } | null = null;
  private readonly onEnd: (id: string) => void;

  /** `onEnd` is called when the field is gone. */
  constructor(
    private readonly board: Board,
    onEnd: (id: string) => void,
  ) {
    this.onEnd = onEnd;
  }

  get id(): string | null {
    return this.open?.id ?? null;
  }

  /** Put the field in the place of `words` and the focus into it. */
  begin(thing: Thing, words: HTMLElement): void {
    if (this.open?.id === thing.id) return this.open.field.focus();
    this.end();
    const text = this.board.textOf(thing.id);
    if (!text) return;
    const field = document.createElement("textarea");
    field.className = "paper-field";
    field.rows = thing.kind === "note" ? 3 : 1;
    field.maxLength = thing.kind === "note" ? TEXT_MAX : 2 * LABEL_MAX;
    field.setAttribute("aria-label", thing.kind === "note" ? _("Text") : _("Name der Gruppe"));
    words.hidden = true;
    words.after(field);
    const binding = new TextBinding(field, text, (act) => this.board.transact(act));
    this.open = { id: thing.id, field, binding };
    field.addEventListener("keydown", (event) => this.key(event, thing));
    field.addEventListener("blur", () => this.end());
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  /** Leave the field; the words stand again. */
  end(): void {
    if (!this.open) return;
    const { id, field, binding } = this.open;
    this.open = null;
    binding.release();
    const words = field.previousElementSibling;
    if (words instanceof HTMLElement) words.hidden = false;
    field.remove();
    this.onEnd(id);
  }

  /** The field went away with its note. */
  drop(id: string): void {
    if (this.open?.id === id) this.end();
  }

  private key(event: KeyboardEvent, thing: Thing): void {
    event.stopPropagation();
    if (event.isComposing) return;
    const isLine = thing.kind === "group" && event.key === "Enter";
    if (event.key === "Escape" || isLine || (event.key === "Enter" && event.ctrlKey)) {
      event.preventDefault();
      this.end();
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      // The field's own undo knows nothing of what others have typed meanwhile.
      event.preventDefault();
      if (event.shiftKey) this.board.undo.redo();
      else this.board.undo.undo();
    }
  }
}
