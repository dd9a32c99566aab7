/** The canvas: notes lie where they were put, groups hold theirs in columns. */

import { _ } from "../../messages";
import type { Changes } from "../board";
import { Editing } from "../editing";
import type { Carried, Peers } from "../peers";
import { byPlace, type Group, type Note } from "../things";
import { type Around, made, type View } from "../view";
import { Dragging } from "./dragging";
import { Keys } from "./keys";
import { fillGroup, fillNote, HEIGHT, lay, makeGroup, makeNote, type Paper, WIDTH } from "./paper";
import { type Box, Viewport } from "./viewport";

type GroupPaper = Paper & { inside: HTMLElement };

export class Canvas implements View {
  readonly element = made("div", "canvas");
  readonly viewport: Viewport;
  readonly editing: Editing;
  private readonly world = made("div", "canvas-world");
  private readonly hint = made("p", "canvas-hint", _("Hier liegt noch kein Zettel."));
  private readonly groupsIn = made("ul", "canvas-groups");
  private readonly alone = made("ul", "canvas-alone");
  private readonly notes = new Map<string, Paper>();
  private readonly groups = new Map<string, GroupPaper>();
  private readonly dragging: Dragging;
  private readonly keys: Keys;

  constructor(
    readonly around: Around,
    readonly peers: Peers,
    onScale: (scale: number) => void,
  ) {
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", _("Zettelwand"));
    this.groupsIn.setAttribute("aria-label", _("Gruppen"));
    this.alone.setAttribute("aria-label", _("Zettel ohne Gruppe"));
    this.world.append(this.groupsIn, this.alone);
    this.element.append(this.hint, this.world);
    this.viewport = new Viewport(this.element, this.world, onScale);
    this.editing = new Editing(around.board, (id) => this.settle(id));
    this.dragging = new Dragging(this);
    this.keys = new Keys(this);
    this.element.addEventListener("focusin", ({ target }) => {
      const id = this.idOf(target);
      if (id) this.keys.reach(id);
      peers.at(id);
    });
    this.showAll();
  }

  show({ changed, removed }: Changes): void {
    for (const id of removed) this.drop(id);
    const crowded = new Set<string>();
    for (const id of changed) {
      const thing = this.around.board.get(id);
      if (thing?.kind === "group") this.showGroup(thing);
    }
    for (const id of changed) {
      const note = this.around.board.note(id);
      if (note) this.showNote(note, crowded);
    }
    for (const id of crowded) this.sort(id);
    this.hint.hidden = this.notes.size + this.groups.size > 0;
    this.keys.keepReach();
  }

  refresh(): void {
    for (const note of this.around.board.notes()) {
      const paper = this.notes.get(note.id);
      if (paper) fillNote(paper, note, this.around.marksOf(note.id));
    }
    if (!this.around.mayWrite()) this.editing.end();
    this.element.classList.toggle("is-still", !this.around.mayWrite());
  }

  focus(id: string): void {
    const element = this.elementOf(id);
    if (!element) return;
    this.keys.reach(id);
    element.focus({ preventScroll: true });
    this.viewport.reveal(this.boxOf(element));
  }

  edit(id: string): void {
    const thing = this.around.board.get(id);
    const paper = this.notes.get(id) ?? this.groups.get(id);
    if (!thing || !paper || !this.around.mayWrite()) return;
    this.keys.reach(id);
    this.viewport.reveal(this.boxOf(paper.element));
    this.editing.begin(thing, paper.words);
    paper.element.classList.add("is-edited");
  }

  /** Where others carry notes right now. */
  showCarried(id: string, carried: Carried | null): void {
    const element = this.notes.get(id)?.element;
    const note = this.around.board.note(id);
    if (!element || !note || this.dragging.id === id) return;
    element.classList.toggle("is-carried", carried !== null);
    // What flows in a group has no place of its own that could be shown.
    if (element.parentElement === this.alone)
      lay(element, carried?.x === undefined ? note : { x: carried.x, y: carried.y ?? 0 });
    if (carried?.name) element.dataset.who = carried.name;
    else delete element.dataset.who;
    for (let at = 0; at < 8; at++) element.classList.toggle(`c${at}`, carried?.colour === `c${at}`);
  }

  /** Show everything, as small as it takes; `least` is the smallest scale. */
  fit(least?: number): void {
    const boxes = [...this.notes.values(), ...this.groups.values()]
      .filter(({ element }) => element.parentElement !== null)
      .map(({ element }) => this.boxOf(element));
    if (boxes.length === 0) return;
    const x = Math.min(...boxes.map((box) => box.x));
    const y = Math.min(...boxes.map((box) => box.y));
    const right = Math.max(...boxes.map((box) => box.x + box.width));
    const bottom = Math.max(...boxes.map((box) => box.y + box.height));
    this.viewport.fit({ x, y, width: right - x, height: bottom - y }, least);
  }

