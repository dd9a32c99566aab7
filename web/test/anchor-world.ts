/**
 * Texts that several people edit at once, in which every word knows who it is: a mark carries its
 * number through splits, new blocks, cut and paste and merges. What comes of an anchor is judged
 * by these numbers, which the code under test never sees.
 */

import { setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { type Node, Schema, type Slice } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import {
  type Command,
  EditorState,
  Plugin,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import { initProseMirrorDoc, updateYFragment, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import type { Range } from "../src/editor/anchors/passage";
import { sectionSchema } from "../src/editor/text/schema";

export const SECTIONS = ["situation", "proposal"] as const;
export type Name = (typeof SECTIONS)[number];

const schema = new Schema({
  nodes: sectionSchema.spec.nodes,
  marks: sectionSchema.spec.marks.addToEnd("identity", {
    attrs: { id: {} },
    inclusive: false,
    toDOM: () => ["span", 0],
  }),
});
const COMMON = ["der", "die", "und", "für", "mit", "Weg", "ist", "im", "Radweg", "Platz"];
const STEMS = ["Baum", "Licht", "Markt", "Brücken", "Spiel", "Wasser", "Kiez", "Grün", "Bahn"];
const ENDS = [
  "weg",
  "platz",
  "schule",
  "pumpe",
  "dach",
  "linie",
  "garten",
  "ufer",
  "werk",
  "straße",
];
const MERGE = "merge";
const CHARACTERS_MAX = 1_400;

export interface Character {
  readonly at: number;
  readonly id: number;
  readonly text: string;
}

/** Numbers between 0 and 1 that a seed decides. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What all people know of the words: how each was written, and of which it is a copy. */
export class Dictionary {
  private readonly words: string[] = [];
  private readonly copies = new Map<number, number>();

  constructor(readonly random: () => number) {}

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** A new word with a number of its own. */
  fresh(): Node {
    const isCommon = this.random() < 0.35;
    const word = isCommon ? this.pick(COMMON) : this.compound();
    return this.node(word, this.add(word));
  }

  copyOf(id: number): number {
    const copy = this.add(this.words[id] ?? "");
    this.copies.set(copy, this.rootOf(id));
    return copy;
  }

  rootOf(id: number): number {
    return this.copies.get(id) ?? id;
  }

  wordOf(id: number): string {
    return this.words[id] ?? "";
  }

  node(text: string, id: number): Node {
    return schema.text(text, [schema.mark("identity", { id })]);
  }

  private add(word: string): number {
    return this.words.push(word) - 1;
  }

  private compound(): string {
    const number = Math.floor(this.random() * 90) + 10;
    return `${this.pick(STEMS)}${this.pick(ENDS)}${number}`;
  }
}

/** One person with a copy of all sections. */
export class Person {
  readonly doc = new Y.Doc();
  private readonly states = new Map<Name, EditorState>();
  private readonly read = new WeakMap<Node, Character[]>();
  private readonly unsent: Uint8Array[] = [];
  private clipboard: Slice | null = null;

  constructor(
    private readonly dictionary: Dictionary,
    number: number,
  ) {
    // Who comes first when two write at one place is decided by these numbers.
    this.doc.clientID = number;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== MERGE) this.unsent.push(update);
    });
  }

  state(name: Name): EditorState {
    const known = this.states.get(name);
    if (known) return known;
    const fragment = this.doc.getXmlFragment(name);
    const { doc, mapping } = initProseMirrorDoc(fragment, schema);
    const shared = { doc: this.doc, type: fragment, binding: { mapping } };
    const plugin = new Plugin({
      key: ySyncPluginKey,
      state: { init: () => shared, apply: (_tr, same) => same },
    });
    const content = doc.childCount > 0 ? doc : schema.topNodeType.createAndFill();
    const state = EditorState.create({ schema, doc: content ?? doc, plugins: [plugin] });
    this.states.set(name, state);
    return state;
  }

  characters(name: Name): readonly Character[] {
    const { doc } = this.state(name);
    const known = this.read.get(doc);
    if (known) return known;
    const found: Character[] = [];
    this.read.set(doc, found);
    doc.descendants((node, position) => {
      const id = node.marks.find(({ type }) => type.name === "identity")?.attrs.id;
      if (!node.isText || id === undefined) return;
      for (let i = 0; i < node.nodeSize; i += 1) {
        found.push({ at: position + i, id: Number(id), text: node.text?.[i] ?? "" });
      }
    });
    return found;
  }

  /** Take everything that the other one has written since the last time. */
  mergeFrom(other: Person): void {
    const updates = other.unsent.splice(0);
    if (updates.length === 0) return;
    Y.applyUpdate(this.doc, Y.mergeUpdates(updates), MERGE);
    this.states.clear();
  }

  /** Do one thing that people do to texts. */
  edit(): void {
    const { dictionary } = this;
    const name = dictionary.pick(SECTIONS);
    const { doc } = this.state(name);
    const isFull = doc.textContent.length > CHARACTERS_MAX;
    const deeds = isFull ? SHRINKING : doc.textContent.length < 400 ? GROWING : DEEDS;
    const deed = dictionary.pick(deeds);
    if (deed === "cut") return this.cut(name);
    if (deed === "paste") return this.paste(name);
    this.apply(name, (state) => this.changed(deed, state));
  }

  private changed(deed: Deed, state: EditorState): Transaction | null {
    const at = this.place(state);
    switch (deed) {
      case "type":
        return state.tr.insert(at, this.sentence());
      case "letter":
        return this.withTypo(state, at);
      case "delete":
        return state.tr.delete(...ends(state, at, Math.ceil(this.dictionary.random() * 40)));
      case "split":
        return canSplit(state, at) ? state.tr.split(at) : null;
      case "join":
        return joined(state, at);
      case "heading":
        return run(state, at, setBlockType(kind("heading"), { level: 3 }));
      case "paragraph":
        return run(state, at, setBlockType(kind("paragraph")));
      case "list":
        return run(state, at, wrapInList(kind("bulletList")));
      case "unlist":
        return run(state, at, liftListItem(kind("listItem")));
      case "quote":
        return run(state, at, wrapIn(kind("blockquote")));
      case "bold":
        return run(state, at, toggleMark(schema.mark("strong").type), 12);
      case "copy":
        return this.copied(state, at);
      default:
        return null;
    }
  }

  private apply(name: Name, change: (state: EditorState) => Transaction | null): void {
    const tr = change(this.state(name));
    if (!tr?.docChanged) return;
    const fragment = this.doc.getXmlFragment(name);
    const { binding } = ySyncPluginKey.getState(this.state(name));
    const meta = { mapping: binding.mapping, isOMark: new Map() };
    this.doc.transact(() => updateYFragment(this.doc, fragment, tr.doc, meta), ySyncPluginKey);
    this.states.set(name, this.state(name).apply(tr));
  }

  private cut(name: Name): void {
    if (this.clipboard) return;
    this.apply(name, (state) => {
      const [from, to] = ends(state, this.place(state), 15 + this.dictionary.random() * 90);
      const [first, last] = this.wholeWords(state, from, to);
      if (last <= first) return null;
      this.clipboard = state.doc.slice(first, last);
      return state.tr.delete(first, last);
    });
    // Half of what is cut lands in the other section.
    if (this.dictionary.random() < 0.7) this.paste(this.dictionary.pick(SECTIONS));
  }

  private paste(name: Name): void {
    const { clipboard } = this;
    this.clipboard = null;
    if (!clipboard) return;
    this.apply(name, (state) => {
      const at = this.gap(state);
      return state.tr
        .insert(at, schema.text(" "))
        .insert(at, schema.text(" "))
        .replace(at + 1, at + 1, clipboard);
    });
  }

  /** The same words once more, with numbers of their own, next to another place. */
  private copied(state: EditorState, at: number): Transaction | null {
    const [from, to] = this.wholeWords(state, ...ends(state, at, 30));
    const words: Node[] = [schema.text(" ")];
    let last = -1;
    state.doc.nodesBetween(from, to, (node, position) => {
      const id = node.marks.find(({ type }) => type.name === "identity")?.attrs.id;
      if (!node.isText || id === undefined || position < from || id === last) return;
      last = Number(id);
      const copy = this.dictionary.copyOf(last);
      words.push(this.dictionary.node(this.dictionary.wordOf(copy), copy), schema.text(" "));
    });
    return words.length > 1 ? state.tr.insert(this.gap(state), words) : null;
  }

  private sentence(): Node[] {
    const words = 1 + Math.floor(this.dictionary.random() * 8);
    return Array.from({ length: words }, () => [this.dictionary.fresh(), schema.text(" ")]).flat();
  }

  /** One letter more or less inside a word, as when a mistake is made or mended. */
  private withTypo(state: EditorState, at: number): Transaction | null {
    const mark = state.doc.nodeAt(at)?.marks.find(({ type }) => type.name === "identity");
    if (!mark) return null;
    if (this.dictionary.random() < 0.5) return state.tr.delete(at, at + 1);
    return state.tr.insert(at, this.dictionary.node("e", Number(mark.attrs.id)));
  }

  /** A place in a random line; often a line's very beginning or end, where people like to be. */
  private place(state: EditorState): number {
    const lines: [number, number][] = [];
    state.doc.descendants((node, position) => {
      if (node.isTextblock) lines.push([position + 1, position + 1 + node.content.size]);
    });
    const [from, to] = this.dictionary.pick(lines);
    const where = this.dictionary.random();
    if (where < 0.1) return from;
    if (where > 0.9) return to;
    return from + Math.floor(((where - 0.1) / 0.8) * (to - from + 1));
  }

  /** A place between words. */
  private gap(state: EditorState): number {
    const at = this.place(state);
    const $at = state.doc.resolve(at);
    const before = $at.parent.textBetween(0, $at.parentOffset, " ", " ");
    return at - (before.length - (before.lastIndexOf(" ") + 1));
  }

  private wholeWords(state: EditorState, from: number, to: number): [number, number] {
    const line = state.doc.resolve(from);
    const text = line.parent.textBetween(0, line.parent.content.size, " ", " ");
    const start = line.start();
    const first = text.lastIndexOf(" ", from - start - 1) + 1;
    const found = text.indexOf(" ", Math.min(to, line.end()) - start);
    return [start + first, start + (found < 0 ? text.length : found)];
  }
}

