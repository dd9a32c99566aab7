/**
 * What is on a board, as both views show it: read like `collab/sync/boards` reads it, and told of
 * in what has changed, once per frame, however many people type.
 */

import * as Y from "yjs";
import { retype } from "./text";
import {
  bounded,
  byPlace,
  COLOURS,
  GROUPS_MAX,
  type Group,
  heldNames,
  idOf,
  isSame,
  NOTES_MAX,
  type Note,
  newId,
  rounded,
  type Thing,
  textIn,
  thingOf,
} from "./things";

/** What a view shows anew. */
export interface Changes {
  readonly changed: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

export type Attributes = Partial<Omit<Note, "kind" | "id" | "text">>;

/** The origin of what is done on this page; undo takes back that only. */
const OWN = { name: "board" };
const UNDO_MS = 500;

export class Board {
  readonly undo: Y.UndoManager;
  /** What was made on this page. */
  readonly made = new Set<string>();
  private readonly root: Y.XmlFragment;
  private elements = new Map<string, Y.XmlElement>();
  private things = new Map<string, Thing>();
  private readonly touched = new Set<Y.XmlElement>();
  private changed = new Set<string>();
  private removed = new Set<string>();
  private isReshaped = false;
  private frame = 0;

  constructor(
    private readonly doc: Y.Doc,
    private readonly onChange: (changes: Changes) => void,
  ) {
    this.root = doc.getXmlFragment("notes");
    this.undo = new Y.UndoManager(this.root, {
      trackedOrigins: new Set([OWN]),
      captureTimeout: UNDO_MS,
    });
    this.reshape();
    this.root.observeDeep(this.onEvents);
  }

  release(): void {
    this.root.unobserveDeep(this.onEvents);
    cancelAnimationFrame(this.frame);
    this.undo.destroy();
  }

  get(id: string | null): Thing | undefined {
    return id === null ? undefined : this.things.get(id);
  }

  note(id: string | null): Note | undefined {
    const found = this.get(id);
    return found?.kind === "note" ? found : undefined;
  }

  /** Groups in reading order. */
  get groups(): Group[] {
    return [...this.things.values()].filter((each) => each.kind === "group").sort(byPlace);
  }

  /** Notes in reading order; of a group, or those that stand alone, or all. */
  notes(group?: string | null): Note[] {
    return [...this.things.values()]
      .filter((each) => each.kind === "note")
      .filter((each) => group === undefined || each.group === group)
      .sort(byPlace);
  }

  /** The shared text of a note or group, to be bound to a field; made if it has none. */
  textOf(id: string): Y.XmlText | null {
    const element = this.elements.get(id);
    if (!element) return null;
    const found = textIn(element);
    if (found) return found;
    this.transact(() => element.insert(0, [new Y.XmlText()]));
    return textIn(element);
  }

  transact(act: () => void): void {
    this.doc.transact(act, OWN);
  }

  /** A new note; its id, or null if the board is full. */
  addNote(at: { x: number; y: number }, more: Attributes & { text?: string } = {}): string | null {
    if (this.notes().length >= NOTES_MAX) return null;
    const { text = "", ...attributes } = more;
    const paper = { colour: COLOURS[0], group: null, ...attributes };
    return this.add("note", text, { ...rounded(at), ...paper });
  }

  /** A new group; its id, or null if there are enough. */
  addGroup(at: { x: number; y: number }, title = ""): string | null {
    if (this.groups.length >= GROUPS_MAX) return null;
    return this.add("group", title, rounded(at));
  }

  /** Give a note or group other attributes; only what differs is written. */
  set(id: string, attributes: Attributes): void {
    const element = this.elements.get(id);
    if (!element) return;
    const wanted = Object.entries(attributes).map(
      ([key, value]) => [key, typeof value === "number" ? bounded(value) : value] as const,
    );
    const other = wanted.filter(([key, value]) => (element.getAttribute(key) ?? null) !== value);
    if (other.length === 0) return;
    this.transact(() => {
      for (const [key, value] of other) element.setAttribute(key, value as string);
    });
  }

  setText(id: string, text: string): void {
    const shared = this.textOf(id);
    if (shared) this.transact(() => retype(shared, text));
  }

  /** Let two notes or groups change places, and with them their order. */
  swap(one: Thing, other: Thing): void {
    const step = one.x === other.x && one.y === other.y ? 1 : 0;
    this.transact(() => {
      this.set(one.id, { x: other.x + step, y: other.y });
      this.set(other.id, { x: one.x, y: one.y });
    });
  }

  /** Take it off the board; a step of undo of its own. */
  remove(id: string): void {
    const element = this.elements.get(id);
    if (!element) return;
    this.undo.stopCapturing();
    this.transact(() => this.root.delete(this.root.toArray().indexOf(element), 1));
    this.undo.stopCapturing();
  }

  private add(tag: Thing["kind"], text: string, attributes: object): string {
    const id = newId();
    this.made.add(id);
    const element = new Y.XmlElement(tag);
    const all = { id, ...attributes };
    this.undo.stopCapturing();
    this.transact(() => {
      for (const [key, value] of Object.entries(all)) element.setAttribute(key, value as string);
      element.insert(0, [new Y.XmlText(text)]);
      this.root.push([element]);
    });
    this.reshape();
    return id;
  }

  private readonly onEvents = (events: Y.YEvent<Y.XmlElement>[]) => {
    for (const { target } of events) {
      const place: unknown = target;
      if (place === this.root) this.isReshaped = true;
      else if (target instanceof Y.XmlElement) this.touched.add(target);
      else if ((target as Y.XmlText).parent instanceof Y.XmlElement)
        this.touched.add((target as Y.XmlText).parent as Y.XmlElement);
    }
    this.frame ||= requestAnimationFrame(() => this.tell());
  };

  private tell(): void {
    this.frame = 0;
    // A name that was given anew changes who holds it.
    const isRenamed = [...this.touched].some((each) => this.elements.get(idOf(each)) !== each);
    if (this.isReshaped || isRenamed) this.reshape();
    else for (const element of this.touched) this.reread(element);
    this.touched.clear();
    this.isReshaped = false;
    const { changed, removed } = this;
    this.changed = new Set();
    this.removed = new Set();
    this.onChange({ changed, removed });
  }

  private reread(element: Y.XmlElement): void {
    const thing = thingOf(element, this.elements);
    this.things.set(thing.id, thing);
    this.changed.add(thing.id);
  }

  /** Read everything anew and note what differs. */
  private reshape(): void {
    this.elements = heldNames(this.root);
    const before = this.things;
    this.things = new Map();
    for (const [id, element] of this.elements) {
      const thing = thingOf(element, this.elements);
      this.things.set(id, thing);
      if (!isSame(before.get(id), thing)) this.changed.add(id);
    }
    for (const id of before.keys()) if (!this.things.has(id)) this.removed.add(id);
    // What was taken away and brought back within a frame is there.
    for (const id of this.things.keys()) this.removed.delete(id);
  }
}