  release(): void {
    this.editing.end();
    this.dragging.release();
  }

  /** The note or group that an event is about. */
  idOf(target: EventTarget | null): string | null {
    if (!(target instanceof Element)) return null;
    return target.closest<HTMLElement>("[data-id]")?.dataset.id ?? null;
  }

  elementOf(id: string): HTMLElement | null {
    return (this.notes.get(id) ?? this.groups.get(id))?.element ?? null;
  }

  /** The layer of what stands alone, above all else. */
  get top(): HTMLElement {
    return this.alone;
  }

  /** Where an element lies in the world; one that is not shown yet has its usual size. */
  boxOf(element: HTMLElement): Box {
    const box = this.viewport.boxOf(element);
    return { ...box, width: box.width || WIDTH, height: box.height || HEIGHT };
  }

  /** The groups and where they lie in the browser's window. */
  groupRects(): [string, DOMRect][] {
    return [...this.groups].map(([id, { element }]) => [id, element.getBoundingClientRect()]);
  }

  /** Lay a note or group where the board says it lies. */
  putBack(id: string): void {
    this.show({ changed: new Set([id]), removed: new Set() });
  }

  private showAll(): void {
    const { board } = this.around;
    const all = [...board.groups, ...board.notes()].map(({ id }) => id);
    this.show({ changed: new Set(all), removed: new Set() });
    this.refresh();
  }

  private showGroup(group: Group): void {
    const known = this.groups.get(group.id);
    const paper = known ?? makeGroup(() => this.around.openSheet(group.id));
    fillGroup(paper, group, this.around.marksOf(group.id));
    if (this.dragging.id !== group.id) lay(paper.element, group);
    if (known) return;
    this.groups.set(group.id, paper);
    this.groupsIn.append(paper.element);
  }

  private showNote(note: Note, crowded: Set<string>): void {
    const known = this.notes.get(note.id);
    const paper = known ?? makeNote(() => this.around.openSheet(note.id));
    fillNote(paper, note, this.around.marksOf(note.id));
    this.notes.set(note.id, paper);
    // What is being dragged or typed in stays under the hand.
    if (this.dragging.id === note.id) return;
    if (note.group !== null) crowded.add(note.group);
    const home = note.group === null ? this.alone : this.groups.get(note.group)?.inside;
    if (home && paper.element.parentElement !== home && this.editing.id !== note.id)
      keepingFocus(paper.element, () => home.append(paper.element));
    lay(paper.element, paper.element.parentElement === this.alone ? note : null);
  }

  /** Bring the notes of a group into their order, moving as few as possible. */
  private sort(group: string): void {
    const inside = this.groups.get(group)?.inside;
    if (!inside || (this.editing.id && inside.contains(this.elementOf(this.editing.id)))) return;
    const notes = this.around.board.notes(group).sort(byPlace);
    let next = inside.firstElementChild;
    for (const { id } of notes) {
      const element = this.elementOf(id);
      if (!element || element.parentElement !== inside) continue;
      if (element === next) next = next.nextElementSibling;
      else keepingFocus(element, () => inside.insertBefore(element, next));
    }
  }

  private drop(id: string): void {
    this.editing.drop(id);
    this.dragging.drop(id);
    const element = this.elementOf(id);
    const hadFocus = element?.contains(document.activeElement);
    // Its notes go on alone; they are told of as changed.
    for (const inside of this.groups.get(id)?.inside.querySelectorAll<HTMLElement>(".paper") ?? [])
      this.alone.append(inside);
    element?.remove();
    this.notes.delete(id);
    this.groups.delete(id);
    this.keys.forget(id);
    if (hadFocus) this.keys.focusReached();
  }

  /** After typing: an empty new note is no note; others find their place. */
  private settle(id: string): void {
    const element = this.elementOf(id);
    element?.classList.remove("is-edited");
    const note = this.around.board.note(id);
    if (note && !note.text && this.around.mayWrite() && this.fresh.delete(id)) {
      this.around.board.remove(id);
      return;
    }
    this.fresh.delete(id);
    if (element && document.activeElement === document.body) element.focus({ preventScroll: true });
    this.putBack(id);
  }

  /** Notes that were just made here: left empty, they go again. */
  readonly fresh = new Set<string>();
}

/** Move a node without the focus in it going away. */
export function keepingFocus(node: HTMLElement, move: () => void): void {
  const active = document.activeElement;
  const isInside = active instanceof HTMLElement && node.contains(active);
  move();
  if (isInside) active.focus({ preventScroll: true });
}
