/** The board as a list by groups: everything by buttons, for phones and screen readers. */

import { _, ngettext } from "../messages";
import { say } from "../status";
import type { Changes } from "./board";
import { keepingFocus } from "./canvas/canvas";
import { Editing } from "./editing";
import { byPlace, type Note, TEXT_MAX } from "./things";
import { type Around, button, made, nameOf, type View } from "./view";

interface Section {
  element: HTMLElement;
  title: HTMLElement;
  tools: HTMLElement;
  list: HTMLElement;
}

/** The section of notes without a group; no group is called so. */
const ALONE = "";

export class List implements View {
  readonly element = made("div", "notes-list");
  private readonly editing: Editing;
  private readonly sections = new Map<string, Section>();
  private readonly rows = new Map<string, HTMLElement>();
  private readonly adding: HTMLFormElement;

  constructor(private readonly around: Around) {
    this.editing = new Editing(around.board, (id) => this.settle(id));
    this.adding = this.makeAdding();
    this.element.append(this.adding);
    const { board } = around;
    const all = [...board.groups, ...board.notes()].map(({ id }) => id);
    this.show({ changed: new Set(all), removed: new Set() });
    this.refresh();
  }

  show({ changed, removed }: Changes): void {
    const { board } = this.around;
    for (const id of removed) this.drop(id);
    const crowded = new Set<string>();
    for (const id of changed) {
      if (board.get(id)?.kind === "group") this.showSection(id);
    }
    for (const id of changed) {
      const note = board.note(id);
      if (!note) continue;
      this.showRow(note);
      crowded.add(note.group ?? ALONE);
    }
    for (const id of crowded) this.sort(id);
    this.sortSections();
  }

  refresh(): void {
    const mayWrite = this.around.mayWrite();
    this.adding.hidden = !mayWrite || this.around.isSilent();
    if (!mayWrite) this.editing.end();
    this.element.classList.toggle("is-still", !mayWrite);
    for (const note of this.around.board.notes()) this.showRow(note);
    for (const group of this.around.board.groups) this.showSection(group.id);
  }

  focus(id: string): void {
    const place = this.rows.get(id) ?? this.sections.get(id)?.title;
    place?.scrollIntoView({ block: "nearest" });
    place?.focus({ preventScroll: true });
  }

  edit(id: string): void {
    const thing = this.around.board.get(id);
    const words = this.rows.get(id)?.querySelector<HTMLElement>(".note-text");
    const place = words ?? this.sections.get(id)?.title;
    if (thing && place && this.around.mayWrite()) this.editing.begin(thing, place);
  }

  release(): void {
    this.editing.end();
  }