type Deed = (typeof DEEDS)[number];

const FORMS = ["split", "join", "heading", "paragraph", "list", "unlist", "quote", "bold"] as const;
const DEEDS = [
  "type",
  "type",
  "letter",
  "letter",
  "delete",
  "cut",
  "paste",
  "copy",
  ...FORMS,
] as const;
const SHRINKING: readonly Deed[] = ["delete", "delete", "delete", "join", "unlist"];
const GROWING: readonly Deed[] = ["type", "type", "type", "paste", "split"];

function kind(name: string) {
  return schema.node(name).type;
}

/** A range from `at` inside its line. */
function ends(state: EditorState, at: number, length: number): [number, number] {
  return [at, Math.min(at + Math.ceil(length), state.doc.resolve(at).end())];
}

function canSplit(state: EditorState, at: number): boolean {
  const $at = state.doc.resolve(at);
  return $at.parent.isTextblock && state.doc.childCount < 40;
}

function joined(state: EditorState, at: number): Transaction | null {
  const after = state.doc.resolve(at).after();
  const next = state.doc.resolve(after).nodeAfter;
  return next?.isTextblock ? state.tr.join(after) : null;
}

function run(state: EditorState, at: number, command: Command, length = 0): Transaction | null {
  const selection = TextSelection.create(state.doc, ...ends(state, at, length));
  let found: Transaction | null = null;
  command(state.apply(state.tr.setSelection(selection)), (tr) => {
    found = tr;
  });
  return found;
}

/** The range of the characters from one to another. */
export function rangeOf(characters: readonly Character[], first: number, last: number): Range {
  return { from: characters[first]?.at ?? 0, to: (characters[last]?.at ?? 0) + 1 };
}
