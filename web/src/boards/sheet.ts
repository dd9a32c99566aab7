/** The sheet of one note or group: everything that can be done with it, in a dialog. */

import { _ } from "../messages";
import { say } from "../status";
import type { Board } from "./board";
import { TextBinding } from "./text";
import { COLOURS, type Colour, LABEL_MAX, TEXT_MAX, type Thing } from "./things";
import { button, made, nameOf } from "./view";

const NEW = "new";

/** What the sheet offers beside the note itself; made anew each time it opens. */
export type Extra = (thing: Thing, close: () => void) => HTMLElement | null;

export class Sheet {
  private readonly dialog = made("dialog", "dialog note-sheet");
  private id: string | null = null;
  private binding: TextBinding | null = null;

  constructor(
    private readonly board: Board,
    private readonly around: {
      mayWrite(): boolean;
      remove(id: string): void;
      focus(id: string): void;
      extra: Extra;
    },
  ) {
    this.dialog.setAttribute("aria-labelledby", "note-sheet-title");
    this.dialog.addEventListener("close", () => this.closed());
    document.body.append(this.dialog);
  }

  release(): void {
    this.dialog.close();
    this.dialog.remove();
  }

  open(id: string): void {
    const thing = this.board.get(id);
    if (!thing) return;
    this.binding?.release();
    this.binding = null;
    this.id = id;
    this.dialog.replaceChildren(...this.parts(thing));
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** What it is about was taken away by somebody. */
  drop(id: string): void {
    if (this.id !== id || !this.dialog.open) return;
    this.dialog.close();
    say(_("Der Zettel wurde gerade gelöscht."));
  }

  private parts(thing: Thing): HTMLElement[] {
    const isNote = thing.kind === "note";
    const title = made("h2", "", isNote ? _("Zettel") : _("Gruppe"));
    title.id = "note-sheet-title";
    const parts: HTMLElement[] = [title];
    if (this.around.mayWrite()) {
      parts.push(this.textField(thing));
      if (thing.kind === "note") {
        parts.push(this.groupField(thing.id, thing.group), this.labelField(thing.id, thing.label));
        parts.push(this.colours(thing.id, thing.colour));
      }
      parts.push(this.order(thing));
    } else parts.push(made("p", "note-words", thing.text));
    const extra = this.around.extra(thing, () => this.dialog.close());
    if (extra) parts.push(extra);
    parts.push(this.actions(thing));
    return parts;
  }

  private textField(thing: Thing): HTMLElement {
    const isNote = thing.kind === "note";
    const field = made(isNote ? "textarea" : "input", "input") as
      | HTMLTextAreaElement
      | HTMLInputElement;
    field.maxLength = isNote ? TEXT_MAX : 2 * LABEL_MAX;
    const text = this.board.textOf(thing.id);
    if (text) this.binding = new TextBinding(field, text, (act) => this.board.transact(act));
    return labelled(isNote ? _("Text") : _("Name der Gruppe"), "note-text-field", field);
  }

  private groupField(id: string, current: string | null): HTMLElement {
    const field = made("select", "input");
    field.append(new Option(_("Ohne Gruppe"), "", false, current === null));
    for (const group of this.board.groups) {
      const name = nameOf(group, _("Gruppe ohne Namen"));
      field.append(new Option(name, group.id, false, group.id === current));
    }
    field.append(new Option(_("Neue Gruppe …"), NEW));
    field.addEventListener("change", () => {
      const chosen = field.value === NEW ? this.newGroup(id) : field.value || null;
      if (field.value === NEW && chosen === null) return say(_("Mehr Gruppen fasst sie nicht."));
      this.board.set(id, { group: chosen });
      say(_("Verschoben"));
      if (field.value === NEW && chosen) this.open(chosen);
    });
    return labelled(_("In Gruppe"), "note-group-field", field);
  }

  private newGroup(id: string): string | null {
    const note = this.board.note(id);
    return this.board.addGroup({ x: note?.x ?? 0, y: note?.y ?? 0 });
  }

  private labelField(id: string, label: string): HTMLElement {
    const field = made("input", "input");
    field.maxLength = LABEL_MAX;
    field.value = label;
    field.addEventListener("change", () => this.board.set(id, { label: field.value.trim() }));
    return labelled(_("Stichwort"), "note-label-field", field);
  }

  private colours(id: string, current: Colour): HTMLElement {
    const set = made("fieldset", "note-colours");
    set.append(made("legend", "", _("Farbe")));
    for (const colour of COLOURS) {
      const choice = made("label", "note-colour");
      choice.dataset.colour = colour;
      const radio = made("input", "");
      Object.assign(radio, { type: "radio", name: "note-colour", checked: colour === current });
      radio.addEventListener("change", () => this.board.set(id, { colour }));
      choice.append(radio, colourName(colour));
      set.append(choice);
    }
    return set;
  }

  private order(thing: Thing): HTMLElement {
    const row = made("p", "actions");
    const move = (by: -1 | 1) => {
      const now = this.board.get(thing.id);
      if (!now) return;
      const all = now.kind === "note" ? this.board.notes(now.group) : this.board.groups;
      const other = all[all.findIndex((each) => each.id === now.id) + by];
      if (other) this.board.swap(now, other);
      say(other ? _("Verschoben") : _("Weiter geht es nicht."));
    };
    row.append(button(_("Weiter nach vorn"), () => move(-1), "", "button small"));
    row.append(button(_("Weiter nach hinten"), () => move(1), "", "button small"));
    return row;
  }

  private actions(thing: Thing): HTMLElement {
    const row = made("p", "actions");
    row.append(button(_("Fertig"), () => this.dialog.close(), "", "button primary"));
    if (!this.around.mayWrite()) return row;
    const remove = () => {
      this.id = null;
      this.dialog.close();
      this.around.remove(thing.id);
    };
    const word = thing.kind === "note" ? _("Zettel löschen") : _("Gruppe auflösen");
    row.append(button(word, remove, "", "button danger"));
    return row;
  }

  private closed(): void {
    // A label that was typed and not left yet counts too.
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && this.dialog.contains(activeElement))
      activeElement.blur();
    this.binding?.release();
    this.binding = null;
    const id = this.id;
    this.id = null;
    this.dialog.replaceChildren();
    if (id) this.around.focus(id);
  }
}

function labelled(name: string, id: string, field: HTMLElement): HTMLElement {
  const box = made("div", "field");
  const label = made("label", "", name);
  field.id = id;
  label.htmlFor = id;
  box.append(label, field);
  return box;
}

/** A colour in a word, for it is never told by itself alone. */
export function colourName(colour: Colour): string {
  const names: Record<Colour, string> = {
    yellow: _("Gelb"),
    orange: _("Orange"),
    rose: _("Rosa"),
    green: _("Grün"),
    blue: _("Blau"),
    grey: _("Grau"),
  };
  return names[colour];
}