  /** A field for the next note: written and sent without leaving it. */
  private makeAdding(): HTMLFormElement {
    const form = made("form", "note-adding");
    const label = made("label", "", _("Neuer Zettel"));
    const field = made("textarea", "input");
    field.id = "note-new";
    label.htmlFor = field.id;
    field.rows = 2;
    field.maxLength = TEXT_MAX;
    const send = made("button", "button primary", _("Zettel anlegen"));
    const take = () => {
      const text = field.value.trim();
      if (!text) return field.focus();
      const id = this.around.board.addNote(this.nextPlace(), { text });
      if (id === null) return say(_("Die Zettelwand ist voll: Mehr Zettel fasst sie nicht."));
      field.value = "";
      field.focus();
      say(_("Zettel angelegt"));
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      take();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      take();
    });
    form.append(label, field, send);
    return form;
  }

  /** Behind the last note that stands alone. */
  private nextPlace(): { x: number; y: number } {
    return placeBehind(this.around.board.notes(null));
  }

  private showSection(id: string): Section {
    const group = this.around.board.get(id);
    const known = this.sections.get(id);
    const section = known ?? this.makeSection(id);
    const title = group ? group.text || _("Gruppe ohne Namen") : _("Ohne Gruppe");
    if (section.title.textContent !== title) section.title.textContent = title;
    if (!known) this.sections.set(id, section);
    const marks = id === ALONE ? "" : this.around.marksOf(id);
    section.element.dataset.marks = marks;
    if (id !== ALONE) this.showGiving(id, section.tools);
    return section;
  }

  private makeSection(id: string): Section {
    const element = made("section", "note-section");
    const head = made("div", "note-section-head");
    const title = made("h3", "note-section-title");
    title.tabIndex = -1;
    title.id = `notes-of-${id || "none"}`;
    const tools = made("div", "note-tools");
    const list = made("ol", "note-rows");
    element.setAttribute("aria-labelledby", title.id);
    if (id !== ALONE) {
      const name = () => nameOf(this.around.board.get(id) ?? NOTHING, _("ohne Namen"));
      const more = button(_("Gruppe bearbeiten"), () => this.around.openSheet(id), "", SMALL);
      more.addEventListener("focus", () => more.setAttribute("aria-description", name()));
      tools.append(this.makeGiving(id), more);
    }
    head.append(title, tools);
    element.append(head, list);
    this.element.append(element);
    return { element, title, tools, list };
  }

  private showRow(note: Note): void {
    const known = this.rows.get(note.id);
    const row = known ?? this.makeRow(note.id);
    row.dataset.colour = note.colour;
    write(row, ".note-text", note.text || _("Leerer Zettel"));
    write(row, ".note-label", note.label);
    write(row, ".note-marks", this.around.marksOf(note.id));
    row.setAttribute("aria-label", nameOf(note, _("leer")));
    this.showGiving(note.id, row);
    if (!known) this.rows.set(note.id, row);
    const { list } =
      this.sections.get(note.group ?? ALONE) ?? this.showSection(note.group ?? ALONE);
    if (row.parentElement !== list && this.editing.id !== note.id)
      keepingFocus(row, () => list.append(row));
  }

  private makeRow(id: string): HTMLElement {
    const row = made("li", "note-row");
    row.tabIndex = -1;
    row.dataset.id = id;
    const facts = made("p", "note-facts meta");
    facts.append(made("span", "note-label"), made("span", "note-marks"));
    const tools = made("div", "note-tools");
    tools.append(
      this.makeGiving(id),
      button(_("Bearbeiten"), () => this.edit(id), "", SMALL),
      button("↑", () => this.shift(id, -1), _("Nach oben"), `${SMALL} icon-only`),
      button("↓", () => this.shift(id, 1), _("Nach unten"), `${SMALL} icon-only`),
      button(_("Mehr"), () => this.around.openSheet(id), "", SMALL),
    );
    row.append(made("p", "note-text"), facts, tools);
    return row;
  }

  /** Dots by one press each: on a phone nobody looks for them behind a note. */
  private makeGiving(id: string): HTMLElement {
    const box = made("span", "note-giving");
    const give = (by: -1 | 1) => this.around.voteOn(id)?.give(by);
    box.append(
      button("−", () => give(-1), _("Einen Punkt zurücknehmen"), SIGN),
      made("span", "note-given"),
      button("+", () => give(1), _("Einen Punkt geben"), SIGN),
    );
    return box;
  }

  private showGiving(id: string, place: HTMLElement): void {
    const vote = this.around.voteOn(id);
    const box = place.querySelector<HTMLElement>(".note-giving");
    if (!box) return;
    box.hidden = !vote;
    if (!vote) return;
    write(box, ".note-given", ngettext("%(n)s Punkt", "%(n)s Punkte", vote.given));
    const [less, more] = box.querySelectorAll("button");
    less?.toggleAttribute("disabled", vote.given === 0);
    more?.toggleAttribute("disabled", vote.left === 0);
  }

  /** Change places with the neighbour in the same group. */
  private shift(id: string, by: -1 | 1): void {
    const { board } = this.around;
    const note = board.note(id);
    if (!note || !this.around.mayWrite()) return;
    const notes = board.notes(note.group);
    const other = notes[notes.findIndex((each) => each.id === id) + by];
    if (!other) return say(by < 0 ? _("Steht schon oben") : _("Steht schon unten"));
    board.swap(note, other);
    say(by < 0 ? _("Nach oben gerückt") : _("Nach unten gerückt"));
  }

  private sort(id: string): void {
    const list = this.sections.get(id)?.list;
    // Nobody's field is moved while he types in it.
    if (!list || (this.editing.id && list.contains(this.rows.get(this.editing.id) ?? null))) return;
    let next = list.firstElementChild;
    for (const note of this.around.board.notes(id === ALONE ? null : id)) {
      const row = this.rows.get(note.id);
      if (!row || row.parentElement !== list) continue;
      if (row === next) next = next.nextElementSibling;
      else keepingFocus(row, () => list.insertBefore(row, next));
    }
  }

  /** Groups in their order, what stands alone at the end. */
  private sortSections(): void {
    const ids = [...this.around.board.groups.sort(byPlace).map(({ id }) => id), ALONE];
    let next = this.adding.nextElementSibling;
    for (const id of ids) {
      const element = this.sections.get(id)?.element;
      if (!element) continue;
      if (element === next) next = next.nextElementSibling;
      else keepingFocus(element, () => this.element.insertBefore(element, next));
    }
    const alone = this.sections.get(ALONE);
    if (alone) alone.element.hidden = alone.list.childElementCount === 0;
  }

  private drop(id: string): void {
    this.editing.drop(id);
    const element = this.rows.get(id) ?? this.sections.get(id)?.element;
    const hadFocus = element?.contains(document.activeElement);
    const near = element?.nextElementSibling ?? element?.previousElementSibling;
    for (const row of this.sections.get(id)?.list.children ?? [])
      this.showSection(ALONE).list.append(row);
    element?.remove();
    this.rows.delete(id);
    this.sections.delete(id);
    if (hadFocus)
      (near instanceof HTMLElement && near.tabIndex >= -1 ? near : this.element).focus();
  }

  private settle(id: string): void {
    const note = this.around.board.note(id);
    this.show({ changed: new Set([id]), removed: new Set() });
    if (document.activeElement !== document.body) return;
    const row = note ? this.rows.get(id) : this.sections.get(id)?.element;
    row?.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }
}

const SMALL = "button quiet small";
const SIGN = "button small icon-only";
const NOTHING = { kind: "group", id: "", text: "", x: 0, y: 0 } as const;
const COLUMN = 208;
const COLUMNS = 6;

/** The next place in rows of notes. */
export function placeBehind(notes: readonly Note[]): { x: number; y: number } {
  const last = [...notes].sort(byPlace).at(-1);
  if (!last) return { x: 0, y: 0 };
  const isFull = last.x >= COLUMN * (COLUMNS - 1);
  return isFull ? { x: 0, y: last.y + 160 } : { x: last.x + COLUMN, y: last.y };
}

function write(row: HTMLElement, selector: string, text: string): void {
  const element = row.querySelector<HTMLElement>(selector);
  if (element && element.textContent !== text) element.textContent = text;
}
