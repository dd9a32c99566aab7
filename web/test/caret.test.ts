import assert from "node:assert/strict";
import { test } from "node:test";
import { joinBackward, splitBlock } from "prosemirror-commands";
import {
  type Command,
  EditorState,
  NodeSelection,
  type Selection,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin } from "y-prosemirror";
import * as Y from "yjs";
import { isForeign, keepSelection, noteSelection } from "../src/editor/text/caret";
import { toggleBulletList, toggleHeading, toggleQuote } from "../src/editor/text/commands";
import { sectionSchema } from "../src/editor/text/schema";

/** One person at a text: what a section does with ProseMirror, without a window. */
class Writer {
  state: EditorState;
  private readonly update: () => void;

  constructor(readonly doc: Y.Doc) {
    const text = doc.getXmlFragment("idea");
    const { doc: content, mapping } = initProseMirrorDoc(text, sectionSchema);
    const sync = ySyncPlugin(text, { mapping });
    this.state = EditorState.create({ doc: content, plugins: [sync] });
    doc.on("beforeAllTransactions", () => noteSelection(this.state));
    const view = this as unknown as EditorView;
    const mounted = sync.spec.view?.(view);
    this.update = () => mounted?.update?.(view, this.state);
  }

  readonly dispatch = (tr: Transaction): void => {
    if (isForeign(tr)) keepSelection(tr, this.state);
    this.state = this.state.apply(tr);
    this.update();
  };

  hasFocus(): boolean {
    return false;
  }

  do(command: Command): this {
    assert.ok(command(this.state, this.dispatch));
    return this;
  }

  type(words: string): this {
    this.dispatch(this.state.tr.insertText(words));
    return this;
  }

  behind(words: string): this {
    const end = this.placeOf(words) + words.length;
    return this.select(TextSelection.create(this.state.doc, end));
  }

  choose(words: string): this {
    const from = this.placeOf(words);
    return this.select(TextSelection.create(this.state.doc, from, from + words.length));
  }

  select(selection: Selection): this {
    this.dispatch(this.state.tr.setSelection(selection));
    return this;
  }

  /** Every block, with the ends of the selection as bars. */
  get shown(): string {
    const { doc, selection } = this.state;
    const blocks: string[] = [];
    doc.descendants((node, position) => {
      if (!node.isTextblock) return true;
      let words = node.textContent;
      for (const place of new Set([selection.to, selection.from])) {
        const at = place - position - 1;
        if (at >= 0 && at <= node.content.size) words = `${words.slice(0, at)}|${words.slice(at)}`;
      }
      blocks.push(words);
      return false;
    });
    return blocks.join(" / ");
  }

  private placeOf(words: string): number {
    let place = -1;
    this.state.doc.descendants((node, position) => {
      const at = node.isTextblock ? node.textContent.indexOf(words) : -1;
      if (at >= 0 && place < 0) place = position + 1 + at;
    });
    assert.ok(place >= 0, `${words} is not in the text`);
    return place;
  }
}

/** Two people at the same paragraphs; `meet` brings each what the other has done. */
function two(...paragraphs: string[]): { one: Writer; other: Writer; meet: () => void } {
  const docs = [new Y.Doc(), new Y.Doc()] as const;
  const text = docs[0].getXmlFragment("idea");
  for (const words of paragraphs) {
    const element = new Y.XmlElement(words ? "paragraph" : "horizontalRule");
    if (words) element.insert(0, [new Y.XmlText(words)]);
    text.push([element]);
  }
  Y.applyUpdate(docs[1], Y.encodeStateAsUpdate(docs[0]));
  const meet = () => {
    const [mine, others] = docs.map((doc) => Y.encodeStateAsUpdate(doc));
    Y.applyUpdate(docs[0], others as Uint8Array);
    Y.applyUpdate(docs[1], mine as Uint8Array);
  };
  return { one: new Writer(docs[0]), other: new Writer(docs[1]), meet };
}

test("two who write at the end of one paragraph do not write into each other's words", () => {
  const { one, other, meet } = two("Anfang.");
  one.behind("Anfang.");
  other.behind("Anfang.");
  for (const [letter, others] of ["Hx", "iy", "ez", "r!"].map((pair) => [...pair])) {
    one.type(letter ?? "");
    meet();
    other.type(others ?? "");
    meet();
  }
  assert.match(one.shown, /^Anfang\.(Hier\|xyz!|xyz!Hier\|)$/);
  assert.equal(other.shown.replace("|", ""), one.shown.replace("|", ""));
});

test("what others put beside a selection does not belong to it", () => {
  const { one, other, meet } = two("Ein rotes Haus");
  one.choose("rotes");
  other.behind("rotes").type("te");
  meet();
  other.behind("Ein ").type("x");
  meet();
  assert.equal(one.shown, "Ein x|rotes|te Haus");
});

for (const [name, command, shown] of [
  ["splits", splitBlock, "Vorne steht / . Hinten st|eht / Ende"],
  ["makes a heading of", toggleHeading(3), "Vorne steht. Hinten st|eht / Ende"],
  ["makes a list of", toggleBulletList, "Vorne steht. Hinten st|eht / Ende"],
  ["quotes", toggleQuote, "Vorne steht. Hinten st|eht / Ende"],
] as const) {
  test(`the caret stays on its words when somebody ${name} the paragraph`, () => {
    const { one, other, meet } = two("Vorne steht. Hinten steht", "Ende");
    one.behind("Hinten st");
    other.behind("Vorne steht").do(command);
    meet();
    assert.equal(one.shown, shown);
  });
}

test("a selection stays on its words when somebody joins its paragraph to the one before", () => {
  const { one, other, meet } = two("Eins", "Zwei drei vier");
  one.choose("drei");
  const start = TextSelection.create(other.state.doc, 7);
  other.select(start).do(joinBackward);
  meet();
  assert.equal(one.shown, "EinsZwei |drei| vier");
});

test("the caret is found again by the words around it when much has changed at once", () => {
  const { one, other, meet } = two("Der Radweg an der Spree wird gebaut und beleuchtet", "Ende");
  one.behind("wird gebaut");
  other.behind("Der ").type("lange ");
  other.behind("Radweg").do(splitBlock).do(toggleHeading(2));
  other.behind("beleuchtet").type("!");
  meet();
  assert.equal(one.shown, "Der lange Radweg /  an der Spree wird gebaut| und beleuchtet! / Ende");
});

test("the caret stays where its paragraph was when somebody deletes it", () => {
  const { one, other, meet } = two("Eins", "Zwei", "Drei");
  one.behind("Zw");
  other.dispatch(other.state.tr.delete(6, 12));
  meet();
  assert.equal(one.shown, "Eins / |Drei");
});

test("a rule that somebody has deleted leaves no paragraph selected in its place", () => {
  const { one, other, meet } = two("Eins", "", "Drei");
  one.select(NodeSelection.create(one.state.doc, 6));
  other.dispatch(other.state.tr.delete(6, 7));
  meet();
  assert.equal(one.shown, "Eins / |Drei");
});

test("what is typed next is still bold when others have written meanwhile", () => {
  const { one, other, meet } = two("Eins");
  one.behind("Eins");
  const strong = sectionSchema.mark("strong");
  one.dispatch(one.state.tr.addStoredMark(strong));
  other.behind("Ei").type("x");
  meet();
  assert.deepEqual(one.state.storedMarks, [strong]);
});
